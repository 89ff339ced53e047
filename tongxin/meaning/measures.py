"""Shares with intervals, and how well scores tell right from wrong."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Share:
    """How many of how many, with its 95 % interval."""

    count: int
    of: int

    @property
    def value(self) -> float:
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.count, self.of)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.1%} ({low:.1%}–{high:.1%}; {self.count} of {self.of})"


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share. Wilson EB. J Am Stat Assoc 1927;22:209-212.

    >>> [round(end, 3) for end in wilson(8, 10)]
    [0.49, 0.943]
    """
    if not of:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share = count / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return float(middle - half) if count else 0.0, float(middle + half) if count < of else 1.0


def area_under_curve(scores: ArrayLike, truth: ArrayLike) -> float:
    """The chance that a true one scores above a false one, ties counting half.

    >>> area_under_curve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    0.75
    """
    truth = np.asarray(truth, dtype=bool)
    yes, no = int(truth.sum()), int((~truth).sum())
    if not yes or not no:
        return float("nan")
    ranks = rankdata(scores)
    return float((ranks[truth].sum() - yes * (yes + 1) / 2) / (yes * no))


def bootstrap_mean(values: NDArray[np.float64], *, draws: int = 2000) -> tuple[float, float]:
    """The 95 % interval of a mean by drawing again; the same values give the same interval."""
    if not len(values):
        return 0.0, 0.0
    random = np.random.default_rng(0)
    means = random.choice(values, (draws, len(values))).mean(axis=1)
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)
