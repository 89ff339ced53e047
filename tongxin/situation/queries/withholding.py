"""Small counts that must not be published: the one place where they are taken out.

Places of a protected level (`LEVELS`) lose every figure that would let a reader work out a
count from 1 to 4, cumulative or new that day. What is left are ordinary lines with days
missing, so nothing built from them can show what is not there. Pure: no database.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tongxin.situation.disclosure import Table, feasible
from tongxin.situation.shapes import Line
from tongxin.situation.thresholds import SMALL_CELL

# A township may have a few hundred residents, who know each other; a county has 100,000s.
LEVELS = frozenset({"township"})

# Where one of these is withheld, a reported number of active cases would give it away.
PARTS_OF_ACTIVE = ("confirmed", "deaths", "recovered")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Safe:
    """What may be published: the lines, the days withheld, and the places concerned."""

    lines: dict[Key, list[Line]]
    days: dict[Key, np.ndarray]
    protected: frozenset[str]


def protected_family(
    places: Collection[str], parents: Mapping[str, str | None], levels: Mapping[str, str]
) -> set[str]:
    """``places`` with the parents and siblings that decide what must be withheld of them."""
    wanted = set(places)
    families = {parents.get(place) for place in places if levels.get(place) in LEVELS}
    families.discard(None)
    while families:
        wanted |= {place for place, parent in parents.items() if parent in families} | families
        families = {parents.get(f) for f in families if levels.get(f) in LEVELS} - {None}
    return wanted


def withhold(
    lines: Mapping[Key, list[Line]],
    parents: Mapping[str, str | None],
    levels: Mapping[str, str],
    *,
    below: int = SMALL_CELL,
) -> Safe:
    """The lines without what must not be known; counts ``below`` that many are small.

    Of a protected place only the chosen source is published: two sources that differ by a
    person or two would tell what one of them withholds.
    """
    families: dict[tuple[str | None, str], list[str]] = {}
    for place, metric in lines:
        if levels.get(place) in LEVELS:
            families.setdefault((parents.get(place), metric), []).append(place)
    if not families:
        return Safe(dict(lines), {}, frozenset())
    safe, days = dict(lines), {}
    for parent, metric in sorted(families, key=lambda f: (_depth(f[0], parents), str(f))):
        children = {place: lines[place, metric][0] for place in families[parent, metric]}
        above = safe.get((parent, metric), []) if parent else []
        kept = _family(above[0] if above else None, children, days.get((parent, metric)), below)
        for place, hidden in kept.items():
            safe[place, metric] = _without(children[place], hidden)
            days[place, metric] = hidden
    protected = frozenset(place for family in families.values() for place in family)
    for place in protected:
        _protect_active(place, safe, days)
    return Safe(safe, days, protected)


def _depth(place: str | None, parents: Mapping[str, str | None]) -> int:
    depth = 0
    while place is not None:
        place, depth = parents.get(place), depth + 1
    return depth


def _family(
    parent: Line | None, children: Mapping[str, Line], above: np.ndarray | None, below: int
) -> dict[str, np.ndarray]:
    """Days to withhold of each child: small steps, and what protects them from subtraction.

    Day by day: a total is shown when it equals the one last shown or is ``below`` or more
    away from it. Where a reader could narrow a withheld one down from the parent and the
    siblings, the smallest sibling shown is withheld with it, at last the whole family.
    """
    totals = {place: _by_day(line) for place, line in children.items()}
    whole = _by_day(parent) if parent is not None else {}
    closed = set() if above is None else set(above.tolist())
    shown = dict.fromkeys(children, 0)
    held: dict[str, list[object]] = {place: [] for place in children}
    for day in sorted({day for days in totals.values() for day in days}):
        today = {place: days[day] for place, days in totals.items() if day in days}
        small = {p for p, n in today.items() if 0 < abs(n - shown[p]) < below}
        hidden = set(today) if day in closed else _covered(whole.get(day), today, small, below)
        for place, total in today.items():
            if place in hidden:
                held[place].append(day)
            else:
                shown[place] = total
    return {place: np.array(days, "datetime64[D]") for place, days in held.items()}


def _covered(parent: int | None, today: Mapping[str, int], small: set[str], below: int) -> set[str]:
    """``small`` with as many siblings as it takes that none of it can be worked out."""
    if not small or parent is None:
        return small
    table = Table({**today, "": parent}, dict.fromkeys(today, ""))
    hidden = set(small)
    while any(
        high - low + 1 < below - 1
        for place, (low, high) in feasible(table, hidden).items()
        if place in small
    ):
        rest = [place for place in today if place not in hidden]
        if not rest:
            break
        hidden.add(min(rest, key=lambda p: (today[p] == 0, today[p], p)))
    return hidden


def _protect_active(place: str, safe: dict[Key, list[Line]], days: dict[Key, np.ndarray]) -> None:
    parts = [days[place, metric] for metric in PARTS_OF_ACTIVE if (place, metric) in days]
    if (place, "active") in days and parts:
        hidden = np.unique(np.concatenate([days[place, "active"], *parts]))
        days[place, "active"] = hidden
        if reported := safe[place, "active"]:
            safe[place, "active"] = _without(reported[0], hidden)


def _by_day(line: Line) -> dict[object, int]:
    return dict(zip(line.days.tolist(), line.values.tolist(), strict=True))


def _without(line: Line, days: np.ndarray) -> list[Line]:
    stays = ~np.isin(line.days, days)
    if not stays.any():
        return []
    return [
        replace(
            line,
            days=line.days[stays],
            values=line.values[stays],
            moments=None if line.moments is None else line.moments[stays],
        )
    ]
