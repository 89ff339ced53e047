"""The figures of one held row: the one that shows the matter, and those that go with it.

Followers are packed by column, numbers only, because a source that stops or restarts a series
takes hundreds of days along: ``day`` counts from 1970, ``known_at`` microseconds since then, and
a column whose entries are all alike is one entry.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tongxin.situation.models import Held

FIRST_DAY, FIRST_MOMENT = date(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that waits; ``value`` is None where ``text`` cannot be read as one."""

    line: int
    about_on: date | None
    value: int | None
    text: str
    known_at: datetime


def figures_of(held: Held) -> Iterator[Figure]:
    """The held figure, then its followers in order of days."""
    text = held.value_text if held.value is None else str(held.value)
    yield Figure(held.line, held.about_on, held.value, text, held.known_at)
    packed = held.followers
    if not packed:
        return
    count = packed["count"]
    columns = (_column(packed[name], count) for name in ("line", "day", "value", "known_at"))
    for line, day, value, known_at in zip(*columns, strict=True):
        yield Figure(
            line,
            FIRST_DAY + timedelta(days=day) if day is not None else None,
            value if isinstance(value, int) else None,
            str(value),
            FIRST_MOMENT + known_at * MICROSECOND,
        )


def figure_count(held: Held) -> int:
    """How many figures stand or fall with the decision."""
    return 1 + held.followers.get("count", 0)


def packed_followers(columns: Mapping[str, list[Any]]) -> dict[str, object]:
    """All but the first of equally long columns, packed.

    ``columns``: ``line``, ``about_on``, ``value``, ``value_text``, ``known_at``.
    """
    count = len(columns["line"]) - 1
    if not count:
        return {}
    values = zip(columns["value"][1:], columns["value_text"][1:], strict=True)
    return {
        "count": count,
        "line": _packed(columns["line"][1:]),
        "day": _packed([day and (day - FIRST_DAY).days for day in columns["about_on"][1:]]),
        "value": _packed([text if value is None else value for value, text in values]),
        "known_at": _packed([(at - FIRST_MOMENT) // MICROSECOND for at in columns["known_at"][1:]]),
    }


def _packed(entries: list[Any]) -> Any:
    alike = all(entry == entries[0] for entry in entries)
    return entries[0] if alike else entries


def _column(packed: Any, count: int) -> list[Any]:
    return packed if isinstance(packed, list) else [packed] * count
