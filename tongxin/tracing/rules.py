"""What may follow what, how long a report may wait, and which reports look like the same.

Plain Python: no Django, no clock, no database.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta

RECEIVED, LOOKING, CASE, CLOSED = "received", "looking", "case", "closed"
NEXT: dict[str, frozenset[str]] = {
    RECEIVED: frozenset({LOOKING, CASE, CLOSED}),
    LOOKING: frozenset({CASE, CLOSED}),
    CASE: frozenset(),
    CLOSED: frozenset({LOOKING}),
}
"""A report that became a case goes on as the case; a closed one can be opened again."""

DANGER = {"breath"}
WAITS = timedelta(hours=24)
WAITS_IN_DANGER = timedelta(hours=2)
OLDEST_SINCE = timedelta(days=60)
"""What began longer ago is no suspected case that anybody could still act on."""

SAME_WITHIN = timedelta(days=14)
ALIKE = 0.35
RUN = 2


def due_at(at: datetime, symptoms: Iterable[str]) -> datetime:
    """By when somebody has to have looked.

    >>> due_at(datetime(2020, 2, 1, 22), ["fever", "breath"]).isoformat()
    '2020-02-02T00:00:00'
    """
    return at + (WAITS_IN_DANGER if DANGER & set(symptoms) else WAITS)


def may_follow(before: str, after: str) -> bool:
    """Whether a report in one state may come into another.

    >>> may_follow("received", "looking"), may_follow("case", "received")
    (True, False)
    """
    return after in NEXT[before]


def is_plausible(since: date, *, today: date) -> bool:
    """Whether something can have begun on that day and still matter."""
    return today - OLDEST_SINCE <= since <= today


def likeness(one: str, other: str) -> float:
    """How much two descriptions have in common, from 0 to 1: shared runs of two letters.

    >>> likeness("3号楼2单元 王大爷 发热", "三号楼 王大爷发烧") > likeness("3号楼", "菜市场口")
    True
    """
    first, second = _runs(one), _runs(other)
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def _runs(text: str) -> set[str]:
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())
    return {plain[at : at + RUN] for at in range(len(plain) - RUN + 1)}
