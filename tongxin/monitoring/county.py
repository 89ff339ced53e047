"""Coverage and fever of the area an authority is responsible for: counts, never persons.

Only people who allow the authority to read their log are counted. A count from 1 to 4 is
withheld, and with it whatever it could be worked out from; see `situation.disclosure`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tongxin.monitoring.models import Level
from tongxin.monitoring.queries import watched_by
from tongxin.people.models import User
from tongxin.situation.disclosure import Table, suppress
from tongxin.situation.map_classes import DARK, LIGHT
from tongxin.situation.maps_svg import area_map, legend
from tongxin.situation.queries.atlas import Atlas, atlas
from tongxin.situation.shapes import ChildRow, MapClass, MapView

Show = Literal["coverage", "fever"]
BANDS: Mapping[Show, tuple[int, ...]] = {
    "coverage": (0, 20, 40, 60, 80, 101),  # per cent of those watched
    "fever": (0, 1, 5, 20, 50, 1001),  # of a thousand who logged
}
WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Row:
    """One place or street. A count of None is withheld."""

    code: str
    name: str
    watched: int | None
    logged: int | None
    feverish: int | None

    @property
    def coverage(self) -> int | None:
        """Per cent of those watched who have logged today."""
        if not self.watched or self.logged is None:
            return None
        return round(100 * self.logged / self.watched)

    @property
    def fever(self) -> float | None:
        """Feverish of a thousand who have logged today."""
        if not self.logged or self.feverish is None:
            return None
        return round(1000 * self.feverish / self.logged, 1)


@dataclass(frozen=True, slots=True)
class County:
    """The whole, its parts (places, or streets where there is but one place), and the map."""

    whole: Row
    rows: tuple[Row, ...]
    by_street: bool
    svg: SafeString
    legend: list[dict[str, str]]


def county(officer: User, *, at: datetime, show: Show, language: str) -> County:
    """What the officer's organisation may know of its area today."""
    today = timezone.localdate(at)
    has_logged = Q(logged_on=today)
    counted = {
        "watched": Count("*"),
        "logged": Count("pk", filter=has_logged),
        "feverish": Count("pk", filter=has_logged & Q(level__gte=Level.FEVER)),
    }
    rows = watched_by(officer, at=at).select_related(None).order_by()
    here = atlas()
    home = officer.organisation.place_id
    by_place = _by_part(list(rows.values("person__place").annotate(**counted)), home, here)
    by_street = len(by_place) < 2
    if by_street:
        found = {
            row["person__street"]: row for row in rows.values("person__street").annotate(**counted)
        }
    else:
        found = by_place
    parts = {name: {key: row[key] for key in counted} for name, row in found.items()}
    shown = withheld(parts, tuple(counted))
    names = {
        code: (here.names[code].in_language(language) if code in here.names else code)
        or gettext("No street given")
        for code in parts
    }
    made = [Row(code, names[code], **shown[code]) for code in parts]
    made.sort(key=lambda row: (-(row.feverish or 0), row.name))
    whole = Row(WHOLE, here.names[home].in_language(language), **shown[WHOLE])
    svg, keys = _map(here, home, made, show=show, language=language, at=at)
    return County(whole, tuple(made), by_street, svg, keys)


def withheld(
    parts: Mapping[str, Mapping[str, int]], measures: tuple[str, ...]
) -> dict[str, dict[str, int | None]]:
    """The counts that may be shown, the whole among them under `WHOLE`.

    Each measure is a table of its own. What a reader learns by comparing measures (that nearly
    everybody of a street has logged) is not protected: fever is the count that must be.

    >>> withheld({"a": {"n": 3}, "b": {"n": 40}, "c": {"n": 9}}, ("n",))
    {'a': {'n': None}, 'b': {'n': 40}, 'c': {'n': None}, 'whole': {'n': 52}}
    """
    names = [*parts, WHOLE]
    shown: dict[str, dict[str, int | None]] = {name: {} for name in names}
    for measure in measures:
        values = {name: row[measure] for name, row in parts.items()}
        values[WHOLE] = sum(values.values())
        table = Table(values, {**dict.fromkeys(parts, WHOLE), WHOLE: None})
        found = suppress(table)
        hidden = found.withheld
        if found.unprotected:
            hidden = frozenset(values)
        for name in names:
            shown[name][measure] = None if name in hidden else values[name]
    return shown


def _by_part(rows: list[dict], home: str, here: Atlas) -> dict[str, dict]:
    """Rows of places summed to the parts directly below ``home``; of home itself apart."""
    found: dict[str, dict] = {}
    for row in rows:
        code = row["person__place"] or home
        while here.parents.get(code) not in (home, None) and code != home:
            code = here.parents[code]
        into = found.setdefault(code, dict.fromkeys(("watched", "logged", "feverish"), 0))
        for key in into:
            into[key] += row[key]
    return found


def _map(
    here: Atlas, home: str, rows: list[Row], *, show: Show, language: str, at: datetime
) -> tuple[SafeString, list[dict[str, str]]]:
    """The map of the parts, where they have outlines."""
    outline = here.outline_of(home, on=timezone.localdate(at))
    if outline is None or not {row.code for row in rows} & {s.code for s in outline.shapes}:
        return SafeString(), []
    ends = BANDS[show]
    values = {row.code: row.coverage if show == "coverage" else row.fever for row in rows}
    placed = {code: _band(value, ends) for code, value in values.items()}
    classes = [
        MapClass(
            low, high - 1, list(placed.values()).count(nth), LIGHT.shades[nth], DARK.shades[nth]
        )
        for nth, (low, high) in enumerate(zip(ends, ends[1:], strict=False))
    ]
    view = MapView(outline.view_box, outline.shapes, outline.inset, classes)
    children = [
        ChildRow(here.names[code], None, None, None, None, None, None, placed[code])
        for code in values
        if code in here.names
    ]
    titles = {
        "coverage": gettext("Logged today, per cent of those watched"),
        "fever": gettext("Fever today, of a thousand who logged"),
    }
    said = gettext("Map. The table beside it has the same figures.")
    svg = area_map(view, children, title=titles[show], says=said, language=language)
    return svg, legend(view)


def _band(value: float | None, ends: tuple[int, ...]) -> int | None:
    """Which band a value lies in.

    >>> _band(20, (0, 20, 101)), _band(None, (0, 101))
    (1, None)
    """
    return None if value is None else sum(value >= low for low in ends[1:-1])
