"""GeoJSON outlines, read with suspicion: a bad file is refused whole, with the reason."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from tongxin.places import gcj02, rules
from tongxin.refusal import Unreadable, noop

MAX_BYTES = 100 * 1024 * 1024  # every county of China at street detail is about 60 MB
MAX_POINTS = 5_000_000
TOO_LARGE = noop("larger than 100 MB")
CODE_NAMES = ("adcode", "code", "gb", "GB", "ADCODE", "id", "CODE")
NAME_NAMES = ("name_zh", "name", "NAME", "Name")


class NotAMap(Unreadable):
    says = noop("This is not a GeoJSON file of areas: {problem}")


class BadOutline(Unreadable):
    says = noop("The outline of {name} cannot be used: {problem}")


@dataclass(frozen=True, slots=True)
class Outline:
    """One area of a file, WGS84. ``code`` is '' where the file gives none."""

    code: str
    given: dict[str, str]
    shape: MultiPolygon


def read_outlines(data: bytes, *, crs: str = "wgs84") -> list[Outline]:
    """The areas of a GeoJSON FeatureCollection.

    Args:
        data: the file, UTF-8.
        crs: ``wgs84``, or ``gcj02`` which is moved to WGS84.

    Raises:
        NotAMap: too large, not UTF-8, truncated, no features, NaN among the numbers.
        BadOutline: a ring that is open, off the globe or crosses itself.
    """
    if len(data) > MAX_BYTES:
        raise NotAMap(problem=TOO_LARGE)
    features = _features(data)
    points = 0
    outlines = []
    for number, feature in enumerate(features, 1):
        outline = _outline(feature, number, crs)
        points += shapely.get_num_coordinates(outline.shape)
        if points > MAX_POINTS:
            raise NotAMap(problem=noop("more than five million points"))
        outlines.append(outline)
    return outlines


def _features(data: bytes) -> list[Any]:
    try:
        parsed = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise NotAMap(problem=noop("not UTF-8 text")) from error
    except json.JSONDecodeError as error:
        raise NotAMap(problem=noop("cut off, or not JSON")) from error
    except (RecursionError, ValueError) as error:
        raise NotAMap(problem=noop("nested too deeply, or a number too long")) from error
    if not isinstance(parsed, dict) or parsed.get("type") != "FeatureCollection":
        raise NotAMap(problem=noop("no FeatureCollection"))
    features = parsed.get("features")
    if not isinstance(features, list) or not features:
        raise NotAMap(problem=noop("no features"))
    return features


def _refuse_constant(_text: str) -> float:
    raise NotAMap(problem=noop("NaN or infinity among the numbers"))


def _outline(feature: Any, number: int, crs: str) -> Outline:
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        raise NotAMap(problem=noop("an area without geometry"))
    given = feature.get("properties")
    given = given if isinstance(given, dict) else {}
    texts = {str(k): str(v).strip() for k, v in given.items() if isinstance(v, str | int)}
    ids = [texts[n] for n in CODE_NAMES if texts.get(n)] + [str(feature.get("id") or "")]
    code = next((found for text in ids if (found := rules.code_of(text))), "")
    name = next((texts[n] for n in NAME_NAMES if texts.get(n)), "")
    texts["name_zh"] = name
    label = f"{code} {name}".strip()[:80] or f"feature {number}"
    return Outline(code, texts, _shape(feature["geometry"], label, crs))


def _shape(geometry: dict[str, Any], label: str, crs: str) -> MultiPolygon:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
        raise BadOutline(name=label, problem=noop("not a Polygon or MultiPolygon"))
    parts = [coordinates] if kind == "Polygon" else coordinates
    shape = MultiPolygon([Polygon(*_rings(part, label, crs)) for part in parts])
    if shape.is_empty:
        raise BadOutline(name=label, problem=noop("empty"))
    if not shape.is_valid:
        raise BadOutline(name=label, problem=noop("it crosses itself"))
    return shape


def _rings(part: Any, label: str, crs: str) -> tuple[np.ndarray, list[np.ndarray]]:
    rings = list(_ring_points(part, label, crs))
    if not rings:
        raise BadOutline(name=label, problem=noop("a polygon without a ring"))
    return rings[0], rings[1:]


def _ring_points(part: Any, label: str, crs: str) -> Iterator[np.ndarray]:
    for ring in part if isinstance(part, list) else ():
        try:
            points = np.asarray(ring, dtype=np.float64)
        except (TypeError, ValueError, OverflowError) as error:
            raise BadOutline(name=label, problem=noop("points that are not numbers")) from error
        if points.ndim != 2 or points.shape[1] not in (2, 3) or len(points) < 4:
            raise BadOutline(name=label, problem=noop("a ring of fewer than four points"))
        points = points[:, :2]
        if not np.isfinite(points).all() or (np.abs(points) > (180, 90)).any():
            raise BadOutline(
                name=label, problem=noop("off the globe; are the coordinates degrees of WGS84?")
            )
        if (points[0] != points[-1]).any():
            raise BadOutline(name=label, problem=noop("a ring that does not close"))
        yield gcj02.to_wgs84(points) if crs == "gcj02" else points
