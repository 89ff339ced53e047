"""A coloured map as SVG: shapes with a class for each shade, a legend, hatching for no data."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongxin.refusal import noop
from tongxin.situation import wording
from tongxin.situation.map_classes import LIGHT
from tongxin.situation.shapes import ChildRow, MapClass, MapShape, MapView

# What the outlines that ship name as their source, for the translators.
SHIPPED_OUTLINES = (
    noop("npm echarts 4.9.0 (map/json), moved from GCJ-02 to WGS84 (Apache-2.0)"),
    noop("npm world-atlas 2, from Natural Earth 1:50m (Public domain)"),
)
LABELLED = 24  # more names than these only cover the map
HATCH = (
    '<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="tx-hatch" width="8" height="8"/>'
    '<line class="tx-hatch-line" y2="8"/></pattern></defs>'
)


def attribution(view: MapView, language: str) -> str:
    """Where the outlines come from, in the reader's language where we know it."""
    named = view.attribution.split("; ") if view.attribution else []
    return ("；" if language.startswith("zh") else "; ").join(_(source) for source in named)


def shade(classes: list[MapClass], index: int | None) -> str:
    """The style sheet's class of a map class; hatched where there is no data.

    >>> shade([MapClass(0, 0, 1, "#f7f9fa", "#17222b")], 0), shade([], None)
    ('m0', 'mn')
    """
    if index is None or index >= len(classes):
        return "mn"
    return f"m{LIGHT.shades.index(classes[index].light)}"


def area_map(
    view: MapView, rows: list[ChildRow], *, title: str, says: str, language: str
) -> SafeString:
    """The map. Each shape carries its place's code, by which scripts find the table's row."""
    by_code = {row.place.code: row for row in rows}
    return format_html(
        '<svg class="tx-map__svg" id="map" role="img" aria-labelledby="map-t map-d" '
        'viewBox="{}">{}<title id="map-t">{}</title><desc id="map-d">{}</desc>'
        '<g class="tx-map__all">{}{}{}</g></svg>',
        view.view_box,
        SafeString(HATCH),
        title,
        says,
        _areas(view, view.shapes, by_code),
        _inset(view, by_code),
        _labels(view, by_code, language),
    )


def _areas(view: MapView, shapes: list[MapShape], by_code: dict[str, ChildRow]) -> SafeString:
    return format_html_join(
        "",
        '<path class="a {}" data-code="{}" d="{}"/>',
        ((_shade_of(view, by_code.get(shape.code)), shape.code, shape.path) for shape in shapes),
    )


def _inset(view: MapView, by_code: dict[str, ChildRow]) -> SafeString:
    """The South China Sea in its own box, as maps of China have it."""
    inset = view.inset
    if inset is None:
        return SafeString()
    return format_html(
        '<g class="tx-map__inset"><rect x="{}" y="{}" width="{}" height="{}"/>{}'
        '<path class="tx-map__islands" d="{}"/><path class="tx-map__dashes" d="{}"/></g>',
        *(round(n, 1) for n in (inset.x, inset.y, inset.width, inset.height)),
        _areas(view, inset.shapes, by_code),
        inset.islands,
        inset.dashes,
    )


def legend(view: MapView) -> list[dict[str, str]]:
    """The shades from low to high with the values each stands for."""
    rows = [
        {
            "shade": shade(view.classes, at),
            "text": wording.number(c.low)
            if c.low == c.high
            else f"{wording.number(c.low)}–{wording.number(c.high)}",
            "count": wording.number(c.count),
        }
        for at, c in enumerate(view.classes)
    ]
    return [*rows, {"shade": "mn", "text": _("No data"), "count": ""}]


def _shade_of(view: MapView, row: ChildRow | None) -> str:
    return shade(view.classes, row.map_class if row else None)


def _labels(view: MapView, by_code: dict[str, ChildRow], language: str) -> SafeString:
    named = [(s, by_code[s.code]) for s in view.shapes if s.code in by_code]
    if len(named) > LABELLED:
        return SafeString()
    return format_html(
        '<g class="tx-map__labels" aria-hidden="true">{}</g>',
        format_html_join(
            "",
            '<text x="{}" y="{}">{}</text>',
            (
                (round(shape.label_x), round(shape.label_y), row.place.short(language))
                for shape, row in named
            ),
        ),
    )
