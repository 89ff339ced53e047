"""The form in which editors write claims, both languages side by side."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from tongxin.guidance.form_fields import LinesField
from tongxin.guidance.forms import BothLanguagesForm
from tongxin.myths.models import Claim
from tongxin.myths.rules import sentences

MANY_TELLINGS = gettext_lazy(
    "One a line, as people really say it. From eight lines on, in both languages together, "
    "messages that say it otherwise are recognised much more often; with sixteen, most are."
)
CHINESE = ("claim_zh", "why_zh", "long_zh", "tellings_zh")
ENGLISH = ("claim_en", "why_en", "long_en", "tellings_en")
PARTS = ("publisher", "title_zh", "title_en", "url", "on")
MOST_SOURCES = 10


class SourcesField(forms.CharField):
    """Sources, one a line: publisher | Chinese title | English title | address | date."""

    def __init__(self, **how: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 5}), **how)

    def prepare_value(self, value: Any) -> Any:
        """The records as lines; what was typed stays as typed."""
        if not isinstance(value, list):
            return value
        return "\n".join(" | ".join(str(one.get(part, "")) for part in PARTS) for one in value)

    def clean(self, value: Any) -> list[dict[str, str]]:
        """The sources as records. Raises `ValidationError` naming the line."""
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        return [self._source(number, line) for number, line in enumerate(lines[:MOST_SOURCES], 1)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether a source differs, however it was typed."""
        before = self.prepare_value(initial) or ""
        return [one.split() for one in before.splitlines()] != [
            one.split() for one in (data or "").splitlines() if one.strip()
        ]

    def _source(self, number: int, line: str) -> dict[str, str]:
        parts = [part.strip() for part in line.replace("｜", "|").split("|")]
        facts = dict(zip(PARTS, parts, strict=False))
        is_web = facts.get("url", "").startswith(("https://", "http://"))
        if len(parts) != len(PARTS) or not all(parts) or not is_web or not _is_day(facts["on"]):
            message = gettext("Line %(number)d: write all five parts, the date as 2026-11-22.")
            raise ValidationError(message % {"number": number})
        return facts


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class ClaimForm(BothLanguagesForm):
    """A claim as an editor writes it."""

    chinese, english = CHINESE, ENGLISH

    tellings_zh = LinesField(
        label=gettext_lazy("how it is told, in Chinese"), help_text=MANY_TELLINGS, required=False
    )
    tellings_en = LinesField(
        label=gettext_lazy("how it is told, in English"), help_text=MANY_TELLINGS, required=False
    )
    evidence = SourcesField(
        label=gettext_lazy("sources"),
        help_text=gettext_lazy(
            "One a line: publisher | title in Chinese | title in English | address | date"
        ),
    )

    class Meta:
        model = Claim
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("why_zh", "why_en"):
            if name in self.fields:
                self.fields[name].help_text = " ".join(hints(getattr(self.instance, name)))

    def note_changes(self, *, at: datetime) -> None:
        """As for all words; what an editor changes is no longer what shipped."""
        super().note_changes(at=at)
        if self.has_changed():
            self.instance.shipped = ""


def hints(why: str) -> Iterator[str]:
    """What would make the reason better, in words for its writer."""
    yield gettext("Exactly two sentences: they stand on the card and the poster.")
    count = sentences(why)
    if why and count != 2:
        yield gettext("Now there are %(count)d.") % {"count": count}
