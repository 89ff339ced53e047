"""Doors of staff: a patient's kept checks, and telling people that the rules have changed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongxin.consent.actions import NoSuchRecord, read_record
from tongxin.consent.models import Purpose
from tongxin.people.access import needs
from tongxin.people.roles import Permission
from tongxin.triage import actions, queries
from tongxin.triage.change_told import change_told, told_in_words
from tongxin.triage.keeping_rules import MOST_DAYS, USUAL_DAYS
from tongxin.triage.packs import shipped_pack
from tongxin.triage.refusals import RulesMovedOn
from tongxin.triage.trend import trend

MOST_PATIENTS = 200


@needs(Permission.PERSONS_READ)
@never_cache
@require_safe
def patients(request: HttpRequest) -> HttpResponse:
    """Whose kept checks may be opened; whether there are any is not said here."""
    people = queries.patients(request.user, at=timezone.now())[:MOST_PATIENTS]
    return render(request, "triage/desk/patients.html", {"people": people})


@needs(Permission.PERSONS_READ)
@never_cache
@require_safe
def patient(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A patient's kept checks; that they were opened stands in the trail."""
    now = timezone.now()
    try:
        person = read_record(person_id, purpose=Purpose.CARE, by=request.user, at=now)
    except NoSuchRecord as refused:
        raise Http404 from refused
    pack = shipped_pack(settings.DEFAULT_DISEASE)
    language = get_language() or "zh-hans"
    found = trend(
        queries.checks_of(person), pack, language, today=timezone.localdate(timezone.now())
    )
    facts = {"person": person, "trend": found, "language": language}
    return render(request, "triage/desk/patient.html", facts)


@needs(Permission.WORDS_REVIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def changes(request: HttpRequest) -> HttpResponse:
    """What the rules of now say otherwise than older ones, to whom, and telling them."""
    now = timezone.now()
    pack = shipped_pack(settings.DEFAULT_DISEASE)
    days = _days(request.POST.get("days") or request.GET.get("days", ""))
    since = now - timedelta(days=days)
    if request.method == "POST":
        if request.POST.get("digest") != pack.digest:
            raise RulesMovedOn
        told = actions.tell_of_change(pack, since=since, by=request.user, at=now)
        messages.success(request, told_in_words(told))
        return redirect(f"{request.path}?days={days}")
    return render(request, "triage/desk/changes.html", _changes(days, since))


def _changes(days: int, since: datetime) -> dict[str, Any]:
    pack = shipped_pack(settings.DEFAULT_DISEASE)
    language = get_language() or "zh-hans"
    versions = queries.older_versions(pack, since=since)
    found = [change_told(row, pack, since=since, language=language) for row in versions]
    return {
        "days": days,
        "most_days": MOST_DAYS,
        "pack": pack,
        "changes": found,
        "waiting": sum(one.waiting for one in found),
    }


def _days(text: str) -> int:
    """How many days to look back; the usual where it is no number of days."""
    return min(max(int(text), 1), MOST_DAYS) if text.isascii() and text.isdigit() else USUAL_DAYS
