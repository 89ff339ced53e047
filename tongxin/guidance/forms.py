"""The form in which editors write advice."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from tongxin.guidance.form_fields import (
    ASKS,
    PLACES,
    WHEN,
    LinesField,
    PlacesField,
    WhenField,
    act_choices,
    circumstance_choices,
)
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.upkeep import hard_to_read

CHINESE = ("title_zh", "text_zh", "asks_zh", "source_zh")
ENGLISH = ("title_en", "text_en", "asks_en", "source_en")


SHORT = {"zh": 18, "en": 60}  # characters that a poster and a short message have room for


def hints(part: str, language: str, words: str) -> Iterator[str]:
    """What would make a title or a text of advice better, in words for its writer."""
    if part == "title":
        facts = {"length": len(words), "room": SHORT[language]}
        if len(words) > SHORT[language]:
            yield gettext("%(length)d characters: a poster has room for %(room)d.") % facts
        else:
            yield gettext("At most %(room)d characters; it stands alone on a poster.") % facts
        return
    yield gettext("One to four plain sentences.")
    for why, what in hard_to_read(words, language):
        if why == "long_sentence":
            yield gettext("Hard to read: a long sentence, “%(what)s”.") % {"what": what[:60]}
        else:
            yield gettext("Hard to read: many long words (%(what)s).") % {"what": what}


class BothLanguagesForm(WagtailAdminModelForm):
    """A form for words in two languages: it keeps when each was last changed."""

    chinese: tuple[str, ...] = ()
    english: tuple[str, ...] = ()

    def save(self, commit: bool = True) -> Any:
        """Save; a language whose words changed gets the moment."""
        self.note_changes(at=timezone.now())
        return super().save(commit)

    def note_changes(self, *, at: datetime) -> None:
        """Which languages were changed, in the words to be saved."""
        changed = set(self.changed_data)
        if changed & set(self.chinese) or self.instance.pk is None:
            self.instance.changed_zh_at = at
        if changed & set(self.english) or self.instance.pk is None:
            self.instance.changed_en_at = at


class AdviceForm(BothLanguagesForm):
    """Advice as an editor writes it, both languages side by side."""

    chinese, english = CHINESE, ENGLISH

    circumstance = forms.ChoiceField(
        label=gettext_lazy("circumstance"), choices=circumstance_choices
    )
    action = forms.ChoiceField(label=gettext_lazy("act"), choices=act_choices)
    asks_zh = LinesField(label=gettext_lazy("how people ask, in Chinese"), help_text=ASKS)
    asks_en = LinesField(label=gettext_lazy("how people ask, in English"), help_text=ASKS)
    when = WhenField(label=gettext_lazy("for whom"), help_text=WHEN)
    places = PlacesField(label=gettext_lazy("where"), help_text=PLACES, required=False, rows=3)

    class Meta:
        model = AdviceBlock
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in ("zh", "en"):
            for part in ("title", "text"):
                name = f"{part}_{language}"
                if name in self.fields:
                    words = getattr(self.instance, name)
                    self.fields[name].help_text = " ".join(hints(part, language, words))

    def note_changes(self, *, at: datetime) -> None:
        """As for all words; what an editor changes is no longer what shipped."""
        super().note_changes(at=at)
        if self.has_changed():
            self.instance.shipped = ""
