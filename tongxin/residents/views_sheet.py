"""The sheet that people sign who have no telephone; anybody may print it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, override
from django.views.decorators.http import require_safe

from tongxin.consent.requests import Request, requests_in
from tongxin.people.access import public
from tongxin.refusal import noop

LANGUAGES = ("zh-hans", "en")
WORDS = {
    "title": noop("What I allow"),
    "lede": noop(
        "Each request stands by itself. Tick only what you want; whatever you tick, you get the "
        "same help as everybody. If you cannot read this, have it read to you."
    ),
    "name": noop("Name"),
    "born_on": noop("Date of birth"),
    "street": noop("Street or community"),
    "number": noop("Identity number (only if you want to)"),
    "acts": noop("Who may keep my health log for me: name, mobile number, who they are to me"),
    "end": noop(
        "I can withdraw each of these any day: at the community committee, or through whoever "
        "acts for me. It ends the same day. I can see what is held about me and who looked, and "
        "have it erased."
    ),
    "signature": noop("Signature, or fingerprint"),
    "signed_on": noop("Date of the signature"),
    "signed_in": noop("Place of the signature"),
    "reader": noop("Read to the person by (name)"),
    "days": noop("days"),
    "office": noop("For the office: typed in on, by, kept at"),
}


@public
@require_safe
def sheet(request: HttpRequest, language: str) -> HttpResponse:
    """One sheet in both languages: what is asked, under the name of who asks."""
    asked = requests_in(settings.HOME_PLACE)
    facts = {
        "words": {name: both(text) for name, text in WORDS.items()},
        "requests": [(_sentences(one), one.asked.for_days) for one in asked],
        "language": language,
    }
    with override(language):
        return render(request, "residents/sheet.html", facts)


def both(text: str) -> dict[str, str]:
    """A text in Chinese and in English."""
    return {"zh": _in("zh-hans", text), "en": _in("en", text)}


def _in(language: str, text: str) -> str:
    with override(language):
        return gettext(text)


def _sentences(one: Request) -> dict[str, str]:
    found = {}
    for name, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            found[name] = one.sentence
    return found
