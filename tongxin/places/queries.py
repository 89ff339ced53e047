from collections import defaultdict
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import Generic, Self, TypeVar

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, F, Q, Value, When

from tongxin.places import rules
from tongxin.places.models import Alias, Place
from tongxin.places.names import Match, Named, Names
from tongxin.places.search import LEVELS, Index, SearchRow, search_row
from tongxin.places.shapes import MapShapes, map_shapes
from tongxin.places.state import state_of

__all__ = ["Gazetteer", "MapShapes", "Match", "map_shapes"]

T = TypeVar("T")
BY_SIZE = Case(*(When(level=name, then=Value(at)) for name, at in LEVELS.items()))


class Gazetteer(Names):
    """Every place and name in memory, for importers: ``find`` costs microseconds."""

    @classmethod
    def load(cls, on: date | None = None) -> Self:
        """The gazetteer as of a day, from one query."""
        rows = Place.objects.annotate(names=_alias_names()).values_list(
            "code",
            "level",
            "parent_id",
            "name_zh",
            "name_en",
            "short_zh",
            "short_en",
            "pinyin",
            "valid_from",
            "valid_to",
            "names",
        )
        return cls((Named(*row[:-1], aliases=tuple(row[-1])) for row in rows.iterator()), on)


def place_called(code: str) -> Place:
    """The place of a code, written in any case.

    Raises:
        Place.DoesNotExist: no place has this code (a door answers 404).
    """
    return Place.objects.select_related("parent").get(code__iexact=code)


def children_of(code: str, *, on: date | None = None) -> list[Place]:
    """Places directly below, that exist on the day, in the order of their pinyin."""
    return list(Place.objects.standing(on).filter(parent=code).order_by("pinyin", "code"))


def ancestors(code: str) -> list[Place]:
    """Places above ``code``, the nearest first, the world last."""
    rows = Place.objects.raw(
        """
        WITH RECURSIVE up(code, parent_id, step) AS (
            SELECT code, parent_id, 0 FROM places_place WHERE code = %s
            UNION ALL
            SELECT p.code, p.parent_id, step + 1
            FROM places_place p JOIN up ON p.code = up.parent_id
        )
        SELECT p.* FROM places_place p JOIN up USING (code) WHERE step > 0 ORDER BY step
        """,
        [code],
    )
    return list(rows)


def subtree(code: str, *, on: date | None = None) -> list[Place]:
    """``code`` and every place below it that exists on the day, parents before parts."""
    rows = Place.objects.raw(
        """
        WITH RECURSIVE down(code, step) AS (
            SELECT code, 0 FROM places_place WHERE code = %s
            UNION ALL
            SELECT p.code, step + 1 FROM places_place p JOIN down ON p.parent_id = down.code
        )
        SELECT p.* FROM places_place p JOIN down USING (code) ORDER BY step, pinyin, code
        """,
        [code],
    )
    return [p for p in rows if rules.stands(p.valid_from, p.valid_to, on)]


def search_index(*, on: date | None = None) -> list[SearchRow]:
    """What the site search looks through; see ``search.SearchRow``.

    In the order in which equally good finds are told: larger places first, of one level those
    with most residents, then by pinyin.
    """
    rows = (
        Place.objects.standing(on)
        .annotate(names=_alias_names())
        .order_by(BY_SIZE, F("population").desc(nulls_last=True), "pinyin", "code")
        .values_list("code", "level", "parent_id", "name_zh", "name_en", "pinyin", "names")
    )
    return [search_row(*row) for row in rows]


def search(text: str, limit: int = 10) -> list[Place]:
    """Places whose name, pinyin, initials or alias is like ``text``, the best first."""
    codes = _index().best_first(text, limit)
    found = Place.objects.select_related("parent").in_bulk(codes)
    return [found[code] for code in codes if code in found]


def gazetteer() -> Gazetteer:
    """Every name of any day, shared by this process; read again when one has changed."""
    return _names.get()


def _index() -> Index:
    """The index of this process; read again when a place or an alias has changed."""
    return _searched.get()


class _Read(Generic[T]):
    """What was last read of places and aliases, with the state of the rows it was read from."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read, self._lock = read, Lock()
        self._last: list[tuple[str, T]] = []

    def get(self) -> T:
        state = state_of(Place, Alias)
        with self._lock:
            if not self._last or self._last[0][0] != state:
                self._last[:] = [(state, self._read())]
            return self._last[0][1]


_names = _Read(Gazetteer.load)
_searched = _Read(lambda: Index(search_index()))


def _alias_names() -> ArrayAgg:
    return ArrayAgg(
        "aliases__name", filter=Q(aliases__isnull=False), default=[], order_by="aliases__name"
    )


def tree_of(code: str, *, on: date | None = None) -> list[Place]:
    """As ``subtree``, each place followed by what lies below it."""
    below: dict[str | None, list[Place]] = defaultdict(list)
    root, *rest = subtree(code, on=on)
    for place in rest:
        below[place.parent_id].append(place)
    ordered, waiting = [], [root]
    while waiting:
        place = waiting.pop()
        ordered.append(place)
        waiting += reversed(below[place.code])
    return ordered
