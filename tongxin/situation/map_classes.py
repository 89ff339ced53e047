"""Classes and colours of a map: breaks where the data break, told apart by every eye.

Natural breaks after Fisher (1958, J Am Stat Assoc 53:789-798), found exactly by dynamic
programming, not by Jenks' iteration. Counts of an epidemic span orders of magnitude, so the
breaks are sought on logarithms: on the plain scale one great city is a class and the rest one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from math import isfinite

import numpy as np

# Beyond five to seven shades readers no longer match a patch to the legend (Harrower &
# Brewer 2003, Cartogr J 40:27-37). Five, and one more for nought.
MOST_CLASSES = 5

# The top class hides too much when its greatest value is above this many times its least ...
TOP_SPREAD = 4.0

# ... or when it holds more than this share of the areas that have any case, of at least so many.
TOP_SHARE = 0.5
TOP_SHARE_OF = 8


@dataclass(frozen=True, slots=True)
class MapClass:
    """Values from ``least`` to short of ``below`` (None: no upper end).

    greatest: the greatest value that an area of it has; areas: how many there are.
    """

    least: float
    below: float | None
    greatest: float
    areas: int


@dataclass(frozen=True, slots=True)
class MapClasses:
    """The classes from low to high. ``zero`` counts the areas at nought, their own class.

    saturated: "" or why the top class hides a big difference, "spread" or "share".
    """

    classes: tuple[MapClass, ...]
    zero: int
    unknown: int
    saturated: str

    def place(self, value: float | None) -> int | None:
        """The class of a value: 0 for nought, 1 upwards; None where it is not known.

        A negative value (a correction) is shown as nought.
        """
        if value is None or not isfinite(value):
            return None
        return sum(value >= c.least for c in self.classes)


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours for a page: ``shades`` from nought to most, the text to put on each, and no data.

    Areas are drawn with a line of ``stroke``, so that a pale shade has an edge on the page;
    an area without data has ``no_data`` with ``no_data_lines`` hatched over it, a pattern
    that no shade has.
    """

    page: str
    stroke: str
    shades: tuple[str, ...]
    text: tuple[str, ...]
    no_data: str
    no_data_lines: str


LIGHT = Palette(
    page="#ffffff",
    stroke="#4c6272",
    shades=("#f7f9fa", "#fddc9d", "#f9a353", "#e0592f", "#a81d3d", "#4d0b3e"),
    text=("#212b32", "#212b32", "#212b32", "#000000", "#ffffff", "#ffffff"),
    no_data="#e8edee",
    no_data_lines="#6b7c88",
)

DARK = Palette(
    page="#10171d",
    stroke="#8fa3b1",
    shades=("#17222b", "#5b2a63", "#a8324f", "#d9542f", "#f7a64b", "#fdeaa8"),
    text=("#ffffff", "#ffffff", "#ffffff", "#000000", "#000000", "#000000"),
    no_data="#2a3742",
    no_data_lines="#9fb1bd",
)


def natural_breaks(values: Sequence[float], classes: int) -> tuple[int, ...]:
    """Where the sorted values part: the first index of the second class, third class, …

    The parting has the least sum of squared distances to the classes' means of all partings
    into ``classes``. Equal values stay together; fewer classes where there are fewer values.

    >>> natural_breaks([1, 2, 2, 10, 11, 40], 3)
    (3, 5)
    """
    ordered, counts = np.unique(np.asarray(values, float), return_counts=True)
    n, k = len(ordered), min(classes, len(ordered))
    if k < 2:
        return ()
    centred = ordered - ordered.mean()
    weight, total, square = (
        np.concatenate([[0.0], np.cumsum(counts * centred**power)]) for power in (0, 1, 2)
    )
    cost = np.full((k + 1, n + 1), np.inf)
    cut = np.zeros((k + 1, n + 1), int)
    cost[0, 0] = 0
    for part in range(1, k + 1):
        for end in range(part, n + 1):
            start = np.arange(part - 1, end)
            w = weight[end] - weight[start]
            within = square[end] - square[start] - (total[end] - total[start]) ** 2 / w
            whole = cost[part - 1, start] + within
            best = int(np.argmin(whole))
            cost[part, end], cut[part, end] = whole[best], start[best]
    breaks, end = [], n
    for part in range(k, 1, -1):
        end = cut[part, end]
        breaks.append(int(weight[end]))
    return tuple(reversed(breaks))


def readable_between(above: float, most: float) -> float:
    """The roundest number in (above, most]: a break there moves no value to another class.

    >>> readable_between(173, 431), readable_between(9, 10), readable_between(0.31, 0.378)
    (400.0, 10.0, 0.35)

    Raises ValueError unless 0 <= above < most.
    """
    if not 0 <= above < most:
        raise ValueError("a break lies above one value and at most at the next")
    low, high = Decimal(repr(float(above))), Decimal(repr(float(most)))
    power, steps = high.adjusted(), (1,)
    while True:
        for step in steps:
            unit = Decimal(step).scaleb(power)
            candidate = (high / unit).to_integral_value(ROUND_FLOOR) * unit
            if candidate > low:
                return float(candidate)
        power, steps = power - 1, (5, 2, 1)


def classify(values: Sequence[float | None], *, most: int = MOST_CLASSES) -> MapClasses:
    """Classes for the values of a map; None or NaN is an area without data.

    >>> found = classify([0, 3, 4, 30, 35, 420, None], most=3)
    >>> [(c.least, c.below, c.areas) for c in found.classes], found.zero, found.unknown
    ([(3.0, 30.0, 2), (30.0, 400.0, 2), (400.0, None, 1)], 1, 1)
    """
    known = np.array([v for v in values if v is not None and isfinite(v)], float)
    above = np.sort(known[known > 0])
    if not above.size:
        return MapClasses((), int(known.size), len(values) - int(known.size), "")
    starts = (0, *natural_breaks(np.log(above), most))
    least = [
        readable_between(above[i - 1] if i else 0.0, above[i]) if i else _lowest(above[0])
        for i in starts
    ]
    ends = np.array([*starts[1:], above.size])
    classes = tuple(
        MapClass(low, below, float(above[end - 1]), int(end - start))
        for low, below, start, end in zip(least, [*least[1:], None], starts, ends, strict=True)
    )
    return MapClasses(
        classes=classes,
        zero=int((known <= 0).sum()),
        unknown=len(values) - int(known.size),
        saturated=_saturated(above[starts[-1] :], above.size),
    )


def _lowest(smallest: float) -> float:
    """The lower end of the lowest class, readable and not above its smallest value."""
    return readable_between(smallest / 2, smallest)


def _saturated(top: np.ndarray, areas: int) -> str:
    if top[-1] > TOP_SPREAD * top[0]:
        return "spread"
    return "share" if areas >= TOP_SHARE_OF and top.size > TOP_SHARE * areas else ""
