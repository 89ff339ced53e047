"""How long permissions, proxies and signed sheets are kept after their end."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from tongxin.consent.models import Grant, Proxy
from tongxin.kept import Kept
from tongxin.refusal import noop

ENDED_DAYS = 365

_ENDED = Kept(
    says=noop("Until {days} days after it ended."),
    because="So that the person still sees whom they let look, and on what basis. The trail stays.",
    source="Personal Information Protection Law, articles 19 and 45",
    ended_by="tongxin.consent.tasks.forget_ended",
    days=ENDED_DAYS,
)
KEPT = {
    "Grant": _ENDED,
    "Proxy": _ENDED,
    "Sheet": Kept(
        says=noop("As long as what it allowed, and the paper as long as the office says."),
        because="It is the proof that something was allowed, or withdrawn.",
        source="Personal Information Protection Law, article 14",
        ended_by="tongxin.consent.tasks.forget_ended",
        days=ENDED_DAYS,
    ),
}


def active(since: datetime) -> Iterator[QuerySet]:
    """For whom something was allowed, or somebody acted; and who acted."""
    grants = Grant.objects.filter(ends_at__gte=since).exclude(withdrawn_at__lt=since)
    yield grants.values("person")
    proxies = Proxy.objects.filter(ends_at__gte=since).exclude(withdrawn_at__lt=since)
    yield proxies.values("person")
    yield proxies.filter(acts__isnull=False).values("acts")
