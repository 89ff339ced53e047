"""Data that epidemiologists own, read from TOML files and checked to the last field."""

import tomllib
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from tongxin.refusal import Unreadable, noop


class BrokenData(Unreadable):
    """A data file cannot be used; ``where`` names the field, ``why`` the trouble."""

    says = noop("{file} cannot be used: {where}: {why}")


class StrictRecord(BaseModel):
    """A part of a data file: no field too few, none too many, no value of another kind."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", str_min_length=1)


class Reviewed(StrictRecord):
    """A data file's head: who says so, who looked at it when, and by when to look again."""

    source: str
    reviewed_on: date
    review_by: date

    @model_validator(mode="after")
    def review_comes_after_the_last(self) -> "Reviewed":
        """Refuses a date for the next review that is not after the last one."""
        if self.review_by <= self.reviewed_on:
            raise ValueError("review_by must be after reviewed_on")
        return self


Record = TypeVar("Record", bound=StrictRecord)


def read_record(path: Path, kind: type[Record]) -> Record:
    """The file's contents as ``kind``. Raises `BrokenData` naming the file and the field."""
    try:
        return kind.model_validate(_fixed(tomllib.loads(path.read_text(encoding="utf-8"))))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise BrokenData(file=path.name, where="TOML", why=str(broken)) from broken
    except ValidationError as broken:
        first = broken.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "file"
        raise BrokenData(file=path.name, where=where, why=first["msg"]) from broken


def _fixed(value: object) -> object:
    """The same value with tuples for lists, which a strict record would refuse."""
    if isinstance(value, dict):
        return {name: _fixed(part) for name, part in value.items()}
    return tuple(_fixed(part) for part in value) if isinstance(value, list) else value
