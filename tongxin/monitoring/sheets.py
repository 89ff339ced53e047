"""A paper sheet typed in or pasted: lines to entries, each with its own trouble said.

Plain Python but for the refusals' words.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tongxin.monitoring.refusals import NotUnderstood
from tongxin.monitoring.said import Said, read
from tongxin.refusal import Refusal

MOST_LINES = 500
HEADERS = {"name", "姓名", "名字"}
DATE = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class Typed:
    """One line of a sheet. ``name`` as typed; ``words``: the cells that tell how they are."""

    number: int
    name: str
    words: str
    day: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What a line says, or why it cannot be read."""

    typed: Typed
    said: Said | None = None
    on: date | None = None
    trouble: Refusal | None = None


def lines(text: str) -> list[Typed]:
    """Lines as a spreadsheet copies them (tabs), or as CSV; a line of headers is left out.

    >>> lines("姓名\\t体温\\t症状\\n李奶奶\\t37.8\\t咳嗽\\n")
    [Typed(number=2, name='李奶奶', words='37.8 咳嗽', day='')]
    """
    mark = "\t" if "\t" in text else ","
    found = []
    plain = text.replace("，", ",") if mark == "," else text
    for number, cells in enumerate(
        csv.reader(io.StringIO(plain, newline=None), delimiter=mark), start=1
    ):
        cells = [cell.strip() for cell in cells]
        if not any(cells) or cells[0].lower() in HEADERS:
            continue
        day = cells[3] if len(cells) > 3 else ""
        found.append(Typed(number, cells[0], " ".join(filter(None, cells[1:3])), day))
        if len(found) == MOST_LINES:
            break
    return found


def read_line(typed: Typed, *, today: date) -> Read:
    """What the line says. A day without a year is the last such day."""
    try:
        return Read(typed, read(typed.words), _day(typed.day, today) if typed.day else today)
    except Refusal as trouble:
        return Read(typed, trouble=trouble)


def matched(names: Sequence[str], people: Mapping[str, list[object]]) -> list[object | None]:
    """Whom each name means, where exactly one person has it.

    >>> matched(["a", "b", "c"], {"a": [1], "b": [2, 3]})
    [1, None, None]
    """
    return [found[0] if len(found := people.get(name, [])) == 1 else None for name in names]


def _day(text: str, today: date) -> date:
    found = DATE.fullmatch(text)
    if not found:
        raise NotUnderstood(text=text[:20])
    year, month, day = found.groups()
    try:
        on = date(int(year or today.year), int(month), int(day))
        return on.replace(year=on.year - 1) if not year and on > today else on
    except ValueError as error:
        raise NotUnderstood(text=text[:20]) from error
