"""In which order a person is reached, how long a receipt is waited for. Plain Python."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from tongxin.channels.rules import after_quiet_hours


class Way(StrEnum):
    WECHAT = "wechat"
    PUSH = "push"
    SMS = "sms"
    EMAIL = "email"


# What costs nothing and is read soonest comes first; a text costs money, an e-mail lies unread.
DEFAULT_ORDER = (Way.WECHAT, Way.PUSH, Way.SMS, Way.EMAIL)
LOOKS_AGAIN_AFTER, LOOKS_AGAIN_WITHIN = timedelta(seconds=2), timedelta(minutes=1)
# How long each way has to give its receipt, before the next is taken beside it: what can wait, and
# what cannot. A text's gateway and a push service answer within seconds where they answer at all.
PATIENCE = {
    Way.WECHAT: (timedelta(minutes=10), timedelta(seconds=30)),
    Way.PUSH: (timedelta(minutes=10), timedelta(seconds=30)),
    Way.SMS: (timedelta(minutes=10), timedelta(minutes=1)),
    Way.EMAIL: (timedelta(minutes=10), timedelta(minutes=2)),
}


def ways(order: Sequence[str], off: Collection[str], *, is_urgent: bool) -> list[Way]:
    """Every way that may be tried, in the person's order; what they did not order comes after.

    What is urgent also takes, at last, what they switched off.

    >>> [str(way) for way in ways(["sms"], ["push"], is_urgent=False)]
    ['sms', 'wechat', 'email']
    >>> [str(way) for way in ways(["sms"], ["push"], is_urgent=True)]
    ['sms', 'wechat', 'email', 'push']
    """
    known = [Way(name) for name in order if name in DEFAULT_ORDER]
    whole = list(dict.fromkeys([*known, *DEFAULT_ORDER]))
    wanted = [way for way in whole if way not in off]
    return wanted + [way for way in whole if way in off] if is_urgent else wanted


def patience(way: Way, *, is_urgent: bool) -> timedelta:
    """How long the receipt of this way is waited for.

    >>> patience(Way.WECHAT, is_urgent=True).seconds
    30
    """
    return PATIENCE[way][is_urgent]


def looks_again_after(waited: timedelta, *, is_urgent: bool) -> timedelta:
    """When a receipt is looked for again, of one that has been waited for so long.

    >>> [looks_again_after(timedelta(seconds=s), is_urgent=False).seconds for s in (0, 20, 500)]
    [2, 10, 60]
    """
    if is_urgent:
        return LOOKS_AGAIN_AFTER
    return min(max(waited / 2, LOOKS_AGAIN_AFTER), LOOKS_AGAIN_WITHIN)


def may_begin_at(at: datetime, *, is_urgent: bool) -> datetime:
    """When a way may be begun, ``at`` being local time: nobody is woken by what can wait.

    >>> may_begin_at(datetime(2020, 2, 1, 23), is_urgent=True).hour
    23
    >>> may_begin_at(datetime(2020, 2, 1, 23), is_urgent=False).hour
    7
    """
    return at if is_urgent else after_quiet_hours(at)
