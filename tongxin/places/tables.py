"""Places as a table: the ones that ship, and the ones an operator brings."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from tongxin.places import rules, spelling
from tongxin.refusal import Unreadable, noop

DATA = Path(__file__).with_name("data")
SHIPPED = ("world.csv", "china.csv")
MAX_ROWS = 200_000  # every township of China is about 40,000
LONGEST_NAME = 100
LANGUAGES = {"", "zh", "en"}
LEVELS = {"world", "country", "province", "prefecture", "county", "township"}


class NotATable(Unreadable):
    says = noop("This is not a table of places: {problem}")


class BadRow(Unreadable):
    says = noop("Line {line} cannot be read: {problem}")


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place as a table gives it; columns have these names, only ``code`` must be there."""

    code: str
    level: str
    parent: str | None
    name_zh: str
    name_en: str
    short_zh: str = ""
    short_en: str = ""
    pinyin: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str | None = None
    population: int | None = None
    population_year: int | None = None
    population_source: str = ""


COLUMNS = tuple(field.name for field in fields(PlaceRow))


@dataclass(frozen=True, slots=True)
class AliasRow:
    """Another name: ``code,name,language``."""

    code: str
    name: str
    language: str


def text_of(data: bytes) -> str:
    """The file as text.

    Raises:
        NotATable: it is not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotATable(problem=noop("not UTF-8 text")) from error


def read_places(data: bytes) -> list[PlaceRow]:
    """Every row of a CSV of places.

    Raises:
        NotATable: not UTF-8, no ``code`` column, columns nobody knows, or too many rows.
        BadRow: a line with a wrong code, level, date or number.
    """
    return [_place(line, row) for line, row in _rows(data, {"code"}, set(COLUMNS))]


def read_aliases(data: bytes) -> list[AliasRow]:
    """Every row of a CSV of other names; raises as ``read_places``."""
    return [_alias(line, row) for line, row in _rows(data, {"code", "name"}, {"language"})]


def _alias(line: int, row: dict[str, str]) -> AliasRow:
    code, language = rules.code_of(row["code"]), row.get("language", "")
    if code is None:
        raise BadRow(line=line, problem=noop("a code of no form that we know"))
    if not rules.key_of(row["name"]) or len(row["name"]) > LONGEST_NAME:
        raise BadRow(line=line, problem=noop("no name, or one that is too long"))
    if language not in LANGUAGES:
        raise BadRow(line=line, problem=noop("a language other than zh and en"))
    return AliasRow(code, row["name"], language)


def holds_names(data: bytes) -> bool:
    """Whether a CSV has other names of places, and no places.

    >>> holds_names(b"code,name\\n"), holds_names(b"code,name_zh\\n")
    (True, False)
    """
    return "name" in next(csv.reader(io.StringIO(text_of(data), newline="")), [])


def shipped_places() -> list[PlaceRow]:
    """The world's countries, China to the county, and areas that figures are published for."""
    return [row for name in SHIPPED for row in read_places((DATA / name).read_bytes())]


def shipped_aliases() -> list[AliasRow]:
    """Names that published figures use for the shipped places."""
    return read_aliases((DATA / "aliases.csv").read_bytes())


def _rows(data: bytes, must: set[str], may: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text_of(data), newline=""), strict=True)
    try:
        names = set(reader.fieldnames or ())
        if not must <= names:
            raise NotATable(problem=noop("a column that must be there is missing: code or name"))
        if names - must - may:
            raise NotATable(problem=noop("a column that is not one of ours"))
        for count, row in enumerate(reader):
            if count >= MAX_ROWS:
                raise NotATable(problem=noop("more than 200,000 rows"))
            if None in row or None in row.values():
                raise BadRow(line=reader.line_num, problem=noop("more or fewer cells than columns"))
            yield reader.line_num, {name: cell.strip() for name, cell in row.items()}
    except csv.Error as error:
        raise NotATable(problem=noop("quotes that do not close, or a cell too long")) from error


def _place(line: int, row: dict[str, str]) -> PlaceRow:
    code = rules.code_of(row["code"])
    if code is None:
        raise BadRow(line=line, problem=noop("a code of no form that we know"))
    try:
        return place_row(code, row)
    except ValueError as error:
        raise BadRow(line=line, problem=str(error)) from error


def place_row(code: str, given: dict[str, str]) -> PlaceRow:
    """A row with what a GB/T 2260 code and a Chinese name tell filled in.

    Raises:
        ValueError: no name, no level or parent where the code does not tell, a bad date or number.
    """
    gb = code[3:] if code.startswith("CN-") and code[3:].isdigit() else ""
    level = given.get("level") or (rules.level_of_gb(gb) if gb else "")
    if level not in LEVELS:
        raise ValueError(noop("no level, or one that we do not know"))
    name_zh = given.get("name_zh") or given.get("name_en", "")
    if not name_zh:
        raise ValueError(noop("no name"))
    parent = given.get("parent") or (rules.parent_of_gb(gb) if gb else None)
    if parent is None and level != "world":
        raise ValueError(noop("nothing says what it is a part of"))
    return PlaceRow(
        code=code,
        level=level,
        parent=parent,
        name_zh=name_zh,
        name_en=given.get("name_en") or spelling.romanised(name_zh),
        short_zh=given.get("short_zh", ""),
        short_en=given.get("short_en", ""),
        pinyin=given.get("pinyin") or spelling.pinyin_of(name_zh),
        valid_from=_date(given.get("valid_from")),
        valid_to=_date(given.get("valid_to")),
        replaced_by=given.get("replaced_by") or None,
        population=_number(given.get("population")),
        population_year=_number(given.get("population_year")),
        population_source=given.get("population_source", ""),
    )


def _date(cell: str | None) -> date | None:
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError as error:
        raise ValueError(noop("a date that is not written 2020-01-31")) from error


def _number(cell: str | None) -> int | None:
    if cell and not (cell.isascii() and cell.isdigit() and len(cell) < 16):
        raise ValueError(noop("a number that is not written in digits"))
    return int(cell) if cell else None
