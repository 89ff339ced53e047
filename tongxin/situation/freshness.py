"""How old the newest figure is, so told that it stays true on a page that nobody draws again."""

from dataclasses import dataclass
from datetime import date

# A newest figure older than this says nothing of today: the window of the notice of 17 February
# 2020, and the days after which one source yields to another.
FRESH_DAYS = 14


@dataclass(frozen=True, slots=True)
class Age:
    """More than so many weeks, months or years; never fewer than two of them."""

    unit: str
    count: int


def age(newest: date | None, today: date) -> Age | None:
    """The age of a figure about ``newest``; None while it is fresh, or where there is none.

    >>> age(date(2020, 4, 30), date(2026, 11, 22)), age(date(2020, 4, 30), date(2020, 5, 14))
    (Age(unit='years', count=6), None)
    >>> age(date(2020, 4, 30), date(2020, 5, 15)), age(date(2020, 4, 30), date(2020, 7, 1))
    (Age(unit='weeks', count=2), Age(unit='months', count=2))
    """
    if newest is None or (today - newest).days <= FRESH_DAYS:
        return None
    months = (today.year - newest.year) * 12 + today.month - newest.month
    months -= today.day < newest.day
    if months < 2:
        return Age("weeks", (today - newest).days // 7)
    return Age("months", months) if months < 24 else Age("years", months // 12)
