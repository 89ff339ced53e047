"""What two sentences have in common and what sets them apart, as numbers. Order never matters."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

from tongxin.meaning.lexical import Terms
from tongxin.meaning.logistic import Floats
from tongxin.meaning.normal import normal
from tongxin.meaning.vectors import Matrix, Vectors
from tongxin.meaning.words import every_word, grams

TextPair = tuple[str, str]
NOTHING_LEFT = "。"
"""Stands for the rest of a sentence that is wholly part of the other."""

NEGATION = re.compile(
    r"不|没|未|无|别|勿|非|否|\b(no|not|never|without|cannot|cant|dont|doesnt|isnt|arent|wont)\b"
)
NUMBER = re.compile(r"\d+(?:\.\d+)?")
SLOTS = 1 << 16


def likeness_features(pairs: Sequence[TextPair], vectors: Vectors) -> Floats:
    """One dense row a pair: both encoders on the whole, the second on what differs, overlaps."""
    rests = [differing(*pair) for pair in pairs]
    e5 = compared(pairs, vectors, "e5")
    whole, parts = compared(pairs, vectors, "use"), compared(rests, vectors, "use")
    plain = np.array(
        [overlaps(*pair, rest) for pair, rest in zip(pairs, rests, strict=True)], np.float32
    )
    return np.hstack([e5, whole, parts, plain])


def compared(pairs: Sequence[TextPair], vectors: Vectors, encoder: str) -> Matrix:
    """Differences and products of two vectors, number by number, and their cosine."""
    texts = list(dict.fromkeys(text for pair in pairs for text in pair))
    rows, place = vectors.of(texts, encoder), {text: i for i, text in enumerate(texts)}
    one = rows[[place[a] for a, _ in pairs]]
    two = rows[[place[b] for _, b in pairs]]
    product = one * two
    return np.hstack([np.abs(one - two), product, product.sum(axis=1, keepdims=True)])


def differing(one: str, two: str) -> TextPair:
    """What is left of each when the common beginning and end are taken away.

    >>> differing("肺炎怎么治疗？", "肺炎是怎么引起的？")
    ('怎么治疗', '是怎么引起的')
    """
    a, b = normal(one), normal(two)
    short, start, end = min(len(a), len(b)), 0, 0
    while start < short and a[start] == b[start]:
        start += 1
    while end < short - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end] or NOTHING_LEFT, b[start : len(b) - end] or NOTHING_LEFT


def overlaps(one: str, two: str, rest: TextPair) -> list[float]:
    """Shared runs of characters, lengths, and whether negations and numbers agree."""
    found: list[float] = []
    for size in (1, 2, 3):
        a, b = set(grams(one, (size,))), set(grams(two, (size,)))
        shared = len(a & b)
        found += [shared / max(1, len(a | b)), shared / max(1, min(len(a), len(b)))]
    plain, lengths = (normal(one), normal(two)), sorted((len(normal(one)), len(normal(two))))
    left = sorted(0 if part == NOTHING_LEFT else len(part) for part in rest)
    negations = [len(NEGATION.findall(text)) for text in plain]
    numbers = [set(NUMBER.findall(text)) for text in plain]
    found += [*lengths, lengths[1] - lengths[0], *left, lengths[0] - left[0]]
    return [*found, abs(negations[0] - negations[1]), float(numbers[0] != numbers[1])]


def difference_terms(pairs: Sequence[TextPair]) -> sparse.csr_array:
    """One sparse row a pair: words and runs that only one of the two has, and who faces whom."""
    rows = [Terms.of(apart(*pair)) for pair in pairs]
    starts = np.cumsum([0] + [len(row.slots) for row in rows])
    slots = np.concatenate([row.slots % SLOTS for row in rows] or [np.empty(0, np.int32)])
    table = sparse.csr_array((np.ones(len(slots)), slots, starts), shape=(len(rows), SLOTS))
    table.sum_duplicates()
    return table


def apart(one: str, two: str) -> Iterator[str]:
    yield from (f"r {run}" for run in set(grams(one, (1, 2))) ^ set(grams(two, (1, 2))))
    a, b = set(every_word(one)), set(every_word(two))
    yield from (f"w {word}" for word in a ^ b)
    yield from (f"p {min(x, y)} {max(x, y)}" for x in a - b for y in b - a)
