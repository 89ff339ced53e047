"""Disease packs: what the rules and pages need to know of a disease, as data with sources.

A pack is a TOML file in `diseases/`; a new disease is a new file, no code.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from tongxin.data_files import BrokenData, Reviewed, StrictRecord, read_record
from tongxin.situation.metrics import metrics

FOLDER = Path(__file__).with_name("diseases")

Days = Annotated[float, Field(gt=0, lt=400)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")]


class Names(StrictRecord):
    """The disease's names, and what else people call it (found by search, never shown first)."""

    en: str
    zh: str
    aliases: tuple[str, ...]


class Coded(StrictRecord):
    """The disease in WHO's International Classification of Diseases."""

    icd10: tuple[str, ...]
    icd11: tuple[str, ...]
    source: str


class CaseDefinition(StrictRecord):
    """Who counts as which case, said by whom, where and since when.

    until: first day it no longer held; absent while it holds. places: codes of the places it
    is for; empty: everywhere the issuer speaks for.
    """

    issuer_en: str
    issuer_zh: str
    version: str
    category: Literal["suspected", "clinical", "confirmed", "asymptomatic"]
    valid_from: date
    until: date | None = None
    places: tuple[str, ...]
    text_en: str
    text_zh: str
    source: str

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> "CaseDefinition":
        """Refuses a definition that ends before it begins."""
        if self.until is not None and self.until <= self.valid_from:
            raise ValueError("until must be after valid_from")
        return self


class Incubation(StrictRecord):
    """Infection to first symptoms, in days: the usual value and the time nearly all need."""

    typical_days: Days
    longest_days: Days
    longest_share: Annotated[float, Field(gt=0.5, lt=1)]
    source: str

    @model_validator(mode="after")
    def the_longest_is_longer(self) -> "Incubation":
        """Refuses a typical value above the longest."""
        if self.longest_days <= self.typical_days:
            raise ValueError("longest_days must be above typical_days")
        return self


class SerialInterval(StrictRecord):
    """First symptoms of one case to those of the next, in days; ``why`` this estimate."""

    mean_days: Annotated[float, Field(gt=1, lt=400)]
    sd_days: Days
    source: str
    why: str


class Thresholds(StrictRecord):
    """The numbers that the disease sets: quarantine in days, small cells in persons."""

    quarantine_days: Annotated[int, Field(gt=0)]
    small_cell: Annotated[int, Field(ge=3)]
    source: str


class Revision(StrictRecord):
    """Days on which published figures moved for a stated reason, for the gate and for readers.

    An empty metric stands for every metric.
    """

    place: str
    metric: Annotated[str, Field(min_length=0)]
    from_on: date
    to_on: date
    text_en: str
    text_zh: str
    source: str

    @model_validator(mode="after")
    def ends_no_earlier_than_it_begins(self) -> "Revision":
        """Refuses a revision that ends before it begins."""
        if self.to_on < self.from_on:
            raise ValueError("to_on must not be before from_on")
        return self


class Pack(Reviewed):
    """A disease as its file describes it."""

    code: Code
    names: Names
    classification: Coded
    metrics: tuple[str, ...]
    incubation: Incubation
    serial_interval: SerialInterval
    thresholds: Thresholds
    case_definition: tuple[CaseDefinition, ...]
    revision: tuple[Revision, ...] = ()

    @model_validator(mode="after")
    def names_only_metrics_that_exist(self) -> "Pack":
        """Refuses a metric that has no definition, and a pack without a confirmed case."""
        known = metrics().keys()
        named = [*self.metrics, *(r.metric for r in self.revision if r.metric)]
        if unknown := [code for code in named if code not in known]:
            raise ValueError(f"no such metric: {', '.join(unknown)}")
        if not any(d.category == "confirmed" for d in self.case_definition):
            raise ValueError("a pack says who counts as a confirmed case")
        return self

    def name(self, language: str) -> str:
        """The disease's name in "zh…" or any other language (English)."""
        return self.names.zh if language.startswith("zh") else self.names.en

    def definitions_on(self, day: date) -> tuple[CaseDefinition, ...]:
        """The case definitions in force on a day, in the file's order."""
        return tuple(
            d
            for d in self.case_definition
            if d.valid_from <= day and (d.until is None or day < d.until)
        )


@lru_cache(maxsize=64)
def load_pack(path: Path) -> Pack:
    """The pack in a file. Raises `BrokenData` naming the field, or a name unlike its code."""
    pack = read_record(path, Pack)
    if pack.code != path.stem:
        raise BrokenData(file=path.name, where="code", why=f"the file must be {pack.code}.toml")
    return pack


def packs(folder: Path = FOLDER) -> dict[str, Pack]:
    """Every pack of a folder, by code in order of the alphabet. Raises `BrokenData`.

    >>> sorted(packs())
    ['covid-19', 'influenza']
    """
    return {path.stem: load_pack(path) for path in sorted(folder.glob("*.toml"))}
