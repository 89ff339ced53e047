"""How long persons and accounts are kept."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from tongxin.kept import Kept
from tongxin.people.models import Person, User
from tongxin.people.roles import Role
from tongxin.refusal import noop

IDLE_DAYS = 365
WARNED_DAYS = 30

KEPT = {
    "Person": Kept(
        says=noop(
            "Until you have it erased; or 30 days after a message, once nobody has used it and "
            "nobody may see it for {days} days."
        ),
        because="A wave may come back within a year; after that nobody needs an unused record.",
        source="Personal Information Protection Law, articles 19 and 47",
        ended_by="tongxin.residents.tasks.end_idle_records",
        days=IDLE_DAYS,
    ),
    "User": Kept(
        says=noop("As long as the record itself."),
        because="It is the way into the record. Staff accounts are closed by an administrator.",
        source="Personal Information Protection Law, article 19",
        ended_by="with people.Person",
    ),
}


def active(since: datetime) -> Iterator[QuerySet]:
    """Who signed in, or came on record."""
    yield Person.objects.filter(made_at__gte=since).values("pk")
    yield User.objects.filter(last_login__gte=since, person__isnull=False).values("person")
    staff = User.objects.exclude(role=Role.RESIDENT) | User.objects.filter(is_cast=True)
    yield staff.filter(person__isnull=False).values("person")
