"""The read API of the situation: any figure, as it was known at any moment."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query

from tongxin.places.models import Place
from tongxin.places.queries import ancestors, search
from tongxin.situation import api_schemas as out
from tongxin.situation import api_series, asked
from tongxin.situation.api_parameters import (
    AS_OF,
    CURSOR,
    DISEASE,
    FOUND_AT_MOST,
    LIMIT,
    METRIC,
    MOST,
    PLACE,
    as_known,
    as_told,
    offers,
    pack_of,
    place_of,
    router,
)
from tongxin.situation.diseases import packs
from tongxin.situation.metrics import metrics
from tongxin.situation.models import Series, Source
from tongxin.situation.queries.disagreements import disagreements
from tongxin.situation.queries.known import known, with_reasons
from tongxin.situation.queries.standing import standing_of
from tongxin.situation.queries.values import values_of_parts

__all__ = ["api_series", "router"]
BEFORE_ALL = datetime(asked.EARLIEST, 1, 1, tzinfo=UTC)


@offers("/places", response=out.PlacesOut)
def places(
    request: HttpRequest,
    parent: str = Query("", description="Only the parts of this place"),
    q: str = Query("", max_length=80, description="A name, pinyin or initials"),
    limit: int = LIMIT,
    cursor: str = CURSOR,
):
    """Places by code, or found by name in either language, the best first."""
    if q:
        found = search(asked.plain(q), min(limit, FOUND_AT_MOST))
        return {"places": [place_out(one) for one in found], "next": None}
    rows = Place.objects.order_by("code")
    if parent:
        rows = rows.filter(parent=place_of(parent))
    cursors = asked.Cursors("places")
    if position := cursors.read(cursor):
        rows = rows.filter(code__gt=position[0])
    listed = list(rows[: limit + 1])
    following = cursors.write(listed[limit - 1].code) if len(listed) > limit else None
    return {"places": [place_out(one) for one in listed[:limit]], "next": following}


@offers("/places/{code}", response=out.PlaceDetailOut, summary="One place")
def place_detail(
    request: HttpRequest,
    code: str = Path(..., description="Code of a place", examples=["CN-420000"]),
):
    """One place, what stands above it, and which series there are of it."""
    found = place_of(code)
    held = Series.objects.filter(place=found).order_by("disease", "metric", "source")
    return place_out(found) | {
        "ancestors": [above.code for above in ancestors(found.code)][::-1],
        "series": [
            {"metric": metric, "disease": disease, "source": source}
            for metric, disease, source in held.values_list("metric", "disease", "source_id")
        ],
    }


@offers("/areas", response=out.AreasOut)
def areas(
    request: HttpRequest,
    parent: str = Query("CN", description="The place whose parts are asked for"),
    metric: str = METRIC,
    day: str = Query("", alias="date", description="Of this day; the newest when left out"),
    disease: str = DISEASE,
    as_of: str = AS_OF,
):
    """The figures of all parts of a place on one day, for a map or a table."""
    whole, moment = place_of(parent), as_known(as_of)
    found = values_of_parts(
        whole.code,
        asked.metric_called(metric).code,
        disease=pack_of(disease),
        as_of=moment,
        on=asked.day(day),
    )
    newest = max((told.known_at for _, told in found if told.known_at), default=None)
    return {
        "parent": whole.code,
        "metric": metric,
        "disease": pack_of(disease),
        "as_of": as_told(moment, as_of, newest),
        "areas": [
            {
                "place": place.code,
                "name_zh": place.name_zh,
                "name_en": place.name_en,
                "value": told.value,
                "date": told.on,
                "source": told.source or None,
                "per_100k": per_100k(told.value, place.population),
                "is_suppressed": told.is_suppressed,
            }
            for place, told in found
        ],
    }


@offers("/revisions", response=out.RevisionsOut, summary="Revisions")
def revised(
    request: HttpRequest,
    place: str = PLACE,
    since: str = Query(
        "", description="Changed after the end of this day, or this moment; all when left out"
    ),
    metric: str = Query("", description="Code of a metric; every metric when left out"),
    disease: str = DISEASE,
    as_of: str = AS_OF,
    limit: int = LIMIT,
    cursor: str = CURSOR,
):
    """Which figures were said otherwise before, newest change first, and why."""
    where, cursors, offset = place_of(place), asked.Cursors("revisions"), 0
    moment, begin = as_known(as_of), as_known(since) if since else None
    if position := cursors.read(cursor):
        offset, moment = int(position[0]), datetime.fromisoformat(position[1])
    code = asked.metric_called(metric).code if metric else ""
    figures = known(as_of=moment, disease=pack_of(disease), places=[where.code])
    found = figures.revisions(since=begin or BEFORE_ALL, place=where.code)
    found = [one for one in found if code in ("", one.metric)]
    more = len(found) > offset + limit
    return {
        "place": where.code,
        "since": begin,
        "as_of": as_told(moment, as_of or cursor, figures.latest_known_at),
        "revisions": [revision_out(r) for r in with_reasons(found[offset : offset + limit])],
        "next": cursors.write(offset + limit, moment.isoformat()) if more else None,
    }


@offers("/disagreements", response=out.DisagreementsOut, summary="Disagreements")
def differing(request: HttpRequest, place: str = PLACE, disease: str = DISEASE, as_of: str = AS_OF):
    """Where sources differ about a place: of each, the newest day it differs from the chosen."""
    where, moment = place_of(place), as_known(as_of)
    figures = known(as_of=moment, disease=pack_of(disease), places=[where.code])
    return {
        "place": where.code,
        "as_of": as_told(moment, as_of, figures.latest_known_at),
        "disagreements": [
            {
                "metric": one.metric,
                "date": one.about_on,
                "source": one.chosen_source,
                "value": one.chosen_value,
                "other_source": one.other_source,
                "other_value": one.other_value,
                "difference": one.difference,
            }
            for one in disagreements(figures, where.code, limit=MOST)
        ],
    }


@offers("/indicators", response=out.IndicatorsOut)
def indicators(
    request: HttpRequest, place: str = PLACE, disease: str = DISEASE, as_of: str = AS_OF
):
    """New, 7-day mean, rate, doubling time, R with its 95 % interval, and the risk level."""
    where, moment = place_of(place).code, as_known(as_of)
    figures = known(as_of=moment, disease=pack_of(disease), places=[where])
    return standing_of(where, figures) | {
        "as_of": as_told(moment, as_of, figures.latest_known_at),
    }


@offers("/metrics", response=list[out.MetricOut], summary="Metrics")
def metric_list(request: HttpRequest):
    """What is counted, with its definition in both languages."""
    return [one.model_dump() for one in metrics().values()]


@offers("/diseases", response=list[out.DiseaseOut], summary="Diseases")
def disease_list(request: HttpRequest):
    """Diseases that figures may be about."""
    return [
        {
            "code": pack.code,
            "name_zh": pack.names.zh,
            "name_en": pack.names.en,
            "metrics": list(pack.metrics),
        }
        for pack in packs().values()
    ]


@offers("/sources", response=list[out.SourceOut], summary="Sources")
def source_list(request: HttpRequest):
    """Who says the figures, and under which licence they may be used."""
    return list(Source.objects.order_by("tier", "code").values())


def place_out(place: Place) -> dict[str, Any]:
    fields = out.PlaceOut.model_fields.keys() - {"parent"}
    return {name: getattr(place, name) for name in fields} | {"parent": place.parent_id}


def revision_out(revision: Any) -> dict[str, Any]:
    fields = out.RevisionOut.model_fields.keys() - {"date"}
    return {name: getattr(revision, name) for name in fields} | {"date": revision.about_on}


def per_100k(value: int | None, population: int | None) -> float | None:
    return None if value is None or not population else round(value * 100_000 / population, 2)
