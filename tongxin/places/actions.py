"""How places, their other names and their outlines enter. Each is one deed, whole or not at all."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import shapely
from django.db import transaction
from shapely import MultiPolygon

from tongxin.audit.actions import record
from tongxin.places import boundary_sources, rules, tables
from tongxin.places.boundary_sources import METRES_A_DEGREE
from tongxin.places.map_files import label_point, rounded
from tongxin.places.models import Alias, Boundary, Place
from tongxin.places.outlines import Outline
from tongxin.places.tables import AliasRow, PlaceRow
from tongxin.refusal import Refusal, noop

SHIPPED = "tables and maps that ship with Tongxin"
_WRITTEN = [f for f in Place._meta.fields if f.name in tables.COLUMNS and f.name != "code"]


class UnknownPlace(Refusal):
    says = noop("No place has the code {code}; load the table of places first.")


class UnknownParent(Refusal):
    says = noop("{code} cannot be placed: nothing has the code {parent}.")


class Loaded(NamedTuple):
    """What a load did, in rows."""

    new: int
    changed: int
    same: int


@transaction.atomic
def load_places(rows: Sequence[PlaceRow], *, by: object, source: str, keep: bool = False) -> Loaded:
    """Add the places of a table, and bring those that are there up to it.

    Args:
        source: who says so, for the trail.
        keep: leave places that are already there as they are.

    Raises:
        UnknownParent: a row hangs on, or is replaced by, a place nobody knows.
    """
    known = Place.objects.in_bulk()
    codes = known.keys() | {row.code for row in rows}
    for row in rows:
        for other in (row.parent, row.replaced_by):
            if other is not None and other not in codes:
                raise UnknownParent(code=row.code, parent=other)
    new = [_place(row) for row in rows if row.code not in known]
    changed = [
        _place(row)
        for row in rows
        if row.code in known and not keep and _differs(known[row.code], row)
    ]
    Place.objects.bulk_create(new, batch_size=2000)
    Place.objects.bulk_update(changed, [field.name for field in _WRITTEN], batch_size=500)
    done = Loaded(len(new), len(changed), len(rows) - len(new) - len(changed))
    if new or changed:
        record("places.places_loaded", "places.Place", by=by, source=source, **done._asdict())
    return done


@transaction.atomic
def load_aliases(rows: Iterable[AliasRow], *, by: object, source: str) -> Loaded:
    """Add other names for places that are there.

    Raises:
        UnknownPlace: a name for a place nobody knows.
    """
    wanted = {(row.code, rules.key_of(row.name)): row for row in rows}
    places = set(Place.objects.values_list("code", flat=True))
    for code, _ in wanted:
        if code not in places:
            raise UnknownPlace(code=code)
    there = set(Alias.objects.values_list("place_id", "key"))
    new = [
        Alias(place_id=code, key=key, name=row.name, language=row.language)
        for (code, key), row in wanted.items()
        if (code, key) not in there
    ]
    Alias.objects.bulk_create(new, batch_size=2000)
    done = Loaded(len(new), 0, len(wanted) - len(new))
    if new:
        record("places.aliases_loaded", "places.Alias", by=by, source=source, **done._asdict())
    return done


@transaction.atomic
def load_boundaries(
    outlines: Sequence[Outline],
    *,
    by: object,
    source: str,
    licence: str,
    simplify_m: float = 0,
) -> Loaded:
    """Give places their outlines; neighbours are simplified together, so none drift apart.

    Raises:
        UnknownPlace: an outline of a place nobody knows.
    """
    known = Place.objects.in_bulk([outline.code for outline in outlines])
    for outline in outlines:
        if outline.code not in known:
            raise UnknownPlace(code=outline.code or outline.given.get("name_zh", ""))
    there = Boundary.objects.filter(place__in=known).count()
    shapes = simplified([outline.shape for outline in outlines], simplify_m)
    by_code = {o.code: shape for o, shape in zip(outlines, shapes, strict=True)}
    _write_boundaries(by_code, source, licence, simplify_m)
    done = Loaded(len(by_code) - there, there, 0)
    record(
        "places.boundaries_loaded",
        "places.Boundary",
        by=by,
        source=source,
        licence=licence,
        **done._asdict(),
    )
    return done


@transaction.atomic
def load_map(
    outlines: Sequence[Outline],
    *,
    by: object,
    source: str,
    licence: str,
    level: str | None = None,
    simplify_m: float = 0,
) -> dict[str, Loaded]:
    """Load a file of outlines; areas that are not in the tree yet enter it by their codes.

    Raises:
        UnknownPlace: an area has no code, or its code and name do not say where it belongs.
        UnknownParent: the area above is not in the tree.
    """
    codes = [outline.code for outline in outlines]
    known = set(Place.objects.filter(code__in=codes).values_list("code", flat=True))
    rows = [_row(o, level) for o in outlines if o.code not in known]
    done = {
        "places": load_places(rows, by=by, source=source),
        "outlines": load_boundaries(
            outlines, by=by, source=source, licence=licence, simplify_m=simplify_m
        ),
    }
    facts = {name: loaded.new for name, loaded in done.items()}
    record("places.map_loaded", "places.Boundary", by=by, source=source, **facts)
    return done


def _row(outline: Outline, level: str | None) -> PlaceRow:
    given = {name: outline.given.get(name, "") for name in ("name_zh", "name_en", "parent")}
    given["parent"] = given["parent"] if rules.code_of(given["parent"]) else ""
    try:
        return tables.place_row(outline.code, given | ({"level": level} if level else {}))
    except ValueError as error:
        raise UnknownPlace(code=outline.code or given["name_zh"]) from error


@transaction.atomic
def load_shipped(*, by: object) -> dict[str, Loaded]:
    """Everything that ships, where it is not there yet; what an operator loaded stays.

    Places and names come from this app's tables, outlines from what
    ``places build-boundaries`` made of the map packages, if it has run. Safe to run at every
    start: the loads below record what they change.
    """
    done = {
        "places": load_places(tables.shipped_places(), by=by, source=SHIPPED, keep=True),
        "names": load_aliases(tables.shipped_aliases(), by=by, source=SHIPPED),
    }
    there = Boundary.objects.values("place")
    for built in boundary_sources.read_built():
        missing = set(
            Place.objects.filter(code__in=built.shapes)
            .exclude(code__in=there)
            .values_list("code", flat=True)
        )
        new = {code: shape for code, shape in built.shapes.items() if code in missing}
        _write_boundaries(new, built.source, built.licence, built.simplified_m)
        done[built.name] = Loaded(len(new), 0, len(built.shapes) - len(new))
    if any(loaded.new for loaded in done.values()):
        facts = {name: loaded.new for name, loaded in done.items()}
        record("places.shipped_loaded", "places.Place", by=by, **facts)
    return done


def simplified(shapes: Sequence[MultiPolygon], tolerance_m: float) -> list[MultiPolygon]:
    """Shapes with detail below the tolerance taken away, shared edges kept shared."""
    if not tolerance_m:
        return list(shapes)
    return boundary_sources.neighbours(shapes, 0, tolerance_m / METRES_A_DEGREE)


def _place(row: PlaceRow) -> Place:
    values = {field: getattr(row, field) for field in tables.COLUMNS}
    values["parent_id"] = values.pop("parent")
    values["replaced_by_id"] = values.pop("replaced_by")
    return Place(**values)


def _differs(place: Place, row: PlaceRow) -> bool:
    return any(getattr(place, f.attname) != getattr(_place(row), f.attname) for f in _WRITTEN)


def _write_boundaries(
    shapes: dict[str, MultiPolygon], source: str, licence: str, simplified_m: float
) -> None:
    boundaries = []
    for code, shape in shapes.items():
        west, south, east, north = shape.bounds
        boundaries.append(
            Boundary(
                place_id=code,
                geometry=json.loads(shapely.to_geojson(rounded(shape))),
                west=west,
                south=south,
                east=east,
                north=north,
                source=source,
                licence=licence,
                simplified_m=simplified_m,
            )
        )
    Boundary.objects.bulk_create(
        boundaries,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["place"],
        update_fields=[f.name for f in Boundary._meta.fields if f.name not in ("id", "place")],
    )
    places = [Place(code=code) for code in shapes]
    for place in places:
        place.centre_lon, place.centre_lat = label_point(shapes[place.code])
    Place.objects.bulk_update(places, ["centre_lon", "centre_lat"], batch_size=500)
