"""The figures, sources and caveats that Tongxin brings along, so that the map is alive offline."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.situation.actions.figures import Origin, Progress, Report, store
from tongxin.situation.actions.held import accept_held, reject_held
from tongxin.situation.actions.sources import require_source, shipped_sources
from tongxin.situation.importers import shipped
from tongxin.situation.importers.parsed import Parsed
from tongxin.situation.models import Batch, Caveat, Held

DATA = Path(__file__).resolve().parents[1] / "data"
BEIJING = ZoneInfo("Asia/Shanghai")
FORMAT = BY = "shipped"  # how such batches, and decisions made before shipping, are signed
DECISIONS = {"accepted": accept_held, "rejected": reject_held}
DISEASE = "covid-19"
ONSETS_PUBLISHED = datetime(2020, 1, 24, 12, tzinfo=BEIJING)  # Huang et al., The Lancet


def load_shipped_figures(
    *, by: object, at: datetime, progress: Progress | None = None
) -> list[Report]:
    """Load what is not there yet: sources, caveats, tables. The second time does nothing.

    What is odd in the tables was looked at before they shipped: the decisions come with them.

    Returns one report for each table that was loaded. Whole or not at all.
    """
    tell = progress or (lambda step, share: None)
    reports = []
    with transaction.atomic():
        for source in shipped_sources():
            require_source(source.code)
        _load_caveats(by)
        tables = list(_tables())
        for number, (name, source, note, parsed) in enumerate(tables):
            tell(name, number / len(tables))
            digest = sha256(_bytes(name) + note.encode()).hexdigest()
            if Batch.objects.filter(format=FORMAT, sha256=digest).exists():
                continue
            origin = Origin(FORMAT, name, digest, source, DISEASE, note=note)
            reports.append(store(parsed, origin, by=by, at=at))
        _decide_as_reviewed(at)
    tell("", 1.0)
    return reports


def _tables() -> Iterator[tuple[str, str, str, Parsed]]:
    """File, source, note and figures, in the order in which they build on each other."""
    onsets = shipped.read_wide(DATA / "onset_2019.csv", lambda day: ONSETS_PUBLISHED)
    yield "onset_2019.csv", "jinyintan-lancet", "", onsets
    china = shipped.read_wide(DATA / "china_2020.csv", lambda day: _seen()[day])
    yield "china_2020.csv", "official-bulletins", "", china
    for note, parsed in shipped.read_stated(DATA / "stated_2020.csv").items():
        yield "stated_2020.csv", "official-bulletins", note, parsed
    yield "world_2020.csv", "jhu-csse", "", shipped.read_wide(DATA / "world_2020.csv", _next_day)
    gaps = shipped.read_wide(DATA / "world_gaps_2020.csv", _next_day)
    yield "world_gaps_2020.csv", "canghailan", "", gaps


def _next_day(day: date) -> datetime:
    """JHU closes its day at midnight UTC, which is the next morning in Beijing."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), BEIJING).replace(hour=8)


@cache
def _seen() -> dict[date, datetime]:
    """Day → when the last of its figures was read off DXY's page, or the bulletin's noon."""
    with (DATA / "known_2020.csv").open(encoding="utf-8", newline="") as table:
        return {
            date.fromisoformat(row["about_on"]): datetime.fromisoformat(row["known_at"])
            for row in csv.DictReader(table)
        }


def _bytes(name: str) -> bytes:
    return (DATA / name).read_bytes()


def _load_caveats(by: object) -> None:
    with (DATA / "caveats.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            key = {name: row.pop(name) for name in ("metric", "disease", "from_on", "to_on")}
            caveat, is_new = Caveat.objects.get_or_create(
                place_id=row.pop("place"), **key, defaults=row
            )
            if is_new:
                record("situation.loaded_caveat", caveat, by=by)


def _decide_as_reviewed(at: datetime) -> None:
    """Settle what waits about our tables and was decided before they shipped."""
    reviewed = {}
    with (DATA / "reviewed_2020.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            key = (row["file"], row["code"], row["metric"], row["about_on"], row["value"])
            reviewed[key] = row["decision"], row["note"]
    together: dict[tuple[str, str], list[int]] = {}
    waiting = Held.objects.filter(batch__format=FORMAT, state=Held.State.WAITING)
    for held in waiting.select_related("batch"):
        figure = (held.place_id, held.metric, str(held.about_on), str(held.value))
        if answer := reviewed.get((held.batch.filename, *figure)):
            together.setdefault(answer, []).append(held.pk)
    for (decision, note), ids in together.items():
        DECISIONS[decision](ids, note=note, by=BY, at=at)
