"""Johns Hopkins CSSE's global series: a row per area, a column per day.

A country that is given by its provinces only (Australia, Canada, China) gets no figure of its
own here: the file does not say one, and a sum of ours would be ours.
"""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from tongxin.refusal import Unreadable, noop
from tongxin.situation.importers.parsed import (
    Parsed,
    figures_frame,
    no_odd,
    numbered_places,
    split_values,
)
from tongxin.situation.importers.tables import read_table

AREA = ["Province/State", "Country/Region", "Lat", "Long"]
METRICS = {"confirmed": "confirmed", "deaths": "deaths", "recovered": "recovered"}


class NotJhu(Unreadable):
    """The header is not that of a JHU series."""

    says = noop(
        "{file} is not a JHU global series: its header must begin with Province/State, "
        "Country/Region, Lat, Long and go on with one column a day."
    )


class MetricNotNamed(Unreadable):
    """JHU's three files look alike; only the file's name says which it is."""

    says = noop(
        "The name of {file} does not say what it counts. Call it as JHU does: "
        "time_series_covid19_confirmed_global.csv, …_deaths_global.csv or …_recovered_global.csv."
    )


def read(path: Path) -> Parsed:
    """The figures of one wide file. Raises `Unreadable` where it is not one."""
    metric = _metric(path)
    table = read_table(path)
    days = _days(table, path)
    rows = table.with_row_index("row").with_columns(
        line=pl.col("row") + 2,
        country=pl.col("Country/Region").str.strip_chars(),
        part=pl.col("Province/State").fill_null("").str.strip_chars(),
    )
    # Some copies repeat the country's name where JHU leaves the province blank.
    is_country = (pl.col("part") == "") | (pl.col("part") == pl.col("country"))
    rows = rows.with_columns(
        place_text=pl.when(is_country).then("country").otherwise("part"),
        within_text=pl.when(~is_country).then("country"),
        code_text=pl.lit(None, pl.String),
        level=pl.when(is_country).then(pl.lit("country")),
    )
    places, rows = numbered_places(rows)
    figures, odd, empty = _long(rows, days, metric)
    return Parsed(places, figures, odd, empty=empty, parts_only=_parts_only(places))


def _metric(path: Path) -> str:
    named = [metric for word, metric in METRICS.items() if word in path.name.lower()]
    if len(named) != 1:
        raise MetricNotNamed(file=path.name)
    return named[0]


def _days(table: pl.DataFrame, path: Path) -> dict[str, date]:
    """Column → day. The real file writes both 1/22/20 and 02-01-2020."""
    if table.columns[:4] != AREA or table.width < 5:
        raise NotJhu(file=path.name)
    names = pl.Series(table.columns[4:])
    slashed = names.str.to_date("%m/%d/%y", strict=False)
    dashed = names.str.to_date("%m-%d-%Y", strict=False)
    days = slashed.zip_with(slashed.is_not_null(), dashed)
    if days.null_count() or days.n_unique() != len(days):
        raise NotJhu(file=path.name)
    return dict(zip(names, days, strict=True))


def _long(
    rows: pl.DataFrame, days: dict[str, date], metric: str
) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Figures, odd figures and the number of blank cells."""
    columns, keep = pl.col(list(days)), ["line", "place"]
    numbers = rows.select(*keep, columns.cast(pl.Int64, strict=False))
    numbers = numbers.unpivot(list(days), index=keep, value_name="value")
    blank = sum(rows.select(columns.null_count()).row(0))
    if numbers["value"].null_count() == blank and (numbers["value"].min() or 0) >= 0:
        figures = _about(numbers, rows.height, days, metric).drop_nulls("value")
        return figures_frame(figures), no_odd(), blank
    cells = rows.unpivot(list(days), index=keep, value_name="value_text")
    return split_values(_about(cells, rows.height, days, metric))


def _about(cells: pl.DataFrame, height: int, days: dict[str, date], metric: str) -> pl.DataFrame:
    """Unpivoted cells, a column of the file after the other, with day and metric."""
    return cells.with_columns(
        about_on=pl.Series(np.repeat(np.array(list(days.values()), "datetime64[D]"), height)),
        metric=pl.lit(metric),
        known_at=pl.lit(None),
    )


def _parts_only(places: pl.DataFrame) -> tuple[str, ...]:
    """Countries that the file gives by their parts only."""
    own = places.filter(pl.col("level") == "country")["place_text"]
    above = places["within_text"].drop_nulls().unique()
    return tuple(above.filter(~above.is_in(own.to_list())).sort())
