"""Outlines that ship: made at build time from two npm packages, read at first run.

``echarts`` 4.9.0 (Apache-2.0) has China, its provinces and their prefectures in GCJ-02;
``world-atlas`` 2 (public domain, Natural Earth) has the countries. Taiwan, Hong Kong and Macao
are drawn with China as in GB/T 2260; other shapes that no ISO 3166-1 code owns join the
country that the standard lists them under, or stay out.
"""

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely import MultiPolygon

from tongxin.places import gcj02, tables
from tongxin.places.map_files import Area, only_areas, read_echarts, read_topojson
from tongxin.places.names import Named, Names
from tongxin.places.outlines import Outline
from tongxin.refusal import Unreadable, noop

BUILT = Path(__file__).with_name("built")
GAP_DEG = {"china": 0.05, "world": 0.0}  # the sources' neighbours do not quite meet
DETAIL_DEG = {"china": 0.004, "world": 0.01}  # half a pixel of the largest map drawn
METRES_A_DEGREE = 111_320
SHRINKS = 0.05  # an island that loses more than this to simplification is kept as it was
ECHARTS = "npm echarts 4.9.0 (map/json), moved from GCJ-02 to WGS84"
WORLD_ATLAS = "npm world-atlas 2, from Natural Earth 1:50m"


class NoMapFiles(Unreadable):
    says = noop("There is no map file at {path}; run npm install in frontend first.")


@dataclass(frozen=True, slots=True)
class Built:
    """One file of outlines, ready to load."""

    name: str
    source: str
    licence: str
    simplified_m: float
    shapes: dict[str, MultiPolygon]

    def outlines(self) -> list[Outline]:
        """The shapes as ``actions.load_boundaries`` takes them."""
        return [Outline(code, {}, shape) for code, shape in self.shapes.items()]


def shipped_names() -> Names:
    """The index over the shipped tables, without a database."""
    aliases = defaultdict(list)
    for row in tables.shipped_aliases():
        aliases[row.code].append(row.name)
    return Names(
        Named(
            code=row.code,
            level=row.level,
            parent=row.parent,
            name_zh=row.name_zh,
            name_en=row.name_en,
            short_zh=row.short_zh,
            short_en=row.short_en,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            aliases=tuple(aliases[row.code]),
        )
        for row in tables.shipped_places()
    )


def build(echarts: Path, world: Path, out: Path = BUILT) -> list[Built]:
    """Read the packages' map files and write ours to ``out``.

    Raises:
        NoMapFiles: a file is not where it should be.
    """
    names = shipped_names()
    replaced = {r.code: r.replaced_by for r in tables.shipped_places() if r.replaced_by}
    parts = [
        _built("china", ECHARTS, "Apache-2.0", china(echarts, names, replaced), names),
        _built("world", WORLD_ATLAS, "Public domain", countries(world, names), names),
    ]
    out.mkdir(parents=True, exist_ok=True)
    for part in parts:
        _write(part, out / f"{part.name}.json.gz")
    return parts


def _built(
    name: str, source: str, licence: str, shapes: dict[str, MultiPolygon], names: Names
) -> Built:
    siblings = defaultdict(list)
    for code in shapes:
        siblings[names.places[code].parent].append(code)
    tidy = {}
    for codes in siblings.values():
        clean = neighbours([shapes[code] for code in codes], GAP_DEG[name], DETAIL_DEG[name])
        tidy.update(zip(codes, clean, strict=True))
    return Built(name, source, licence, DETAIL_DEG[name] * METRES_A_DEGREE, tidy)


def neighbours(shapes: list[MultiPolygon], gap_deg: float, detail_deg: float) -> list[MultiPolygon]:
    """Shapes whose shared edges are identical, without gaps between, in less detail."""
    clean = shapely.coverage_clean(shapes, gap_width=gap_deg)
    simple = shapely.coverage_simplify(clean, detail_deg)
    return [
        only_areas(MultiPolygon(shapely.get_parts(full if _shrinks(full, less) else less).tolist()))
        for full, less in zip(clean, simple, strict=True)
    ]


def _shrinks(full: shapely.Geometry, less: shapely.Geometry) -> bool:
    return abs(less.area - full.area) > SHRINKS * full.area


def china(folder: Path, names: Names, replaced: dict[str, str]) -> dict[str, MultiPolygon]:
    """Code → outline of provinces and of what lies directly below them, WGS84."""
    found: dict[str, list[MultiPolygon]] = defaultdict(list)
    for area in read_echarts(_json(folder / "china.json")):
        found[f"CN-{area.id}"].append(area.shape)
    for path in sorted((folder / "province").glob("*.json")):
        areas = read_echarts(_json(path))
        province = next((f"CN-{area.id[:2]}0000" for area in areas if area.id), None)
        for code, area in _placed(areas, province, names):
            found[replaced.get(code, code)].append(area.shape)
    return {
        code: shapely.transform(_union(shapes), gcj02.to_wgs84) for code, shapes in found.items()
    }


def _placed(areas: list[Area], province: str | None, names: Names) -> Iterator[tuple[str, Area]]:
    for area in areas:
        code = f"CN-{area.id}"
        if code not in names.places:
            code = names.find(area.name, within=province).code or "" if province else ""
        if code:
            yield code, area


def countries(path: Path, names: Names) -> dict[str, MultiPolygon]:
    """Code → outline of every country and territory of ISO 3166-1."""
    with (tables.DATA / "world_atlas_names.csv").open(encoding="utf-8", newline="") as table:
        own_names = {row["name"]: row["code"] for row in csv.DictReader(table)}
    found: dict[str, list[MultiPolygon]] = defaultdict(list)
    for area in read_topojson(_json(path), "countries"):
        code = own_names.get(area.name, names.find(area.name, level="country").code)
        if code:
            found[code].append(area.shape)
    return {code: _union(shapes) for code, shapes in found.items()}


def read_built(folder: Path = BUILT) -> Iterator[Built]:
    """What ``build`` wrote, nothing where it never ran."""
    for path in sorted(folder.glob("*.json.gz")):
        parsed = json.loads(gzip.decompress(path.read_bytes()))
        shapes = shapely.from_wkt(parsed.pop("shapes"))
        codes = parsed.pop("codes")
        yield Built(shapes=dict(zip(codes, shapes, strict=True)), **parsed)


def _write(part: Built, path: Path) -> None:
    shapes = shapely.to_wkt(list(part.shapes.values()), rounding_precision=5)
    data = {
        "name": part.name,
        "source": part.source,
        "licence": part.licence,
        "simplified_m": part.simplified_m,
        "codes": list(part.shapes),
        "shapes": shapes.tolist(),
    }
    text = json.dumps(data, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def _json(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NoMapFiles(path=path) from error


def _union(shapes: Iterable[MultiPolygon]) -> MultiPolygon:
    shapes = list(shapes)
    return shapes[0] if len(shapes) == 1 else only_areas(shapely.union_all(shapes))
