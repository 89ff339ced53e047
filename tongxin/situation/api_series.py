"""One series at a time: the operations that most readers use most."""

import json
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema

from tongxin.releases.open_data import already_has, tag_of, unchanged
from tongxin.situation import api_schemas as out
from tongxin.situation import asked
from tongxin.situation.api_parameters import (
    AS_OF,
    CURSOR,
    DISEASE,
    FIRST_DAY,
    FROM,
    LAST_DAY,
    LIMIT,
    METRIC,
    PLACE,
    SOURCE,
    TO,
    as_known,
    as_told,
    file_of,
    offers,
    pack_of,
    place_of,
    source_called,
    stamp,
)
from tongxin.situation.metrics import metrics
from tongxin.situation.queries.series import (
    SourceVersion,
    Spoken,
    points_json,
    protected_rows,
    reading_rows,
    spoken,
    window,
)
from tongxin.situation.takeaway import as_csv, as_parquet, frame_of_rows

PARQUET = "application/vnd.apache.parquet"


class Line(Schema):
    """One line of figures, and which of its days."""

    place: str = PLACE
    metric: str = METRIC
    disease: str = DISEASE
    first: str = FROM
    to: str = TO
    as_of: str = AS_OF
    source: str = SOURCE


class Paged(Line):
    limit: int = LIMIT
    cursor: str = CURSOR


@offers("/series", response=out.SeriesOut)
def series(request: HttpRequest, query: Query[Paged]):
    """One place's figures of one metric, oldest first, as one source says them.

    A page covers `limit` days; a day without a figure has no point.
    """
    told, line = told_of(query)
    cursors = asked.Cursors("series")
    start, end = asked.day(query.first), asked.day(query.to)
    if position := cursors.read(query.cursor):
        start = date.fromisoformat(position[0])
    tag = version(told, line, query.as_of, query.source, start, end, query.limit)
    if already_has(request, tag):
        return unchanged(tag)
    points, following = "", None
    if line is not None:
        begin, finish, following = window(line, first=start, last=end, days=query.limit)
        points = points_of(told, line, query.source, begin, finish)
    head = {
        "place": told.place,
        "metric": told.metric,
        "disease": told.disease,
        "unit": metrics()[told.metric].unit,
        "as_of": stamp(as_told(told.as_of, query.as_of, line and line.known_at)),
        "source": line and line.source,
        "other_sources": [one.source for one in told.lines if one is not line],
        "next": following and cursors.write(following.isoformat()),
    }
    body = f'{json.dumps(head, ensure_ascii=False)[:-1]}, "points": [{points}]}}'
    return HttpResponse(body, content_type="application/json", headers={"ETag": tag})


@offers("/series.csv", summary="Series as CSV", openapi_extra=file_of("text/csv"))
def series_csv(request: HttpRequest, query: Query[Line]):
    """The same as a table: place, names, date, metric, value, source, known_at. All at once."""
    return file_answer(query, as_csv(frame_asked(query)), "csv", "text/csv; charset=utf-8")


@offers("/series.parquet", summary="Series as Parquet", openapi_extra=file_of(PARQUET))
def series_parquet(request: HttpRequest, query: Query[Line]):
    """The same table as Apache Parquet."""
    return file_answer(query, as_parquet(frame_asked(query)), "parquet", PARQUET)


def told_of(query: Line) -> tuple[Spoken, SourceVersion | None]:
    """Who says what, and the line asked for: None where there are no figures yet."""
    told = spoken(
        asked.place_code(query.place),
        asked.metric_called(query.metric).code,
        disease=pack_of(query.disease),
        as_of=as_known(query.as_of),
    )
    if told is None:
        raise asked.NoSuchPlace(place=asked.plain(query.place))
    line = told.said_by(query.source)
    if line is None and query.source:
        source_called(query.source)
    return told, line


def points_of(told: Spoken, line: SourceVersion, source: str, begin: date, end: date) -> str:
    """The points as JSON, without those that are withheld."""
    if not told.is_protected:
        return points_json(line.series, as_of=told.as_of, first=begin, last=end)
    rows = protected_rows(told, source=source, first=begin, last=end)
    return ",".join(f'{{"date":"{on}","value":{value}}}' for on, value, _ in rows)


def frame_asked(query: Line) -> Any:
    """The figures asked for as a table."""
    told, line = told_of(query)
    days = {"first": asked.day(query.first) or FIRST_DAY, "last": asked.day(query.to) or LAST_DAY}
    rows = []
    if line is not None and told.is_protected:
        rows = protected_rows(told, source=query.source, **days)
    elif line is not None:
        rows = reading_rows(line.series, as_of=told.as_of, **days)
    named = place_of(query.place)
    return frame_of_rows(
        (named.code, named.name_zh, named.name_en), told.metric, line.source if line else "", rows
    )


def file_answer(query: Line, data: bytes, ending: str, kind: str) -> HttpResponse:
    """A file that a browser saves under the name of its line."""
    name = f"{asked.place_code(query.place)}-{query.metric}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type=kind, headers=headers)


def version(told: Spoken, line: SourceVersion | None, *parts: object) -> str:
    """A tag that changes whenever the answer does: lines only grow, so their counts say it.

    What is withheld of a place hangs on its neighbours too, so there the moment is named.
    """
    state = [(one.series, one.count, one.known_at) for one in told.lines]
    moment = told.as_of if told.is_protected else None
    return tag_of(told.place, told.metric, told.disease, line and line.series, state, moment, parts)
