"""Every write: a report comes in, is looked at, becomes a case or is closed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tongxin.audit.actions import record
from tongxin.people.models import Person, User
from tongxin.places.models import Place
from tongxin.receipt_codes import new_code
from tongxin.tracing import queries, refusals, rules
from tongxin.tracing.models import Report, Symptom
from tongxin.tracing.retention import SETTLED_DAYS

LONGEST_WHERE, LONGEST_WHAT = 200, 1000


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says. ``place``: code of the county or city."""

    about: str
    place: str
    where: str
    since_on: date
    symptoms: tuple[str, ...]
    what: str = ""
    contact: str = ""


@transaction.atomic
def report_case(
    told: Told, *, by: object, at: datetime, person: Person | None = None
) -> tuple[Report, str]:
    """Keep a report and give its code, with which only who reported follows it.

    Args:
        person: who reports, where they have signed in and want to be named.

    Raises:
        NothingReported, NoPlaceOfThatKind, BeganTooLongAgo
    """
    symptoms = tuple(dict.fromkeys(told.symptoms))
    if not symptoms or not set(symptoms) <= set(Symptom.values):
        raise refusals.NothingReported
    if not Place.objects.filter(pk=told.place).exists():
        raise refusals.NoPlaceOfThatKind
    if not rules.is_plausible(told.since_on, today=timezone.localdate(at)):
        raise refusals.BeganTooLongAgo
    code = new_code()
    report = Report.objects.create(
        receipt=queries.receipt_hash(code),
        person=person,
        about=Report.About(told.about),
        place_id=told.place,
        where=told.where[:LONGEST_WHERE],
        what=told.what[:LONGEST_WHAT],
        contact=told.contact,
        symptoms=list(symptoms),
        since_on=told.since_on,
        made_at=at,
        due_at=rules.due_at(at, symptoms),
    )
    record("tracing.reported", report, by=by, place=told.place)
    return report, code


@transaction.atomic
def look_at(report_id: int, *, by: User, at: datetime) -> Report:
    """Take a report: from now on it has an owner. Raises `NotYoursToHandle`, `CannotFollow`."""
    report = _ours(report_id, rules.LOOKING, by=by)
    report.state, report.owner = Report.State.LOOKING, by
    report.reason, report.settled_at = "", None
    report.save()
    record("tracing.looked_at", report, by=by)
    return report


@transaction.atomic
def settle_report(
    report_id: int, *, state: str, reason: str = "", by: User, at: datetime
) -> Report:
    """Say what came of it: a case, or closed with the reason.

    Raises:
        NotYoursToHandle, CannotFollow, ReasonMissing
    """
    report = _ours(report_id, state, by=by)
    if state == rules.CLOSED and reason not in Report.Reason.values:
        raise refusals.ReasonMissing
    report.state, report.owner, report.settled_at = Report.State(state), by, at
    report.reason = reason if state == rules.CLOSED else ""
    report.save()
    record("tracing.settled", report, by=by, state=state, reason=report.reason)
    return report


@transaction.atomic
def read_report(report_id: int, *, by: User) -> Report:
    """One report, if it is of the officer's area; the reading goes into the trail.

    Raises:
        NotYoursToHandle: unknown, or of another area: the two look alike.
    """
    report = queries.reports_for(by).filter(pk=report_id).first()
    if report is None:
        raise refusals.NotYoursToHandle
    record("tracing.report_read", report, by=by)
    if report.person_id:
        record("people.record_read", f"people.Person:{report.person_id}", by=by, purpose="tracing")
    return report


@transaction.atomic
def forget_settled_reports(*, by: str, at: datetime) -> int:
    """Delete reports that were settled long ago, a batch at a time; how many."""
    before = at - timedelta(days=SETTLED_DAYS)
    old = Report.objects.filter(settled_at__lt=before).order_by("pk").values_list("pk", flat=True)
    gone, _ = Report.objects.filter(pk__in=list(old[:500])).delete()
    if gone:
        record("tracing.reports_forgotten", "tracing.Report", by=by, count=gone)
    return gone


def _ours(report_id: int, state: str, *, by: User) -> Report:
    """The report, locked, if this officer may take this step."""
    if not queries.reports_for(by).filter(pk=report_id).exists():
        raise refusals.NotYoursToHandle
    report = Report.objects.select_for_update().get(pk=report_id)
    if state not in Report.State.values or not rules.may_follow(report.state, state):
        raise refusals.CannotFollow(state=report.get_state_display())
    return report
