"""Doors of what somebody chooses to keep: the choice itself, and their own kept checks."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongxin.channels.browsers import require_own_page
from tongxin.people.access import own, public
from tongxin.people.models import Person
from tongxin.triage import actions, queries
from tongxin.triage.holding import Held, held, hold, let_go
from tongxin.triage.packs import in_language, shipped_pack
from tongxin.triage.pages import carried, end_page
from tongxin.triage.refusals import NotFinished, NothingHeld
from tongxin.triage.rules import outcome
from tongxin.triage.trend import trend


# Who asks for it need not be signed in: nothing is stored for anybody yet.
@public
@csrf_exempt
@never_cache
@require_POST
def hold_result(request: HttpRequest, language: str) -> HttpResponse:
    """Let a result wait in this browser's session, and go on to where it is kept."""
    pack = shipped_pack(settings.DEFAULT_DISEASE)
    with override(language):
        require_own_page(request)
        known = carried(pack, request, language)
        if outcome(pack, known).disposition is None:
            raise NotFinished
        hold(request, pack, known, key=request.POST.get("key", ""), at=timezone.now())
        return redirect("self_check_keep", language)


@own
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, language: str) -> HttpResponse:
    """For whom to keep the result that waits; then it is kept."""
    now = timezone.now()
    pack = shipped_pack(settings.DEFAULT_DISEASE)
    with override(language):
        waits = held(request, pack, at=now)
        if waits is None:
            raise NothingHeld
        if request.method == "POST":
            return _kept(request, waits, language)
        facts = end_page(pack, waits.answers, language) | {
            "people": queries.keepable_for(request.user, at=now)
        }
        return render(request, "triage/keep.html", facts)


def _kept(request: HttpRequest, waits: Held, language: str) -> HttpResponse:
    now = timezone.now()
    person = _person_or_404(request, request.POST.get("person", ""))
    actions.keep_check(
        person,
        waits.answers,
        pack=shipped_pack(settings.DEFAULT_DISEASE),
        key=waits.key,
        language=language,
        by=request.user,
        at=now,
    )
    let_go(request)
    messages.success(request, gettext("Kept. You can delete it here any day."))
    return redirect("my_self_checks", person.pk)


@own
@never_cache
@require_safe
def mine(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The checks kept for one person, and their trend."""
    person = _person_or_404(request, person_id)
    pack = shipped_pack(settings.DEFAULT_DISEASE)
    language = get_language() or "zh-hans"
    checks = queries.checks_of(person)
    facts = {
        "person": person,
        "is_own": person.pk == request.user.person_id,
        "trend": trend(checks, pack, language, today=timezone.localdate(timezone.now())),
        "title": in_language(pack, "title", language),
        "language": language,
    }
    return render(request, "triage/mine.html", facts)


@own
@require_POST
def delete(request: HttpRequest, person_id: UUID, check_id: int) -> HttpResponse:
    """Delete one kept check."""
    person = _person_or_404(request, person_id)
    actions.delete_check(check_id, by=request.user, at=timezone.now())
    messages.success(request, gettext("Deleted."))
    return redirect("my_self_checks", person.pk)


def _person_or_404(request: HttpRequest, person_id: object) -> Person:
    """The person, if it is oneself or somebody one acts for."""
    try:
        number = UUID(str(person_id))
    except ValueError as wrong:
        raise Http404 from wrong
    person = queries.person_acted_for(request.user, number, at=timezone.now())
    if person is None:
        raise Http404
    return person
