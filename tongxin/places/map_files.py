"""The two packed map formats we build from: ECharts' encoded GeoJSON, and TopoJSON."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

DECIMALS = 5  # of a degree: about a metre
SCALE = 1024  # ECharts stores differences of degrees × 1024 as characters around '@'


class Area(NamedTuple):
    """One area of a map file, in the file's own coordinates."""

    id: str
    name: str
    shape: MultiPolygon


def unpack(text: str, offset: list[int]) -> np.ndarray:
    """The ring behind ECharts' characters, shape ``(n, 2)``, degrees.

    >>> unpack("@@B@@A", [1024, 2048]).tolist()
    [[1.0, 2.0], [1.0009765625, 2.0], [1.0009765625, 1.9990234375]]
    """
    packed = np.array([ord(c) for c in text], dtype=np.int64).reshape(-1, 2) - 64
    steps = (packed >> 1) ^ -(packed & 1)
    return (np.cumsum(steps, axis=0) + offset) / SCALE


def read_echarts(parsed: dict[str, Any]) -> list[Area]:
    """Areas of an ECharts 4 map, GCJ-02."""
    areas = []
    for feature in parsed["features"]:
        geometry = feature["geometry"]
        kind, parts = geometry["type"], geometry["coordinates"]
        offsets = geometry.get("encodeOffsets")
        if kind == "Polygon":
            parts, offsets = [parts], offsets and [offsets]
        if parsed.get("UTF8Encoding"):
            parts = [
                [unpack(ring, start) for ring, start in zip(part, starts, strict=True)]
                for part, starts in zip(parts, offsets, strict=True)
            ]
        name = feature["properties"]["name"]
        areas.append(Area(str(feature.get("id") or ""), name, multipolygon(parts)))
    return areas


def read_topojson(parsed: dict[str, Any], layer: str) -> list[Area]:
    """Areas of one layer of a quantised TopoJSON topology, WGS84."""
    scale = np.array(parsed["transform"]["scale"])
    start = np.array(parsed["transform"]["translate"])
    arcs = [np.cumsum(arc, axis=0) * scale + start for arc in parsed["arcs"]]
    areas = []
    for geometry in parsed["objects"][layer]["geometries"]:
        parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        rings = [[_joined(ring, arcs) for ring in part] for part in parts]
        name = geometry["properties"]["name"]
        areas.append(Area(str(geometry.get("id") or ""), name, multipolygon(rings, _cut)))
    return areas


def _cut(polygon: Polygon) -> list[Polygon]:
    """Pieces between 180° W and 180° E of a ring that runs over the antimeridian or a pole.

    Holes in such rings are filled: at 1:50m there are none.
    """
    ring = shapely.get_coordinates(polygon.exterior)
    ring[:, 0] = np.unwrap(ring[:, 0], period=360)
    if abs(ring[0, 0] - ring[-1, 0]) > 180:  # around a pole: close it along the map's edge
        pole = np.copysign(90.0, ring[:, 1].mean())
        ring = np.vstack([ring, [ring[-1, 0], pole], [ring[0, 0], pole]])
    if np.abs(ring[:, 0]).max() <= 180:
        return [polygon]
    whole = shapely.make_valid(Polygon(ring))
    pieces = []
    for turn in (-360.0, 0.0, 360.0):
        piece = whole.intersection(shapely.box(turn - 180, -90, turn + 180, 90))
        moved = shapely.transform(piece, lambda points, turn=turn: points - (turn, 0))
        pieces += [p for p in shapely.get_parts(moved) if p.geom_type == "Polygon"]
    return pieces


def _joined(ring: list[int], arcs: list[np.ndarray]) -> np.ndarray:
    """Arcs end to end; ``~i`` is arc ``i`` backwards, and each begins where the last ended."""
    pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in ring]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def multipolygon(
    parts: list[list[np.ndarray]], cut: Callable[[Polygon], list[Polygon]] = lambda p: [p]
) -> MultiPolygon:
    """Valid polygons from rings, cut as asked; rings of no area fall away."""
    polygons = []
    for part in parts:
        rings = [np.asarray(ring, dtype=np.float64) for ring in part]
        rings = [ring for ring in rings if len(ring) >= 3]
        if rings:
            polygons += cut(Polygon(rings[0], rings[1:]))
    shape = MultiPolygon(polygons)
    return shape if shape.is_valid else only_areas(shapely.make_valid(shape))


def only_areas(shape: shapely.Geometry) -> MultiPolygon:
    """The polygons of a shape, without the lines and points that repairs leave."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return MultiPolygon([p for p in parts if p.geom_type == "Polygon" and p.area > 0])


def rounded(shape: MultiPolygon) -> MultiPolygon:
    """Coordinates to a metre: equal points stay equal."""
    return shapely.transform(shape, lambda points: np.round(points, DECIMALS))


def label_point(shape: MultiPolygon) -> tuple[float, float]:
    """Longitude and latitude deepest inside the largest part, where a name is written."""
    largest = max(shape.geoms, key=lambda part: part.area)
    deepest = shapely.maximum_inscribed_circle(largest, tolerance=0.01).coords[0]
    return round(deepest[0], 4), round(deepest[1], 4)
