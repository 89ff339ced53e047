"""Held figures in words of the reader's language."""

from django.utils.translation import get_language

from tongxin.places.models import Place
from tongxin.situation.held_words import reason_words
from tongxin.situation.models import Held


def _name_of(code: str) -> str:
    place = Place.objects.filter(pk=code).first() if code else None
    return place_name(place) if place else code


def place_name(place: Place) -> str:
    """The place's name in the reader's language."""
    return place.name_zh if (get_language() or "").startswith("zh") else place.name_en


def place_shown(one: Held) -> str:
    """The place's name in the reader's language; the file's words where it has none."""
    return place_name(one.place) if one.place else one.place_text


def why_held(one: Held) -> str:
    """Why the figure is odd, in a sentence with its figures."""
    return reason_words(
        {"metric": one.metric, **one.reasons[0]},
        text=one.place_text,
        value=one.value_text or str(one.value),
        day=str(one.about_on or ""),
        name_of=_name_of,
    )
