"""Our own form: one figure a row, as `docs/figures-format.md` describes it."""

from pathlib import Path

import polars as pl
from django.conf import settings

from tongxin.refusal import Unreadable, noop
from tongxin.situation.importers.parsed import (
    NO_PLACE,
    Parsed,
    RefusedLine,
    is_blank,
    numbered_places,
    odd_frame,
    split_values,
)
from tongxin.situation.importers.tables import read_table
from tongxin.situation.metrics import metrics

# Column → what its header may say. A header may say several of one column's words at once.
HEADERS = {
    "place": ("place", "地区", "地名"),
    "code": ("code", "代码", "地区代码", "行政区划代码"),
    "within": ("within", "上级地区", "所属地区"),
    "metric": ("metric", "指标"),
    "date": ("date", "日期"),
    "value": ("value", "数值", "人数"),
    "known_at": ("known_at", "得知时间", "公布时间"),
    "disease": ("disease", "疾病"),
    "note": ("note", "说明", "备注"),
}
NEEDED = ("metric", "date", "value")
# What bulletins call a metric, beside its names in metrics.toml.
OTHER_NAMES = {
    "确诊": "confirmed",
    "死亡": "deaths",
    "治愈": "recovered",
    "出院": "recovered",
    "疑似": "suspected",
    "cured": "recovered",
    "dead": "deaths",
}
DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
MOMENT_FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")
ZONED_FORMS = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%d %H:%M:%S%z")


class NotTidy(Unreadable):
    """A column that cannot be missing is missing."""

    says = noop(
        "{file} has no column “{column}”. Its first line must name the columns: place or code, "
        "metric, date, value (地区或代码、指标、日期、数值)."
    )


class SeveralDiseases(Unreadable):
    """One file is about one disease."""

    says = noop("{file} is about several diseases ({diseases}). Make one file of each.")


class FormulaInCell(Unreadable):
    """A formula says something else on every machine."""

    says = noop(
        "{file} has a formula in {cell}. Copy the cells and paste them as values, then try again."
    )


def read(path: Path) -> Parsed:
    """The figures of a CSV file, UTF-8 or GB18030. Raises `Unreadable`."""
    table = read_table(path, complete=False, may_be_chinese=True)
    _refuse_formulas(path, table)
    return tidy(path, table.with_columns(line=pl.int_range(2, pl.len() + 2)))


def columns_of(headers: list[str]) -> dict[str, str]:
    """Header → our column, for the headers that say one.

    >>> columns_of(["Place 地区", "指标", "memo"])
    {'Place 地区': 'place', '指标': 'metric'}
    """
    named = {word: column for column, words in HEADERS.items() for word in words}
    found = {}
    for header in headers:
        for word in (header.strip().lower(), *header.strip().lower().split()):
            if word in named and named[word] not in found.values():
                found[header] = named[word]
                break
    return found


def tidy(path: Path, table: pl.DataFrame) -> Parsed:
    """The figures of a table of text with a ``line`` column. Raises `Unreadable`."""
    names = columns_of([name for name in table.columns if name != "line"])
    for column in NEEDED:
        if column not in names.values():
            raise NotTidy(file=path.name, column=column)
    if not {"place", "code"} & set(names.values()):
        raise NotTidy(file=path.name, column="place")
    rows = table.select("line", *names).rename(names)
    missing = [pl.lit(None, pl.String).alias(name) for name in HEADERS if name not in rows.columns]
    rows = rows.with_columns(missing).with_columns(pl.col(list(HEADERS)).str.strip_chars())
    rows = rows.with_columns(pl.col(list(HEADERS)).replace("", None))
    blank = rows.filter(pl.all_horizontal(pl.col(list(HEADERS)).is_null()))
    rows = rows.join(blank.select("line"), on="line", how="anti")
    disease, note = _one_disease(path, rows), _notes(rows)
    lost = rows.filter(pl.col("place").is_null() & pl.col("code").is_null())
    refused = tuple(RefusedLine(line, NO_PLACE) for line in lost["line"])
    rows = _read_columns(rows.join(lost.select("line"), on="line", how="anti"))
    places, rows = numbered_places(rows)
    unread = pl.col("reason").is_not_null()
    figures, odd, empty = split_values(rows.filter(~unread))
    strange = odd_frame(rows.filter(unread).with_columns(value=pl.lit(None)))
    return Parsed(
        places, figures, pl.concat([odd, strange]), refused, empty, disease=disease, note=note
    )


def _read_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """The text columns as places, metrics, days and moments, with what cannot be read."""
    names = {code: code for code in metrics()} | OTHER_NAMES
    names |= {metric.name_zh: code for code, metric in metrics().items()}
    names |= {metric.name_en.lower(): code for code, metric in metrics().items()}
    day = pl.coalesce(pl.col("date").str.to_date(form, strict=False) for form in DATE_FORMS)
    zoned = [
        pl.col("known_at").str.to_datetime(form, strict=False).dt.convert_time_zone("UTC")
        for form in ZONED_FORMS
    ]
    local = [
        pl.col("known_at")
        .str.to_datetime(form, strict=False)
        .dt.replace_time_zone(settings.TIME_ZONE, ambiguous="earliest", non_existent="null")
        .dt.convert_time_zone("UTC")
        for form in MOMENT_FORMS
    ]
    moment = pl.coalesce(*zoned, *local)
    code = pl.col("metric").str.to_lowercase().replace_strict(names, default=None)
    return rows.with_columns(
        place_text=pl.coalesce("place", "code"),
        within_text=pl.col("within"),
        code_text=pl.col("code"),
        level=pl.lit(None, pl.String),
        about_on=day,
        known_at=moment,
        metric=pl.coalesce(code, pl.col("metric"), pl.lit("")),
        value_text=pl.col("value"),
        reason=pl.when(is_blank(pl.col("value")))
        .then(None)
        .when(day.is_null() | (pl.col("known_at").is_not_null() & moment.is_null()))
        .then(pl.lit("unreadable_date"))
        .when(code.is_null())
        .then(pl.lit("unknown_metric")),
    ).drop("place")


def _one_disease(path: Path, rows: pl.DataFrame) -> str:
    diseases = rows["disease"].drop_nulls().unique().sort().to_list()
    if len(diseases) > 1:
        raise SeveralDiseases(file=path.name, diseases=", ".join(diseases[:5]))
    return diseases[0] if diseases else ""


def _notes(rows: pl.DataFrame) -> str:
    return "; ".join(rows["note"].drop_nulls().unique(maintain_order=True).head(5))[:300]


def _refuse_formulas(path: Path, table: pl.DataFrame) -> None:
    """A cell that a spreadsheet would calculate is not a figure anybody stated."""
    for name in table.columns:
        found = table[name].str.strip_chars_start().str.starts_with("=").arg_true()
        if len(found):
            raise FormulaInCell(file=path.name, cell=f"{name}:{found[0] + 2}")
