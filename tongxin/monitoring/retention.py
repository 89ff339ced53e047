"""How long logs are kept: as long as their answers; who was looked after, a year."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from tongxin.kept import Kept
from tongxin.monitoring.models import Entry, Task, Watch
from tongxin.refusal import noop

DONE_DAYS = 365
UNUSED_DAYS = 90

KEPT = {
    "Entry": Kept(
        says=noop("As long as its answers."),
        because="It is what the answers of the day came to.",
        source="Personal Information Protection Law, articles 19 and 47",
        ended_by="with questionnaires.Response",
    ),
    "Watch": Kept(
        says=noop("As long as there is an entry or a reminder, and {days} days more."),
        because="Lists of who is silent are made of it.",
        source="Personal Information Protection Law, article 19",
        ended_by="tongxin.monitoring.tasks.forget",
        days=UNUSED_DAYS,
    ),
    "Task": Kept(
        says=noop("Until {days} days after it was done."),
        because="Who was told of a danger, and what came of it, can be asked for a year.",
        source="Personal Information Protection Law, article 19",
        ended_by="tongxin.monitoring.tasks.forget",
        days=DONE_DAYS,
    ),
}


def active(since: datetime) -> Iterator[QuerySet]:
    """About whom something was logged, who is reminded, and whom somebody has to look after."""
    yield Entry.objects.filter(taken_at__gte=since).values("person")
    yield Watch.objects.filter(remind_at__isnull=False).values("person")
    yield Task.objects.exclude(state=Task.State.DONE).values("person")
