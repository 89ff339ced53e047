"""The maps we draw: the parts of one place, ready for a page."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.db.models import Count, Max, Sum
from shapely import MultiPolygon

from tongxin.places import drawing, projection
from tongxin.places.drawing import Frame, Shape, draw, fit, line_of
from tongxin.places.models import WORLD, Boundary, Place
from tongxin.places.projection import Projection
from tongxin.refusal import noop

NOTE = noop("Boundaries are drawn for display and imply no opinion on the status of any area.")
WIDTH = 1000.0
MARGIN = 4.0
# Characters of path a page can afford, and what is smoothed away until they suffice, in units.
BUDGET = {WORLD: 60_000, "CN": 45_000}
BUDGET_ELSEWHERE = 25_000
DETAIL = (0.9, 1.2, 1.6, 2.1, 2.8, 3.7, 5.0, 7.0)
SANSHA = "CN-460300"
UNDRAWN = {"AQ"}  # a third of the height of a map of people
NATIONAL, HAINAN = "CN", "CN-460000"
# The ten dashes that maps published in China carry: ends in degrees, about 10 km off at most
# and straightened; for display only.
DASHES = (
    ((109.3, 16.2), (109.85, 15.1)),
    ((110.35, 12.25), (110.1, 11.2)),
    ((108.3, 7.15), (108.2, 6.0)),
    ((111.75, 3.4), (112.8, 3.8)),
    ((115.55, 7.15), (116.3, 8.0)),
    ((118.55, 10.9), (119.05, 12.0)),
    ((119.05, 15.0), (119.05, 16.05)),
    ((119.5, 18.0), (120.0, 19.0)),
    ((121.2, 20.8), (121.9, 21.7)),
    ((122.5, 23.45), (122.8, 24.55)),
)
INSET_BOX = (106.5, 2.5, 123.2, 24.6)  # west, south, east, north
INSET_WIDTH = 128.0
INSET_DETAIL = 0.6
INSET_BELOW = {"CN": 62.0}  # units added under the map so that the box covers no coast


@dataclass(frozen=True, slots=True)
class Inset:
    """The South China Sea islands in a box of their own, as maps of China have them.

    Attributes:
        shapes: parts of the same places that the main map shows, cut at the box.
        dashes: an SVG path of lines to stroke.
        islands: an SVG path of dots: lines of no length, to stroke with round caps.
    """

    x: float
    y: float
    width: float
    height: float
    shapes: tuple[Shape, ...]
    dashes: str
    islands: str


@dataclass(frozen=True, slots=True)
class MapShapes:
    """The parts of one place as drawn in a box ``0 0 width height``.

    Attributes:
        missing: codes of parts that have no outline; a table still lists them.
        sources: where the outlines come from, with their licences.
        note: an English sentence to translate, shown with every map.
    """

    code: str
    width: float
    height: float
    shapes: tuple[Shape, ...]
    inset: Inset | None = None
    missing: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    note: str = field(default=NOTE)

    @property
    def view_box(self) -> str:
        """For the ``viewBox`` of the svg element."""
        return f"0 0 {self.width:g} {self.height:g}"


def map_shapes(parent_code: str, *, on: date | None = None) -> MapShapes:
    """The map of the places directly below ``parent_code`` on a day; drawn once, then kept.

    ``shapes`` is empty where no part has an outline.
    """
    rows = Place.objects.standing(on).filter(parent=parent_code).order_by("code")
    return _drawn(parent_code, tuple(rows.values_list("code", flat=True)), _stamp())


def _stamp() -> str:
    """Changes when outlines are loaded, in whatever process, or are drawn otherwise."""
    sums = Boundary.objects.aggregate(Count("id"), Max("id"), Sum("west"), Sum("north"))
    makers = (Path(__file__), Path(projection.__file__), Path(drawing.__file__))
    return repr([*sums.values(), *(file.stat().st_mtime_ns for file in makers)])


@lru_cache(maxsize=512)
def _drawn(parent: str, codes: tuple[str, ...], stamp: str) -> MapShapes:
    """From this process's memory, else from the folder of what can be made again, else drawn."""
    key = sha256(repr((parent, codes, stamp)).encode()).hexdigest()
    kept = settings.HOME / "cache" / "maps" / f"{key}.json"
    try:
        return _from_json(kept.read_text(encoding="utf-8"))
    except FileNotFoundError:
        shapes = _draw(parent, codes)
    kept.parent.mkdir(parents=True, exist_ok=True)
    aside = kept.with_suffix(f".{token_hex(8)}.tmp")  # threads draw side by side
    aside.write_text(json.dumps(asdict(shapes)), encoding="utf-8")
    aside.replace(kept)
    return shapes


def _from_json(text: str) -> MapShapes:
    facts = json.loads(text)
    inset = facts.pop("inset")
    if inset:
        inset = Inset(**inset | {"shapes": tuple(_one(shape) for shape in inset["shapes"])})
    lists = {name: tuple(facts.pop(name)) for name in ("missing", "sources")}
    shapes = tuple(_one(shape) for shape in facts.pop("shapes"))
    return MapShapes(**facts, **lists, shapes=shapes, inset=inset)


def _one(facts: dict[str, Any]) -> Shape:
    return Shape(**facts | {"bbox": tuple(facts["bbox"])})


def _draw(parent: str, codes: tuple[str, ...]) -> MapShapes:
    found = Boundary.objects.filter(place__in=codes).order_by("place")
    rows = list(found.values_list("place", "geometry", "source", "licence"))
    shapes = {code: _shape(geometry) for code, geometry, *_ in rows}
    missing = tuple(code for code in codes if code not in shapes)
    sources = tuple(sorted({f"{source} ({licence})" for *_, source, licence in rows}))
    if not shapes:
        return MapShapes(parent, WIDTH, 0, (), None, missing, sources)
    missing += tuple(sorted(shapes.keys() & UNDRAWN)) if parent == WORLD else ()
    drawn, height, inset = _map_of(parent, shapes)
    return MapShapes(parent, WIDTH, height, tuple(drawn), inset, missing, sources)


def _map_of(
    parent: str, shapes: dict[str, MultiPolygon]
) -> tuple[list[Shape], float, Inset | None]:
    islands = shapes.pop(SANSHA, None)
    shown = {c: s for c, s in shapes.items() if parent != WORLD or c not in UNDRAWN}
    frame, height = fit(list(shown.values()), _projection(parent, shown), WIDTH, MARGIN)
    inset = None
    if parent in (NATIONAL, HAINAN):
        islands = islands or next(map(_shape, _geometries(SANSHA)), None)
        height += INSET_BELOW.get(parent, 0)
        inset = _inset(shapes, islands, height)
    return _affordable(shown, frame, BUDGET.get(parent, BUDGET_ELSEWHERE), inset), height, inset


def _affordable(
    shapes: dict[str, MultiPolygon], frame: Frame, budget: int, inset: Inset | None
) -> list[Shape]:
    budget -= len(inset.islands + inset.dashes) if inset else 0
    budget -= sum(len(shape.path) for shape in inset.shapes) if inset else 0
    drawn: list[Shape] = []
    for detail in DETAIL:
        drawn = draw(shapes, frame, detail)
        if sum(len(shape.path) for shape in drawn) <= budget:
            break
    return drawn


def _geometries(code: str) -> list[dict[str, object]]:
    return list(Boundary.objects.filter(place=code).values_list("geometry", flat=True))


def _shape(geometry: dict[str, object]) -> MultiPolygon:
    return shapely.from_geojson(json.dumps(geometry))


def _projection(parent: str, shapes: dict[str, MultiPolygon]) -> Projection:
    if parent == WORLD:
        return projection.equal_earth
    if parent == NATIONAL:
        return projection.of_china()
    bounds = np.array([shape.bounds for shape in shapes.values()])
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    return projection.around(west, south, east, north)


def _inset(shapes: dict[str, MultiPolygon], sea: MultiPolygon | None, height: float) -> Inset:
    box = shapely.box(*INSET_BOX)
    frame, tall = fit([shapely.segmentize(box, 1)], projection.of_china(), INSET_WIDTH, 0)
    x, y = WIDTH - INSET_WIDTH - MARGIN, height - tall - MARGIN
    frame = Frame(frame.project, frame.scale, frame.left, frame.top, x, y)
    cut = {code: shape.intersection(box) for code, shape in shapes.items()}
    cut = {
        code: MultiPolygon([p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"])
        for code, shape in cut.items()
        if not shape.is_empty
    }
    lines = [line_of(frame(np.array(dash))) for dash in DASHES]
    dots = [frame(np.array([part.centroid.coords[0]])) for part in sea.geoms] if sea else []
    spots = {tuple(np.rint(dot[0]).astype(int).tolist()) for dot in dots}
    islands = "".join(f"M{px} {py}h0" for px, py in sorted(spots))
    drawn = tuple(draw(cut, frame, INSET_DETAIL)) if cut else ()
    return Inset(x, y, INSET_WIDTH, tall, drawn, "".join(lines), islands)
