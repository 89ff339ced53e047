"""How long one person acts for another, and who decides for a child."""

from datetime import date, datetime, timedelta

ADULT_AGE = 18  # Civil Code of the People's Republic of China, article 17
LONGEST = timedelta(days=365)
MOST = 10
"""People one account may act for; a committee enters logs under its own accounts."""


def grown_up_on(born_on: date) -> date:
    """The eighteenth birthday; of somebody born on 29 February, 1 March.

    >>> grown_up_on(date(2004, 2, 29))
    datetime.date(2022, 3, 1)
    """
    year = born_on.year + ADULT_AGE
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
