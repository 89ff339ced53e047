"""The figures of all parts of a place on one day, for the API: three small queries."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db import connection

from tongxin.places.models import Place
from tongxin.situation.models import Precedence
from tongxin.situation.queries.choice import Candidate, Precedences
from tongxin.situation.queries.known import known
from tongxin.situation.queries.withholding import LEVELS

NEWEST = """
SELECT s.place_id, s.source_id, source.tier, newest.about_on,
    told.about_on, told.value, told.known_at
FROM situation_series s
JOIN situation_source source ON source.code = s.source_id
JOIN LATERAL (
    SELECT max(about_on) AS about_on FROM situation_reading
    WHERE series_id = s.id AND known_at <= %(as_of)s
) newest ON newest.about_on IS NOT NULL
LEFT JOIN LATERAL (
    SELECT about_on, value, known_at FROM situation_reading
    WHERE series_id = s.id AND known_at <= %(as_of)s
        AND about_on = coalesce(%(on)s::date, newest.about_on)
    ORDER BY known_at DESC LIMIT 1
) told ON TRUE
WHERE s.place_id = ANY(%(places)s) AND s.metric = %(metric)s AND s.disease = %(disease)s
"""


@dataclass(frozen=True, slots=True)
class Value:
    """A part's figure; ``value`` is None where nobody said one or it is withheld."""

    place: str
    value: int | None
    on: date | None
    source: str
    is_suppressed: bool
    known_at: datetime | None = None


def values_of_parts(
    parent: str, metric: str, *, disease: str, as_of: datetime, on: date | None
) -> list[tuple[Place, Value]]:
    """Every part that stands, with its figure of the day ``on`` or its newest one."""
    parts = list(Place.objects.filter(parent=parent).order_by("pinyin", "name_en", "code"))
    open_parts = [p.code for p in parts if p.level not in LEVELS]
    asked = {"metric": metric, "disease": disease, "as_of": as_of, "on": on}
    found = _spoken(open_parts, asked) if open_parts else {}
    found |= _protected([p.code for p in parts if p.level in LEVELS], asked)
    nothing = [Value(p.code, None, None, "", is_suppressed=False) for p in parts]
    return [(p, found.get(p.code, none)) for p, none in zip(parts, nothing, strict=True)]


def _spoken(places: list[str], asked: dict) -> dict[str, Value]:
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, asked | {"places": places})
        rows = cursor.fetchall()
    parents = dict(Place.objects.filter(children__isnull=False).values_list("code", "parent_id"))
    parents |= dict(Place.objects.filter(code__in=places).values_list("code", "parent_id"))
    precedences = Precedences(
        Precedence.objects.values_list("place_id", "metric", "source_id", "rank"), parents
    )
    told: dict[str, dict[str, tuple]] = {}
    for place, source, tier, newest, *figure in rows:
        told.setdefault(place, {})[source] = (tier, newest.toordinal(), *figure)
    return {
        place: _chosen(place, asked["metric"], sources, precedences)
        for place, sources in told.items()
    }


def _chosen(place: str, metric: str, sources: dict[str, tuple], precedences: Precedences) -> Value:
    first = precedences.choose(
        place, metric, [Candidate(s, tier, newest) for s, (tier, newest, *_) in sources.items()]
    ).order[0]
    _, _, on, value, known_at = sources[first]
    if value is None:
        return Value(place, None, None, first, is_suppressed=False)
    return Value(place, value, on, first, is_suppressed=False, known_at=known_at)


def _protected(places: list[str], asked: dict) -> dict[str, Value]:
    if not places:
        return {}
    figures = known(as_of=asked["as_of"], disease=asked["disease"], places=places)
    found = {}
    for place in places:
        line = figures.line(place, asked["metric"])
        hidden = figures.withheld_days(place, asked["metric"])
        days = line.days if line else np.array([], "datetime64[D]")
        newest = max([*days[-1:], *hidden[-1:]], default=None)
        on = np.datetime64(asked["on"], "D") if asked["on"] else newest
        if on is None:
            continue
        at = int(np.searchsorted(days, on))
        shown = at < len(days) and days[at] == on
        found[place] = Value(
            place=place,
            value=int(line.values[at]) if line and shown else None,
            on=on.item() if shown else None,
            source=line.source if line else "",
            is_suppressed=bool(np.isin(on, hidden)),
            known_at=line.known_at if line and shown else None,
        )
    return found
