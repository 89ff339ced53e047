"""How often answers may come from one address; see `tongxin.channels.browsers`."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from tongxin.questionnaires.refusals import TooOften

RATE = {"forms": "300/h/ip"}
"""A household, a school or a hospital behind one address stays below it."""


def require_patience(request: HttpRequest) -> None:
    """Count one more. Raises `TooOften`."""
    if not ratelimit.consume(request, app="tongxin", action="forms", config=RATE):
        raise TooOften
