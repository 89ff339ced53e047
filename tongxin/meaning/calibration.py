"""From scores to probabilities, and the two lines: what is answered, what is offered."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from tongxin.meaning.logistic import Floats, learn

PRECISION = 0.98
"""Share of automatic answers that must be right. Issue 3, section 5."""


@dataclass(frozen=True)
class Calibration:
    """How sure a score makes one. The usual values were learned from the tellings
    of our own claims.

    ``answer_at``: from this probability on the answer is given at once. ``offer_at``: from
    this on the nearest answers are offered; below it one says that one does not know.
    """

    constant: float = -3.2
    by_score: float = 5.0
    by_margin: float = 10.1
    answer_at: float = 0.94
    offer_at: float = 0.2

    def probability(self, score: float, margin: float) -> float:
        """That an answer with this score, so far ahead of its best rival, is the right one.

        >>> usual = Calibration()
        >>> usual.probability(1.2, 0.3) > usual.probability(0.9, 0.3)
        True
        """
        return float(expit(self.constant + self.by_score * score + self.by_margin * margin))

    def verdict(self, probability: float) -> str:
        """``answer``, ``offer`` or ``unknown``."""
        if probability >= self.answer_at:
            return "answer"
        return "offer" if probability >= self.offer_at else "unknown"


@dataclass(frozen=True)
class Trial:
    """One question put to an index: the best score, its lead, whether it was right."""

    score: float
    margin: float
    is_right: bool
    is_offered: bool
    """The right answer was among the first three."""


def calibrated(trials: Sequence[Trial], *, precision: float = PRECISION) -> Calibration:
    """Probabilities and lines learned from trials, of which some must have failed.

    The weights never turn a better score into a smaller probability.
    """
    rows = np.array([(trial.score, trial.margin) for trial in trials])
    right = np.array([trial.is_right for trial in trials])
    model = learn(rows, right, shrink=1e-4, never_less=True)
    chances = model.probabilities(rows)
    offered = np.array([trial.is_offered for trial in trials])
    by_score, by_margin, constant = (float(weight) for weight in model.weights)
    return Calibration(
        constant=constant,
        by_score=by_score,
        by_margin=by_margin,
        answer_at=line(chances, right, precision),
        offer_at=min(line(chances, offered, 0.5), line(chances, right, precision)),
    )


def line(chances: Floats, right: Floats, precision: float) -> float:
    """The smallest probability from which on at least ``precision`` were right; else 1.

    >>> line(np.array([0.1, 0.4, 0.6, 0.9]), np.array([0, 1, 0, 1]), 0.9)
    0.9
    """
    order = np.argsort(-chances, kind="stable")
    shares = np.cumsum(np.asarray(right)[order]) / np.arange(1, len(order) + 1)
    # Equal probabilities stand or fall together.
    last = np.append(np.diff(chances[order]) < 0, True)
    good = np.flatnonzero((shares >= precision) & last)
    return float(chances[order][good[-1]]) if len(good) else 1.0
