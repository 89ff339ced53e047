"""The trail, for those who may read it. Here, because the audit app stands below people."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tongxin.audit import queries
from tongxin.audit.actions import record
from tongxin.audit.wording import in_words
from tongxin.people.access import needs
from tongxin.people.forms import TrailFilterForm
from tongxin.people.models import User
from tongxin.people.roles import Permission

PAGE = 50


def _moments(days: dict[str, object]) -> dict[str, datetime]:
    """The first moment of the first day and the end of the last, in the site's time zone."""
    first, last = days.get("from_on"), days.get("to_on")
    found = {}
    if first:
        found["since"] = timezone.make_aware(datetime.combine(first, time.min))
    if last:
        found["before"] = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
    return found


def _names(entries: list[queries.Entry]) -> dict[str, str]:
    """The names behind "user:5", for those who are on the page."""
    numbers = {int(row.by[5:]) for row in entries if row.by.startswith("user:")}
    return {f"user:{user.pk}": user.shown_name for user in User.objects.filter(pk__in=numbers)}


@needs(Permission.AUDIT_READ)
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Who did or read what, newest first. Reading it is a line in it too."""
    form = TrailFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    words = {name: asked[name] for name in ("by", "deed", "target") if asked.get(name)}
    below = request.GET.get("below", "")
    entries = queries.lines(
        **words, **_moments(asked), below=int(below) if below.isdecimal() else None, count=PAGE + 1
    )
    record("audit.trail_read", "audit", by=request.user, asked=sorted(words))
    shown = entries[:PAGE]
    names = _names(shown)
    query = request.GET.copy()
    query["below"] = str(shown[-1].pk) if shown else ""
    facts = {
        "form": form,
        "rows": [(row, names.get(row.by, row.by)) for row in shown],
        "older": query.urlencode() if len(entries) > PAGE else "",
    }
    return render(request, "people/trail.html", facts)


@needs(Permission.AUDIT_READ)
@require_POST
def verify_trail(request: HttpRequest) -> HttpResponse:
    """Walk the whole trail now and say whether it is whole."""
    verdict = queries.verify()
    record("audit.verified", "audit", by=request.user, lines=verdict.lines)
    show = messages.success if verdict.is_whole else messages.error
    show(request, in_words(verdict))
    return redirect("desk_audit")
