"""The guidance that ships, and the axes, acts and circumstances it is written in.

A folder in `packs/` for each disease; what lies there is data that health authorities own.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from tongxin.data_files import BrokenData, StrictRecord, read_record
from tongxin.guidance.people_axes import Axis, Space
from tongxin.guidance.rules import Block

FOLDER = Path(__file__).with_name("packs")
GENERAL = {"persona.toml", "actions.toml", "circumstances.toml", "personas.toml"}

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
Texts = Annotated[tuple[str, ...], Field(min_length=1)]


class Named(StrictRecord):
    """Something with a key and a name in both languages."""

    key: Key
    name_zh: str
    name_en: str

    def name(self, language: str) -> str:
        """The name in this language."""
        return self.name_en if language == "en" else self.name_zh


class Circumstance(Named):
    """A situation in which people ask what to do."""

    intro_zh: str
    intro_en: str
    order: int

    def intro(self, language: str) -> str:
        """What the page says first."""
        return self.intro_en if language == "en" else self.intro_zh


class PersonAxis(Named):
    """One thing in which people differ."""

    values: Annotated[tuple[Named, ...], Field(min_length=2)]


class ShippedBlock(StrictRecord):
    """A piece of advice as it ships; see `AdviceBlock`."""

    slug: Key
    action: Key
    polarity: Literal["must", "should", "may", "should-not", "must-not", "know"]
    title_zh: Annotated[str, Field(max_length=40)]
    title_en: Annotated[str, Field(max_length=80)]
    text_zh: str
    text_en: str
    asks_zh: Texts
    asks_en: Texts
    source_zh: str
    source_en: str
    source_url: Annotated[str, Field(pattern=r"^https://\S+$")]
    source_on: date
    authority: str
    layer: Literal["world", "nation", "province", "county"]
    narrower_may: Literal["nothing", "stricter", "anything"]
    effective_from: date
    expires_on: date | None = None
    review_by: date
    grade: Literal["strong", "moderate", "limited", "consensus", "rule"]
    when: dict[str, tuple[str, ...]] = {}

    @property
    def digest(self) -> str:
        """The hash of everything it says."""
        return sha256(self.model_dump_json().encode()).hexdigest()


class _People(StrictRecord):
    axis: tuple[PersonAxis, ...]
    never: tuple[dict[str, tuple[str, ...]], ...] = ()


class _Actions(StrictRecord):
    action: tuple[Named, ...]


class _Circumstances(StrictRecord):
    circumstance: tuple[Circumstance, ...]


class _Blocks(StrictRecord):
    circumstance: Key
    block: tuple[ShippedBlock, ...]


class Known(StrictRecord):
    """A person of the regression set: the advice they must get, and must not.

    Attributes:
        who: axis → value; an axis not named has its plainest value.
    """

    name_zh: str
    name_en: str
    who: dict[str, str]
    must: Texts
    must_not: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Who this is, in words."""
        return self.name_en if language == "en" else self.name_zh

    def persona(self, disease: str) -> dict[str, str]:
        """Every axis with this person's value."""
        return {axis.key: axis.values[0] for axis in space(disease).axes} | self.who


class _Personas(StrictRecord):
    persona: tuple[Known, ...]


@cache
def axes(disease: str) -> tuple[PersonAxis, ...]:
    """What people differ in, in the order in which they are asked."""
    return _people(disease).axis


@cache
def space(disease: str) -> Space:
    """All people who can exist."""
    people = _people(disease)
    return Space(
        tuple(Axis(axis.key, tuple(v.key for v in axis.values)) for axis in people.axis),
        tuple({k: frozenset(v) for k, v in one.items()} for one in people.never),
    )


@cache
def acts(disease: str) -> dict[str, Named]:
    """What advice can be about, by key."""
    found = read_record(FOLDER / disease / "actions.toml", _Actions).action
    return {act.key: act for act in found}


@cache
def circumstances(disease: str) -> dict[str, Circumstance]:
    """The circumstances by key, in the order of the page."""
    found = read_record(FOLDER / disease / "circumstances.toml", _Circumstances).circumstance
    return {one.key: one for one in sorted(found, key=lambda one: one.order)}


@cache
def personas(disease: str) -> tuple[Known, ...]:
    """The stored people whose advice must not change by accident."""
    return read_record(FOLDER / disease / "personas.toml", _Personas).persona


@cache
def shipped_blocks(disease: str) -> tuple[tuple[str, ShippedBlock], ...]:
    """Circumstance and block of all guidance that ships.

    Raises:
        BrokenData: a file is not what it should be; the message names file and field.
    """
    return tuple(_shipped(disease))


def _shipped(disease: str) -> Iterator[tuple[str, ShippedBlock]]:
    seen: set[str] = set()
    for path in sorted((FOLDER / disease).glob("*.toml")):
        if path.name in GENERAL:
            continue
        found = read_record(path, _Blocks)
        for block in found.block:
            _check_words(path, found.circumstance, block, disease, seen)
            seen.add(block.slug)
            yield found.circumstance, block


def _check_words(
    path: Path, circumstance: str, block: ShippedBlock, disease: str, seen: set[str]
) -> None:
    """Nothing, if the block's keys exist and its slug is new."""
    trouble = {
        "circumstance": circumstance not in circumstances(disease),
        "action": block.action not in acts(disease),
        "slug": block.slug in seen,
    }
    if wrong := next((name for name, is_wrong in trouble.items() if is_wrong), None):
        raise BrokenData(file=path.name, where=f"{block.slug}.{wrong}", why="not known, or twice")
    try:
        space(disease).matching({k: frozenset(v) for k, v in block.when.items()})
    except (KeyError, ValueError) as unknown:
        raise BrokenData(file=path.name, where=f"{block.slug}.when", why=str(unknown)) from unknown


def as_rule(circumstance: str, block: ShippedBlock) -> Block:
    """The block as the rules see it."""
    return Block(
        slug=block.slug,
        circumstance=circumstance,
        action=block.action,
        polarity=block.polarity,
        layer=block.layer,
        narrower_may=block.narrower_may,
        effective_from=block.effective_from,
        expires_on=block.expires_on,
        when={axis: frozenset(values) for axis, values in block.when.items()},
    )


def _people(disease: str) -> _People:
    return read_record(FOLDER / disease / "persona.toml", _People)
