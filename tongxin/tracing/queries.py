"""Which reports an officer sees, which wait too long, and which may be the same."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from tongxin.people.models import User
from tongxin.people.roles import Permission
from tongxin.places.queries import subtree
from tongxin.receipt_codes import plain_code
from tongxin.tracing import rules
from tongxin.tracing.models import Report

OPEN = (Report.State.RECEIVED, Report.State.LOOKING)
MOST_COMPARED = 300


def receipt_hash(code: str) -> str:
    """Under which a report is found; the code itself is kept nowhere."""
    return salted_hmac("tracing.receipt", plain_code(code)).hexdigest()


def report_of(code: str) -> Report | None:
    """The report of a receipt, however the code was typed."""
    return Report.objects.filter(receipt=receipt_hash(code)).select_related("place").first()


def reports_for(officer: User) -> QuerySet[Report]:
    """Reports of the area that the officer's organisation is responsible for, and no others."""
    if not officer.may(Permission.REPORTS_HANDLE) or officer.organisation is None:
        return Report.objects.none()
    codes = [place.pk for place in subtree(officer.organisation.place_id)]
    return Report.objects.filter(place__in=codes).select_related("place", "owner__organisation")


def waiting_for(officer: User) -> QuerySet[Report]:
    """What is still to be settled, the most urgent first."""
    return reports_for(officer).filter(state__in=OPEN).order_by("due_at", "pk")


def late_for(officer: User, *, at: datetime) -> QuerySet[Report]:
    """What nobody has looked at in time: every officer of the area sees it first."""
    return waiting_for(officer).filter(state=Report.State.RECEIVED, due_at__lte=at)


def alike(
    place: str, where: str, what: str, *, officer: User, at: datetime, but: int | None = None
) -> list[Report]:
    """Reports of the last two weeks that may be of the same person, the most alike first."""
    rows = reports_for(officer).filter(place=place, made_at__gte=at - rules.SAME_WITHIN)
    recent = rows.exclude(pk=but).order_by("-pk")[:MOST_COMPARED]
    scored = [
        (
            max(
                rules.likeness(where, row.where),
                rules.likeness(f"{where} {what}", f"{row.where} {row.what}"),
            ),
            row,
        )
        for row in recent
    ]
    near = [pair for pair in scored if pair[0] >= rules.ALIKE]
    return [row for _, row in sorted(near, key=lambda pair: (-pair[0], pair[1].pk))[:3]]
