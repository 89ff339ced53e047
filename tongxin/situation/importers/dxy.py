"""DXY's page as BlankerL crawled it: a table of readings, a table a day, or a JSON snapshot.

A figure is about the day, in Beijing, on which the page was read, and known from that moment.
Suspected cases are read only where they are not 0: below the country DXY writes 0 for "none
given". The province's own figures are repeated on the line of each of its cities; they count
once a reading, the repetitions as blank.
"""

import json
from pathlib import Path

import polars as pl

from tongxin.refusal import Unreadable, noop
from tongxin.situation.importers import files
from tongxin.situation.importers.parsed import (
    NO_DAY_OR_PLACE,
    Parsed,
    RefusedLine,
    is_blank,
    numbered_places,
    split_values,
)
from tongxin.situation.importers.placing import BELOW_PROVINCE
from tongxin.situation.importers.tables import read_table, require_columns

ZONE = "Asia/Shanghai"
COUNTS = {
    "confirmed": "confirmed",
    "suspected": "suspected",
    "cured": "recovered",
    "dead": "deaths",
}
AREA = ["provinceName", "province_zipCode", "cityName", "city_zipCode", "updateTime"]
DAILY = ["countryName", "provinceName", "cityName", "locationId", "updateTime"]


class NotASnapshot(Unreadable):
    """JSON, but not DXY's areas."""

    says = noop("{file} is not a snapshot of DXY's areas: it has no list called “results”.")


def read(path: Path) -> Parsed:
    """The figures of one file. Raises `Unreadable`."""
    if path.name.endswith((".json", ".json.gz")):
        return _parsed(_snapshot(path))
    table = read_table(path)
    require_columns(path, table, ["updateTime", "provinceName"], of="dxy")
    if "province_confirmedCount" in table.columns:
        require_columns(
            path, table, [*AREA, *_area_counts("province"), *_area_counts("city")], of="dxy"
        )
        return _parsed(_area(table))
    require_columns(path, table, [*DAILY, *COUNTS], of="dxy")
    return _parsed(_daily(table))


def _area_counts(part: str) -> list[str]:
    return [f"{part}_{count}Count" for count in COUNTS]


def _area(table: pl.DataFrame) -> pl.DataFrame:
    """``DXYArea.csv``: a line per city and reading, its province beside it."""
    rows = table.with_row_index("row").with_columns(
        line=pl.col("row") + 2,
        moment=_moment(pl.col("updateTime").str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False)),
        country=pl.lit("中国"),
    )
    province = rows.select(
        "line",
        "moment",
        place_text="provinceName",
        within_text="country",
        code_text="province_zipCode",
        level=pl.lit("province"),
        is_repeated=pl.col("line") != pl.col("line").first().over("provinceName", "updateTime"),
        **{count: f"province_{count}Count" for count in COUNTS},
    )
    cities = rows.filter(~is_blank(pl.col("cityName"))).select(
        "line",
        "moment",
        place_text="cityName",
        within_text="provinceName",
        code_text=pl.col("city_zipCode").str.strip_suffix(".0").replace("-1", None),
        level=pl.lit(BELOW_PROVINCE),
        is_repeated=pl.lit(False),
        **{count: f"city_{count}Count" for count in COUNTS},
    )
    return pl.concat([province, cities])


def _daily(table: pl.DataFrame) -> pl.DataFrame:
    """A line per place and day."""
    rows = table.with_row_index("row").with_columns(
        moment=_moment(pl.col("updateTime").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", strict=False))
    )
    return _mentions(rows.with_columns(line=pl.col("row") + 2))


def _snapshot(path: Path) -> pl.DataFrame:
    """A JSON page: a list of provinces and countries, cities within."""
    data = files.text(path, files.content(path, packed=True), expected="JSON")
    try:
        areas = json.loads(data)["results"]
        rows = [row for line, area in enumerate(areas, 1) for row in _area_rows(line, area)]
    except (ValueError, RecursionError) as error:
        raise files.CutOff(file=path.name) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise NotASnapshot(file=path.name) from error
    frame = pl.DataFrame(rows, schema=_SNAPSHOT, orient="row")
    moment = (
        pl.from_epoch(pl.col("update_ms"), "ms").dt.replace_time_zone("UTC").dt.cast_time_unit("us")
    )
    return _mentions(frame.with_columns(moment=moment))


_SNAPSHOT = {
    "line": pl.UInt32,
    "countryName": pl.String,
    "provinceName": pl.String,
    "cityName": pl.String,
    "locationId": pl.String,
    "update_ms": pl.Int64,
    **dict.fromkeys(COUNTS, pl.String),
}


def _area_rows(line: int, area: dict) -> list[tuple]:
    country = area.get("countryName") or area.get("country") or "中国"
    province, moment = area["provinceName"], area.get("updateTime")
    whole = (line, country, province, None, _text(area.get("locationId")), moment, *_counts(area))
    cities = [
        (
            line,
            country,
            province,
            city["cityName"],
            _text(city.get("locationId")),
            moment,
            *_counts(city),
        )
        for city in area.get("cities") or []
    ]
    return [whole, *cities]


def _counts(area: dict) -> list[str | None]:
    return [_text(area.get(f"{count}Count")) for count in COUNTS]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _mentions(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows by country, province and city names as rows by place."""
    is_city = ~is_blank(pl.col("cityName"))
    is_country = ~is_city & (pl.col("provinceName") == pl.col("countryName"))
    # Six digits are GB/T 2260; DXY's own numbers begin with 9, negative ones mean none.
    code = pl.col("locationId").str.strip_suffix(".0")
    code = pl.when(code.str.contains(r"^[1-8]\d{5}$")).then(code)
    return rows.select(
        "line",
        "moment",
        place_text=pl.when(is_city).then("cityName").otherwise("provinceName"),
        within_text=pl.when(is_city).then("provinceName").when(~is_country).then("countryName"),
        code_text=code,
        level=pl.when(is_city)
        .then(pl.lit(BELOW_PROVINCE))
        .when(is_country)
        .then(pl.lit("country"))
        .otherwise(pl.lit("province")),
        is_repeated=pl.lit(False),
        **{count: count for count in COUNTS},
    )


def _moment(local: pl.Expr) -> pl.Expr:
    """A moment in UTC from local time, or from one that carries its zone."""
    return local.dt.cast_time_unit("us")


def _parsed(rows: pl.DataFrame) -> Parsed:
    kind = rows.schema["moment"]
    if kind.time_zone is None:
        rows = rows.with_columns(pl.col("moment").dt.replace_time_zone(ZONE, ambiguous="earliest"))
    rows = rows.with_columns(
        known_at=pl.col("moment").dt.convert_time_zone("UTC"),
        about_on=pl.col("moment").dt.convert_time_zone(ZONE).dt.date(),
    )
    is_lost = pl.col("moment").is_null() | is_blank(pl.col("place_text"))
    lost = rows.filter(is_lost)
    refused = tuple(RefusedLine(line, NO_DAY_OR_PLACE, len(COUNTS)) for line in lost["line"])
    rows = rows.filter(~is_lost)
    places, rows = numbered_places(rows)
    long = rows.unpivot(
        list(COUNTS),
        index=["line", "place", "about_on", "known_at", "is_repeated"],
        variable_name="metric",
        value_name="value_text",
    )
    is_none_given = (pl.col("metric") == "suspected") & (pl.col("value_text") == "0")
    long = long.with_columns(
        pl.col("metric").replace(COUNTS),
        value_text=pl.when(~(is_none_given | pl.col("is_repeated"))).then("value_text"),
    )
    figures, odd, empty = split_values(long)
    return Parsed(places, figures, odd, refused, empty)
