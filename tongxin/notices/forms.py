from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_lazy

from tongxin.guidance.models import AdviceBlock
from tongxin.myths.queries import published
from tongxin.notices.actions.alerts import Said
from tongxin.notices.models import Certainty, Format, Notice, Severity, Step, Urgency
from tongxin.places.models import Place

MOMENT = "%Y-%m-%dT%H:%M"
USUAL_LENGTH = timedelta(days=1)


def _moment(label: Any, **facts: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MOMENT], **facts)


def _text(label: Any, most: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": 4}))


class TiesField(forms.MultipleChoiceField):
    """Any of very many: boxes to tick, which a slip of the finger does not empty."""

    widget = forms.CheckboxSelectMultiple(attrs={"class": "nhsuk-checkboxes__input"})


class AlertForm(forms.Form):
    title_zh = forms.CharField(label=gettext_lazy("Title in Chinese"), max_length=60)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=120)
    text_zh = _text(gettext_lazy("Text in Chinese: what happened, what to do"), 1000)
    text_en = _text(gettext_lazy("Text in English"), 2000)
    places = forms.CharField(
        label=gettext_lazy("Places"),
        help_text=gettext_lazy("Names or codes, with a comma between. Parts are included."),
        max_length=400,
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"),
        help_text=gettext_lazy(
            "Extreme: a second person must let it out. Extreme and severe ring at night too."
        ),
        choices=Severity.choices[:4],
        initial=Severity.MODERATE,
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"), choices=Urgency.choices[:3], initial=Urgency.EXPECTED
    )
    certainty = forms.ChoiceField(
        label=gettext_lazy("Certainty"), choices=Certainty.choices[:3], initial=Certainty.OBSERVED
    )
    effective_at = _moment(gettext_lazy("In force from"))
    expires_at = _moment(gettext_lazy("In force until"))
    blocks = TiesField(
        label=gettext_lazy("Advice it changes"), required=False, choices=lambda: advice_choices()
    )
    claims = TiesField(
        label=gettext_lazy("Rumours it speaks to"), required=False, choices=lambda: claim_choices()
    )
    link = forms.URLField(
        label=gettext_lazy("Link"), max_length=500, required=False, assume_scheme="https"
    )

    def clean_places(self) -> list[str]:
        names = self.cleaned_data["places"].replace("，", ",").replace("、", ",").split(",")
        return [place_named(name.strip()).code for name in names if name.strip()]

    def said(self) -> Said:
        """What the officer says."""
        return Said(**self.cleaned_data)


class EndForm(forms.Form):
    step = forms.ChoiceField(
        label=gettext_lazy("What has happened"),
        choices=[
            (Step.ALL_CLEAR, gettext_lazy("All clear: the danger is over")),
            (Step.CANCEL, gettext_lazy("Cancel: the alert was wrong or is withdrawn")),
        ],
    )
    text_zh = _text(gettext_lazy("Why, in Chinese"), 600)
    text_en = _text(gettext_lazy("Why, in English"), 1200)


class AgencyForm(forms.Form):
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120)
    url = forms.URLField(
        label=gettext_lazy("Address of the feed"), max_length=500, assume_scheme="https"
    )
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=Format.choices)
    tier = forms.ChoiceField(
        label=gettext_lazy("Tier"),
        help_text=gettext_lazy("Of notices that say the same the more official one is shown."),
        choices=[
            ("1", gettext_lazy("1: this authority's own")),
            ("2", gettext_lazy("2: an authority above or beside it")),
            ("3", gettext_lazy("3: another public body")),
            ("4", gettext_lazy("4: press")),
        ],
        initial="2",
    )
    place = forms.CharField(label=gettext_lazy("Its place, by name or code"), max_length=60)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("zh-hans", "中文"), ("en", "English")]
    )
    certificate = forms.CharField(
        label=gettext_lazy("Certificate (PEM)"),
        help_text=gettext_lazy("For CAP. With it only what the agency signed is shown."),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    every_minutes = forms.IntegerField(
        label=gettext_lazy("Ask every … minutes"), min_value=1, max_value=10_080, initial=10
    )
    stale_after_hours = forms.IntegerField(
        label=gettext_lazy("Alarm if nothing new came for … hours"),
        min_value=1,
        max_value=8_760,
        initial=168,
    )

    def clean_place(self) -> str:
        return place_named(self.cleaned_data["place"].strip()).code

    def facts(self) -> dict[str, Any]:
        """As `add_agency` takes them."""
        facts = dict(self.cleaned_data)
        minutes, hours = facts.pop("every_minutes"), facts.pop("stale_after_hours")
        seconds = {"every_seconds": minutes * 60, "stale_after_seconds": hours * 3600}
        return facts | seconds | {"tier": int(facts["tier"])}


def first_words(at: datetime) -> dict[str, Any]:
    """What the form of a new alert begins with."""
    now = timezone.localtime(at).replace(second=0, microsecond=0)
    return {"effective_at": now, "expires_at": now + USUAL_LENGTH}


def words_of(row: Notice) -> dict[str, Any]:
    """What the form of an update begins with: the alert as it stands."""
    names = ("title_zh", "title_en", "text_zh", "text_en", "severity", "urgency", "certainty")
    facts = {name: getattr(row, name) for name in (*names, "blocks", "claims", "link")}
    moments = {name: timezone.localtime(getattr(row, name)) for name in MOMENTS}
    return {**facts, **moments, "places": ", ".join(row.places)}


MOMENTS = ("effective_at", "expires_at")


def advice_choices() -> list[tuple[str, str]]:
    """Published advice by its short name, called as the page's language calls it."""
    rows = AdviceBlock.objects.filter(live=True).order_by("circumstance", "slug")
    return [(row.slug, row.said("title", get_language() or "en")) for row in rows]


def claim_choices() -> list[tuple[str, str]]:
    """Published claims by short name, told as the page's language tells them."""
    rows = published(disease=settings.DEFAULT_DISEASE).order_by("topic", "slug")
    return [(row.slug, row.said("claim", get_language() or "en")) for row in rows]


def place_named(name: str) -> Place:
    """The place of a code or a full name.

    Raises:
        ValidationError: none, or more than one.
    """
    found = list(Place.objects.filter(code__iexact=name)[:1])
    found = found or list(
        Place.objects.standing(None).filter(name_zh=name).order_by("code")[:2]
        or Place.objects.standing(None).filter(name_en__iexact=name).order_by("code")[:2]
    )
    if len(found) != 1:
        raise forms.ValidationError(
            gettext("“%(name)s” is no place, or more than one: give its code.") % {"name": name}
        )
    return found[0]
