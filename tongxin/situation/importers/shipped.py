"""Our own tables of figures, a row per place and metric, a column per day (see data/README.md)."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import polars as pl

from tongxin.situation.importers.parsed import Parsed, figures_frame, numbered_places

KnownAt = Callable[[date], datetime]


def read_wide(path: Path, known_at: KnownAt) -> Parsed:
    """A table of ``code``, ``metric`` and days, known as ``known_at`` says."""
    table = pl.read_csv(path, schema_overrides={"code": pl.String})
    days = table.columns[2:]
    long = table.with_row_index("row", offset=2).unpivot(
        days, index=["row", "code", "metric"], variable_name="day"
    )
    moments = [known_at(date.fromisoformat(day)) for day in days]
    known = pl.DataFrame({"day": days, "known_at": moments}).with_columns(
        pl.col("known_at").dt.convert_time_zone("UTC")
    )
    rows = long.join(known, on="day").with_columns(
        line=pl.col("row"), about_on=pl.col("day").str.to_date("%Y-%m-%d")
    )
    return _parsed(rows)


def read_stated(path: Path) -> dict[str, Parsed]:
    """Figures that came with a reason: note → figures."""
    table = pl.read_csv(path, schema_overrides={"code": pl.String}).with_row_index("line", offset=2)
    rows = table.with_columns(
        about_on=pl.col("about_on").str.to_date("%Y-%m-%d"),
        known_at=pl.col("known_at")
        .str.to_datetime("%Y-%m-%dT%H:%M:%S%z")
        .dt.convert_time_zone("UTC"),
    )
    return {
        part["note"][0]: _parsed(part) for part in rows.partition_by("note", maintain_order=True)
    }


def _parsed(rows: pl.DataFrame) -> Parsed:
    none = pl.lit(None, pl.String)
    rows = rows.with_columns(
        place_text=pl.col("code"), within_text=none, code_text=pl.col("code"), level=none
    )
    places, rows = numbered_places(rows)
    good = rows.drop_nulls("value")
    return Parsed(places, figures_frame(good), empty=rows.height - good.height)
