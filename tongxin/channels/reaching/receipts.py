"""Whether a way that a letter took has given its receipt: read from the outbox that carries it."""

from collections.abc import Callable
from dataclasses import dataclass

from tongxin.channels.models import Attempt, Message, Spending
from tongxin.channels.reaching.rules import Way
from tongxin.channels.wechat import ledger

OPEN, DELIVERED, FAILED = Attempt.State.OPEN, Attempt.State.DELIVERED, Attempt.State.FAILED


@dataclass(frozen=True, slots=True)
class Fate:
    """``state``: open, delivered or failed, with the reason."""

    state: str
    reason: str = ""


def fate_of(attempt: Attempt) -> Fate:
    """What has become of it by now. An e-mail's stands in the attempt itself."""
    if Way(attempt.way) == Way.EMAIL or attempt.state == FAILED:
        return Fate(attempt.state, attempt.reason)
    return READERS[Way(attempt.way)](attempt)


def _wechat(attempt: Attempt) -> Fate:
    """A template or one-time message: the arrival that WeChat reports.

    A customer-service message has no such report. That WeChat took it is receipt enough for what
    can wait; what is urgent needs a sign of the person after it: they wrote, tapped or scanned.
    """
    letter = attempt.letter
    paid = Spending.objects.filter(follower__person=letter.person_id, key=letter.about)
    row = paid.exclude(state=Spending.State.RETURNED).select_related("follower").first()
    if row is None:
        return Fate(OPEN)
    if row.state == Spending.State.WENT and row.code:
        return Fate(FAILED, "not delivered")
    return Fate(DELIVERED if _is_received(row, is_urgent=letter.is_urgent) else OPEN)


def _is_received(row: Spending, *, is_urgent: bool) -> bool:
    if row.state == Spending.State.ARRIVED:
        return True
    if row.state != Spending.State.WENT:
        return False
    if not is_urgent and row.way == ledger.Way.CUSTOMER:
        return True
    signs = (row.follower.wrote_at, row.follower.touched_at)
    return any(moment and moment > row.spent_at for moment in signs)


def _push(attempt: Attempt) -> Fate:
    """One browser's service took it; a browser that is gone has taken its message with it."""
    rows = Message.objects.filter(letter=attempt.letter_id)
    if rows.filter(sent_at__isnull=False).exists():
        return Fate(DELIVERED)
    waiting = rows.filter(given_up_at__isnull=True).exists()
    return Fate(OPEN) if waiting else Fate(FAILED, "no browser took it")


def _text(attempt: Attempt) -> Fate:
    """The gateway took it."""
    row = attempt.text
    if row is None:
        return Fate(FAILED, "no telephone")
    if row.sent_at:
        return Fate(DELIVERED)
    return Fate(FAILED, row.reason) if row.given_up_at else Fate(OPEN)


READERS: dict[Way, Callable[[Attempt], Fate]] = {
    Way.WECHAT: _wechat,
    Way.PUSH: _push,
    Way.SMS: _text,
}
