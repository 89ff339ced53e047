"""What a cumulative daily series says: new, mean, rate, doubling time, change on a week.

Series are float arrays whose last axis is consecutive days; NaN is a day nobody reported.
Any axes before it are areas, so a whole country is computed at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

WEEK = 7

# A weekly mean or a fit needs more than half of its days, or one late report decides it.
AT_LEAST = 4


@dataclass(frozen=True, slots=True)
class Indicators:
    """An area on one day. ``None`` is "cannot be computed", never nought.

    cumulative: persons since the start; new: persons that day, negative after a correction;
    new_mean: persons a day, trailing week; new_week: persons in the trailing week; rates per
    100,000 residents; doubling_days: days, ``inf`` when flat; change: share against the
    weekly mean a week before (0.25 is a quarter more); fell: the total went down that day.
    """

    on: date
    cumulative: float | None
    new: float | None
    new_mean: float | None
    new_week: float | None
    per_100k_week: float | None
    per_100k_total: float | None
    doubling_days: float | None
    change: float | None
    fell: bool


def on_calendar(dates: Sequence[date], values: Sequence[float | None]) -> tuple[date, np.ndarray]:
    """The first day and one value for every day to the last; days not named are NaN.

    >>> first, v = on_calendar([date(2020, 2, 1), date(2020, 2, 3)], [5, 9])
    >>> first, v.tolist()
    (datetime.date(2020, 2, 1), [5.0, nan, 9.0])

    Raises ValueError where there is no day, or a day twice.
    """
    if not dates:
        raise ValueError("a series needs at least one day")
    if len(set(dates)) != len(dates):
        raise ValueError("a day stands twice in the series")
    first = min(dates)
    laid = np.full((max(dates) - first).days + 1, np.nan)
    for day, value in zip(dates, values, strict=True):
        laid[(day - first).days] = np.nan if value is None else value
    return first, laid


def new_per_day(cumulative: np.ndarray, *, spread: bool = False) -> np.ndarray:
    """Persons new on each day; NaN on the first day and where today or yesterday is missing.

    A total that falls gives a negative day: it is shown, see `falls`, never clipped.
    With ``spread`` the rise across missing days is shared evenly over them and the day that
    ends them, so that sums stay right; without, nobody is told a guess.

    >>> new_per_day(np.array([1.0, 4, np.nan, 10, 9])).tolist()
    [nan, 3.0, nan, nan, -1.0]
    >>> new_per_day(np.array([1.0, 4, np.nan, 10, 9]), spread=True).tolist()
    [nan, 3.0, 3.0, 3.0, -1.0]
    """
    totals = _filled_straight(cumulative) if spread else np.asarray(cumulative, float)
    new = np.full(totals.shape, np.nan)
    new[..., 1:] = np.diff(totals, axis=-1)
    return new


def falls(cumulative: np.ndarray) -> np.ndarray:
    """True on the days a total is below the last one known, across missing days too.

    >>> falls(np.array([5.0, np.nan, 4, 4])).tolist()
    [False, False, True, False]
    """
    totals = np.asarray(cumulative, float)
    before = np.full(totals.shape, np.nan)
    before[..., 1:] = carried_forward(totals)[..., :-1]
    with np.errstate(invalid="ignore"):
        return totals < before


def carried_forward(values: np.ndarray) -> np.ndarray:
    """Each day's last known value; NaN before the first.

    >>> carried_forward(np.array([np.nan, 2.0, np.nan, 3.0])).tolist()
    [nan, 2.0, 2.0, 3.0]
    """
    values = np.asarray(values, float)
    days = np.where(np.isnan(values), 0, np.arange(values.shape[-1]))
    return np.take_along_axis(values, np.maximum.accumulate(days, axis=-1), axis=-1)


def trailing_mean(values: np.ndarray, *, days: int = WEEK, at_least: int = AT_LEAST) -> np.ndarray:
    """Mean of the known values among a day and the ``days - 1`` before it.

    NaN where fewer than ``at_least`` are known.

    >>> trailing_mean(np.array([1.0, 2, 3, 4, 5]), days=3, at_least=2).tolist()
    [nan, 1.5, 2.0, 3.0, 4.0]
    """
    windows = _windows(values, days)
    known = (~np.isnan(windows)).sum(axis=-1)
    total = np.nansum(windows, axis=-1)
    return np.where(known >= max(at_least, 1), total / np.maximum(known, 1), np.nan)


def rise_over(cumulative: np.ndarray, *, days: int = WEEK) -> np.ndarray:
    """Persons new over the ``days`` up to each day, from the two totals at its ends.

    Missing days in between do not matter. NaN where either end is missing.

    >>> rise_over(np.array([1.0, np.nan, 6, 7]), days=2).tolist()
    [nan, nan, 5.0, nan]
    """
    totals = np.asarray(cumulative, float)
    rise = np.full(totals.shape, np.nan)
    rise[..., days:] = totals[..., days:] - totals[..., :-days]
    return rise


def per_100k(counts: np.ndarray, population: np.ndarray | float | None) -> np.ndarray:
    """Persons per 100,000 residents; ``population`` one a row. NaN where it is unknown or nought.

    >>> per_100k(np.array([[33366.0]]), np.array([59_270_000.0])).round(1).tolist()
    [[56.3]]
    """
    residents = np.asarray(np.nan if population is None else population, float)
    residents = np.where(residents > 0, residents, np.nan)
    return np.asarray(counts, float) * 100_000 / residents[..., None]


def active(confirmed: np.ndarray, deaths: np.ndarray, recovered: np.ndarray) -> np.ndarray:
    """Persons still ill: confirmed less deaths less recovered; NaN where one is missing.

    Negative where the sources disagree; the gate stops such a release.
    """
    return np.asarray(confirmed, float) - deaths - recovered


def doubling_days(
    cumulative: np.ndarray, *, days: int = WEEK, at_least: int = AT_LEAST
) -> np.ndarray:
    """Days in which the cumulative count doubles at the pace of the trailing ``days``.

    ln 2 over the slope of a least-squares line through ln(cumulative): the doubling time of
    cumulative counts as in Muniz-Rodriguez et al. 2020, Emerg Infect Dis 26(8):1912-1914.
    ``inf`` when flat. NaN with fewer than ``at_least`` known days, where a total is not above
    nought, or where the line falls (a correction, not a halving).

    >>> float(doubling_days(2.0 ** np.arange(7))[-1].round(6))
    1.0
    >>> float(doubling_days(np.full(7, 5.0))[-1])
    inf
    """
    windows = _windows(cumulative, days)
    known = ~np.isnan(windows)
    usable = (known.sum(axis=-1) >= max(at_least, 2)) & ~(known & ~(windows > 0)).any(axis=-1)
    logs = np.log(np.where(known & (windows > 0), windows, 1.0))
    count = np.maximum(known.sum(axis=-1), 1)
    day = np.where(known, np.arange(days, dtype=float), 0.0)
    day = np.where(known, day - (day.sum(axis=-1) / count)[..., None], 0.0)
    spread = (day**2).sum(axis=-1)
    slope = (day * logs).sum(axis=-1) / np.where(spread > 0, spread, 1.0)
    slope = np.where(np.abs(slope) < 1e-12, 0.0, slope)
    with np.errstate(divide="ignore"):
        doubled = np.where(slope == 0, np.inf, np.log(2) / slope)
    return np.where(usable & (slope >= 0) & (spread > 0), doubled, np.nan)


def change_on_week(values: np.ndarray) -> np.ndarray:
    """Share by which each day exceeds the day a week before; NaN where that was not above nought.

    >>> change_on_week(np.array([4.0, 0, 0, 0, 0, 0, 0, 5])).tolist()[-1]
    0.25
    """
    values = np.asarray(values, float)
    change = np.full(values.shape, np.nan)
    before = values[..., :-WEEK]
    change[..., WEEK:] = values[..., WEEK:] / np.where(before > 0, before, np.nan) - 1
    return change


def summarise(
    dates: Sequence[date], values: Sequence[float | None], *, population: float | None = None
) -> Indicators:
    """One area's indicators on its last reported day, from its cumulative series.

    Raises ValueError where no day carries a value.
    """
    first, totals = on_calendar(dates, values)
    known = np.flatnonzero(~np.isnan(totals))
    if not known.size:
        raise ValueError("no day of the series carries a value")
    last = int(known[-1])
    totals = totals[: last + 1]
    mean, week = trailing_mean(new_per_day(totals)), rise_over(totals)
    return Indicators(
        on=first + timedelta(days=last),
        cumulative=_last(totals),
        new=_last(new_per_day(totals)),
        new_mean=_last(mean),
        new_week=_last(week),
        per_100k_week=_last(per_100k(week, population)),
        per_100k_total=_last(per_100k(totals, population)),
        doubling_days=_last(doubling_days(totals)),
        change=_last(change_on_week(mean)),
        fell=bool(falls(totals)[-1]),
    )


def _last(values: np.ndarray) -> float | None:
    return None if np.isnan(values[-1]) else float(values[-1])


def _windows(values: np.ndarray, days: int) -> np.ndarray:
    """(..., n, days): each day with the days before it, NaN before the start."""
    values = np.asarray(values, float)
    before = np.full((*values.shape[:-1], days - 1), np.nan)
    return np.lib.stride_tricks.sliding_window_view(
        np.concatenate([before, values], axis=-1), days, axis=-1
    )


def _filled_straight(values: np.ndarray) -> np.ndarray:
    """The series with gaps between known days filled by a straight line."""
    rows = np.asarray(values, float)
    filled = np.atleast_2d(rows).copy()
    days = np.arange(filled.shape[-1])
    for row in filled.reshape(-1, filled.shape[-1]):
        known = ~np.isnan(row)
        if known.any():
            row[:] = np.interp(days, days[known], row[known], left=np.nan, right=np.nan)
    return filled.reshape(rows.shape)
