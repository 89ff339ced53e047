"""Which way a message takes, and whether it can be paid for. Plain Python.

Three purses, the cheapest first. A customer-service message costs nothing, but only five go
within 48 hours of what the person last wrote, and three within a minute of a touch. A template
message counts against the account's day. A one-time message takes a consent that only the
person can give again. Source: developers.weixin.qq.com, "Customer service messages",
"Template messages", "Subscription messages".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tongxin.channels.wechat.refusals import NotAffordable, Reason

TALK, TALK_MOST = timedelta(hours=48), 5
TOUCH, TOUCH_MOST = timedelta(minutes=1), 3
MARGIN = timedelta(seconds=5)  # a message must arrive before the window shuts
KEPT_OF_TALK = 1  # messages of a window that only a red flag may take
KEPT_OF_DAY = 0.05  # share of the daily cap that only red flags may take


class Way(StrEnum):
    CUSTOMER = "customer"
    TEMPLATE = "template"
    ONE_TIME = "one_time"


ALL = frozenset(Way)


@dataclass(frozen=True, slots=True)
class Purse:
    """What can be spent on one person now. Counts are of what was spent since the moment."""

    is_subscribed: bool = True
    wrote_at: datetime | None = None
    spent_since_wrote: int = 0
    touched_at: datetime | None = None
    spent_since_touched: int = 0
    templates_spent: int = 0
    templates_a_day: int = 0
    grants: int = 0
    closed: frozenset[Way] = frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """In which ways a message can be said, and whether it is a red flag."""

    ways: frozenset[Way]
    is_urgent: bool = False


def plan(purse: Purse, wish: Wish, *, at: datetime) -> Way:
    """The cheapest way that can be paid for.

    Raises:
        NotAffordable: with the reason of the last way that was tried.

    >>> noon = datetime(2020, 2, 1, 12)
    >>> plan(Purse(wrote_at=noon, spent_since_wrote=2), Wish(ALL), at=noon).value
    'customer'
    >>> plan(Purse(templates_a_day=100), Wish(ALL), at=noon).value
    'template'
    """
    found: list[Reason] = []
    for way in Way:
        if way not in wish.ways:
            continue
        why = _obstacle(way, purse, is_urgent=wish.is_urgent, at=at)
        if why is None:
            return way
        found.append(why)
    raise NotAffordable(reason=_telling(found))


def window_ends(purse: Purse) -> datetime | None:
    """Until when a customer-service message could go, as far as windows go."""
    ends = [
        opened + length
        for opened, length in ((purse.wrote_at, TALK), (purse.touched_at, TOUCH))
        if opened
    ]
    return max(ends, default=None)


def kept_of_day(cap: int) -> int:
    """How many template messages of a day are kept for red flags: one in twenty, one at least.

    >>> kept_of_day(100_000), kept_of_day(3), kept_of_day(0)
    (5000, 1, 0)
    """
    return min(cap, max(1, int(cap * KEPT_OF_DAY)))


def _obstacle(way: Way, purse: Purse, *, is_urgent: bool, at: datetime) -> Reason | None:
    """What stands in this way, if anything does."""
    if way in purse.closed:
        return Reason.CLOSED
    if way == Way.ONE_TIME:  # also reaches who does not follow the account
        return None if purse.grants > 0 else Reason.NO_CONSENT
    if not purse.is_subscribed:
        return Reason.UNSUBSCRIBED
    if way == Way.TEMPLATE:
        return _of_day(purse, is_urgent=is_urgent)
    return _of_windows(purse, is_urgent=is_urgent, at=at)


def _of_day(purse: Purse, *, is_urgent: bool) -> Reason | None:
    if purse.templates_a_day <= 0:
        return Reason.CLOSED
    left = purse.templates_a_day - purse.templates_spent
    if left <= 0:
        return Reason.DAILY_CAP
    if not is_urgent and left <= kept_of_day(purse.templates_a_day):
        return Reason.RESERVED
    return None


def _of_windows(purse: Purse, *, is_urgent: bool, at: datetime) -> Reason | None:
    """A touch's three messages are over in a minute, so nothing of them is kept."""
    touched = purse.touched_at
    if touched and at < touched + TOUCH - MARGIN and purse.spent_since_touched < TOUCH_MOST:
        return None
    if not purse.wrote_at or at >= purse.wrote_at + TALK - MARGIN:
        return Reason.NO_WINDOW
    left = TALK_MOST - purse.spent_since_wrote
    if left <= 0:
        return Reason.NO_WINDOW
    return Reason.RESERVED if left <= KEPT_OF_TALK and not is_urgent else None


def _telling(found: list[Reason]) -> Reason:
    """The reason that says most: that something is kept, before that nothing is there."""
    order = [
        Reason.RESERVED,
        Reason.UNSUBSCRIBED,
        Reason.DAILY_CAP,
        Reason.NO_WINDOW,
        Reason.NO_CONSENT,
        Reason.CLOSED,
    ]
    return min(found, key=order.index, default=Reason.CLOSED)
