"""The volunteer collection canghailan/Wuhan-2019-nCoV: a row per area and day.

Suspected cases are the country's only: below it the collection writes 0 where it has no
figure, so a 0 there is read as a blank.
"""

from pathlib import Path

import polars as pl

from tongxin.situation.importers.parsed import (
    NO_DAY_OR_PLACE,
    Parsed,
    RefusedLine,
    is_blank,
    numbered_places,
    split_values,
)
from tongxin.situation.importers.tables import read_table, require_columns

AREA = ["date", "country", "countryCode", "province", "provinceCode", "city", "cityCode"]
METRICS = {
    "confirmed": "confirmed",
    "suspected": "suspected",
    "cured": "recovered",
    "dead": "deaths",
}


def read(path: Path) -> Parsed:
    """The figures of one file. Raises `Unreadable`."""
    table = read_table(path)
    require_columns(path, table, [*AREA, *METRICS], of="canghailan")
    rows = table.with_row_index("row").with_columns(
        line=pl.col("row") + 2, about_on=pl.col("date").str.to_date("%Y-%m-%d", strict=False)
    )
    lost = rows.filter(pl.col("about_on").is_null() | is_blank(pl.col("country")))
    refused = tuple(RefusedLine(line, NO_DAY_OR_PLACE, len(METRICS)) for line in lost["line"])
    rows = _with_places(rows.join(lost, on="line", how="anti"))
    places, rows = numbered_places(rows)
    long = rows.unpivot(
        list(METRICS),
        index=["line", "place", "about_on", "level"],
        variable_name="metric",
        value_name="value_text",
    )
    no_figure = (pl.col("metric") == "suspected") & (pl.col("level") != "country")
    long = long.with_columns(
        value_text=pl.when(~(no_figure.fill_null(True) & (pl.col("value_text") == "0"))).then(
            "value_text"
        ),
        metric=pl.col("metric").replace(METRICS),
        known_at=pl.lit(None),
    )
    figures, odd, empty = split_values(long)
    return Parsed(places, figures, odd, refused, empty)


def _with_places(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with what the place is called, what it lies in, its code and level."""
    is_city, is_province = ~is_blank(pl.col("city")), ~is_blank(pl.col("province"))
    return rows.with_columns(
        place_text=pl.when(is_city)
        .then("city")
        .when(is_province)
        .then("province")
        .otherwise("country"),
        within_text=pl.when(is_city).then("provinceCode").when(is_province).then("countryCode"),
        code_text=pl.when(is_city)
        .then("cityCode")
        .when(is_province)
        .then("provinceCode")
        .otherwise("countryCode"),
        level=pl.when(is_city)
        .then(pl.lit("below_province"))
        .when(is_province)
        .then(pl.lit("province"))
        .otherwise(pl.lit("country")),
    )
