"""The officers' desk of the log: lists of the own street, each person, each task, the county."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongxin.consent.actions import read_record
from tongxin.consent.actions.grants import NoSuchRecord
from tongxin.consent.models import Purpose
from tongxin.monitoring import actions, queries, rules
from tongxin.monitoring.county import BANDS
from tongxin.monitoring.county import county as county_of
from tongxin.monitoring.curve import temperature_curve
from tongxin.monitoring.forms import OutcomeForm, RiskForm, typed
from tongxin.monitoring.models import Task
from tongxin.monitoring.refusals import NotYoursToSettle
from tongxin.people.access import needs
from tongxin.people.forms import refuse
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal

A_PAGE = 50


@needs(Permission.LOGS_READ)
@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who must be looked after today, by state and street; the tasks first."""
    now = timezone.now()
    street = typed(request.GET.get("street", ""), 120)
    rows = queries.watched_by(request.user, at=now, street=street)
    counts = queries.counts(rows, at=now)
    state = request.GET.get("state", "")
    if state not in counts:  # the first that holds anybody
        state = next((name for name, count in counts.items() if count), "reported")
    page = Paginator(queries.in_state(state, rows, at=now), A_PAGE).get_page(
        request.GET.get("page")
    )
    facts = {
        "now": now,
        "state": state,
        "street": street,
        "streets": queries.streets_of(request.user, at=now),
        "tabs": [(name, _titles()[name], n) for name, n in counts.items()],
        "title": _titles()[state],
        "page": page,
        "tasks": list(queries.tasks_for(request.user, at=now)[:A_PAGE]),
    }
    return render(request, "monitoring/desk/people.html", facts)


def _titles() -> dict[str, str]:
    return {
        "silent_feverish": gettext("Silent, last with fever"),
        "feverish": gettext("Feverish"),
        "silent": gettext("Silent"),
        "not_yet": gettext("Not yet today"),
        "reported": gettext("Logged today"),
    }


@needs(Permission.LOGS_READ)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person's two weeks. Each look is a line in the trail that the person can read."""
    now = timezone.now()
    try:
        found = read_record(person_id, purpose=Purpose.MONITORING, by=request.user, at=now)
    except NoSuchRecord as refusal:
        raise Http404 from refusal
    watch = queries.watch_of(found)
    form = RiskForm(request.POST or None, initial={"risk": watch.risk if watch else ""})
    if request.method == "POST" and form.is_valid():
        actions.change_watch(found, by=request.user, at=now, risk=form.cleaned_data["risk"])
        messages.success(request, gettext("Saved."))
        return redirect("desk_log_person", found.pk)
    entries = queries.entries_of(found, at=now)
    today = rules.local_day(now, queries.zone_of(watch))
    facts = {
        "person": found,
        "watch": watch,
        "entries": entries,
        "curve": temperature_curve(entries, until=today, language=get_language()),
        "task": queries.open_task_of(found),
        "form": form,
        "now": now,
        "age": rules.months_old(found.born_on, today),
    }
    return render(request, "monitoring/desk/person.html", facts)


@needs(Permission.LOGS_READ)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """One task: take it, say what came of it."""
    now = timezone.now()
    row = queries.task_for(request.user, task_id, at=now)
    if row is None:
        raise Http404
    form = OutcomeForm(request.POST if "outcome" in request.POST else None)
    if request.method == "POST":
        try:
            if "take" in request.POST:
                actions.take_task(task_id, by=request.user, at=now)
                return redirect("desk_log_task", task_id)
            if form.is_valid():
                actions.settle_task(task_id, by=request.user, at=now, **form.cleaned_data)
                messages.success(request, gettext("Saved."))
                return redirect("desk_log")
        except NotYoursToSettle as refusal:
            raise Http404 from refusal
        except Refusal as refusal:
            refuse(form, refusal)
    read_record(row.person_id, purpose=Purpose.MONITORING, by=request.user, at=now)
    facts = {"task": row, "form": form, "now": now, "states": Task.State}
    return render(request, "monitoring/desk/task.html", facts, status=422 if form.errors else 200)


@needs(Permission.LOGS_COUNT)
@never_cache
@require_safe
def county(request: HttpRequest) -> HttpResponse:
    """Coverage and fever of the area, without anybody's name; small counts are withheld."""
    show = request.GET.get("show", "")
    show = show if show in BANDS else "coverage"
    language = get_language()
    found = county_of(request.user, at=timezone.now(), show=show, language=language)
    facts = {"county": found, "show": show, "now": timezone.now()}
    return render(request, "monitoring/desk/county.html", facts)
