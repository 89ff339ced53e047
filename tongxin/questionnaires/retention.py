"""How long answers are kept."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from tongxin.kept import Kept
from tongxin.questionnaires.models import Draft, Response
from tongxin.questionnaires.rules import KEPT_DAYS
from tongxin.refusal import noop

ANSWERED_DAYS = 90
AFTER_PERMISSION_DAYS = 14
"""An illness that began while somebody might look has shown itself by then (WHO, incubation)."""
NAMELESS_DAYS = 365

KEPT = {
    "Draft": Kept(
        says=noop("Until {days} days after the last change."),
        because="Who comes back within a month finds what they wrote.",
        source="Personal Information Protection Law, article 19",
        ended_by="tongxin.questionnaires.tasks.forget",
        days=KEPT_DAYS,
    ),
    "Response": Kept(
        says=noop(
            "Until {days} days after you gave them; as long as you let somebody see your record, "
            "and 14 days after the last permission ended."
        ),
        because="Answers serve what they were allowed for, and the person's own look back.",
        source="Personal Information Protection Law, articles 19 and 47",
        ended_by="tongxin.questionnaires.tasks.forget",
        days=ANSWERED_DAYS,
    ),
}


def active(since: datetime) -> Iterator[QuerySet]:
    """About whom something was answered or begun."""
    yield Response.objects.filter(authored_at__gte=since, person__isnull=False).values("person")
    yield Draft.objects.filter(changed_at__gte=since, person__isnull=False).values("person")
