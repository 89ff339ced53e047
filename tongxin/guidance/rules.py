"""Which advice a person gets on a day, and whether the whole contradicts itself. Plain Python.

Advice stands in layers: the world's, the nation's, the province's, the county's. Where two pieces
about the same act differ, the narrower one is what the person gets, if the wider one allows that
(``narrower_may``); where it does not, they contradict each other and nothing is published.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from tongxin.guidance.people_axes import Persona, Space, Vector

LAYERS = ("world", "nation", "province", "county")
POLARITIES = ("must", "should", "may", "should-not", "must-not", "know")
WEIGHT = {"must": 2, "should": 1, "may": 0, "should-not": -1, "must-not": -2}


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of advice as the rules see it.

    Attributes:
        when: axis → values for which it holds; an axis not named does not matter.
        places: codes of the places where it holds, their parts included; empty: everywhere.
        expires_on: the last day on which it holds; None: until it is taken back.
    """

    slug: str
    circumstance: str
    action: str
    polarity: str
    layer: str
    narrower_may: str
    effective_from: date
    expires_on: date | None = None
    places: tuple[str, ...] = ()
    when: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on this day."""
        return self.effective_from <= day and (self.expires_on is None or day <= self.expires_on)

    def is_for(self, persona: Persona, lineage: Sequence[str]) -> bool:
        """Whether it is for this person, in a place whose own code and ancestors are given."""
        return self.is_in(lineage) and all(persona[a] in values for a, values in self.when.items())

    def is_in(self, lineage: Sequence[str]) -> bool:
        """Whether it holds in a place whose own code and ancestors are given."""
        return not self.places or any(code in self.places for code in lineage)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why advice may not be published as it is.

    Attributes:
        rule: "contradiction", "nobody_told" or "nobody_reached".
        blocks: slugs of the blocks at fault.
        persona: the plainest person to whom it happens; empty where there is none.
        place: the code of a place where it happens; "" for anywhere.
        day: the first day on which it happens.
    """

    rule: str
    blocks: tuple[str, ...]
    persona: Mapping[str, str] = field(default_factory=dict, hash=False)
    place: str = ""
    day: date | None = None


def opposes(one: str, other: str) -> bool:
    """Whether two polarities about the same act cannot both be followed.

    >>> opposes("should", "must-not"), opposes("may", "should-not"), opposes("must", "may")
    (True, False, False)
    """
    if "know" in (one, other):
        return False
    low, high = sorted((WEIGHT[one], WEIGHT[other]))
    return low == -2 and high >= 0 or low < 0 < high


def gives_way(wider: Block, narrower: Block) -> bool:
    """Whether the narrower advice takes the place of the wider where both hold.

    It does where the two oppose each other or speak of the same circumstance; elsewhere both
    stand. "stricter" allows more of the same, and anything where the wider only said "may".
    """
    if LAYERS.index(narrower.layer) <= LAYERS.index(wider.layer):
        return False
    if "know" in (wider.polarity, narrower.polarity) or wider.action != narrower.action:
        return False
    is_opposite = opposes(wider.polarity, narrower.polarity)
    if not is_opposite and wider.circumstance != narrower.circumstance:
        return False
    before, after = WEIGHT[wider.polarity], WEIGHT[narrower.polarity]
    if wider.narrower_may == "stricter":
        return before == 0 or before * after > 0 and abs(after) > abs(before)
    return wider.narrower_may == "anything"


def advice_for(
    blocks: Iterable[Block], persona: Persona, lineage: Sequence[str], day: date
) -> list[Block]:
    """What this person is told on this day, in the order given; wider advice gives way."""
    theirs = [b for b in blocks if b.holds_on(day) and b.is_for(persona, lineage)]
    return [b for b in theirs if not any(gives_way(b, other) for other in theirs)]


def faults(
    blocks: Sequence[Block], space: Space, *, today: date, parents: Mapping[str, str]
) -> list[Fault]:
    """Everything wrong with the whole, over all people, all places named, all days from today.

    Args:
        parents: the place above each place named, and above those.
    """
    coming = [b for b in blocks if b.expires_on is None or b.expires_on >= today]
    theirs = {b.slug: space.matching(b.when) for b in coming}
    return [
        *_contradictions(coming, theirs, space, today, parents),
        *_untold(coming, theirs, space, today, parents),
        *_unreached(coming, theirs, today, parents),
    ]


def lineage_of(code: str, parents: Mapping[str, str]) -> list[str]:
    """A place and all above it, nearest first.

    >>> lineage_of("CN-421083", {"CN-421083": "CN-421000", "CN-421000": "CN"})
    ['CN-421083', 'CN-421000', 'CN']
    """
    found = [code] if code else []
    while found and found[-1] in parents:
        found.append(parents[found[-1]])
    return found


def _contradictions(
    blocks: Sequence[Block],
    theirs: Mapping[str, Vector],
    space: Space,
    today: date,
    parents: Mapping[str, str],
) -> Iterator[Fault]:
    for one, other in combinations(blocks, 2):
        if one.action != other.action or not opposes(one.polarity, other.polarity):
            continue
        day, place = _first_day(one, other, today), _common_place(one, other, parents)
        if day is None or place is None:
            continue
        if gives_way(one, other) or gives_way(other, one):
            continue
        persona = space.plainest(theirs[one.slug] & theirs[other.slug])
        if persona:
            slugs = (one.slug, other.slug)
            yield Fault("contradiction", slugs, persona=persona, place=place, day=day)


def _untold(
    blocks: Sequence[Block],
    theirs: Mapping[str, Vector],
    space: Space,
    today: date,
    parents: Mapping[str, str],
) -> Iterator[Fault]:
    """People to whom nothing is said: the plainest of each place and stretch of days."""
    for place in _places(blocks):
        lineage = lineage_of(place, parents)
        for day in _turning_days(blocks, today):
            told = space.matching({}) & False
            for block in blocks:
                if block.polarity != "know" and block.holds_on(day) and block.is_in(lineage):
                    told |= theirs[block.slug]
            if persona := space.plainest(~told):
                yield Fault("nobody_told", (), persona=persona, place=place, day=day)
                break


def _unreached(
    blocks: Sequence[Block],
    theirs: Mapping[str, Vector],
    today: date,
    parents: Mapping[str, str],
) -> Iterator[Fault]:
    """Blocks that no person ever gets: nobody is like that, or narrower advice always wins."""
    for block in blocks:
        days = [day for day in _turning_days(blocks, today) if block.holds_on(day)]
        places = [p for p in _places(blocks) if block.is_in(lineage_of(p, parents))]
        is_reached = any(
            _left_over(block, blocks, theirs, day, lineage_of(place, parents)).any()
            for day in days
            for place in places
        )
        if not is_reached:
            yield Fault("nobody_reached", (block.slug,))


def _left_over(
    block: Block,
    blocks: Sequence[Block],
    theirs: Mapping[str, Vector],
    day: date,
    lineage: Sequence[str],
) -> Vector:
    """The people who get a block after narrower advice has taken its place."""
    left = theirs[block.slug].copy()
    for other in blocks:
        if gives_way(block, other) and other.holds_on(day) and other.is_in(lineage):
            left &= ~theirs[other.slug]
    return left


def _places(blocks: Iterable[Block]) -> list[str]:
    """Anywhere, and every place that some block names."""
    return ["", *sorted({code for block in blocks for code in block.places})]


def _turning_days(blocks: Iterable[Block], today: date) -> list[date]:
    """Today and every later day on which something begins or has just ended."""
    days = {today}
    for block in blocks:
        days.add(block.effective_from)
        if block.expires_on:
            days.add(block.expires_on + timedelta(days=1))
    return sorted(day for day in days if day >= today)


def _first_day(one: Block, other: Block, today: date) -> date | None:
    """The first day from today on which both hold."""
    day = max(one.effective_from, other.effective_from, today)
    return day if one.holds_on(day) and other.holds_on(day) else None


def _common_place(one: Block, other: Block, parents: Mapping[str, str]) -> str | None:
    """A place where both hold, "" for anywhere; None where there is none."""
    for code in [*one.places, *other.places] or [""]:
        lineage = lineage_of(code, parents)
        if one.is_in(lineage) and other.is_in(lineage):
            return code
    return None
