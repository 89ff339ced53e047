"""Comma-separated files as tables of text, after `files` has looked them over."""

import csv
import io
from pathlib import Path

import polars as pl

from tongxin.refusal import Unreadable, noop
from tongxin.situation.importers import files


class NamedTwice(Unreadable):
    """Two columns of one name."""

    says = noop("{file} has two columns called {column}. Rename or remove one.")


class OtherColumns(Unreadable):
    """The columns are not those of the format."""

    says = noop("{file} is not in the format {format}: the column {column} is missing.")


def read_table(path: Path, *, complete: bool = True, may_be_chinese: bool = False) -> pl.DataFrame:
    """Every cell as text, null where empty. Raises `Unreadable`."""
    data = files.text(path, files.content(path), expected="CSV", may_be_chinese=may_be_chinese)
    files.require_even_lines(path, data, complete=complete)
    _require_distinct_names(path, data)
    try:
        return pl.read_csv(data, infer_schema=False, raise_if_empty=False)
    except pl.exceptions.PolarsError as error:
        raise files.CutOff(file=path.name) from error


def require_columns(path: Path, table: pl.DataFrame, names: list[str], *, of: str) -> None:
    """Nothing, if the table has all these columns."""
    for name in names:
        if name not in table.columns:
            raise OtherColumns(file=path.name, format=of, column=name)


def _require_distinct_names(path: Path, data: bytes) -> None:
    head = data[: files.MAX_LINE_BYTES].decode("utf-8", "replace")
    names = next(csv.reader(io.StringIO(head)), [])
    if not any(name.strip() for name in names):
        raise files.Empty(file=path.name)
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise NamedTwice(file=path.name, column=name)
        seen.add(name)
