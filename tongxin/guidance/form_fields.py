"""Fields of forms for words: lists one a line, people by check box, places by code."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext, gettext_lazy

from tongxin.guidance import packs
from tongxin.places.models import Place

LONGEST_LIST = 30


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, *, rows: int = 6, **how: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **how)

    def prepare_value(self, value: Any) -> Any:
        """The list as lines; what was typed stays as typed."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """The lines that say something, each once, in their order.

        Raises:
            ValidationError: required but empty, or more lines than anyone needs.
        """
        typed = super().clean(value)
        lines = list(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
        if len(lines) > LONGEST_LIST:
            message = gettext("At most %(count)d lines.") % {"count": LONGEST_LIST}
            raise ValidationError(message)
        return lines

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the lines differ, however they were typed."""
        typed = [line.strip() for line in (data or "").splitlines() if line.strip()]
        return typed != list(initial or [])


class PlacesField(LinesField):
    """Codes of places, one a line; the name behind the code is shown and not read."""

    def prepare_value(self, value: Any) -> Any:
        """Each code with its name in the editor's language."""
        if not isinstance(value, list):
            return value
        names = _place_names(value)
        return "\n".join(f"{code} {names.get(code, '')}".strip() for code in value)

    def clean(self, value: Any) -> list[str]:
        """The codes.

        Raises:
            ValidationError: a code that no place has.
        """
        codes = list(dict.fromkeys(line.split()[0] for line in super().clean(value)))
        known = _place_names(codes)
        if unknown := [code for code in codes if code not in known]:
            message = gettext("No place has the code %(code)s.") % {"code": unknown[0][:40]}
            raise ValidationError(message)
        return codes

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the codes differ."""
        typed = [line.split()[0] for line in (data or "").splitlines() if line.strip()]
        return typed != list(initial or [])


class WhenField(forms.MultipleChoiceField):
    """For whom: values of each axis; an axis without a mark does not matter."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **how: Any) -> None:
        super().__init__(choices=_person_choices, required=False, **how)

    def prepare_value(self, value: Any) -> Any:
        """The conditions as marks."""
        return _marks(value) if isinstance(value, Mapping) else value

    def clean(self, value: Any) -> dict[str, list[str]]:
        """Axis → values, both in the order of the questions.

        Raises:
            ValidationError: a mark that is none.
        """
        marked = set(super().clean(value))
        chosen = {
            axis.key: [v.key for v in axis.values if f"{axis.key}:{v.key}" in marked]
            for axis in packs.axes(settings.DEFAULT_DISEASE)
        }
        return {axis: values for axis, values in chosen.items() if values}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other marks are set."""
        return set(_marks(initial or {})) != set(data or [])


def circumstance_choices() -> list[tuple[str, str]]:
    """Circumstances in the editor's language."""
    return _named(packs.circumstances(settings.DEFAULT_DISEASE).values())


def act_choices() -> list[tuple[str, str]]:
    """What advice can be about, in the editor's language."""
    return _named(packs.acts(settings.DEFAULT_DISEASE).values())


def _named(things: Iterable[packs.Named]) -> list[tuple[str, str]]:
    language = get_language() or ""
    return [("", "---------"), *((one.key, one.name(language)) for one in things)]


def _person_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    language = get_language() or ""
    return [
        (axis.name(language), [(f"{axis.key}:{v.key}", v.name(language)) for v in axis.values])
        for axis in packs.axes(settings.DEFAULT_DISEASE)
    ]


def _marks(when: Mapping[str, Iterable[str]]) -> list[str]:
    return [f"{axis}:{value}" for axis, values in when.items() for value in values]


def _place_names(codes: Iterable[str]) -> dict[str, str]:
    name = "name_en" if get_language() == "en" else "name_zh"
    return dict(Place.objects.filter(code__in=list(codes)).values_list("code", name))


ASKS = gettext_lazy("One way of asking a line: what people really say, three to six ways.")
WHEN = gettext_lazy("Mark whom it is for. A question without a mark does not matter.")
PLACES = gettext_lazy("Codes of places, one a line, such as CN-421083. Empty: everywhere.")
