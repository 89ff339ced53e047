"""The officer's list of suspected cases of the own area, and each of them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongxin.people.access import needs
from tongxin.people.forms import refuse
from tongxin.people.roles import Permission
from tongxin.receipt_codes import grouped_code
from tongxin.refusal import Refusal
from tongxin.tracing import actions, queries, rules
from tongxin.tracing.forms import CloseForm, ReportForm
from tongxin.tracing.models import Report
from tongxin.tracing.refusals import NotYoursToHandle

SETTLED_SHOWN = 20


@needs(Permission.REPORTS_HANDLE)
@never_cache
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What waits, the most urgent first; then what was settled lately."""
    now = timezone.now()
    settled = queries.reports_for(request.user).exclude(state__in=queries.OPEN)
    facts = {
        "now": now,
        "waiting": queries.waiting_for(request.user),
        "settled": settled.order_by("-settled_at")[:SETTLED_SHOWN],
    }
    return render(request, "tracing/desk/reports.html", facts)


@needs(Permission.REPORTS_HANDLE)
@never_cache
@require_safe
def one(request: HttpRequest, report_id: int) -> HttpResponse:
    """One report with those that may be the same."""
    now = timezone.now()
    try:
        report = actions.read_report(report_id, by=request.user)
    except NotYoursToHandle as refusal:
        raise Http404 from refusal
    same = queries.alike(
        report.place_id, report.where, report.what, officer=request.user, at=now, but=report.pk
    )
    facts = {"report": report, "same": same, "now": now, "form": CloseForm()}
    facts["steps"] = rules.NEXT[report.state]
    return render(request, "tracing/desk/report.html", facts)


@needs(Permission.REPORTS_HANDLE)
@require_POST
def step(request: HttpRequest, report_id: int) -> HttpResponse:
    """Take it, or say what came of it."""
    state, now = request.POST.get("state", ""), timezone.now()
    try:
        if state == Report.State.LOOKING:
            actions.look_at(report_id, by=request.user, at=now)
        else:
            reason = request.POST.get("reason", "")
            actions.settle_report(report_id, state=state, reason=reason, by=request.user, at=now)
    except NotYoursToHandle as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, gettext(refusal.says).format(**refusal.facts))
    else:
        messages.success(request, gettext("Saved. Whoever reported it reads it on the receipt."))
    return redirect("desk_case", report_id)


@needs(Permission.REPORTS_HANDLE)
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """What somebody said by telephone or on paper; what may be the same is shown before."""
    now = timezone.now()
    form = ReportForm(request.POST or None, initial={"since_on": timezone.localdate(now)})
    same: list[Report] = []
    if request.method == "POST" and form.is_valid():
        told = form.told()
        same = queries.alike(told.place, told.where, told.what, officer=request.user, at=now)
        if not same or "is_new" in request.POST:
            try:
                _, code = actions.report_case(told, by=request.user, at=now)
            except Refusal as refusal:
                refuse(form, refusal)
            else:
                text = gettext("Saved. Code for whoever reported it: %(code)s")
                messages.success(request, text % {"code": grouped_code(code)})
                return redirect("desk_cases")
    return render(request, "tracing/desk/enter.html", {"form": form, "same": same})
