from django import template

from tongxin.places.models import Place

register = template.Library()


@register.filter
def called(place: Place, language: str) -> str:
    """The place's full name in a language."""
    return place.called(language)
