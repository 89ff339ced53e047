"""A small network that tells kinds apart by numbers: one hidden layer, or none. Only numpy.

Learned by AdamW (Loshchilov I, Hutter F. Decoupled weight decay regularization. 2019) with
dropout; several learned from other beginnings speak together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
BATCH = 64
DECAY, BETA_1, BETA_2 = 0.01, 0.9, 0.999
INPUT_DROPPED, HIDDEN_DROPPED = 0.3, 0.4
WARM_UP = 0.3
"""Share of the steps in which the pace rises to its height; after it, it falls to nothing."""

WEIGHT_OF_KINDS = 0.3
"""How much it counts to name the very kind, beside naming the right group of kinds."""


@dataclass(frozen=True)
class Network:
    """Learned weights, two arrays a layer: weights (in, out) and constants (out)."""

    layers: tuple[tuple[Matrix, Matrix], ...]

    def logits(self, rows: Matrix) -> Matrix:
        """One number a row and kind: shape (rows, kinds)."""
        for weights, constants in self.layers[:-1]:
            rows = np.maximum(rows @ weights + constants, 0)
        weights, constants = self.layers[-1]
        return rows @ weights + constants

    def probabilities(self, rows: Matrix) -> Matrix:
        """That a row is of each kind: shape (rows, kinds), each row adding up to 1."""
        return softmax(self.logits(rows))


def softmax(logits: Matrix) -> Matrix:
    """
    >>> softmax(np.array([[0.0, 0.0]], np.float32)).tolist()
    [[0.5, 0.5]]
    """
    grown = np.exp(logits - logits.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)


@dataclass
class _Steps:
    """AdamW's memory of one array."""

    value: Matrix
    decays: bool
    mean: Matrix = field(init=False)
    square: Matrix = field(init=False)

    def __post_init__(self) -> None:
        self.mean, self.square = np.zeros_like(self.value), np.zeros_like(self.value)

    def take(self, gradient: Matrix, pace: float, step: int) -> None:
        self.mean += (1 - BETA_1) * (gradient - self.mean)
        self.square += (1 - BETA_2) * (gradient * gradient - self.square)
        mean = self.mean / (1 - BETA_1**step)
        spread = np.sqrt(self.square / (1 - BETA_2**step)) + 1e-8
        if self.decays:
            self.value *= 1 - pace * DECAY
        self.value -= pace * mean / spread


def learn_network(
    rows: Matrix,
    kinds: Sequence[int],
    groups: Sequence[int],
    *,
    hidden: int,
    epochs: int,
    pace: float,
    seed: int,
) -> Network:
    """The network that tells the kinds of these rows.

    Args:
        rows: shape (rows, numbers), each number of about the same spread.
        kinds: the kind of each row, from 0.
        groups: for each kind its group, from 0: to miss the group costs most. Kinds that are
            all groups of their own make an ordinary classifier.
        hidden: numbers of the hidden layer; 0 for none.
    """
    chance = np.random.default_rng(seed)
    truth, member = np.asarray(kinds), np.eye(max(groups) + 1, dtype=np.float32)[list(groups)]
    sizes = [rows.shape[1], *([hidden] if hidden else []), len(groups)]
    learned = [
        _Steps(array, decays=array.ndim == 2)
        for width, height in zip(sizes, sizes[1:], strict=False)
        for array in _beginning(width, height, chance)
    ]
    total = epochs * (len(rows) // BATCH)
    for step, batch in enumerate(_batches(len(rows), epochs, chance), start=1):
        gradients = _gradients(
            [one.value for one in learned], rows[batch], truth[batch], member, chance
        )
        for one, gradient in zip(learned, gradients, strict=True):
            one.take(gradient, pace * _share(step / total), step)
    values = [one.value for one in learned]
    return Network(tuple(zip(values[::2], values[1::2], strict=True)))


def _beginning(width: int, height: int, chance: np.random.Generator) -> tuple[Matrix, Matrix]:
    reach = 1 / np.sqrt(width)
    weights = chance.uniform(-reach, reach, (width, height)).astype(np.float32)
    return weights, np.zeros(height, np.float32)


def _batches(rows: int, epochs: int, chance: np.random.Generator) -> Iterator[NDArray]:
    for _ in range(epochs):
        order = chance.permutation(rows)
        for start in range(0, rows - BATCH + 1, BATCH):
            yield order[start : start + BATCH]


def _share(done: float) -> float:
    """Of the highest pace, with this share of the steps done."""
    if done < WARM_UP:
        return 0.04 + 0.96 * done / WARM_UP
    return 0.5 * (1 + float(np.cos(np.pi * (done - WARM_UP) / (1 - WARM_UP))))


def _gradients(
    values: list[Matrix],
    rows: Matrix,
    kinds: NDArray,
    member: Matrix,
    chance: np.random.Generator,
) -> list[Matrix]:
    """Of the loss in each array: backwards through the layers, with dropout."""
    shown = rows * _kept(rows.shape, INPUT_DROPPED, chance)
    if len(values) == 2:
        pull = _pull(softmax(shown @ values[0] + values[1]), kinds, member)
        return [shown.T @ pull, pull.sum(axis=0)]
    raw = shown @ values[0] + values[1]
    mask = _kept(raw.shape, HIDDEN_DROPPED, chance) * (raw > 0)
    inner = raw * mask
    pull = _pull(softmax(inner @ values[2] + values[3]), kinds, member)
    back = (pull @ values[2].T) * mask
    return [shown.T @ back, back.sum(axis=0), inner.T @ pull, pull.sum(axis=0)]


def _kept(shape: tuple[int, ...], dropped: float, chance: np.random.Generator) -> Matrix:
    return (chance.random(shape, np.float32) >= dropped).astype(np.float32) / (1 - dropped)


def _pull(chances: Matrix, kinds: NDArray, member: Matrix) -> Matrix:
    """The gradient of the loss in the logits: of the very kind and of its group."""
    there = np.arange(len(kinds))
    true_kind = np.zeros_like(chances)
    true_kind[there, kinds] = 1
    inside = member @ member.T[:, kinds]  # kinds × rows: whether of the true one's group
    within = chances * inside.T
    true_group = within / within.sum(axis=1, keepdims=True)
    of_kind, of_group = chances - true_kind, chances - true_group
    if len(member) == member.shape[1]:  # every kind a group of its own
        return of_kind / len(kinds)
    return (WEIGHT_OF_KINDS * of_kind + of_group) / len(kinds)
