from datetime import datetime

from django.db.models import QuerySet

from tongxin.channels.models import Message, Subscription
from tongxin.channels.rules import by_kind, hash_of


def waiting(*, at: datetime) -> QuerySet[Message]:
    """Messages that may go now, the urgent first."""
    rows = Message.objects.filter(sent_at__isnull=True, given_up_at__isnull=True)
    return rows.filter(next_try_at__lte=at).order_by("-is_urgent", "next_try_at", "pk")


def idle_subscriptions() -> list[int]:
    """Browsers that follow nothing and for which nothing waits: their last message ran out."""
    waits = Message.objects.filter(sent_at__isnull=True, given_up_at__isnull=True)
    rows = Subscription.objects.filter(topics=[]).exclude(pk__in=waits.values("subscription"))
    return list(rows.values_list("pk", flat=True)[:100])


def told_of(about: str) -> QuerySet[Subscription]:
    """Who has been told of something: a message went, or may have gone."""
    rows = Subscription.objects.filter(messages__about=about, messages__tries__gt=0)
    return rows.distinct()


def receipts(about: str) -> dict[str, int]:
    """How many messages about something went, wait, and were given up."""
    rows = Message.objects.filter(about=about)
    sent = rows.filter(sent_at__isnull=False).count()
    given_up = rows.filter(given_up_at__isnull=False).count()
    return {"sent": sent, "given_up": given_up, "waiting": rows.count() - sent - given_up}


def followed_by(endpoint: str) -> dict[str, list[str]]:
    """The places and receipts that a browser follows; none where it is not known."""
    row = Subscription.objects.filter(endpoint_hash=hash_of(endpoint)).first()
    return by_kind(row.topics if row else [])
