"""Shapes as SVG: projected, fitted to a box, simplified together, written small."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from tongxin.places.projection import Points, Projection

STEPS = 10  # coordinates are written in tenths of a unit
SPECK = 0.5  # of detail²: smaller islands fall away unless they are all a place has
MARK = 1.6  # units: half the diagonal of the diamond that stands for a place too small to see


@dataclass(frozen=True, slots=True)
class Shape:
    """One place as drawn, in the units of the map's box.

    Attributes:
        path: the ``d`` of an SVG path.
        label_x, label_y: where its name is written.
        bbox: left, top, right, bottom.
    """

    code: str
    path: str
    label_x: float
    label_y: float
    bbox: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """How the plane of a projection lies in a box of ``width`` × ``height`` units."""

    project: Projection
    scale: float
    left: float
    top: float
    x: float = 0
    y: float = 0

    def __call__(self, points: Points) -> Points:
        plane = self.project(points)
        plane = np.column_stack([plane[:, 0] - self.left, self.top - plane[:, 1]]) * self.scale
        return plane + (self.x, self.y)


def fit(
    shapes: Sequence[MultiPolygon], project: Projection, width: float, margin: float
) -> tuple[Frame, float]:
    """The frame that fills ``width`` with the shapes, and the height that then comes."""
    plane = project(np.concatenate([shapely.get_coordinates(shape) for shape in shapes]))
    left, bottom = plane.min(axis=0)
    right, top = plane.max(axis=0)
    scale = (width - 2 * margin) / (right - left)
    frame = Frame(project, scale, left, top, margin, margin)
    return frame, float(np.ceil((top - bottom) * scale + 2 * margin))


def draw(shapes: Mapping[str, MultiPolygon], frame: Frame, detail: float) -> list[Shape]:
    """The shapes in the frame. ``detail``: in units, what is smaller is smoothed away."""
    placed = [shapely.transform(shape, frame) for shape in shapes.values()]
    simple = shapely.coverage_simplify(placed, detail)
    return [
        _shape(code, full, MultiPolygon(shapely.get_parts(less).tolist()), SPECK * detail**2)
        for code, full, less in zip(shapes, placed, simple, strict=True)
    ]


def _shape(code: str, full: MultiPolygon, less: MultiPolygon, speck: float) -> Shape:
    largest = max(full.geoms, key=lambda part: part.area)
    if largest.area < MARK * MARK:
        centre = largest.centroid
        diamond = [(0, -MARK), (MARK, 0), (0, MARK), (-MARK, 0)]
        rings = [np.array([(centre.x + dx, centre.y + dy) for dx, dy in diamond])]
        point = centre
    else:
        shown = [part for part in less.geoms if part.area >= speck] or [largest]
        rings = [
            shapely.get_coordinates(ring)[:-1]
            for part in shown
            for ring in (part.exterior, *(r for r in part.interiors if Polygon(r).area >= speck))
        ]
        biggest = max(shown, key=lambda part: part.area)
        point = shapely.get_point(shapely.maximum_inscribed_circle(biggest, tolerance=0.5), 0)
    points = np.concatenate(rings).round(1)
    box = (*points.min(axis=0), *points.max(axis=0))
    return Shape(
        code=code,
        path=path_of(rings),
        label_x=round(point.x, 1),
        label_y=round(point.y, 1),
        bbox=tuple(float(edge) for edge in box),
    )


def path_of(rings: Sequence[Points]) -> str:
    """Closed rings as an SVG path of relative lines in tenths.

    >>> path_of([np.array([[0, 0], [10, 0.52], [10, 10], [10, 10.01]])])
    'M0 0l10 .5 0 9.5z'
    """
    return "".join(f"{line_of(ring)}z" for ring in rings)


def line_of(points: Points) -> str:
    """An open line as an SVG path.

    >>> line_of(np.array([[5.0, 5.0], [4.5, 7.0]]))
    'M5 5l-.5 2'
    """
    grid = np.rint(np.asarray(points) * STEPS).astype(int)
    steps = np.diff(grid, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    words = [_tenths(value) for step in steps for value in step]
    text = f"M{_tenths(grid[0][0])} {_tenths(grid[0][1])}"
    if words:
        text += "l" + words[0] + "".join(w if w[0] == "-" else f" {w}" for w in words[1:])
    return text


def _tenths(value: int) -> str:
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(int(value)), STEPS)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{rest}"
