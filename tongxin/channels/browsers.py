"""What browsers send to the doors of web push, what is refused there, and what they are told."""

import ipaddress
from typing import Any, Literal
from urllib.parse import urlsplit

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Schema

from tongxin.channels.actions import Browser
from tongxin.channels.refusals import FromElsewhere, NotAPushService, TooManyRequests
from tongxin.fetching import is_public
from tongxin.people.api_refusals import Refused

BY = "browser"
RATE = {"push": "60/h/ip"}


class Keys(Schema):
    p256dh: str = Field(max_length=120)
    auth: str = Field(max_length=60)


class PushSubscription(Schema):
    """As ``PushSubscription.toJSON()`` gives it."""

    endpoint: str = Field(max_length=2000)
    keys: Keys


class FollowReceipt(Schema):
    subscription: PushSubscription
    language: Literal["zh-hans", "en"]
    code: str = Field(max_length=60, description="Of the receipt, however it was typed")


class LeaveReceipt(Schema):
    endpoint: str = Field(max_length=2000)
    code: str = Field(max_length=60)


class Followed(Schema):
    """What this browser follows."""

    places: list[str] = Field(description="Codes of places")
    receipts: list[str] = Field(description="Names of receipts, as their pages say them")
    persons: list[str] = Field(description="Names of persons, as their own pages say them")


class FollowedReceipt(Followed):
    is_answered: bool = Field(description="Whether the receipt holds an answer by now")


MAY_REFUSE: dict[int, Any] = {403: Refused, 404: Refused, 409: Refused, 422: Refused}


def browser_of(given: PushSubscription, *, language: str) -> Browser:
    """The browser, whose endpoint can be one. Where its name leads is checked each time we send.

    Raises:
        NotAPushService
    """
    if not _may_be_push_service(given.endpoint):
        raise NotAPushService
    return Browser(given.endpoint, given.keys.p256dh, given.keys.auth, language)


def require_patience(request: HttpRequest) -> None:
    """Count one more request of this address. Raises `TooManyRequests`."""
    if not ratelimit.consume(request, app="tongxin", action="push", config=RATE):
        raise TooManyRequests


def require_own_page(request: HttpRequest) -> None:
    """Refuse what a page of another site sends, as far as the browser says. `FromElsewhere`."""
    origin = request.headers.get("Origin", "")
    if origin not in ("", "null") and urlsplit(origin).netloc != request.get_host():
        raise FromElsewhere


def _may_be_push_service(endpoint: str) -> bool:
    try:
        address = urlsplit(endpoint)
        host = address.hostname or ""
    except ValueError:
        return False
    if not endpoint.isprintable() or not host:
        return False
    if settings.DEVELOPMENT and address.scheme in ("http", "https"):
        return True
    is_named = "." in host and not address.username
    return address.scheme == "https" and is_named and not _is_inside(host)


def _is_inside(host: str) -> bool:
    """Whether it is an address of a network's own."""
    try:
        return not is_public(ipaddress.ip_address(host))
    except ValueError:
        return host.endswith((".local", ".internal", ".localhost"))
