"""A page's figures as files to take away: JSON, CSV, Parquet, and the map's time slider.

They are made from the same ``Known`` as the page, so what is withheld there is not here either.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import numpy as np
import polars as pl

from tongxin.situation.map_classes import DARK, LIGHT, MapClasses, classify
from tongxin.situation.queries.areas import shades
from tongxin.situation.queries.known import Known
from tongxin.situation.queries.overview import Overview
from tongxin.situation.shapes import AreaPage, Curve, Line, PlaceName

COLUMNS = {
    "place": pl.String,
    "name_zh": pl.String,
    "name_en": pl.String,
    "date": pl.Date,
    "metric": pl.String,
    "value": pl.Int64,
    "source": pl.String,
    "known_at": pl.Datetime("us", "UTC"),
}

# Natural breaks cost the square of the values: so many stand for all days of all areas.
BREAKS_FROM = 300


def area_files(page: AreaPage, known: Known, ready: Overview | None = None) -> dict[str, bytes]:
    """The files of a page by their path in a release; with ``ready``, a slider for its own map."""
    place = page.figures_from or page.place
    folder = f"situation/{page.place.code}"
    frame = frame_of(place, chosen_lines(place.code, known))
    files = {
        f"{folder}/series.json": series_json(page, known),
        f"{folder}/series.csv": as_csv(frame),
        f"{folder}/series.parquet": as_parquet(frame),
    }
    if ready is not None and page.parts_of == page.place:
        children = sorted(row.place.code for row in page.children)
        files[f"{folder}/slider.json"] = slider(page.place.code, ready, children)
    return files


def chosen_lines(place: str, known: Known) -> list[Line]:
    """The place's line of every metric, in the order pages show them."""
    found = (known.line(place, metric) for metric in known.metrics(place))
    return [line for line in found if line is not None]


def frame_of(place: PlaceName, lines: Iterable[Line]) -> pl.DataFrame:
    """One row per figure, with the columns of `COLUMNS`."""
    parts = [
        pl.DataFrame(
            {
                "place": place.code,
                "name_zh": place.zh,
                "name_en": place.en,
                "date": line.days,
                "metric": line.metric,
                "value": line.values,
                "source": line.source,
                "known_at": _moments(line),
            }
        ).cast(COLUMNS)
        for line in lines
    ]
    return pl.concat([pl.DataFrame(schema=COLUMNS), *parts])


def frame_of_rows(
    place: tuple[str, str, str],
    metric: str,
    source: str,
    rows: Sequence[tuple[date, int, datetime]],
) -> pl.DataFrame:
    """The same table from rows of day, value, moment; ``place``: code, Chinese, English."""
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    days, values, moments = (
        pl.Series(column, dtype=COLUMNS[name])
        for name, column in zip(("date", "value", "known_at"), columns, strict=True)
    )
    told = pl.DataFrame({"date": days, "value": values, "known_at": moments})
    code, name_zh, name_en = place
    named = {"place": code, "name_zh": name_zh, "name_en": name_en}
    return told.with_columns(
        *(pl.lit(v).alias(k) for k, v in (named | {"metric": metric, "source": source}).items())
    ).select(list(COLUMNS))


def _moments(line: Line) -> pl.Series:
    if line.moments is None:
        return pl.Series([line.known_at] * len(line.days), dtype=COLUMNS["known_at"])
    return pl.Series(line.moments).dt.replace_time_zone("UTC")


def as_csv(frame: pl.DataFrame) -> bytes:
    """UTF-8 with a header row; moments in UTC."""
    return frame.write_csv(datetime_format="%Y-%m-%dT%H:%M:%SZ").encode()


def as_parquet(frame: pl.DataFrame) -> bytes:
    held = BytesIO()
    frame.write_parquet(held, compression="zstd", statistics=False)
    return held.getvalue()


def series_json(page: AreaPage, known: Known) -> bytes:
    """The page's curve on one calendar, column by column, and who says it."""
    place = page.figures_from or page.place
    told = {line.metric: line for line in chosen_lines(place.code, known)}
    body = {
        "place": place.code,
        "name_zh": place.zh,
        "name_en": place.en,
        "disease": page.disease,
        "as_of": page.as_of.isoformat(),
        "sources": {
            metric: {"source": line.source, "known_at": line.known_at.isoformat()}
            for metric, line in told.items()
        },
        "days": [],
        "columns": {},
    }
    if page.curve is not None:
        body["days"] = [day.isoformat() for day in page.curve.days]
        body["columns"] = _columns(page.curve, told)
    return _compact(body)


def _columns(curve: Curve, told: dict[str, Line]) -> dict[str, list]:
    computed = {
        name: getattr(curve, name)
        for name in (
            "confirmed",
            "new",
            "mean7",
            "deaths",
            "recovered",
            "active",
            "r_mean",
            "r_low",
            "r_high",
        )
    }
    for metric, line in told.items():
        if metric not in computed:
            by_day = dict(zip(line.days.tolist(), line.values.tolist(), strict=True))
            computed[metric] = [by_day.get(day) for day in curve.days]
    return {n: column for n, column in computed.items() if any(v is not None for v in column)}


def slider(code: str, ready: Overview, children: Iterable[str]) -> bytes:
    """The parts of a place through time, for the map's slider.

    ``confirmed`` of an area: the first total, then differences; null where nobody spoke, and
    the next number goes on from the last total known. New in a week is a total less the one
    seven days before. A value's class is how many of the metric's ``breaks`` are at most it;
    the breaks are the same for all days, so that a colour means the same on each.
    """
    rows = {child: ready.row[child] for child in children if child in ready.row}
    totals = ready.confirmed[list(rows.values())]
    weeks = ready.week[list(rows.values())]
    known = np.flatnonzero(~np.isnan(totals).all(axis=0))
    span = slice(known[0], known[-1] + 1) if known.size else slice(0, 0)
    body = {
        "place": code,
        "disease": ready.known.disease,
        "as_of": ready.known.as_of.isoformat(),
        "first": ready.day(int(span.start)).isoformat() if known.size else None,
        "days": int(span.stop - span.start),
        "metrics": {
            "confirmed": _legend(classify(_sample(totals[:, span]))),
            "new7": _legend(classify(_sample(weeks[:, span]))),
        },
        "areas": {
            child: _differences(line)
            for child, line in zip(rows, totals[:, span], strict=True)
            if not np.isnan(line).all()
        },
    }
    return _compact(body)


def _sample(values: np.ndarray) -> list[float]:
    """Values above nought that stand for all: as many from each part of their order."""
    above = np.unique(values[values > 0])
    if above.size <= BREAKS_FROM:
        return above.tolist()
    return above[np.linspace(0, above.size - 1, BREAKS_FROM).astype(int)].tolist()


def _legend(found: MapClasses) -> dict[str, list]:
    used = shades(len(found.classes))
    return {
        "breaks": [int(c.least) for c in found.classes],
        "light": [LIGHT.shades[shade] for shade in used],
        "dark": [DARK.shades[shade] for shade in used],
    }


def _differences(line: np.ndarray) -> list[int | None]:
    told: list[int | None] = []
    last = 0
    for value in line.tolist():
        if value != value:
            told.append(None)
        else:
            told.append(int(value) - last)
            last = int(value)
    return told


def _compact(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
