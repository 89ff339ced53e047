"""The claims that ship: a folder in `packs/` for each disease."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from tongxin.data_files import BrokenData, StrictRecord, read_record

FOLDER = Path(__file__).with_name("packs")
Topic = Literal[
    "treatment",
    "prevention",
    "transmission",
    "origin",
    "testing",
    "vaccines",
    "food",
    "animals",
    "masks",
    "policy",
    "symptoms",
]


class ShippedEvidence(StrictRecord):
    """Where it can be read."""

    title_zh: str
    title_en: str
    publisher: str
    url: Annotated[str, Field(pattern=r"^https?://\S+$", max_length=300)]
    on: date


class ShippedClaim(StrictRecord):
    """A rumour and its verdict as they ship; see `Claim`."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    claim_zh: Annotated[str, Field(max_length=120)]
    claim_en: Annotated[str, Field(max_length=240)]
    verdict: Literal["false", "misleading", "unproven", "true"]
    since: date
    true_as_of: date
    why_zh: Annotated[str, Field(max_length=400)]
    why_en: Annotated[str, Field(max_length=800)]
    long_zh: str
    long_en: str
    harm: Annotated[int, Field(ge=1, le=3)]
    grade: Literal["strong", "moderate", "limited", "consensus", "rule"]
    tellings_zh: Annotated[tuple[str, ...], Field(min_length=1)]
    tellings_en: Annotated[tuple[str, ...], Field(min_length=1)]
    evidence: Annotated[tuple[ShippedEvidence, ...], Field(min_length=1)]

    @property
    def digest(self) -> str:
        """The hash of everything it says."""
        return sha256(self.model_dump_json().encode()).hexdigest()


class _Claims(StrictRecord):
    topic: Topic
    claim: tuple[ShippedClaim, ...]


@cache
def shipped_claims(disease: str) -> tuple[tuple[str, ShippedClaim], ...]:
    """Topic and claim of all that ship.

    Raises:
        BrokenData: a file is not what it should be; the message names file and field.
    """
    return tuple(_shipped(disease))


def _shipped(disease: str) -> Iterator[tuple[str, ShippedClaim]]:
    seen: set[str] = set()
    for path in sorted((FOLDER / disease).glob("*.toml")):
        found = read_record(path, _Claims)
        for claim in found.claim:
            if claim.slug in seen:
                raise BrokenData(file=path.name, where=f"{claim.slug}.slug", why="twice")
            seen.add(claim.slug)
            yield found.topic, claim
