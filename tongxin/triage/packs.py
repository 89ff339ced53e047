"""Rule packs as they ship: questions, dispositions and clauses, read strictly.

A file in `packs/` for each disease, owned by clinicians. What it says is proved in `proof`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from tongxin.data_files import BrokenData, Reviewed, StrictRecord, read_record
from tongxin.guidance.packs import FOLDER as GUIDANCE
from tongxin.guidance.packs import Key, Named, shipped_blocks
from tongxin.triage.conditions import UNKNOWN, YES_NO, Limit, Seen, limit, steps
from tongxin.triage.refusals import NoSuchPack

FOLDER = Path(__file__).with_name("packs")
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
Tests = dict[str, Annotated[tuple[str, ...], Field(min_length=1)]]


def in_language(record: object, name: str, language: str) -> str:
    """A field that stands in both languages; empty where the record has none."""
    return getattr(record, f"{name}_{'en' if language == 'en' else 'zh'}") or ""


class Disposition(Named):
    """Where a check can end."""

    text_zh: str
    text_en: str
    advice: tuple[Key, ...] = ()
    is_severe: bool


class Source(Named):
    """Who says so. Without an address: nobody but those who wrote the pack."""

    url: Annotated[str, Field(pattern=r"^https://\S+$")] | None = None
    on: date


class Option(StrictRecord):
    """An answer that can be chosen. ``is_danger``: choosing it may not lower urgency."""

    key: Id
    name_zh: str
    name_en: str
    is_danger: bool = False


class Question(StrictRecord):
    """Something that is asked.

    Attributes:
        when: question → values; asked where all of them fit. Empty: asked of everyone.
        danger: of a yes-no question, the answer that may not lower urgency.
        worse: of a number, the direction that may not lower urgency.
        is_followed: of a number, whether it is shown over repeated checks.
        unknown_as: what “don't know” counts as; all values where it is empty.
        unknown_covers: of a number, the readings than which “don't know” is never less urgent.
    """

    key: Id
    name_zh: str
    name_en: str
    kind: Literal["yes-no", "one", "several", "number"]
    asks_zh: str
    asks_en: str
    hint_zh: str | None = None
    hint_en: str | None = None
    when: Tests = {}
    option: tuple[Option, ...] = ()
    danger: Literal["yes", "no"] | None = None
    unit_zh: str | None = None
    unit_en: str | None = None
    least: float | None = None
    most: float | None = None
    step: float | None = None
    worse: Literal["higher", "lower"] | None = None
    is_followed: bool = False
    may_be_unknown: bool = True
    unknown_as: tuple[str, ...] = ()
    unknown_covers: tuple[str, ...] = ()
    unknown_zh: str | None = None
    unknown_en: str | None = None
    unknown_why_zh: str | None = None
    unknown_why_en: str | None = None

    @model_validator(mode="after")
    def is_whole(self) -> "Question":
        """Refuses a question that lacks what its kind needs, or has what another needs."""
        number = (self.unit_zh, self.unit_en, self.least, self.most, self.step)
        is_number = self.kind == "number"
        if is_number != (None not in number) or (not is_number and any(number)):
            raise ValueError("a number, and only a number, has unit, least, most and step")
        if (self.kind in ("one", "several")) != bool(self.option):
            raise ValueError("“one” and “several”, and only they, have options")
        if self.danger and self.kind != "yes-no":
            raise ValueError("danger belongs to yes-no")
        if (self.worse or self.is_followed) and not is_number:
            raise ValueError("worse and is_followed belong to number")
        if is_number and self.may_be_unknown and len(self.unknown_as) != 1:
            raise ValueError("a number that may be unknown needs one reading in unknown_as")
        if self.unknown_covers and not (is_number and self.unknown_why_zh and self.unknown_why_en):
            raise ValueError("unknown_covers belongs to a number and needs unknown_why")
        return self

    @model_validator(mode="after")
    def values_exist(self) -> "Question":
        """Refuses values of ``unknown_as`` and ``unknown_covers`` that the question lacks."""
        if self.kind == "number":
            [*map(self.as_limit, self.unknown_covers)]
            for reading in self.unknown_as:
                if not self.lowest <= self.as_steps(reading) <= self.highest:
                    raise ValueError(f"unknown_as: {reading}")
        elif wrong := set(self.unknown_as) - set(self.values):
            raise ValueError(f"unknown_as: {sorted(wrong)}")
        if len(set(self.values)) != len(self.values) or {UNKNOWN, "nothing"} & set(self.values):
            raise ValueError("an option stands twice, or is called as “don't know” is")
        return self

    @cached_property
    def values(self) -> tuple[str, ...]:
        """What can be chosen."""
        return YES_NO if self.kind == "yes-no" else tuple(one.key for one in self.option)

    @cached_property
    def dangers(self) -> tuple[str, ...]:
        """The values that may not lower urgency."""
        if self.kind == "yes-no":
            return (self.danger,) if self.danger else ()
        return tuple(one.key for one in self.option if one.is_danger)

    @cached_property
    def treated_as(self) -> Seen:
        """What “don't know” counts as."""
        if self.kind == "number":
            return self.as_steps(self.unknown_as[0])
        return frozenset(self.unknown_as or self.values)

    @cached_property
    def lowest(self) -> int:
        return round((self.least or 0) / (self.step or 1))

    @cached_property
    def highest(self) -> int:
        return round((self.most or 0) / (self.step or 1))

    def as_steps(self, text: str) -> int:
        """A reading in steps of the scale. Raises `ValueError`."""
        return steps(text, self.step or 1)

    def as_limit(self, text: str) -> Limit:
        """A limit in steps of the scale. Raises `ValueError`."""
        return limit(text, self.step or 1)


class Clause(StrictRecord):
    """A rule: where one of the cases holds, this is the disposition."""

    id: Id
    disposition: Key
    when: tuple[Tests, ...]
    reason_zh: str
    reason_en: str
    source: Key
    advice: tuple[Key, ...] = ()

    @field_validator("when")
    @classmethod
    def cases_name_something(cls, cases: tuple[Tests, ...]) -> tuple[Tests, ...]:
        """Refuses an empty case: it would hold always, unseen."""
        if not all(cases):
            raise ValueError("a case names no question")
        return cases


class Persona(StrictRecord):
    """What answers say of a person on an axis of the guidance."""

    axis: Key
    value: Key
    when: tuple[Tests, ...]


class Pack(Reviewed):
    """A self-check of one disease.

    Attributes:
        reviewed_by_zh, reviewed_by_en: the clinicians who let it out; without them every page
            says that none has.
    """

    key: Key
    reviewed_by_zh: str | None = None
    reviewed_by_en: str | None = None
    version: Annotated[str, Field(pattern=r"^\d{4}\.\d{1,2}\.\d{1,3}$")]
    title_zh: str
    title_en: str
    disposition: Annotated[tuple[Disposition, ...], Field(min_length=2)]
    said_by: Annotated[tuple[Source, ...], Field(min_length=1)]
    question: Annotated[tuple[Question, ...], Field(min_length=1)]
    clause: Annotated[tuple[Clause, ...], Field(min_length=1)]
    persona: tuple[Persona, ...] = ()

    @model_validator(mode="after")
    def names_agree(self) -> "Pack":
        """Refuses names that stand twice or lead nowhere."""
        for trouble in _troubles(self):
            raise ValueError(trouble)
        return self

    @cached_property
    def questions(self) -> dict[str, Question]:
        return {one.key: one for one in self.question}

    @cached_property
    def dispositions(self) -> dict[str, Disposition]:
        return {one.key: one for one in self.disposition}

    @cached_property
    def sources(self) -> dict[str, Source]:
        return {one.key: one for one in self.said_by}

    def __hash__(self) -> int:
        return hash((self.key, self.version))

    def urgency(self, disposition: str) -> int:
        """How urgent a disposition is: 0 for the least."""
        places = [one.key for one in reversed(self.disposition)]
        return places.index(disposition)

    @cached_property
    def digest(self) -> str:
        """The hash of everything it says."""
        return sha256(self.as_json.encode()).hexdigest()

    @cached_property
    def as_json(self) -> str:
        """Everything it says. Without what it does not say: a field that packs get later leaves
        the text and the digest of older ones as they are."""
        return self.model_dump_json(exclude_defaults=True)


def _troubles(pack: Pack) -> Iterator[str]:
    """What is wrong with the names of a pack."""
    yield from _twice("disposition", [one.key for one in pack.disposition])
    yield from _twice("source", [one.key for one in pack.said_by])
    yield from _twice("question", [one.key for one in pack.question])
    yield from _twice("clause", [one.id for one in pack.clause])
    asked: dict[str, Question] = {}
    for one in pack.question:
        yield from _wrong_tests(f"question {one.key}", one.when, asked)
        if any(asked[name].kind == "number" for name in one.when if name in asked):
            yield f"question {one.key}: whether it is asked may not depend on a number"
        asked[one.key] = one
    for one in pack.clause:
        if one.disposition not in pack.dispositions or one.source not in pack.sources:
            yield f"clause {one.id}: no such disposition or source"
        for case in one.when:
            yield from _wrong_tests(f"clause {one.id}", case, asked)
    for one in pack.persona:
        for case in one.when:
            yield from _wrong_tests(f"persona {one.axis}", case, asked)


def _twice(what: str, names: Sequence[str]) -> Iterator[str]:
    yield from (f"{what} {name} stands twice" for name in {*names} if names.count(name) > 1)


def _wrong_tests(where: str, tests: Tests, known: dict[str, Question]) -> Iterator[str]:
    """Tests of questions that are not asked before, or of values that they do not have."""
    for name, values in tests.items():
        if name not in known:
            yield f"{where}: question {name} is not asked before"
        elif known[name].kind == "number":
            try:
                [*map(known[name].as_limit, values)]
            except ValueError as wrong:
                yield f"{where}: {name}: {wrong} is no limit on its scale"
        elif wrong := set(values) - set(known[name].values):
            yield f"{where}: {name} has no value {sorted(wrong)}"


def read_pack(path: Path) -> Pack:
    """A pack from a file.

    Raises:
        BrokenData: it is not what it should be; the message names file and field.
    """
    pack = read_record(path, Pack)
    if (GUIDANCE / pack.key).is_dir():
        shipped = {block.slug for _, block in shipped_blocks(pack.key)}
        for one in (*pack.disposition, *pack.clause):
            if unknown := set(one.advice) - shipped:
                name = one.id if isinstance(one, Clause) else one.key
                why = f"no such advice: {', '.join(sorted(unknown))}"
                raise BrokenData(file=path.name, where=f"{name}.advice", why=why)
    return pack


@cache
def pack_from_json(content: str, *, name: str, digest: str) -> Pack:
    """A pack as `Pack.as_json` wrote it. Raises `BrokenData`: it cannot be read any more."""
    try:
        return Pack.model_validate_json(content)
    except ValidationError as broken:
        raise BrokenData(file=name, where=digest[:8], why=broken.errors()[0]["msg"]) from broken


@cache
def shipped_pack(disease: str) -> Pack:
    """The pack that ships for a disease. Raises `BrokenData`, `NoSuchPack`."""
    path = FOLDER / f"{disease}.toml"
    if not path.is_file():
        raise NoSuchPack(pack=disease)
    return read_pack(path)


def pack_named(name: str) -> Pack:
    """A pack by the name of its disease or by its file. Raises `BrokenData`, `NoSuchPack`."""
    if Path(name).is_file():
        return read_pack(Path(name))
    if not (FOLDER / f"{Path(name).name}.toml").is_file():
        raise NoSuchPack(pack=name)
    return shipped_pack(Path(name).name)
