"""One series for the API: two queries, the second only where the reader has not the answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from tongxin.situation.queries.choice import Candidate, ordered
from tongxin.situation.queries.known import known
from tongxin.situation.queries.withholding import LEVELS

# Every source's line of a place and metric, with its stated rank and its version: readings are
# only ever added, so their number and the newest moment name the state at ``as_of``.
LINES = """
WITH RECURSIVE up(code, parent_id, level, step) AS (
    SELECT code, parent_id, level, 0 FROM places_place WHERE code = %(place)s
    UNION ALL
    SELECT p.code, p.parent_id, p.level, step + 1
    FROM up JOIN places_place p ON p.code = up.parent_id
), stated AS (
    SELECT t.source_id, t.rank, dense_rank() OVER (ORDER BY up.step, t.metric = '') AS nearness
    FROM up JOIN situation_precedence t ON t.place_id = up.code
    WHERE t.metric IN (%(metric)s, '')
)
SELECT up.level, s.id, s.source_id, source.tier, stated.rank, v.count, v.oldest, v.newest, v.known
FROM up
LEFT JOIN situation_series s
    ON s.place_id = up.code AND s.metric = %(metric)s AND s.disease = %(disease)s
LEFT JOIN situation_source source ON source.code = s.source_id
LEFT JOIN stated ON stated.source_id = s.source_id AND stated.nearness = 1
LEFT JOIN LATERAL (
    SELECT count(*), min(about_on) AS oldest, max(about_on) AS newest, max(known_at) AS known
    FROM situation_reading WHERE series_id = s.id AND known_at <= %(as_of)s
) v ON TRUE
WHERE up.step = 0
"""

# The last word on each day, along the primary key; PostgreSQL writes the points as JSON.
POINTS = """
SELECT coalesce(string_agg(
    '{"date":"' || about_on || '","value":' || value || '}', ',' ORDER BY about_on
), '')
FROM (
    SELECT DISTINCT ON (about_on) about_on, value FROM situation_reading
    WHERE series_id = %(series)s AND known_at <= %(as_of)s
        AND about_on BETWEEN %(first)s AND %(last)s
    ORDER BY about_on DESC, known_at DESC
) told WHERE value IS NOT NULL
"""

ROWS = """
SELECT about_on, value, known_at FROM (
    SELECT DISTINCT ON (about_on) about_on, value, known_at FROM situation_reading
    WHERE series_id = %(series)s AND known_at <= %(as_of)s
        AND about_on BETWEEN %(first)s AND %(last)s
    ORDER BY about_on DESC, known_at DESC
) told WHERE value IS NOT NULL ORDER BY about_on
"""


@dataclass(frozen=True, slots=True)
class SourceVersion:
    """One source's line in a state that its count and newest moment name."""

    series: int
    source: str
    tier: int
    rank: int | None
    count: int
    oldest: date
    newest: date
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Spoken:
    """A place's figures of a metric as known at ``as_of``: who says them, the chosen first."""

    place: str
    metric: str
    disease: str
    as_of: datetime
    level: str
    lines: list[SourceVersion]

    @property
    def is_protected(self) -> bool:
        """Whether small counts of the place are withheld."""
        return self.level in LEVELS

    def said_by(self, source: str) -> SourceVersion | None:
        """The chosen line, or the line of ``source`` where one is named."""
        return next((line for line in self.lines if source in ("", line.source)), None)


def spoken(place: str, metric: str, *, disease: str, as_of: datetime) -> Spoken | None:
    """Who says what of a place; None where no place has the code."""
    asked = {"place": place, "metric": metric, "disease": disease, "as_of": as_of}
    with connection.cursor() as cursor:
        cursor.execute(LINES, asked)
        rows = cursor.fetchall()
    if not rows:
        return None
    lines = {row[2]: SourceVersion(*row[1:]) for row in rows if row[5]}
    order = ordered(
        [Candidate(line.source, line.tier, line.newest.toordinal()) for line in lines.values()],
        {line.source: line.rank for line in lines.values() if line.rank is not None},
    ).order
    return Spoken(
        place=place,
        metric=metric,
        disease=disease,
        as_of=as_of,
        level=rows[0][0],
        lines=[lines[source] for source in order],
    )


def points_json(series: int, *, as_of: datetime, first: date, last: date) -> str:
    """The points of a line as comma-separated JSON objects, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(POINTS, {"series": series, "as_of": as_of, "first": first, "last": last})
        return cursor.fetchone()[0]


def reading_rows(
    series: int, *, as_of: datetime, first: date, last: date
) -> list[tuple[date, int, datetime]]:
    """Day, value and when it became known, oldest first; withdrawn figures are left out."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"series": series, "as_of": as_of, "first": first, "last": last})
        return cursor.fetchall()


def protected_rows(
    told: Spoken, *, source: str, first: date, last: date
) -> list[tuple[date, int, datetime]]:
    """The same for a place whose small counts are withheld."""
    figures = known(as_of=told.as_of, disease=told.disease, places=[told.place])
    line = figures.line(told.place, told.metric, source or None)
    if line is None:
        return []
    pairs = zip(line.days.tolist(), line.values.tolist(), strict=True)
    return [(day, value, line.known_at) for day, value in pairs if first <= day <= last]


def window(line: SourceVersion, *, first: date | None, last: date | None, days: int) -> tuple:
    """The days to read now, and the day to go on from (None: that was all)."""
    begin = max(first or line.oldest, line.oldest)
    end = min(last or line.newest, line.newest)
    if (end - begin).days < days:
        return begin, end, None
    return begin, begin + timedelta(days=days - 1), begin + timedelta(days=days)
