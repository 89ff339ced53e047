"""What was learned from phrasings of our own, and ships as weights beside them.

Networks read the vectors of a text by both encoders, and what else is known of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from tongxin.meaning.network import Matrix, Network, learn_network
from tongxin.meaning.vectors import Vectors


@dataclass(frozen=True)
class Plan:
    """How something is learned; see `network.learn_network`."""

    hidden: int
    epochs: int
    pace: float
    voices: int


@dataclass(frozen=True)
class Learned:
    """Networks that speak together.

    Attributes:
        kinds: what a text can be, in the order of the numbers.
        middle, spread: of the vectors' numbers among the phrasings.
        digest: of what they were learned from.
    """

    kinds: tuple[str, ...]
    middle: Matrix
    spread: Matrix
    voices: tuple[Network, ...]
    digest: str

    def chances(self, read: Matrix, beside: Matrix | None = None) -> Matrix:
        """One row a text, one number a kind, each row adding up to 1.

        Args:
            read: as `Vectors.by_both` gives it.
            beside: what else was known of each text when this was learned.
        """
        rows = self._rows(read, beside)
        return sum(voice.probabilities(rows) for voice in self.voices) / len(self.voices)

    def logits(self, read: Matrix) -> Matrix:
        """The mean of what the networks say before it is made to add up, for what was learned of
        vectors alone: one row a text, one number a kind."""
        rows = self._rows(read, None)
        return sum(voice.logits(rows) for voice in self.voices) / len(self.voices)

    def _rows(self, read: Matrix, beside: Matrix | None) -> Matrix:
        rows = (read - self.middle) / self.spread
        if beside is not None:
            rows = np.hstack([rows, beside])
        return rows.astype(np.float32)


def questions_read(texts: Sequence[str], vectors: Vectors) -> Matrix:
    """One row a text that people typed. Raises `EncoderMissing`."""
    return np.stack([vectors.question_by_both(text) for text in texts])


def learn(
    read: Matrix,
    named: Sequence[str],
    plan: Plan,
    *,
    group: Callable[[str], str],
    digest: str,
    beside: Matrix | None = None,
) -> Learned:
    """What rows of these kinds teach; ``group`` names what must not be confused first of all."""
    kinds = tuple(sorted(set(named)))
    middle, spread = read.mean(axis=0), read.std(axis=0) + 1e-6
    rows = (read - middle) / spread
    rows = (rows if beside is None else np.hstack([rows, beside])).astype(np.float32)
    truth = [kinds.index(name) for name in named]
    names = sorted({group(kind) for kind in kinds})
    groups = [names.index(group(kind)) for kind in kinds]
    voices = tuple(
        learn_network(
            rows,
            truth,
            groups,
            hidden=plan.hidden,
            epochs=plan.epochs,
            pace=plan.pace,
            seed=seed,
        )
        for seed in range(plan.voices)
    )
    return Learned(kinds, middle, spread, voices, digest)


def save(learned: Learned, file: Path) -> None:
    """Write the weights down, in half precision."""
    layers = [array for voice in learned.voices for layer in voice.layers for array in layer]
    np.savez_compressed(
        file,
        kinds=np.array(learned.kinds),
        digest=np.array(learned.digest),
        depth=np.array(len(learned.voices[0].layers)),
        middle=learned.middle,
        spread=learned.spread,
        **{f"layer_{n}": array.astype(np.float16) for n, array in enumerate(layers)},
    )


def load(file: Path) -> Learned:
    """The weights of a file that `save` wrote."""
    with file.open("rb") as opened, np.load(opened) as kept:
        count, depth = sum(n.startswith("layer_") for n in kept.files), int(kept["depth"])
        arrays = [kept[f"layer_{n}"].astype(np.float32) for n in range(count)]
        layers = list(zip(arrays[::2], arrays[1::2], strict=True))
        voices = tuple(
            Network(tuple(layers[start : start + depth])) for start in range(0, len(layers), depth)
        )
        kinds = tuple(str(kind) for kind in kept["kinds"])
        return Learned(kinds, kept["middle"], kept["spread"], voices, str(kept["digest"]))


def digest_of(files: Sequence[Path]) -> str:
    """Of the bytes of these files."""
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
