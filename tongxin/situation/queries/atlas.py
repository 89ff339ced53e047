"""The tree of places with names and outlines, read once and handed to every page."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock

from tongxin.places.drawing import Shape
from tongxin.places.models import WORLD, Boundary, Place, PlaceQuerySet
from tongxin.places.rules import stands
from tongxin.places.shapes import map_shapes
from tongxin.places.state import state_of
from tongxin.situation.queries.choice import upwards
from tongxin.situation.shapes import MapInset, MapShape, MapView, PlaceName

OWN = ("parent_id", "valid_from", "valid_to")
# The fields of a PlaceName, in its order.
NAME = (
    "code",
    "level",
    "name_zh",
    "name_en",
    "pinyin",
    "population",
    "population_year",
    "population_source",
    "short_zh",
    "short_en",
)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """The days a place exists; None: no beginning or no end."""

    valid_from: date | None
    valid_to: date | None


@dataclass(slots=True)
class Atlas:
    """Places by code, parents before parts."""

    names: dict[str, PlaceName]
    parents: dict[str, str | None]
    parts: dict[str, list[str]]  # in the order of their pinyin
    lifetimes: dict[str, Lifetime]
    bounded: frozenset[str]  # places that have a boundary
    _maps: dict[tuple[str, date], MapView | None] = field(default_factory=dict)

    def __contains__(self, code: object) -> bool:
        return code in self.names

    def name(self, code: str) -> PlaceName:
        """Raises KeyError where no place has the code."""
        return self.names[code]

    def ancestors(self, code: str) -> list[PlaceName]:
        """Places above ``code``, outermost first."""
        return [self.names[above] for above in list(upwards(code, self.parents))[:0:-1]]

    def children(self, code: str, *, on: date) -> list[str]:
        """Places directly below that exist on the day, in the order of their pinyin."""
        return [
            part
            for part in self.parts.get(code, [])
            if stands(self.lifetimes[part].valid_from, self.lifetimes[part].valid_to, on)
        ]

    def family(self, code: str, *, on: date) -> list[str]:
        """Those whose figures the page of a place shows: itself, its parts, what stands above.

        A place without parts is shown among those it stands beside, so they belong to it too;
        but not the countries of the world to a place inside one.
        """
        line = list(upwards(code, self.parents))
        shown = [here for here in line if here == code or here != WORLD]
        parts = [part for here in shown for part in self.children(here, on=on)]
        return list(dict.fromkeys([*line, *parts]))

    def populations(self) -> dict[str, int]:
        """Residents by place, where they are known."""
        return {code: name.population for code, name in self.names.items() if name.population}

    def outline_of(self, code: str, *, on: date) -> MapView | None:
        """The parts of a place without figures or colours; None where none has a boundary."""
        key = (code, on)
        if key not in self._maps:
            self._maps[key] = _view(code, on)
        return self._maps[key]


_reading = Lock()
_last: list[tuple[str, Atlas]] = []  # the newest, with the state of the rows it was read from


def atlas(codes: Collection[str] | None = None) -> Atlas:
    """Every place, or some; boundaries are read when a map is asked for.

    Every place is read once and handed out again until a row of a place or a boundary changes:
    what is handed out is shared, so nobody may change it.
    """
    if codes is not None:
        return _read(Place.objects.filter(code__in=codes))
    state = state_of(Place, Boundary)
    with _reading:  # whoever comes second finds it read
        if not _last or _last[0][0] != state:
            _last[:] = [(state, _read(Place.objects.all()))]
        return replace(_last[0][1], _maps={})


def _read(places: PlaceQuerySet) -> Atlas:
    bounded = frozenset(Boundary.objects.values_list("place_id", flat=True))
    found = Atlas({}, {}, {}, {}, bounded)
    rows = places.order_by("pinyin", "name_en", "code")
    for parent, valid_from, valid_to, *name in rows.values_list(*OWN, *NAME):
        place = PlaceName(*name)
        found.names[place.code] = place
        found.parents[place.code] = parent
        found.lifetimes[place.code] = Lifetime(valid_from, valid_to)
        if parent:
            found.parts.setdefault(parent, []).append(place.code)
    return found


def _view(code: str, on: date) -> MapView | None:
    drawn = map_shapes(code, on=on)
    if not drawn.shapes:
        return None
    inset = drawn.inset and MapInset(
        x=drawn.inset.x,
        y=drawn.inset.y,
        width=drawn.inset.width,
        height=drawn.inset.height,
        shapes=_shapes(drawn.inset.shapes),
        dashes=drawn.inset.dashes,
        islands=drawn.inset.islands,
    )
    return MapView(
        view_box=drawn.view_box,
        shapes=_shapes(drawn.shapes),
        inset=inset,
        attribution="; ".join(drawn.sources),
    )


def _shapes(drawn: Iterable[Shape]) -> list[MapShape]:
    return [MapShape(shape.code, shape.path, shape.label_x, shape.label_y) for shape in drawn]
