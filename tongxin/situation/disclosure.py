"""Small cells: which figures to withhold, and proof that nobody can work them out again.

Cells stand in a tree: a parent's figure is the sum of its children's. A count above nought and
below the threshold is withheld (primary); others are withheld with it (complementary) until no
reader of the published figures can narrow a withheld small count down to fewer values than the
mark itself allows, which are 1 to threshold - 1.

What the reader is taken to know: every published figure, the tree, and that a withheld figure
is at least 1 (noughts are published). Primary and complementary marks look the same.
Limits: a reader with knowledge of a case (the family, the ward) knows more; so does one who
works out from this method which withheld cells are only complements; tables of other
metrics, and other days, are separate tables here (for days see `withhold_days`); and a figure
once published in an earlier release cannot be withheld again.
After Hundepool et al. 2012, Statistical Disclosure Control, chapters 4 and 5 (tables).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from tongxin.situation.thresholds import SMALL_CELL

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Suppression:
    """The cells to withhold: those that are small, and those withheld to protect them.

    unprotected: small cells that stay recoverable even so (a lone column of small counts has
    nothing to hide behind); a table with any must not be published.
    """

    primary: frozenset[str]
    complementary: frozenset[str]
    unprotected: frozenset[str]

    @property
    def withheld(self) -> frozenset[str]:
        """Both kinds: the page shows one mark for them."""
        return self.primary | self.complementary


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by place, and the parent of each. Families whose children do not sum to their
    parent (cases not yet allotted to a place) tell a reader only that the rest is not negative.
    """

    values: Mapping[str, int]
    parents: Mapping[str, str | None]

    def families(self) -> dict[str, list[str]]:
        """Children by parent, for parents and children that have a figure."""
        found: dict[str, list[str]] = {}
        for place in self.values:
            parent = self.parents.get(place)
            if parent is not None and parent in self.values:
                found.setdefault(parent, []).append(place)
        return found


def small(values: Mapping[str, int], *, threshold: int = SMALL_CELL) -> frozenset[str]:
    """Places whose count is above nought and below the threshold.

    >>> sorted(small({"a": 0, "b": 1, "c": 4, "d": 5}))
    ['b', 'c']
    """
    return frozenset(place for place, n in values.items() if 0 < n < threshold)


def feasible(table: Table, withheld: Collection[str]) -> dict[str, Interval]:
    """For each withheld place the least and greatest figure the published ones allow.

    Exact: sums in a tree have no cycles, so one pass up and one down find the true bounds.

    >>> t = Table({"p": 10, "a": 7, "b": 3}, {"a": "p", "b": "p"})
    >>> feasible(t, {"b"}), feasible(t, {"a", "b"})["b"]
    ({'b': (3, 3)}, (1, 9))
    """
    families = table.families()
    order = _leaves_first(table, families)
    own = {p: (1, inf) if p in withheld else (n, n) for p, n in table.values.items()}
    for place in order:
        if children := families.get(place):
            low = sum(own[c][0] for c in children)
            high = sum(own[c][1] for c in children)
            exact = sum(table.values[c] for c in children) == table.values[place]
            own[place] = _meet(own[place], (low, high if exact else inf))
    for place in reversed(order):
        _narrow_children(table, own, place, families.get(place, []))
    return {place: own[place] for place in table.values if place in withheld}


def recoverable(
    table: Table, withheld: Collection[str], *, threshold: int = SMALL_CELL
) -> dict[str, Interval]:
    """The small counts a reader can narrow down too far, with what the reader can tell.

    Too far: to fewer than ``threshold - 1`` values. Small counts that are not withheld at all
    are among them, as an interval of one value. Empty: the table may be published.

    >>> t = Table({"p": 10, "a": 7, "b": 3}, {"a": "p", "b": "p"})
    >>> recoverable(t, {"b"}), recoverable(t, {"a", "b"}), recoverable(t, set())
    ({'b': (3, 3)}, {}, {'b': (3, 3)})
    """
    bounds = feasible(table, withheld)
    found = {}
    for place in small(table.values, threshold=threshold):
        low, high = bounds.get(place, (table.values[place],) * 2)
        if high - low + 1 < threshold - 1:
            found[place] = (low, high)
    return found


def suppress(table: Table, *, threshold: int = SMALL_CELL) -> Suppression:
    """What to withhold so that no small count is recoverable, and no more than that.

    Complements are chosen smallest first among figures that are not nought: siblings, then the
    parent, then the parent's siblings, upwards. Afterwards every complement that turns out not
    to be needed is published again, greatest first: none of those left can be given back.
    """
    primary = small(table.values, threshold=threshold)
    families = table.families()
    chosen: list[str] = []
    while exposed := recoverable(table, primary | set(chosen), threshold=threshold):
        before = len(chosen)
        covered: set[str | None] = set()
        for place in sorted(exposed, key=lambda p: (table.values[p], p)):
            # One cell a family and round: it may protect the others of the family as well.
            if table.parents.get(place) in covered:
                continue
            cover = _cover(table, families, place, primary | set(chosen))
            if cover is not None:
                covered.add(table.parents.get(place))
                chosen.append(cover)
        if len(chosen) == before:
            break
    given_up = exposed.keys()
    for place in sorted(chosen, key=lambda p: -table.values[p]):
        fewer = (primary | set(chosen)) - {place}
        if recoverable(table, fewer, threshold=threshold).keys() <= given_up:
            chosen.remove(place)
    return Suppression(primary, frozenset(chosen), frozenset(given_up))


def withhold_days(
    cumulative: Sequence[int | None], *, threshold: int = SMALL_CELL
) -> tuple[bool, ...]:
    """Days of a cumulative series to withhold, so that no small number of new cases shows.

    A total is shown when it is nought, equals the total last shown, or has moved from it by at
    least ``threshold``. So any two shown totals differ by nought or by ``threshold`` or more,
    and a withheld day lies anywhere in ``threshold - 1`` values. Missing days are not withheld.

    >>> withhold_days([0, 2, 4, 7, 7, 9, 20])
    (False, True, True, False, False, True, False)
    """
    shown = 0
    held = []
    for total in cumulative:
        moved = 0 if total is None else abs(total - shown)
        held.append(0 < moved < threshold)
        if total is not None and not held[-1]:
            shown = total
    return tuple(held)


def days_recoverable(
    cumulative: Sequence[int | None],
    withheld: Sequence[bool],
    *,
    threshold: int = SMALL_CELL,
) -> tuple[int, ...]:
    """Positions of shown totals that, with the one shown before them, give a small number away.

    >>> days_recoverable([0, 7, 8, 20], [False] * 4)
    (2,)
    """
    shown, found = 0, []
    for day, (total, held) in enumerate(zip(cumulative, withheld, strict=True)):
        if total is None or held:
            continue
        if 0 < abs(total - shown) < threshold:
            found.append(day)
        shown = total
    return tuple(found)


def _leaves_first(table: Table, families: Mapping[str, list[str]]) -> list[str]:
    children = {child for family in families.values() for child in family}
    order = [place for place in table.values if place not in children]
    for place in order:
        order.extend(families.get(place, []))
    order.reverse()
    return order


def _narrow_children(
    table: Table, own: dict[str, Interval], parent: str, children: list[str]
) -> None:
    """What the parent's bounds leave for each child, given the least and most of the others."""
    low = sum(own[c][0] for c in children)
    high = sum(own[c][1] for c in children if own[c][1] < inf)
    endless = sum(own[c][1] == inf for c in children)
    exact = sum(table.values[c] for c in children) == table.values[parent]
    before = {c: own[c] for c in children}
    for child in children:
        mine = before[child]
        others_endless = endless - (mine[1] == inf)
        others_high = inf if others_endless else high - (mine[1] if mine[1] < inf else 0)
        most = own[parent][1] - (low - mine[0])
        least = own[parent][0] - others_high if exact else -inf
        own[child] = _meet(mine, (least, most))


def _meet(one: Interval, other: Interval) -> Interval:
    return max(one[0], other[0]), min(one[1], other[1])


def _cover(
    table: Table, families: Mapping[str, list[str]], place: str, withheld: Collection[str]
) -> str | None:
    """The next cell to withhold for ``place``: nearest first, smallest first, never a nought."""
    while True:
        parent = table.parents.get(place)
        if parent is None or parent not in table.values:
            return None
        siblings = [c for c in families[parent] if c not in withheld and table.values[c] > 0]
        if siblings:
            return min(siblings, key=lambda c: (table.values[c], c))
        if parent not in withheld:
            return parent
        place = parent
