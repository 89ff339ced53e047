"""What kind of text it is, told by its very words: a linear model over runs of words.

Encoders hardly hear "not", "was" or "eighty-eight"; runs of up to three words do. What else is
known of a text can be told beside them. A run is known by its hash, and only if it was met more
than once. Learned by AdaGrad (Duchi J and others. Adaptive subgradient methods. 2011) in numpy.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tongxin.meaning.network import softmax
from tongxin.meaning.normal import normal

Floats = NDArray[np.float32]
Read = tuple[NDArray[np.uint32], Floats]
FACT = 0.5
"""What each thing told beside the words weighs, where all words together weigh 1."""

WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]|%")
BATCH, PACE, DECAY, MET = 64, 0.3, 1e-4, 2


@dataclass(frozen=True)
class Wording:
    """Learned weights.

    Attributes:
        kinds: what a text can be, in the order of the numbers.
        longest: run of words that is read.
        hashes: of the runs and facts that are known, in order.
        weights: shape (hashes, kinds). constants: shape (kinds,).
        digest: of what they were learned from.
    """

    kinds: tuple[str, ...]
    longest: int
    hashes: NDArray[np.uint32]
    weights: Floats
    constants: Floats
    digest: str

    def logits(self, text: str, facts: Sequence[str] = ()) -> Floats:
        """One number a kind."""
        places, values = known(read(text, self.longest, facts), self.hashes)
        return values @ self.weights[places] + self.constants


def runs(text: str, longest: int) -> Iterator[str]:
    """Words, and those that follow each other, with the beginning and the end.

    >>> [run for run in runs("No pain", 3) if " " in run]
    ['^ no', 'no pain', 'pain $', '^ no pain', 'no pain $']
    """
    words = ["^", *WORD.findall(normal(text)), "$"]
    for length in range(1, longest + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def read(text: str, longest: int, facts: Sequence[str] = ()) -> Read:
    """The hashes of a text's runs and facts, and what each weighs; a long text weighs no more."""
    told = sorted(set(runs(text, longest)))
    weights = [1 / np.sqrt(len(told))] * len(told) + [FACT] * len(facts)
    hashes = [crc32(one.encode()) for one in (*told, *(f"#{fact}" for fact in facts))]
    return np.array(hashes, np.uint32), np.array(weights, np.float32)


def known(told: Read, hashes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], Floats]:
    """Where those that are known stand, and what they weigh."""
    if not len(hashes):
        return np.empty(0, np.int64), np.empty(0, np.float32)
    places = np.minimum(np.searchsorted(hashes, told[0]), len(hashes) - 1)
    are_known = hashes[places] == told[0]
    return places[are_known], told[1][are_known]


def learn_wording(
    texts: Sequence[str],
    named: Sequence[str],
    *,
    facts: Sequence[Sequence[str]] | None = None,
    only: Sequence[str] | None = None,
    longest: int,
    epochs: int,
    voices: int,
    digest: str,
) -> Wording:
    """What texts of these kinds teach; several learned in other orders are averaged.

    Args:
        facts: what else is known of each text.
        only: texts whose runs alone are remembered; without it those of all.
    """
    beside = facts or [()] * len(texts)
    told = [read(text, longest, fact) for text, fact in zip(texts, beside, strict=True)]
    met, times = np.unique(np.concatenate([hashes for hashes, _ in told]), return_counts=True)
    hashes = met[times >= MET]
    if only is not None:
        ours = np.concatenate([read(text, longest)[0] for text in only])
        hashes = np.intersect1d(hashes, ours)
    rows = [known(one, hashes) for one in told]
    kinds = tuple(sorted(set(named)))
    truth = np.array([kinds.index(name) for name in named])
    size = (len(hashes), len(kinds))
    learned = [_learn(rows, truth, size, epochs, seed) for seed in range(voices)]
    weights = sum(weights for weights, _ in learned) / voices
    constants = sum(constants for _, constants in learned) / voices
    return Wording(kinds, longest, hashes, weights, constants, digest)


def _learn(
    rows: Sequence[tuple[NDArray[np.int64], Floats]],
    truth: NDArray[np.int64],
    size: tuple[int, int],
    epochs: int,
    seed: int,
) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(seed)
    weights, moved = np.zeros(size, np.float32), np.full(size, 1e-8, np.float32)
    constants = np.zeros(size[1], np.float32)
    for _ in range(epochs):
        order = chance.permutation(len(rows))
        for start in range(0, len(rows), BATCH):
            batch = order[start : start + BATCH]
            places = np.concatenate([rows[number][0] for number in batch])
            values = np.concatenate([rows[number][1] for number in batch])[:, None]
            whose = np.repeat(np.arange(len(batch)), [len(rows[number][0]) for number in batch])
            scores = np.zeros((len(batch), size[1]), np.float32) + constants
            np.add.at(scores, whose, values * weights[places])
            pull = softmax(scores)
            pull[np.arange(len(batch)), truth[batch]] -= 1
            sorting = np.argsort(places, kind="stable")
            touched, starts = np.unique(places[sorting], return_index=True)
            if len(touched):
                slopes = (values * pull[whose])[sorting]
                slope = np.add.reduceat(slopes, starts) / len(batch)
                moved[touched] += slope * slope
                step = PACE * slope / np.sqrt(moved[touched])
                weights[touched] = (weights[touched] - step) * (1 - DECAY)
            constants -= PACE * 0.1 * pull.mean(axis=0)
    return weights, constants


def save(wording: Wording, file: Path) -> None:
    """Write the weights down, in half precision."""
    np.savez_compressed(
        file,
        kinds=np.array(wording.kinds),
        longest=np.array(wording.longest),
        hashes=wording.hashes,
        weights=wording.weights.astype(np.float16),
        constants=wording.constants,
        digest=np.array(wording.digest),
    )


def load(file: Path) -> Wording:
    """The weights of a file that `save` wrote."""
    with file.open("rb") as opened, np.load(opened) as kept:
        return Wording(
            kinds=tuple(str(kind) for kind in kept["kinds"]),
            longest=int(kept["longest"]),
            hashes=kept["hashes"],
            weights=kept["weights"].astype(np.float32),
            constants=kept["constants"],
            digest=str(kept["digest"]),
        )
