"""How long reports of suspected cases are kept."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from tongxin.kept import Kept
from tongxin.refusal import noop
from tongxin.tracing.models import Report

SETTLED_DAYS = 365

KEPT = {
    "Report": Kept(
        says=noop(
            "Until {days} days after it was settled. If you have your record erased, it stays "
            "without your name and telephone."
        ),
        because="A cluster is traced back over a season; later the report serves nobody.",
        source="Law on Prevention and Control of Infectious Diseases, article 12; Personal "
        "Information Protection Law, article 19",
        ended_by="tongxin.tracing.tasks.forget_settled",
        days=SETTLED_DAYS,
    ),
}


def active(since: datetime) -> Iterator[QuerySet]:
    """Who reported something under their name."""
    yield Report.objects.filter(made_at__gte=since, person__isnull=False).values("person")
