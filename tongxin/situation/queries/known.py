"""Everything known at a moment, from one set-based query, as arrays."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from struct import Struct

import numpy as np
from django.db import connection
from psycopg import sql

from tongxin.places.models import Place
from tongxin.situation.diseases import packs
from tongxin.situation.metrics import metrics
from tongxin.situation.models import Batch, Precedence, Series
from tongxin.situation.queries.choice import Candidate, Precedences
from tongxin.situation.queries.withholding import protected_family, withhold
from tongxin.situation.shapes import Line, Revision
from tongxin.situation.thresholds import SMALL_CELL

# A figure as PostgreSQL's send functions write it. One value per series goes over the line, so
# a million figures are read without making a Python object or a message for any of them.
ROW = np.dtype(
    [
        ("series", ">i8"),
        ("day", ">i4"),
        ("known", ">i8"),
        ("value", ">i8"),
        ("batch", ">i8"),
    ]
)
# What COPY … (FORMAT binary) puts before all, before each row of one column, and behind all.
HEADER_BYTES = 19
ROW_HEAD = Struct(">hi")
TRAILER_BYTES = 2
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL counts from here
EPOCH_DAY = np.datetime64("2000-01-01", "D")
WITHDRAWN = -1

READINGS = sql.SQL(
    "COPY (SELECT string_agg(int8send(r.series_id) || date_send(r.about_on)"
    " || timestamptz_send(r.known_at) || int8send(COALESCE(r.value, {withdrawn}))"
    " || int8send(r.batch_id), ''::bytea)"
    " FROM situation_reading r JOIN situation_series s ON s.id = r.series_id"
    " WHERE s.disease = {disease} AND r.known_at <= {as_of} AND {where}"
    " GROUP BY r.series_id) TO STDOUT (FORMAT binary)"
)


@dataclass(frozen=True, slots=True)
class Revisions:
    """Figures that were said otherwise before, as parallel arrays in the order of series, day."""

    series: np.ndarray
    day: np.ndarray  # days since 2000
    before: np.ndarray  # -1: no figure
    after: np.ndarray
    known: np.ndarray  # microseconds since 2000
    batch: np.ndarray


@dataclass(frozen=True, slots=True)
class Known:
    """All figures of one disease as known at ``as_of``, the chosen source first.

    What must not be published is not in it (see `withholding`), so whatever is built from a
    ``Known`` may be published, unless it was loaded ``raw`` for officers and the gate.
    """

    as_of: datetime
    disease: str
    latest_known_at: datetime | None
    last_day: np.datetime64 | None
    _lines: Mapping[tuple[str, str], list[Line]]
    _stale: frozenset[tuple[str, str, str]]
    _withheld: Mapping[tuple[str, str], np.ndarray]
    _revisions: Mapping[str, list[tuple[str, str, int]]]
    _changes: Revisions

    def line(self, place: str, metric: str, source: str | None = None) -> Line | None:
        """The chosen source's line, or ``source``'s; None where there is no figure."""
        lines = self.lines(place, metric)
        if source is not None:
            lines = [line for line in lines if line.source == source]
        return lines[0] if lines else None

    def lines(self, place: str, metric: str) -> list[Line]:
        """Every source's line, the chosen first."""
        return self._lines.get((place, metric), [])

    @property
    def keys(self) -> Collection[tuple[str, str]]:
        """Every (place, metric) that has a figure, withheld or not."""
        return self._lines.keys()

    def metrics(self, place: str) -> list[str]:
        """Metrics that the place has figures for, in the order pages show them."""
        return [metric for metric in metrics() if (place, metric) in self._lines]

    def places(self) -> set[str]:
        """Places that have any figure, withheld or not."""
        return {place for place, _ in self._lines}

    def is_stale(self, place: str, metric: str, source: str) -> bool:
        """Whether a source that might have spoken first yielded for being late."""
        return (place, metric, source) in self._stale

    def withheld_days(self, place: str, metric: str) -> np.ndarray:
        """Days (datetime64[D]) that have a figure which must not be published."""
        return self._withheld.get((place, metric), np.array([], "datetime64[D]"))

    def is_withheld(self, place: str, metric: str, on: np.datetime64) -> bool:
        return bool(np.isin(on, self.withheld_days(place, metric)))

    def revisions(self, *, since: datetime, place: str | None = None) -> list[Revision]:
        """Figures changed after ``since``, newest first; ``why`` is left empty."""
        after = _micros(since)
        changes = self._changes
        codes = [place] if place is not None else list(self._revisions)
        found = [
            Revision(
                place=code,
                metric=metric,
                about_on=(EPOCH_DAY + int(changes.day[at])).item(),
                source=source,
                before=_figure(changes.before[at]),
                after=_figure(changes.after[at]),
                known_at=_moment(changes.known[at]),
                why="",
                batch=int(changes.batch[at]),
            )
            for code in codes
            for metric, source, at in self._revisions.get(code, [])
            if changes.known[at] > after
        ]
        return sorted(found, key=lambda r: (r.known_at, r.about_on, r.metric), reverse=True)


def known(
    *, as_of: datetime, disease: str, places: Collection[str] | None = None, raw: bool = False
) -> Known:
    """Everything known at ``as_of`` about a disease, or about some ``places`` only.

    Small counts are withheld unless ``raw``: only officers' pages and the gate may ask for it.
    """
    parents, levels = {}, {}
    for code, parent, level in Place.objects.order_by().values_list("code", "parent_id", "level"):
        parents[code], levels[code] = parent, level
    wanted = None if places is None else sorted(protected_family(places, parents, levels))
    rows = _newest_last(_copied(as_of, disease, wanted))
    series = {
        pk: (place, metric, source, tier)
        for pk, place, metric, source, tier in Series.objects.filter(disease=disease).values_list(
            "pk", "place_id", "metric", "source_id", "source__tier"
        )
    }
    precedences = Precedences(
        Precedence.objects.values_list("place_id", "metric", "source_id", "rank"), parents
    )
    full = _assembled(rows, series, precedences, as_of=as_of, disease=disease)
    if raw:
        return full
    below = packs()[disease].thresholds.small_cell if disease in packs() else SMALL_CELL
    safe = withhold(full._lines, parents, levels, below=below)
    return replace(
        full,
        _lines=safe.lines,
        _withheld=safe.days,
        _revisions={p: r for p, r in full._revisions.items() if p not in safe.protected},
    )


def with_reasons(revisions: list[Revision]) -> list[Revision]:
    """The revisions with what their batches say about why, in one query."""
    notes = dict(
        Batch.objects.filter(pk__in={r.batch for r in revisions}).values_list("pk", "note")
    )
    return [replace(r, why=notes.get(r.batch, "")) for r in revisions]


def _copied(as_of: datetime, disease: str, places: list[str] | None) -> np.ndarray:
    where = (
        sql.SQL("TRUE")
        if places is None
        else sql.SQL("s.place_id = ANY({})").format(sql.Literal(places))
    )
    statement = READINGS.format(
        withdrawn=sql.Literal(WITHDRAWN),
        disease=sql.Literal(disease),
        as_of=sql.Literal(as_of),
        where=where,
    )
    data = bytearray()
    with connection.cursor() as cursor, cursor.copy(statement.as_string(cursor.connection)) as copy:
        for chunk in copy:
            data += chunk
    rows, at = [np.empty(0, ROW)], HEADER_BYTES
    while at < len(data) - TRAILER_BYTES:
        _, size = ROW_HEAD.unpack_from(data, at)
        at += ROW_HEAD.size
        rows.append(np.frombuffer(data, ROW, count=size // ROW.itemsize, offset=at))
        at += size
    return np.concatenate(rows)


def _newest_last(rows: np.ndarray) -> dict[str, np.ndarray]:
    """The columns in native order, sorted by series, day, then moment known."""
    columns = {name: rows[name].astype(np.int64) for name in ("series", "day", "known")}
    figure = (columns["series"] << 20) + columns["day"] + (1 << 19)
    order = np.lexsort((columns["known"], figure))
    columns |= {name: rows[name].astype(np.int64) for name in ("value", "batch")}
    columns["figure"] = figure
    return {name: column[order] for name, column in columns.items()}


def _assembled(
    rows: dict[str, np.ndarray],
    series: dict[int, tuple[str, str, str, int]],
    precedences: Precedences,
    *,
    as_of: datetime,
    disease: str,
) -> Known:
    changes = _changes(rows)
    newest = np.append(np.diff(rows["figure"]) != 0, True)[: len(rows["figure"])]
    kept = {name: column[newest] for name, column in rows.items()}
    by_key: dict[tuple[str, str], dict[str, tuple[Line, int]]] = {}
    for pk, line_rows in _runs(kept["series"]):
        place, metric, source, tier = series[pk]
        line = _line(place, metric, source, kept, line_rows)
        if line is not None:
            by_key.setdefault((place, metric), {})[source] = (line, tier)
    lines, stale = _chosen(by_key, precedences)
    revisions: dict[str, list[tuple[str, str, int]]] = {}
    for at, pk in enumerate(changes.series.tolist()):
        place, metric, source, _ = series[pk]
        revisions.setdefault(place, []).append((metric, source, at))
    days = [line.days[-1] for found in lines.values() for line in found]
    return Known(
        as_of=as_of,
        disease=disease,
        latest_known_at=_moment(rows["known"].max()) if rows["known"].size else None,
        last_day=max(days, default=None),
        _lines=lines,
        _stale=stale,
        _withheld={},
        _revisions=revisions,
        _changes=changes,
    )


def _chosen(
    by_key: dict[tuple[str, str], dict[str, tuple[Line, int]]], precedences: Precedences
) -> tuple[dict[tuple[str, str], list[Line]], frozenset[tuple[str, str, str]]]:
    lines, stale = {}, set()
    for (place, metric), found in by_key.items():
        choice = precedences.choose(
            place,
            metric,
            [Candidate(s, tier, line.days[-1].astype(int)) for s, (line, tier) in found.items()],
        )
        lines[place, metric] = [found[source][0] for source in choice.order]
        stale |= {(place, metric, source) for source in choice.stale}
    return lines, frozenset(stale)


def _changes(rows: dict[str, np.ndarray]) -> Revisions:
    again = np.flatnonzero((np.diff(rows["figure"]) == 0) & (np.diff(rows["value"]) != 0))
    return Revisions(
        series=rows["series"][again + 1],
        day=rows["day"][again + 1],
        before=rows["value"][again],
        after=rows["value"][again + 1],
        known=rows["known"][again + 1],
        batch=rows["batch"][again + 1],
    )


def _runs(ids: np.ndarray) -> Iterable[tuple[int, slice]]:
    """Each id with the slice of rows that carry it; equal ids stand together."""
    if not ids.size:
        return
    edges = [0, *(np.flatnonzero(np.diff(ids)) + 1).tolist(), ids.size]
    for start, stop in zip(edges, edges[1:], strict=False):
        yield int(ids[start]), slice(start, stop)


def _line(
    place: str, metric: str, source: str, rows: dict[str, np.ndarray], where: slice
) -> Line | None:
    values = rows["value"][where]
    stands = values != WITHDRAWN
    if not stands.any():
        return None
    return Line(
        place=place,
        metric=metric,
        source=source,
        days=EPOCH_DAY + rows["day"][where][stands],
        values=values[stands],
        known_at=_moment(rows["known"][where].max()),
        moments=np.datetime64("2000-01-01", "us") + rows["known"][where][stands],
    )


def _figure(value: int) -> int | None:
    return None if value == WITHDRAWN else int(value)


def _moment(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=int(micros))


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
