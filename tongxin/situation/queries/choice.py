"""Which source speaks for a place and a metric when several do. Pure: no database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

# A source whose newest day is further behind the newest of the others yields to them.
STALE_AFTER_DAYS = 14


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that has figures: how near to the origin, and the newest day it speaks about."""

    source: str
    tier: int
    newest: int  # any day number: only differences count


@dataclass(frozen=True, slots=True)
class Choice:
    """The sources in the order they speak; ``stale`` are those that yielded for being late."""

    order: list[str]
    stale: frozenset[str]


class Precedences:
    """The stated precedence: rows of (place, metric or blank, source, rank)."""

    def __init__(
        self, rows: Iterable[tuple[str, str, str, int]], parents: Mapping[str, str | None]
    ) -> None:
        self._stated: dict[tuple[str, str], dict[str, int]] = {}
        for place, metric, source, rank in rows:
            self._stated.setdefault((place, metric), {})[source] = rank
        self._parents = parents

    def ranks(self, place: str, metric: str) -> Mapping[str, int]:
        """Source → rank, as the nearest place at or above says it, for the metric before all.

        >>> p = Precedences(
        ...     [("CN", "", "who", 1), ("CN", "deaths", "nhc", 1)], {"CN": None, "CN-42": "CN"}
        ... )
        >>> p.ranks("CN-42", "confirmed"), p.ranks("CN-42", "deaths"), p.ranks("FR", "deaths")
        ({'who': 1}, {'nhc': 1}, {})
        """
        if not self._stated:
            return {}
        for here in upwards(place, self._parents):
            for asked in (metric, ""):
                if found := self._stated.get((here, asked)):
                    return found
        return {}

    def choose(self, place: str, metric: str, candidates: Sequence[Candidate]) -> Choice:
        """The candidates in order: stated rank, then tier, then code; late ones behind."""
        return ordered(candidates, self.ranks(place, metric))


def ordered(candidates: Sequence[Candidate], ranks: Mapping[str, int]) -> Choice:
    """See `Precedences.choose`.

    >>> late, own = Candidate("own", 1, 10), Candidate("dxy", 3, 30)
    >>> ordered([late, own], {}).order, ordered([late, own], {}).stale
    (['dxy', 'own'], frozenset({'own'}))
    >>> ordered([Candidate("a", 2, 30), Candidate("b", 3, 30)], {"b": 1}).order
    ['b', 'a']
    """
    newest = max((c.newest for c in candidates), default=0)
    stale = frozenset(c.source for c in candidates if newest - c.newest > STALE_AFTER_DAYS)
    best = sorted(
        candidates,
        key=lambda c: (
            c.source in stale,
            c.source not in ranks,
            ranks.get(c.source, 0),
            c.tier,
            c.source,
        ),
    )
    return Choice([c.source for c in best], stale)


def upwards(place: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    """``place`` and what stands above it, the nearest first.

    >>> list(upwards("c", {"c": "b", "b": "a", "a": None}))
    ['c', 'b', 'a']
    """
    here: str | None = place
    while here is not None:
        yield here
        here = parents.get(here)
