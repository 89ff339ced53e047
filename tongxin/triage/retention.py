"""How long self-checks are kept that somebody chose to keep."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from tongxin.kept import Kept
from tongxin.refusal import noop
from tongxin.triage.keeping_rules import KEPT_FOR
from tongxin.triage.models import Check

KEPT = {
    "Check": Kept(
        says=noop("Until {days} days after it was kept, or until you delete it."),
        because="The person chose to keep it, to see how it goes over a season.",
        source="Personal Information Protection Law, articles 19 and 47",
        ended_by="tongxin.triage.tasks.forget",
        days=KEPT_FOR.days,
    ),
    "Reassessment": Kept(
        says=noop("As long as the self-check."),
        because="Whoever was told that the rules changed is not told again.",
        source="Personal Information Protection Law, article 19",
        ended_by="with triage.Check",
    ),
}


def active(since: datetime) -> Iterator[QuerySet]:
    """Whose self-check was kept."""
    yield Check.objects.filter(at__gte=since).values("person")
