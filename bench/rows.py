"""What a bench finds, and how the table shows it."""

import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

HEADERS = ("measure", "measured", "against", "ratio", "goal", "met", "runs")


@dataclass(frozen=True)
class Setting:
    """How much one run of a bench does."""

    quick: bool

    def of(self, full: int, quick: int) -> int:
        """The size for this run: ``full``, or ``quick`` when a first impression is enough."""
        return quick if self.quick else full


@dataclass(frozen=True)
class Row:
    """One measure. ``ratio`` is measured / against; None: not measured, and ``note`` says why.

    ``is_met`` is None where the issue sets no goal. ``facts`` are numbers for the JSON only.
    """

    measure: str
    measured: str
    against: str
    ratio: float | None
    goal: str
    is_met: bool | None
    runs: int
    note: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values; `Row(**that)` is the row again."""
        return asdict(self)

    def cells(self) -> tuple[str, ...]:
        """What stands in the columns of the table."""
        ratio = "-" if self.ratio is None else f"{self.ratio:.3g}"
        met = {True: "yes", False: "NO", None: "-"}[self.is_met]
        return (self.measure, self.measured, self.against, ratio, self.goal, met, str(self.runs))


def not_measured(measure: str, goal: str, why: str) -> Row:
    """The row of something that this machine cannot measure."""
    return Row(measure, "not measured", "-", None, goal, None, 0, note=why)


def at_most(value: float, limit: float) -> dict[str, Any]:
    """Ratio and verdict of a value that should stay at or under a limit."""
    return {"ratio": value / limit, "is_met": value <= limit}


def spread(values: Sequence[float], unit: str, digits: int = 2) -> str:
    """The median, with the smallest and the largest of several runs.

    >>> spread([3.0, 1.0, 2.5], "s")
    '2.50 s (1.00-3.00)'
    """
    middle, low, high = statistics.median(values), min(values), max(values)
    if len(values) == 1:
        return f"{middle:.{digits}f} {unit}"
    return f"{middle:.{digits}f} {unit} ({low:.{digits}f}-{high:.{digits}f})"


def table(rows: Sequence[Row]) -> str:
    """The rows under each other, notes below them."""
    lines = [HEADERS, *(row.cells() for row in rows)]
    widths = [max(_width(line[at]) for line in lines) for at in range(len(HEADERS))]
    lines.insert(1, tuple("-" * width for width in widths))
    text = ["  ".join(_padded(*cell) for cell in zip(line, widths, strict=True)) for line in lines]
    notes = dict.fromkeys(f"{row.measure}: {row.note}" for row in rows if row.note)
    return "\n".join([line.rstrip() for line in text] + [""] + list(notes))


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
