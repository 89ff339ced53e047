"""Texts that come in: the operator's gateway posts each, and each acts once.

Apps above answer, named in `settings.SMS_ANSWERS` as they are for WeChat; whoever answers first has
answered. What is answered goes out in the same transaction in which the text is marked as seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from tongxin.audit.actions import record
from tongxin.channels.models import TextReceived
from tongxin.channels.sms.actions import send_text
from tongxin.people.sealing import match_key

LONGEST = 1000
KEPT_FOR = timedelta(days=7)
MOST_AN_HOUR = 20
ANSWER_HOLDS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Inbound:
    """One text. ``number``: the gateway's own; ``phone``: E.164."""

    number: str
    phone: str
    text: str
    at: datetime


Answer = Callable[[Inbound], str | None]


@transaction.atomic
def take_text(inbound: Inbound, *, by: str, at: datetime) -> bool:
    """Answer a text, if it was not seen before; whether it was new.

    From one number only so many an hour are answered; the others are marked as seen.
    """
    found = {"phone_key": match_key("phone", inbound.phone), "received_at": at}
    row, is_new = TextReceived.objects.get_or_create(
        number_key=match_key("text", inbound.number), defaults=found
    )
    if not is_new:
        return False
    since = at - timedelta(hours=1)
    lately = TextReceived.objects.filter(phone_key=row.phone_key, received_at__gt=since)
    record("channels.text_received", row, by=by)
    if lately.count() <= MOST_AN_HOUR:
        language = "zh-hans" if _has_han(inbound.text) else "en"
        with translation.override(language):
            said = _first_answer(inbound)
        send_text(inbound.phone, said, kind="answer", holds_for=ANSWER_HOLDS, by=by, at=at)
    return True


@transaction.atomic
def forget_received(*, by: str, at: datetime) -> int:
    """Forget which texts came a week ago: no gateway repeats one so late."""
    gone, _ = TextReceived.objects.filter(received_at__lt=at - KEPT_FOR).delete()
    if gone:
        record("channels.texts_received_forgotten", "texts", by=by, count=gone)
    return gone


def _first_answer(inbound: Inbound) -> str:
    for name in settings.SMS_ANSWERS:
        answer: Answer = import_string(name)
        said = answer(inbound)
        if said is not None:
            return said
    return gettext(
        "We did not understand this. Write “log 36.5 well” for your daily log. In danger of life "
        "call {number}."
    ).format(number=settings.EMERGENCY_NUMBER)


def _has_han(text: str) -> bool:
    return any("一" <= letter <= "鿿" for letter in text)
