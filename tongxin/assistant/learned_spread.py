"""How sentences that mean the same differ, learned from the tellings of the claims that ship,
from the questions that the blocks that ship answer, and from 300 questions of an epidemic that were
written in fourteen ways each (`same_questions.csv`); see `tongxin.meaning.spread`.

`tongxin assistant learn-spread` makes it again after they have changed.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from tongxin.guidance import packs
from tongxin.meaning import spread
from tongxin.meaning.normal import HAN_LETTER
from tongxin.meaning.vectors import Matrix, Vectors
from tongxin.myths import learned_claims

DISEASE = learned_claims.DISEASE
QUESTIONS = Path(__file__).with_name("same_questions.csv")


def learn_spread(vectors: Vectors) -> dict[str, Matrix]:
    """Learn it; some minutes. Raises `EncoderMissing`."""
    return spread.learn_spread([list(told()), list(asked()), list(written())], vectors)


def told() -> Iterator[Sequence[str]]:
    """The tellings of each claim, a language at a time."""
    yield from grouped(
        (slug, text) for text, slug in learned_claims.tellings() if slug != learned_claims.NONE
    )


def asked() -> Iterator[Sequence[str]]:
    """What people ask when a block answers, a language at a time."""
    yield from grouped(
        (block.slug, text)
        for _, block in packs.shipped_blocks(DISEASE)
        for text in (block.title_zh, block.title_en, *block.asks_zh, *block.asks_en)
    )


def written() -> Iterator[Sequence[str]]:
    """The same question in many ways, a language at a time."""
    with QUESTIONS.open(encoding="utf-8", newline="") as lines:
        yield from grouped((row["question"], row["text"]) for row in csv.DictReader(lines))


def grouped(named: Iterable[tuple[str, str]]) -> Iterator[Sequence[str]]:
    groups: dict[tuple[str, bool], list[str]] = {}
    for name, text in named:
        groups.setdefault((name, bool(HAN_LETTER.search(text))), []).append(text)
    yield from groups.values()


def digest() -> str:
    """Of the sentences it is learned from."""
    lines = [text for source in (told(), asked(), written()) for group in source for text in group]
    return sha256("\n".join(lines).encode()).hexdigest()
