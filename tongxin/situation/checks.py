"""What is odd about a figure beside the ones before it: the importers' and the gate's checks.

Figures come as one long table of equally long arrays, sorted by series and within it by day, a
series being one place and metric of one source. Each check answers with a mask over the rows
and the numbers that say why. None of them decides: importers hold the figure for an officer.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tongxin.situation.thresholds import (
    DRIFT_AT_LEAST,
    DRIFT_POWERS,
    DRIFT_WITHIN,
    JUMP_AT_LEAST,
    JUMP_LOOKS_BACK_DAYS,
    JUMP_NEEDS_DAYS,
    JUMP_TIMES,
    SWAP_AT_LEAST,
    SWAP_RATIO,
)


@dataclass(frozen=True, slots=True)
class Figures:
    """n figures: the series each belongs to, its day (days since any fixed day), its value.

    Raises ValueError unless sorted by series, then day, with no day twice and no value missing.
    """

    series: np.ndarray
    day: np.ndarray
    value: np.ndarray

    def __post_init__(self) -> None:
        if not len(self.series) == len(self.day) == len(self.value):
            raise ValueError("series, day and value differ in length")
        steps, days = np.diff(self.series), np.diff(self.day)
        if ((steps < 0) | ((steps == 0) & (days <= 0))).any():
            raise ValueError("figures must be sorted by series, then day, no day twice")
        if np.isnan(np.asarray(self.value, float)).any():
            raise ValueError("a missing value has no row")

    def row_before(self, lag: int = 1) -> np.ndarray:
        """Position of the row ``lag`` before in the same series; -1 where there is none.

        >>> f = Figures(np.array([1, 1, 2]), np.array([0, 1, 0]), np.array([5, 6, 7]))
        >>> f.row_before().tolist()
        [-1, 0, -1]
        """
        position = np.arange(len(self.series)) - lag
        same = np.zeros(len(self.series), bool)
        same[lag:] = self.series[lag:] == self.series[:-lag]
        return np.where(same, position, -1)

    def before(self) -> np.ndarray:
        """Value of the row before in the same series; NaN where there is none."""
        row = self.row_before()
        return np.where(row >= 0, np.asarray(self.value, float)[row], np.nan)

    def daily_rise(self) -> np.ndarray:
        """Rise since the row before, shared over the days between them; NaN on the first row."""
        row = self.row_before()
        gap = np.where(row >= 0, self.day - self.day[row], 1)
        return (np.asarray(self.value, float) - self.before()) / gap


@dataclass(frozen=True, slots=True)
class Check:
    """Rows that are odd, and for every row the numbers behind the verdict."""

    odd: np.ndarray
    facts: Mapping[str, np.ndarray]


def fell(figures: Figures) -> Check:
    """Totals below the one before; facts: before, after.

    >>> f = Figures(np.array([1, 1, 1]), np.array([0, 1, 2]), np.array([5, 9, 8]))
    >>> fell(f).odd.tolist()
    [False, False, True]
    """
    before, after = figures.before(), np.asarray(figures.value, float)
    with np.errstate(invalid="ignore"):
        return Check(after < before, {"before": before, "after": after})


def jumped(figures: Figures) -> Check:
    """Totals that rise out of all proportion to the fortnight before.

    A rise a day above `JUMP_AT_LEAST` and above `JUMP_TIMES` the greatest one of the days
    before. Not judged with fewer than `JUMP_NEEDS_DAYS` earlier rises. Facts: before, after,
    new (a day), usual (the greatest before).
    """
    new = figures.daily_rise()
    usual = np.zeros(len(new))
    history = np.zeros(len(new), int)
    for lag in range(1, JUMP_LOOKS_BACK_DAYS + 1):
        row = figures.row_before(lag)
        recent = (row >= 0) & (figures.day - figures.day[row] <= JUMP_LOOKS_BACK_DAYS)
        earlier = np.where(recent, new[row], np.nan)
        history += ~np.isnan(earlier)
        usual = np.fmax(usual, earlier)
    with np.errstate(invalid="ignore"):
        odd = (new > np.maximum(JUMP_AT_LEAST, JUMP_TIMES * usual)) & (history >= JUMP_NEEDS_DAYS)
    after = np.asarray(figures.value, float)
    return Check(odd, {"before": figures.before(), "after": after, "new": new, "usual": usual})


def swapped(figures: Figures, parent: np.ndarray) -> Check:
    """Totals of two children of one parent that changed places since the row before.

    ``parent`` names each row's parent by any integer; only rows of one parent and day are
    compared. Facts: before, after, partner (position of the other row; -1 for none).
    """
    before, after = figures.before(), np.asarray(figures.value, float)
    partner = np.full(len(after), -1)
    with np.errstate(invalid="ignore"):
        falling, rising = after < before, after > before
    risers: dict[tuple[int, int], list[int]] = defaultdict(list)
    lively = set(zip(parent[falling].tolist(), figures.day[falling].tolist(), strict=True))
    for row in np.flatnonzero(rising).tolist():
        if (where := (int(parent[row]), int(figures.day[row]))) in lively:
            risers[where].append(row)
    for row in np.flatnonzero(falling).tolist():
        others = np.array(risers[int(parent[row]), int(figures.day[row])], int)
        found = others[_crossed(before[row], after[row], before[others], after[others])]
        if found.size:
            partner[row], partner[found[0]] = found[0], row
    return Check(partner >= 0, {"before": before, "after": after, "partner": partner})


def columns_crossed(one: Figures, other: Figures) -> Check:
    """Rows where two columns of the same rows changed places, or one became the other's copy.

    ``one`` and ``other`` share series and day, for example confirmed and recovered. Facts:
    before, after (of ``one``), other_before, other_after.
    """
    before, after = one.before(), np.asarray(one.value, float)
    other_before, other_after = other.before(), np.asarray(other.value, float)
    with np.errstate(invalid="ignore"):
        apart = np.abs(before - other_before) >= SWAP_AT_LEAST
        copied = (after == other_after) & (after >= SWAP_AT_LEAST) & apart
    crossed = _crossed(before, after, other_before, other_after)
    facts = {"before": before, "after": after}
    facts |= {"other_before": other_before, "other_after": other_after}
    return Check(crossed | copied, facts)


def drifted(figures: Figures) -> Check:
    """Values that are a power of ten of the one before: a digit lost, thousands, 万.

    Facts: before, after, power (0 where none fits).

    >>> f = Figures(np.array([1, 1, 1]), np.array([0, 1, 2]), np.array([310, 320, 3_250_000]))
    >>> drifted(f).facts["power"].tolist()
    [0, 0, 4]
    """
    before, after = figures.before(), np.asarray(figures.value, float)
    with np.errstate(invalid="ignore"):
        big_enough = np.minimum(before, after) >= DRIFT_AT_LEAST
    ratio = np.log10(np.where(big_enough, after, 1) / np.where(big_enough, before, 1))
    nearest = np.rint(ratio).astype(int)
    close = np.abs(ratio - nearest) <= np.log10(1 + DRIFT_WITHIN)
    power = np.where(big_enough & close & np.isin(nearest, DRIFT_POWERS), nearest, 0)
    return Check(power != 0, {"before": before, "after": after, "power": power})


def _crossed(
    before: np.ndarray, after: np.ndarray, other_before: np.ndarray, other_after: np.ndarray
) -> np.ndarray:
    """True where exchanging the two explains the day, and leaving them does not."""
    with np.errstate(invalid="ignore"):
        straight = np.abs(after - before) + np.abs(other_after - other_before)
        crossed = np.abs(after - other_before) + np.abs(other_after - before)
        return (straight >= SWAP_AT_LEAST) & (crossed <= SWAP_RATIO * straight)
