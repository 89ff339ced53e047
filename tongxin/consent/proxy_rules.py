"""How long one person acts for another, and who decides for a child."""

from datetime import date, datetime, timedelta

ADULT_AGE = 18  # Civil Code of the People's Republic of China, article 17
PARENTS_DECIDE_BELOW = 14  # Personal Information Protection Law, article 31
SAID_WITHIN = timedelta(days=30)
"""A spoken yes is written down while both remember it."""
LONGEST = timedelta(days=365)
MOST = 10
"""People one account may act for; a committee enters logs under its own accounts."""


def grown_up_on(born_on: date, age: int = ADULT_AGE) -> date:
    """The eighteenth birthday, or another; of somebody born on 29 February, 1 March.

    >>> grown_up_on(date(2004, 2, 29))
    datetime.date(2022, 3, 1)
    """
    year = born_on.year + age
    try:
        return born_on.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def proxy_ends_at(at: datetime, *, born_on: date | None, is_guardian: bool) -> datetime:
    """A year from now; a parent's say ends with the child's eighteenth birthday."""
    ends_at = at + LONGEST
    if not is_guardian or born_on is None:
        return ends_at
    birthday = grown_up_on(born_on)
    return min(ends_at, at.replace(year=birthday.year, month=birthday.month, day=birthday.day))


def parents_decide(born_on: date | None, *, today: date) -> bool:
    """Whether a guardian's word is enough; from fourteen on the child's own yes is needed too.

    >>> parents_decide(date(2010, 5, 1), today=date(2020, 3, 20))
    True
    >>> parents_decide(date(2005, 5, 1), today=date(2020, 3, 20))
    False
    """
    return born_on is not None and today < grown_up_on(born_on, PARENTS_DECIDE_BELOW)


def was_said_lately(said_on: date, *, today: date) -> bool:
    """Whether a spoken yes of that day may be written down today."""
    return today - SAID_WITHIN <= said_on <= today
