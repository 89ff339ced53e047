"""How sentences that mean the same differ, as each encoder sees it: learned from phrasings of our
own, shipped beside this file, and taken out of what tells meanings apart.

This is the within-class covariance normalisation of speaker recognition (Hatch, Kajarekar and
Stolcke, 2006), with a smaller power.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from tongxin.meaning.vectors import DIMENSIONS, PARTS, Matrix, Vectors

WEIGHTS = Path(__file__).with_name("spread.npz")
POWER = 0.25
"""How far such directions are shortened: 0 not at all, 0.5 until all differ alike."""

SHRINK = 0.5
"""Share of the mean variance in each direction's: few thousand sentences say little of some."""

Groups = Iterable[Sequence[str]]
"""Sentences of one meaning and one language, a group each."""


def learn_spread(sources: Sequence[Groups], vectors: Vectors) -> dict[str, Matrix]:
    """Encoder → covariance within groups, of trace 1, each source counting alike.

    Raises `EncoderMissing`.
    """
    parts = [within(groups, vectors) for groups in sources]
    found = {}
    for encoder, part in PARTS.items():
        each = [rows[:, part].T @ rows[:, part] for rows in parts]
        found[encoder] = sum(one / np.trace(one) for one in each) / len(each)
    return found


def within(groups: Groups, vectors: Vectors) -> Matrix:
    """How each sentence differs from the middle of its group: one row a sentence."""
    rows = []
    for group in groups:
        if len(group) > 1:
            read = vectors.by_both(group)
            rows.append((read - read.mean(axis=0)) * np.sqrt(len(group) / (len(group) - 1)))
    return np.vstack(rows)


def evener(covariance: Matrix) -> Matrix:
    """The matrix that shortens the directions in which sentences of one meaning differ."""
    variances, directions = np.linalg.eigh(covariance.astype(np.float64))
    mean = variances.mean()
    evened = (1 - SHRINK) * variances / mean + SHRINK
    return ((directions * evened**-POWER) @ directions.T).astype(np.float32)


def save(spread: Mapping[str, Matrix], digest: str) -> None:
    """Write the upper halves down, in half precision."""
    halves = {
        name: (rows[np.triu_indices(len(rows))] * len(rows)).astype(np.float16)
        for name, rows in spread.items()
    }
    np.savez_compressed(WEIGHTS, digest=np.array(digest), **halves)


def digest() -> str:
    """Of what was learned from."""
    with np.load(WEIGHTS) as kept:
        return str(kept["digest"])


@lru_cache(maxsize=1)
def eveners() -> dict[str, Matrix]:
    """Encoder → the matrix that ships."""
    found = {}
    with np.load(WEIGHTS) as kept:
        for encoder, size in DIMENSIONS.items():
            half = np.zeros((size, size))
            half[np.triu_indices(size)] = kept[encoder]
            found[encoder] = evener(half + np.triu(half, 1).T)
    return found
