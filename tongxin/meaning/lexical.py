"""What is written, as sparse rows: BM25 over words, cosine over character runs."""

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

WIDTH = 1 << 18
"""Slots that terms are hashed to."""

# Robertson S, Zaragoza H. The probabilistic relevance framework: BM25 and beyond. 2009.
SATURATION = 1.2
LENGTH_WEIGHT = 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Terms:
    """The terms of one text: slots, in order of first use, and how often each occurs."""

    slots: NDArray[np.int32]
    counts: NDArray[np.float32]

    @classmethod
    def of(cls, terms: Iterable[str]) -> "Terms":
        found = Counter(zlib.crc32(term.encode()) % WIDTH for term in terms)
        return cls(
            np.fromiter(found, np.int32, len(found)),
            np.fromiter(found.values(), np.float32, len(found)),
        )


class TermTable:
    """Rows of terms, weighed by how rare a term is among them."""

    def __init__(self, rows: Sequence[Terms]) -> None:
        self.starts = np.cumsum([0] + [len(row.slots) for row in rows])
        self.slots = np.concatenate([row.slots for row in rows] or [np.empty(0, np.int32)])
        self.counts = np.concatenate([row.counts for row in rows] or [np.empty(0, np.float32)])
        self.size = len(rows)
        self.shape = (self.size, WIDTH)
        having = np.bincount(self.slots, minlength=WIDTH)
        self.rarity = np.log1p((self.size - having + 0.5) / (having + 0.5))

    def bm25(self) -> "Bm25":
        return Bm25(self)

    def cosine(self) -> "Cosine":
        return Cosine(self)

    def matrix(self, values: Floats) -> sparse.csr_array:
        return sparse.csr_array((values, self.slots, self.starts), shape=self.shape)


class Bm25:
    """Scores of rows for a query, as a share of what the query would score against itself."""

    def __init__(self, table: TermTable) -> None:
        lengths = np.add.reduceat(np.append(table.counts, 0), table.starts[:-1])
        lengths = np.where(np.diff(table.starts) > 0, lengths, 0)
        norm = (
            1
            - LENGTH_WEIGHT
            + LENGTH_WEIGHT * lengths / max(lengths.sum() / max(len(lengths), 1), 1e-9)
        )
        self.rarity = table.rarity
        beside = table.counts + SATURATION * np.repeat(norm, np.diff(table.starts))
        self.rows = table.matrix(table.counts * (SATURATION + 1) / beside)

    def scores(self, query: Terms) -> Floats:
        """One score a row, 0 … about 1."""
        weights = np.zeros(WIDTH)
        weights[query.slots] = self.rarity[query.slots]
        return (self.rows @ weights) / max(weights.sum(), 1e-9)


class Cosine:
    """Cosine of the rows with a query, terms weighed by rarity and damped counts."""

    def __init__(self, table: TermTable) -> None:
        self.rarity = table.rarity
        values = (1 + np.log(table.counts)) * table.rarity[table.slots]
        rows = table.matrix(values)
        lengths = np.sqrt(rows.power(2).sum(axis=1))
        rows.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(table.starts))
        self.rows = rows

    def scores(self, query: Terms) -> Floats:
        """One cosine a row, 0 … 1."""
        weights = np.zeros(WIDTH)
        weights[query.slots] = (1 + np.log(query.counts)) * self.rarity[query.slots]
        return (self.rows @ weights) / max(float(np.linalg.norm(weights)), 1e-9)
