"""How a person is reached: their ways in their order, their WeChat, their browsers."""

from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from pydantic import ValidationError

from tongxin.channels import browsers
from tongxin.channels.actions import unfollow
from tongxin.channels.models import Follower, Reach
from tongxin.channels.queries import followed_by
from tongxin.channels.reaching import actions, queries
from tongxin.channels.reaching.rules import Way
from tongxin.channels.refusals import NotAPushService
from tongxin.channels.rules import PERSON
from tongxin.channels.wechat.accounts import accounts
from tongxin.channels.wechat.linking import unlink_follower
from tongxin.people.access import own
from tongxin.people.models import Person
from tongxin.people.phones import masked
from tongxin.refusal import Refusal
from tongxin.residents.forms_reach import ReachForm
from tongxin.residents.wechat_sign_in import offered

MOST_BYTES = 8000
Wish = TypeVar("Wish", browsers.FollowReceipt, browsers.LeaveReceipt)


@own
@never_cache
def reach(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The order of the ways, and what each of them is tied to."""
    person = _oneself(request, person_id)
    row = queries.reach_of(person)
    form = ReachForm(request.POST or None, initial=_first(row))
    if request.method == "POST" and form.is_valid():
        actions.choose_ways(person, **form.said(), by=request.user, at=timezone.now())
        messages.success(request, gettext("Saved."))
        return redirect("my_reach", person.pk)
    return render(request, "residents/reach.html", _page(request, person) | {"form": form})


@own
@require_POST
def unlink(request: HttpRequest, person_id: UUID, follower_id: int) -> HttpResponse:
    """A WeChat account no longer knows who this is."""
    person = _oneself(request, person_id)
    if not unlink_follower(follower_id, person, by=request.user):
        raise Http404
    messages.success(request, gettext("Ended. This account no longer knows who you are."))
    return redirect("my_reach", person.pk)


@own
@require_POST
def leave_browsers(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """No browser is written to any more, wherever it is."""
    person = _oneself(request, person_id)
    actions.tell_on_no_browser(person, by=request.user)
    messages.success(request, gettext("Ended. No browser is told anything about you any more."))
    return redirect("my_reach", person.pk)


@own
@never_cache
@require_http_methods(["POST", "DELETE"])
def browser(request: HttpRequest, person_id: UUID) -> JsonResponse:
    """This browser is told what the person is told, or no longer."""
    person = _oneself(request, person_id)
    try:
        browsers.require_patience(request)
        if request.method == "DELETE":
            asked = _read(request, browsers.LeaveReceipt)
            unfollow(asked.endpoint, queries.topic_of_person(person), by=request.user)
            return JsonResponse(followed_by(asked.endpoint))
        wish = _read(request, browsers.FollowReceipt)
        found = browsers.browser_of(wish.subscription, language=wish.language)
        actions.tell_on_this_browser(person, found, by=request.user, at=timezone.now())
    except Refusal as refusal:
        said = {"code": type(refusal).__name__}
        said["message"] = gettext(refusal.says).format(**refusal.facts)
        return JsonResponse(said, status=refusal.status)
    return JsonResponse(followed_by(found.endpoint))


def _read(request: HttpRequest, kind: type[Wish]) -> Wish:
    """The body. Raises `NotAPushService`."""
    try:
        return kind.model_validate_json(request.body[:MOST_BYTES])
    except ValidationError as error:
        raise NotAPushService from error


def _first(row: Reach) -> dict[str, Any]:
    """The form as it stands; who has said nothing yet reads the language of this page."""
    language = row.language if row.pk else get_language() or settings.LANGUAGE_CODE
    return ReachForm.first(row) | {"language": language}


def _oneself(request: HttpRequest, person_id: UUID) -> Person:
    """Who reads is who is reached: for those one acts for, one's own ways are used."""
    if person_id != request.user.person_id:
        raise Http404
    return request.user.person


def _page(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What each way is tied to today."""
    language = get_language() or settings.LANGUAGE_CODE
    known = accounts()
    rows = Follower.objects.filter(person=person).order_by("linked_at", "pk")
    linked = [
        (row, known[row.account].title(language) if row.account in known else row.account)
        for row in rows
    ]
    taken = {row.account for row in rows}
    return {
        "person": person,
        "linked": linked,
        "linkable": [one for one in offered(request) if one.name not in taken],
        "there": queries.ways_there_are(person),
        "ways": list(Way),
        "phone": masked(person.phone) if person.phone else "",
        "address": queries.address_of(person),
        "browsers": queries.browsers_of(person).count(),
        "topic": queries.topic_of_person(person).removeprefix(PERSON),
    }
