"""A browser says what it wants to be told of, and that it no longer does. No account needed."""

from typing import Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from tongxin.channels import actions
from tongxin.channels.browsers import (
    BY,
    Followed,
    PushSubscription,
    browser_of,
    require_patience,
)
from tongxin.channels.queries import followed_by
from tongxin.channels.rules import PLACE, RECEIPT, by_kind, topic_of
from tongxin.channels.webpush.identity import public_key
from tongxin.notices.queries import unknown_places
from tongxin.notices.refusals import NoSuchPlace
from tongxin.people.access import anyone
from tongxin.people.api_refusals import Refused

router = Router(tags=["push"])
STARTS = {"places": PLACE, "receipts": RECEIPT}


class Follow(Schema):
    subscription: PushSubscription
    language: Literal["zh-hans", "en"]
    places: list[str] = Field(min_length=1, max_length=20, description="Codes of places")


class Endpoint(Schema):
    endpoint: str = Field(max_length=2000)


class Leave(Endpoint):
    only: Literal["", "places", "receipts"] = Field("", description="Go on following the others")


class PushKey(Schema):
    key: str = Field(description="applicationServerKey, base64url")


@router.get("/key", auth=anyone, response=PushKey)
def push_key(request: HttpRequest) -> dict[str, str]:
    """The public key of this installation, which a browser needs to subscribe."""
    return {"key": public_key(settings.HOME / "secrets")}


@router.post("/subscription", auth=anyone, response={200: Followed, 409: Refused, 422: Refused})
def follow(request: HttpRequest, wish: Follow) -> dict[str, list[str]]:
    """From now on this browser is told of alerts for exactly these places.

    Receipts that it follows it goes on following.
    """
    require_patience(request)
    browser = browser_of(wish.subscription, language=wish.language)
    if unknown := unknown_places(wish.places):
        raise NoSuchPlace(code=unknown[0])
    row = actions.subscribe(
        browser, places=[topic_of(code) for code in wish.places], by=BY, at=timezone.now()
    )
    return by_kind(row.topics)


@router.post("/followed", auth=anyone, response={200: Followed, 422: Refused})
def what_is_followed(request: HttpRequest, asked: Endpoint) -> dict[str, list[str]]:
    """What this browser follows. Asked in a body: whoever knows an endpoint can write to it."""
    return followed_by(asked.endpoint)


@router.delete("/subscription", auth=anyone, response={204: None, 422: Refused})
def leave(request: HttpRequest, wish: Leave) -> HttpResponse:
    """Forget this browser, or what it follows of one kind; also where it was never known."""
    actions.unfollow(wish.endpoint, STARTS.get(wish.only, ""), by=BY)
    return HttpResponse(status=204)
