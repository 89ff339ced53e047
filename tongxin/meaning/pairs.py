"""Whether two sentences mean the same: learned from pairs of which one knows it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit

from tongxin.meaning.logistic import Floats, Logistic, learn
from tongxin.meaning.normal import normal
from tongxin.meaning.pair_features import TextPair, difference_terms, likeness_features
from tongxin.meaning.vectors import Vectors

# Chosen on the training folds of the Chinese pairs: docs/assistant-measured.md.
SHRINK_LIKENESS = 0.14
SHRINK_TERMS = 5e-4
WEIGHT_OF_TERMS = 0.5
SEEN_AT_LEAST = 3
"""A word that sets fewer training pairs apart than this says nothing."""

RIVALS = 2


@dataclass(frozen=True)
class PairModel:
    """A learned judgement. ``same_at``: from this probability on, 98 in 100 were the same."""

    vectors: Vectors
    middle: Floats
    spread: Floats
    likeness: Logistic
    seen: Floats
    terms: Logistic
    same_at: float = 1.0

    def probability(self, one: str, two: str) -> float:
        """That the two mean the same; 1 where they differ in spelling only."""
        return float(self.probabilities([(one, two)])[0])

    def probabilities(self, pairs: Sequence[TextPair]) -> Floats:
        """One probability a pair, the order within a pair aside."""
        chances = self.judge(likeness_features(pairs, self.vectors), difference_terms(pairs))
        spelled_alike = [normal(one) == normal(two) for one, two in pairs]
        return np.where(spelled_alike, 1.0, chances)

    def judge(self, likeness: Floats, terms: sparse.csr_array) -> Floats:
        """As `probabilities`, from features already computed."""
        rows = (likeness - self.middle) / self.spread
        of_terms = self.terms.logits(terms * self.seen)
        return expit(self.likeness.logits(rows) + WEIGHT_OF_TERMS * of_terms)


def learn_pairs(pairs: Sequence[TextPair], same: Sequence[bool], vectors: Vectors) -> PairModel:
    """The model that these pairs teach; a few hundred of each kind at least."""
    likeness, terms = likeness_features(pairs, vectors), difference_terms(pairs)
    return learn_rows(likeness, terms, np.asarray(same, dtype=bool), vectors)


def learn_rows(
    likeness: Floats, terms: sparse.csr_array, same: NDArray[np.bool_], vectors: Vectors
) -> PairModel:
    """As `learn_pairs`, from features already computed."""
    middle, spread = likeness.mean(axis=0), likeness.std(axis=0)
    spread = np.where(spread > 0, spread, 1)
    rows = (likeness - middle) / spread
    seen = (terms.sum(axis=0) >= SEEN_AT_LEAST).astype(float)
    return PairModel(
        vectors=vectors,
        middle=middle,
        spread=spread,
        likeness=learn(rows, same, shrink=SHRINK_LIKENESS),
        seen=seen,
        terms=learn(terms * seen, same, shrink=SHRINK_TERMS),
    )
