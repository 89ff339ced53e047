"""What the measures page says, from the reports of days that are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

FEWEST = 5
"""A smaller number could point to somebody; it is shown as "fewer than 5"."""

DAYS = 28


@dataclass(frozen=True)
class Asked:
    """One report, without its text."""

    on: date
    answer_hours: float | None
    after_verdict: bool


@dataclass(frozen=True)
class Figures:
    """Numbers of the last `DAYS` days that are over. None where too few stand behind one."""

    until: date
    days: tuple[tuple[str, int | None], ...]
    total: int | None
    answered: int | None
    at_once: int | None
    median_hours: float | None
    ninety_hours: float | None
    repeats: int | None
    fewest: int = FEWEST


def figures_of(asked: Sequence[Asked], *, today: date) -> Figures:
    """The measures of the reports before today.

    >>> one = Asked(date(2026, 11, 1), 2.0, True)
    >>> found = figures_of([one] * 6, today=date(2026, 11, 3))
    >>> found.total, found.median_hours, found.repeats, found.days[-1], found.days[-2]
    (6, 2.0, 6, ('2026-11-02', 0), ('2026-11-01', 6))
    """
    first = today - timedelta(days=DAYS)
    known = [one for one in asked if first <= one.on < today]
    counts = {first + timedelta(days=n): 0 for n in range(DAYS)}
    for one in known:
        counts[one.on] += 1
    hours = [one.answer_hours for one in known if one.answer_hours is not None]
    enough = len(hours) >= FEWEST
    return Figures(
        until=today - timedelta(days=1),
        days=tuple((on.isoformat(), shown(count)) for on, count in counts.items()),
        total=shown(len(known)),
        answered=shown(len(hours)),
        at_once=shown(sum(one < AT_ONCE_HOURS for one in hours)),
        median_hours=round(float(np.quantile(hours, 0.5)), 1) if enough else None,
        ninety_hours=round(float(np.quantile(hours, 0.9)), 1) if enough else None,
        repeats=shown(sum(one.after_verdict for one in known)),
    )


AT_ONCE_HOURS = 1 / 60


def shown(count: int) -> int | None:
    """The count, or None where it is too small to be shown.

    >>> shown(0), shown(3), shown(5)
    (0, None, 5)
    """
    return None if 0 < count < FEWEST else count
