"""The effective reproduction number R(t) by the method of Cori and others.

Cori A, Ferguson NM, Fraser C, Cauchemez S. A new framework and software to estimate
time-varying reproduction numbers during epidemics. Am J Epidemiol 2013;178(9):1505-1512.
Incidence arrays hold persons newly ill (or reported) a day, the last axis is days; the axes
before it are areas.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import gammainc, gammaincinv

# Cori 2013: a prior of mean and sd 5, so that an epidemic is not called under control for
# want of cases; weekly windows.
PRIOR_MEAN = 5.0
PRIOR_SD = 5.0
WINDOW_DAYS = 7
LEVEL = 0.95

# Cori 2013: wait until the posterior's coefficient of variation is at most
# 0.3. It is 1 / sqrt(prior shape + cases in the window), so at least 11 cases.
GREATEST_CV = 0.3

# At most this share of the infectiousness of a window may rest on days nobody reported.
MISSING_SHARE = 0.05

# The serial interval is cut where less than this remains.
TAIL = 1e-12


@dataclass(frozen=True, slots=True)
class Reproduction:
    """R for the window that ends on each day, shaped like the incidence; NaN where not estimated.

    low, high: equal-tailed interval of the posterior. corrected: the window holds a day whose
    count was changed to absorb a negative one.
    """

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    corrected: np.ndarray


@lru_cache(maxsize=64)
def _interval_weights(mean: float, sd: float, days: int) -> np.ndarray:
    shape, scale = ((mean - 1) / sd) ** 2, sd**2 / (mean - 1)
    k = np.arange(days, dtype=float)
    lag = np.maximum(np.stack([k, k - 1, k - 2]), 0.0) / scale
    here, one, two = gammainc(shape, lag)  # the distribution function of a gamma
    here_up, one_up, two_up = gammainc(shape + 1, lag)
    weights = k * here + (k - 2) * two - 2 * (k - 1) * one
    weights += shape * scale * (2 * one_up - two_up - here_up)
    weights = np.maximum(weights, 0.0)
    weights.setflags(write=False)
    return weights


def serial_interval(mean: float, sd: float, *, days: int) -> np.ndarray:
    """Chance that a second case falls ill 0, 1, … ``days - 1`` days after the first.

    A gamma distribution shifted by one day, so that nobody infects on the day of falling ill,
    made discrete as in Cori 2013, web appendix. ``mean`` and ``sd`` in days.

    >>> serial_interval(2.6, 1.5, days=4).round(4).tolist()
    [0.0, 0.2332, 0.3586, 0.1981]

    Raises ValueError where the mean is not above one day or the sd not above nought.
    """
    if not (mean > 1 and sd > 0 and days > 0):
        raise ValueError("a serial interval needs a mean above 1 day, an sd above 0, and days")
    return _interval_weights(float(mean), float(sd), int(days))


def infectiousness(incidence: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """How many infections earlier cases are expected to cause on each day if R were 1.

    >>> infectiousness(np.array([4.0, 0, 0]), np.array([0.0, 0.5, 0.25])).tolist()
    [0.0, 2.0, 1.0]
    """
    incidence = np.asarray(incidence, float)
    total = np.zeros(incidence.shape)
    for lag in range(1, min(len(weights), incidence.shape[-1])):
        total[..., lag:] += weights[lag] * incidence[..., :-lag]
    return total


def without_negatives(incidence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Incidence with every negative day taken off the days before it, and where that changed it.

    A negative day says that so many earlier cases were none. They are taken from the latest
    days first; what no earlier day can bear is dropped. Missing days stay missing.

    >>> days, changed = without_negatives(np.array([5.0, 2, -3, 4]))
    >>> days.tolist(), changed.tolist()
    ([4.0, 0.0, 0.0, 4.0], [True, True, True, False])
    """
    original = np.asarray(incidence, float)
    mended = original.copy().reshape(-1, original.shape[-1])
    for index in np.flatnonzero((mended < 0).any(axis=-1)):
        _absorb(mended[index])
    mended = mended.reshape(original.shape)
    return mended, (mended != original) & ~np.isnan(original)


def _absorb(row: np.ndarray) -> None:
    for day in np.flatnonzero(row < 0):
        owed, row[day] = -row[day], 0.0
        for earlier in range(day - 1, -1, -1):
            if owed <= 0:
                break
            taken = min(owed, row[earlier]) if row[earlier] > 0 else 0.0
            row[earlier] -= taken
            owed -= taken


def estimate(
    incidence: np.ndarray,
    *,
    interval_mean: float,
    interval_sd: float,
    window: int = WINDOW_DAYS,
    greatest_cv: float | None = GREATEST_CV,
    prior_mean: float = PRIOR_MEAN,
    prior_sd: float = PRIOR_SD,
    level: float = LEVEL,
) -> Reproduction:
    """R over the trailing ``window`` days of every day, with its interval.

    Days before an area's first report count as nought, as in EpiEstim. NaN: until the window
    is filled after the first reported day and one mean serial interval has passed; where a day
    of the window is missing, or more than `MISSING_SHARE` of the serial interval reaches back
    to missing days; where nobody was infectious; and where the posterior's coefficient of
    variation is above ``greatest_cv`` (None: show all). Negative days: `without_negatives`.
    """
    raw = np.asarray(incidence, float)
    days = raw.shape[-1]
    started = np.maximum.accumulate(~np.isnan(raw), axis=-1)
    age = np.cumsum(started, axis=-1)
    missing = (np.isnan(raw) & started).astype(float)
    mended, changed = without_negatives(raw)
    known = np.nan_to_num(mended, nan=0.0)
    weights = serial_interval(interval_mean, interval_sd, days=days)
    weights = weights[: int(np.searchsorted(np.cumsum(weights), 1 - TAIL)) + 2]

    shape = (prior_mean / prior_sd) ** 2 + _window_sum(known, window)
    pressure = _window_sum(infectiousness(known, weights), window)
    rate = prior_mean / prior_sd**2 + pressure
    ready = (age > window) & (age > interval_mean) & (pressure > 0)
    ready &= _window_sum(missing, window) == 0
    ready &= _window_sum(infectiousness(missing, weights), window) <= MISSING_SHARE * window
    if greatest_cv is not None:
        ready &= shape >= 1 / greatest_cv**2
    low, high = _quantiles(shape, rate, ready, level)
    return Reproduction(
        mean=np.where(ready, shape / rate, np.nan),
        low=low,
        high=high,
        corrected=ready & (_window_sum(changed.astype(float), window) > 0),
    )


def _quantiles(
    shape: np.ndarray, rate: np.ndarray, ready: np.ndarray, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Equal-tailed gamma quantiles where ``ready``; each distinct shape is inverted once."""
    distinct, where = np.unique(shape[ready], return_inverse=True)
    tails = []
    for tail in ((1 - level) / 2, (1 + level) / 2):
        quantile = np.full(shape.shape, np.nan)
        quantile[ready] = gammaincinv(distinct, tail)[where] / rate[ready]
        tails.append(quantile)
    return tails[0], tails[1]


def _window_sum(values: np.ndarray, window: int) -> np.ndarray:
    """Sum over a day and those before it in the window, from nought before the start.

    Summed window by window, not by differences of running totals: those lose digits.
    """
    total = values.copy()
    for lag in range(1, min(window, values.shape[-1])):
        total[..., lag:] += values[..., :-lag]
    return total
