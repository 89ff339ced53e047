"""Every write about texts."""

from datetime import datetime, timedelta

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.channels import rules
from tongxin.channels.models import TextMessage
from tongxin.channels.webpush.pushing import Fate, Outcome

CLAIMED_FOR = timedelta(minutes=1)
KEPT_FOR = timedelta(days=1)
BATCH = 50


@transaction.atomic
def send_text(
    to: str, text: str, *, kind: str, holds_for: timedelta, by: object, at: datetime
) -> TextMessage:
    """Queue a text in the caller's transaction; the worker sends it within a second or two.

    Args:
        to: E.164.
        holds_for: after that it is not sent any more.
    """
    row = TextMessage.objects.create(
        to=to, text=text, kind=kind, made_at=at, next_try_at=at, expires_at=at + holds_for
    )
    record("channels.text_queued", row, by=by, kind=kind)
    return row


@transaction.atomic
def claim_texts(*, by: str, at: datetime) -> list[TextMessage]:
    """Texts to send now, ours alone for a minute; what is over is given up."""
    waiting = TextMessage.objects.filter(sent_at__isnull=True, given_up_at__isnull=True)
    waiting.filter(expires_at__lte=at).update(given_up_at=at, reason="no longer matters")
    due = waiting.filter(next_try_at__lte=at).order_by("pk")
    taken = list(due.select_for_update(skip_locked=True)[:BATCH])
    for row in taken:
        row.tries += 1
        row.next_try_at = at + CLAIMED_FOR
    TextMessage.objects.bulk_update(taken, ["tries", "next_try_at"])
    return taken


@transaction.atomic
def settle_text(message: TextMessage, outcome: Outcome, *, by: str, at: datetime) -> None:
    """Write down what became of it: gone, to be tried later, or given up."""
    row = TextMessage.objects.filter(pk=message.pk)
    if outcome.fate == Fate.SENT:
        row.update(sent_at=at, receipt=outcome.receipt[:200], reason="")
    elif outcome.fate != Fate.LATER or message.tries >= rules.MOST_TRIES:
        row.update(given_up_at=at, reason=outcome.reason[:200])
        record("channels.text_given_up", message, by=by, reason=outcome.reason[:200])
    else:
        pause = rules.wait_after(message.tries)
        row.update(next_try_at=at + pause, reason=outcome.reason[:200])


@transaction.atomic
def forget_texts(*, by: str, at: datetime) -> int:
    """Delete what was said a day ago, number and words with it; how many."""
    gone, _ = TextMessage.objects.filter(made_at__lt=at - KEPT_FOR).delete()
    if gone:
        record("channels.texts_forgotten", "texts", by=by, count=gone)
    return gone
