"""How long rows of a table are kept, and what ends them: each app states it in `retention.py`.

``KEPT`` there names every table that holds something about a person. Where a table refers to a
person, ``active(since)`` gives querysets of the persons who have used their record since then.
A house rule asks for both.
"""

from dataclasses import dataclass

OWNER = "owner"
"""Whom it is about ends it: by leaving, unfollowing, erasing. The clock does not."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The rule for one table.

    Attributes:
        says: until when, for whom it is about; ``{days}`` stands for ``days``. Marked by `noop`.
        because: why so long and no longer.
        source: the law or rule it rests on.
        ended_by: a task in ``settings.SCHEDULE``; or ``with app.Model``, whose rows take it along;
            or `OWNER`.
        days: 0 where the clock has no say.
    """

    says: str
    because: str
    source: str
    ended_by: str
    days: int = 0
