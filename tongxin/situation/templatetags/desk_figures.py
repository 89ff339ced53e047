"""Figures as the desk writes them."""

from django import template
from django.utils.translation import get_language

from tongxin.situation import wording
from tongxin.situation.metrics import metrics

register = template.Library()
register.filter("count", wording.number)
register.filter("signed", wording.signed)


@register.filter
def metric_name(code: str) -> str:
    """The metric's name in the reader's language; its code where it is none of ours."""
    return metrics()[code].name(get_language() or "") if code in metrics() else code
