"""Figures in: one file becomes readings, questions to an officer, and a report, or nothing."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import polars as pl
from django.db import connection, transaction
from django.utils import timezone

from tongxin.audit.actions import record
from tongxin.places.queries import Gazetteer, gazetteer
from tongxin.refusal import Refusal, noop
from tongxin.situation.actions.questions import Questions
from tongxin.situation.actions.readings import add_readings, readings_of
from tongxin.situation.actions.sources import require_source
from tongxin.situation.diseases import packs
from tongxin.situation.importers import FORMATS, files
from tongxin.situation.importers.comparison import compare
from tongxin.situation.importers.oddities import IsExcused, find
from tongxin.situation.importers.parsed import Parsed
from tongxin.situation.importers.placing import resolve
from tongxin.situation.metrics import metrics
from tongxin.situation.models import Batch, Series, Source
from tongxin.situation.queries.reasons import reasons_given
from tongxin.situation.thresholds import JUMP_LOOKS_BACK_DAYS

Progress = Callable[[str, float], None]  # what is being done, and how far along (0 to 1)
REFUSED_LINES_SHOWN = 100


class UnknownFormat(Refusal):
    """No importer has this name."""

    says = noop("There is no format “{format}”. There are: {formats}.")


class UnknownDisease(Refusal):
    """No disease pack has this name."""

    says = noop("There is no disease “{disease}”. There are: {diseases}.")


@dataclass(frozen=True, slots=True)
class Report:
    """What became of every figure of a file.

    ``read`` = ``new`` + ``revised`` + ``same`` + ``held`` + ``refused`` + ``empty``.
    """

    batch: int
    read: int
    new: int
    revised: int
    same: int
    held: int
    refused: int
    empty: int
    decisions: int = 0  # how many decisions the held figures ask for
    refused_lines: list[tuple[int, str]] = field(default_factory=list)
    parts_only: list[str] = field(default_factory=list)  # areas given by their parts only


@dataclass(frozen=True, slots=True)
class Origin:
    """Where figures come from: what the batch says about them."""

    format: str
    filename: str
    sha256: str
    source: str
    disease: str
    known_at: datetime | None = None  # for rows that do not say; None: the moment of the import
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Import:
    """What one import is about, handed from step to step."""

    source: Source
    disease: str
    known_at: datetime
    at: datetime
    tell: Progress


def import_figures(
    path: Path,
    *,
    format: str,
    source: str | None = None,
    disease: str = "covid-19",
    known_at: datetime | None = None,
    note: str = "",
    by: object,
    at: datetime,
    progress: Progress | None = None,
) -> Report:
    """Read a file of figures and store what is new in it, as one whole or not at all.

    Args:
        format: one of `importers.FORMATS`.
        source: code of the source; by default the format's own.
        disease: what the figures count, where the file itself does not say.
        known_at: when the figures were known, where the file itself does not say; ``at`` if None.
        note: why figures changed, where the source says so.

    Raises:
        Unreadable: the file as a whole cannot be used; nothing was changed.
        UnknownFormat, UnknownSource, UnknownDisease: so it says.
    """
    tell = progress or _silent
    if format not in FORMATS:
        raise UnknownFormat(format=format, formats=", ".join(FORMATS))
    read, usual_source = FORMATS[format]
    path = Path(path)
    tell(noop("reading"), 0.0)
    parsed = read(path)
    disease = parsed.disease or disease
    if disease not in packs():
        raise UnknownDisease(disease=disease, diseases=", ".join(packs()))
    origin = Origin(
        format=format,
        filename=path.name[-200:],
        sha256=sha256(files.content(path)).hexdigest(),
        source=source or usual_source,
        disease=disease,
        known_at=known_at,
        note=(note or parsed.note)[:300],
    )
    return store(parsed, origin, by=by, at=at, progress=tell)


@transaction.atomic
def store(
    parsed: Parsed, origin: Origin, *, by: object, at: datetime, progress: Progress | None = None
) -> Report:
    """Store what is new in figures that have been read, with a batch that says what became of them.

    Imports of one source take turns, so two of the same file store it once.
    """
    source = require_source(origin.source)
    _wait_for_turn(source)
    batch = Batch.objects.create(
        source=source,
        format=origin.format,
        filename=origin.filename,
        sha256=origin.sha256,
        at=at,
        by=by if isinstance(by, str) else f"user:{by.pk}",
        note=origin.note,
    )
    tell = progress or _silent
    job = _Import(source, origin.disease, origin.known_at or at, at, tell)
    report = _stored(parsed, job, batch)
    batch.report = asdict(report)
    batch.save(update_fields=["report"])
    counts = {name: count for name, count in batch.report.items() if isinstance(count, int)}
    record("situation.imported_figures", batch, by=by, sha256=origin.sha256, **counts)
    tell(noop("done"), 1.0)
    return report


def _silent(step: str, share: float) -> None:
    """Tells nobody."""


def _wait_for_turn(source: Source) -> None:
    """One import of a source at a time, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('tongxin import'), hashtext(%s))", [source.pk]
        )


def _stored(parsed: Parsed, job: _Import, batch: Batch) -> Report:
    job.tell(noop("finding places"), 0.3)
    names = gazetteer()
    places = resolve(parsed.places, names)
    questions = Questions(places, job.known_at)
    fresh, series = _in_series(_certain(parsed, places, questions, job), places, names, job)
    job.tell(noop("comparing with what is known"), 0.5)
    rows = compare(fresh, _known(fresh))
    del fresh
    job.tell(noop("checking"), 0.6)
    is_asked = _ask(rows, series, questions, reasons_given(job.disease, names))
    counts = dict(rows.filter(~is_asked)["status"].value_counts().iter_rows())
    job.tell(noop("writing"), 0.7)
    add_readings(
        rows.filter(pl.col("status").is_in(["new", "revised"]) & ~is_asked), batch=batch.pk
    )
    held, decisions, asked_before = questions.write(batch, job.disease)
    return Report(
        batch=batch.pk,
        read=parsed.read,
        new=counts.get("new", 0),
        revised=counts.get("revised", 0),
        same=counts.get("same", 0) + asked_before,
        held=held,
        refused=sum(line.figures for line in parsed.refused),
        empty=parsed.empty,
        decisions=decisions,
        refused_lines=[(r.line, r.why) for r in parsed.refused[:REFUSED_LINES_SHOWN]],
        parts_only=list(parsed.parts_only),
    )


def _certain(
    parsed: Parsed, places: pl.DataFrame, questions: Questions, job: _Import
) -> pl.DataFrame:
    """Figures whose place, metric and day are certain; the others become questions."""
    questions.add_each(
        parsed.odd,
        ["line", "place", "metric", "about_on"],
        lambda row: {"code": row["reason"]},
    )
    unsure = places.filter(pl.col("code").is_null()).select("place", "reason", "candidates")
    questions.add_each(
        parsed.figures.join(unsure, on="place"),
        ["place", "metric"],
        lambda row: {"code": row["reason"], "candidates": row["candidates"]},
    )
    placed = parsed.figures.join(unsure, on="place", how="anti")
    is_known = pl.col("metric").is_in(list(metrics()))
    questions.add_each(
        placed.filter(~is_known), ["place", "metric"], lambda row: {"code": "unknown_metric"}
    )
    today = timezone.localdate(job.at)
    is_past = pl.col("about_on") <= today
    questions.add_each(
        placed.filter(is_known & ~is_past),
        ["place", "metric"],
        lambda row: {"code": "future_date", "today": today.isoformat()},
    )
    return placed.filter(is_known & is_past)


def _in_series(
    figures: pl.DataFrame, places: pl.DataFrame, names: Gazetteer, job: _Import
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Figures by ``series`` with a moment known, and what each series is about.

    ``parent`` of a series is a number shared by its siblings.
    """
    keys = figures.select("place", "metric").unique(maintain_order=True)
    keys = keys.join(places.select("place", "code"), on="place")
    pairs = list(keys.select("code", "metric").iter_rows())
    ids = _series(set(pairs), job)
    families: dict[tuple[str | None, str], int] = {}
    family = [
        families.setdefault((names.places[code].parent, metric), len(families))
        for code, metric in pairs
    ]
    keys = keys.with_columns(
        series=pl.Series([ids[key] for key in pairs], dtype=pl.Int64),
        parent=pl.Series(family, dtype=pl.Int64),
    )
    fresh = figures.join(keys.select("place", "metric", "series"), on=["place", "metric"]).select(
        "series",
        "about_on",
        pl.col("known_at").fill_null(job.known_at.astimezone(UTC)),
        "value",
        "line",
        "place",
    )
    return fresh, keys.select("series", "code", "metric", "parent").unique("series")


def _ask(
    rows: pl.DataFrame, series: pl.DataFrame, questions: Questions, is_excused: IsExcused
) -> pl.Series:
    """Ask about odd figures; which rows that are."""
    about = series.select("series", "metric")
    questions.add_each(
        rows.filter(pl.col("status") == "differs").join(about, on="series"),
        ["line", "series", "about_on", "known_at"],
        lambda row: {"code": "duplicate_differs"},
    )
    events = find(rows, series, is_excused=is_excused)
    odd = rows[events.row].with_columns(event=pl.Series(events.event, dtype=pl.Int64))
    questions.add_events(odd.join(about, on="series"), events.reasons)
    is_asked = (rows["status"] == "differs").to_numpy().copy()
    is_asked[events.row] = True
    return pl.Series(is_asked)


def _series(keys: set[tuple[str, str]], job: _Import) -> dict[tuple[str, str], int]:
    """The id of each (place, metric) of the source, made where it is missing."""
    mine = Series.objects.filter(source=job.source, disease=job.disease)
    ids = {(p, m): pk for pk, p, m in mine.values_list("pk", "place_id", "metric")}
    missing = [
        Series(place_id=place, metric=metric, disease=job.disease, source=job.source)
        for place, metric in sorted(keys - ids.keys())
    ]
    for one in Series.objects.bulk_create(missing):
        ids[one.place_id, one.metric] = one.pk
    return ids


def _known(fresh: pl.DataFrame) -> pl.DataFrame:
    """Readings of the same series, from a fortnight before the first day that comes in."""
    days = fresh["about_on"]
    first, last = days.min() or date.max, days.max() or date.min
    back = timedelta(days=JUMP_LOOKS_BACK_DAYS + 1) if fresh.height else timedelta()
    return readings_of(fresh["series"].unique().to_list(), first - back, last)
