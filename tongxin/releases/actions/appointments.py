from datetime import datetime

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.people.models import User
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal, noop
from tongxin.releases.actions.publications import publish
from tongxin.releases.models import Appointment
from tongxin.releases.refusals import AlreadyDecided, AnotherPublisher, HourHasPassed
from tongxin.releases.turns import locked, require

PUBLISHED, CANCELLED = noop("published"), noop("cancelled")


@transaction.atomic
def appoint(release_id: str, *, due_at: datetime, by: User, at: datetime) -> Appointment:
    """Publish a release at an hour; whether it may go out is decided then.

    Raises:
        HourHasPassed, ReleasePruned
    """
    require(by, Permission.RELEASE_PUBLISH)
    if due_at <= at:
        raise HourHasPassed()
    release = locked(release_id)
    row = Appointment.objects.create(release=release, due_at=due_at, by=by)
    record("releases.appointed", release, by=by, due_at=due_at.isoformat())
    return row


@transaction.atomic
def cancel_appointment(appointment_id: int, *, by: User, at: datetime) -> Appointment:
    """The release is not published at that hour.

    Raises:
        AlreadyDecided
    """
    require(by, Permission.RELEASE_PUBLISH)
    row = Appointment.objects.select_for_update().get(pk=appointment_id)
    if row.done_at:
        raise AlreadyDecided()
    _settle(row, CANCELLED, at=at)
    record("releases.appointment_cancelled", row.release, by=by)
    return row


@transaction.atomic
def keep_appointment(appointment_id: int, *, by: str, at: datetime) -> str:
    """Publish what was appointed, signed by who appointed it; what became of it, in words."""
    rows = Appointment.objects.select_for_update(skip_locked=True, of=("self",))
    row = rows.select_related("by").filter(pk=appointment_id, done_at__isnull=True).first()
    if row is None:
        return ""
    try:
        publish(row.release_id, by=row.by, at=at)
        outcome = PUBLISHED
    except AnotherPublisher:
        return ""  # the next look, in seconds, tries again
    except Refusal as refusal:
        outcome = refusal.says
    _settle(row, outcome, at=at)
    record("releases.appointment_kept", row.release, by=by, outcome=outcome)
    return outcome


def _settle(row: Appointment, outcome: str, *, at: datetime) -> None:
    row.done_at, row.outcome = at, outcome
    row.save(update_fields=["done_at", "outcome"])
