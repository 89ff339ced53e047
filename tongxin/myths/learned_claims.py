"""The shipped claims as they were learned from many tellings (`packs/<disease>/phrasings.csv`).

The weights ship (`learned_claims.npz`); `tongxin assistant learn-claims` makes them again after
claims or phrasings have changed.
"""

import csv
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from tongxin.meaning.learned import Learned, Plan, digest_of, learn, load
from tongxin.meaning.vectors import Vectors
from tongxin.myths.packs import FOLDER, shipped_claims

DISEASE = "covid-19"
WEIGHTS = Path(__file__).with_name("learned_claims.npz")
PHRASINGS = FOLDER / DISEASE / "phrasings.csv"
NONE = "-"
"""Stands for messages that no shipped claim answers."""

PLAN = Plan(hidden=0, epochs=20, pace=2e-3, voices=3)


def tellings() -> Iterator[tuple[str, str]]:
    """Every telling with the short name of its claim, or `NONE`."""
    for _, claim in shipped_claims(DISEASE):
        for text in (claim.claim_zh, claim.claim_en, *claim.tellings_zh, *claim.tellings_en):
            yield text, claim.slug
    with PHRASINGS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["text"], row["slug"]


def digest() -> str:
    """Of what the weights are learned from."""
    return digest_of([*sorted((FOLDER / DISEASE).glob("*.toml")), PHRASINGS])


def learn_claims(vectors: Vectors) -> Learned:
    """Learn from the tellings; some minutes. Raises `EncoderMissing`."""
    texts, named = zip(*tellings(), strict=True)
    read = vectors.by_both(texts)
    return learn(read, named, PLAN, group=str, digest=digest())


@lru_cache(maxsize=1)
def learned_claims() -> Learned:
    """What ships."""
    return load(WEIGHTS)


@cache
def learned_words() -> dict[str, tuple[str, ...]]:
    """Short name → the claim in Chinese, in English, and how it is told, as it was learned."""
    kinds = learned_claims().kinds
    return {
        claim.slug: (claim.claim_zh, claim.claim_en, *claim.tellings_zh, *claim.tellings_en)
        for _, claim in shipped_claims(DISEASE)
        if claim.slug in kinds
    }
