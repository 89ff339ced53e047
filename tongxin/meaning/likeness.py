"""How like a question is to each of many answers: by two encoders and by its words."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from tongxin.meaning.lexical import TermTable
from tongxin.meaning.phrases import Phrase
from tongxin.meaning.spread import eveners
from tongxin.meaning.vectors import DIMENSIONS, PARTS, Matrix, Vectors

Floats = NDArray[np.float64]
STILL_SMALL = 40
"""Phrasings of a language that weigh as much as the background in finding the middle."""

# How much each likeness counts. Chosen by cross-validation on the training part of COVID-Q
# and on our own phrasings: docs/assistant-measured.md.
WEIGHTS = {"e5": 0.91, "use": 0.09, "words": 0.05}
NEAREST = 0.15
"""Of an answer's nearest phrasing, where its middle counts 1."""


def joined(likeness: Mapping[str, Floats]) -> Floats:
    """One score an answer: the weighed sum of its likenesses."""
    return sum(weight * likeness[name] for name, weight in WEIGHTS.items())


class Space:
    """The phrasings of all answers as one encoder sees them.

    Vectors lie crowded in a narrow cone, so each language's middle is taken away first; what
    is left tells sentences apart (and a question in one language from answers in the other).
    Directions in which sentences of one meaning differ are shortened.
    """

    def __init__(self, phrases: Sequence[Phrase], encoder: str, vectors: Vectors) -> None:
        self.part = PARTS[encoder]
        self.evener = eveners()[encoder]
        self.middles = {
            one: middle([p.vector[self.part] for p in phrases if p.language == one], ground)
            for one, ground in grounds(vectors, encoder).items()
        }
        self.rows = np.stack([self.read(phrase) for phrase in phrases])

    def read(self, phrase: Phrase) -> Matrix:
        """Where a sentence lies here: of length 1."""
        return unit((phrase.vector[self.part] - self.middles[phrase.language]) @ self.evener)


class Room:
    """What the phrasings of all answers span; made anew whenever they change."""

    def __init__(self, answers: Mapping[str, Sequence[Phrase]], vectors: Vectors) -> None:
        self.names = [name for name, phrases in answers.items() if phrases]
        self.phrases = [phrase for name in self.names for phrase in answers[name]]
        sizes = [len(answers[name]) for name in self.names]
        self.starts = np.cumsum([0, *sizes])
        self.name_places = np.argsort(np.argsort(self.names))
        self.by_plain: dict[str, list[int]] = {}
        for number, name in enumerate(self.names):
            for phrase in answers[name]:
                self.by_plain.setdefault(phrase.plain, []).append(number)
        self.spaces = {one: Space(self.phrases, one, vectors) for one in DIMENSIONS}
        # An answer lies in the middle of its phrasings, whichever language each is in.
        self.centres = {
            one: unit(np.add.reduceat(space.rows, self.starts[:-1]))
            for one, space in self.spaces.items()
        }
        self.words = TermTable([p.words for p in self.phrases]).bm25()

    def likeness(self, asked: Phrase) -> dict[str, Floats]:
        """Measure → one number an answer; ``by phrase`` → one a phrasing."""
        found = {"words": self.best(self.words.scores(asked.words)), "by phrase": 0.0}
        for one, space in self.spaces.items():
            vector = space.read(asked)
            by_phrase = (space.rows @ vector).astype(np.float64)
            meant = (self.centres[one] @ vector).astype(np.float64)
            found[one] = meant + NEAREST * self.best(by_phrase)
            found["by phrase"] = found["by phrase"] + WEIGHTS[one] * by_phrase
        return found

    def best(self, by_phrase: Floats) -> Floats:
        """The greatest of each answer's phrasings."""
        return np.maximum.reduceat(by_phrase, self.starts[:-1])

    def exact(self, asked: Phrase) -> NDArray[np.bool_]:
        """Which answers have the question itself among their phrasings, but for spelling."""
        same = np.zeros(len(self.names), dtype=bool)
        same[self.by_plain.get(asked.plain, [])] = True
        return same

    def order(self, scores: Floats, exact: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Answers, best first: known phrasings, then by score, ties by name."""
        return np.lexsort((self.name_places, -scores, ~exact))

    def nearest(self, answer: int, by_phrase: Floats) -> str:
        """The answer's phrasing that comes nearest."""
        start, end = self.starts[answer], self.starts[answer + 1]
        return self.phrases[start + int(by_phrase[start:end].argmax())].text


def unit(rows: Matrix) -> Matrix:
    """The rows, each of length 1 (or 0 where it was 0)."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return rows / np.maximum(lengths, 1e-9)


def middle(rows: Sequence[Matrix], ground: Matrix) -> Matrix:
    """The mean vector of a language: of the background, and more and more of the phrasings."""
    share = len(rows) / (len(rows) + STILL_SMALL)
    own = np.mean(rows, axis=0) if rows else ground
    return share * own + (1 - share) * ground


def grounds(vectors: Vectors, encoder: str) -> dict[str, Matrix]:
    """Language → the middle of ordinary sentences of the field."""
    return {
        language: vectors.of(texts, encoder).mean(axis=0)
        for language, texts in background().items()
    }


@lru_cache(maxsize=1)
def background() -> dict[str, list[str]]:
    """Language → ordinary sentences of the field."""
    text = files("tongxin.meaning").joinpath("background.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {
        "zh": [line for line in lines if not line.isascii()],
        "en": [line for line in lines if line.isascii()],
    }
