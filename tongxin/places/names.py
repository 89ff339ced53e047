"""Names in memory: from what a source calls a place to its code, or an honest "not sure"."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tongxin.places import rules
from tongxin.places.categories import category_of

OWN_NAME_LEVELS = {"world", "country", "province"}
TERRITORIES = Path(__file__).with_name("data") / "territories.csv"


@cache
def territories() -> dict[str, str]:
    """Areas with an ISO 3166-1 code of their own that lists put under another country's.

    >>> territories()["GL"]
    'DK'
    """
    with TERRITORIES.open(encoding="utf-8", newline="") as table:
        return {row["code"]: row["of"] for row in csv.DictReader(table)}


@dataclass(frozen=True, slots=True)
class Named:
    """A place as the index sees it."""

    code: str
    level: str
    parent: str | None
    name_zh: str
    name_en: str
    short_zh: str = ""
    short_en: str = ""
    pinyin: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """What a name means.

    Attributes:
        code: the place, or None when it is not certain.
        why: ``exact`` | ``alias`` | ``code`` when there is a place; else ``ambiguous`` |
            ``ended`` (it was one, not on that day) | ``category`` (no place: see
            ``category``) | ``unknown``.
        candidates: codes it might mean, where ``why`` is ambiguous or ended.
        category: one of ``categories.MEANINGS`` where ``why`` is category.
    """

    code: str | None
    why: str
    candidates: tuple[str, ...] = ()
    category: str = ""


UNKNOWN = Match(None, "unknown")


class Names:
    """An index over places. Never guesses: two places of one name are ``ambiguous``."""

    def __init__(self, places: Iterable[Named], on: date | None = None) -> None:
        self.on = on
        self.places = {place.code: place for place in places}
        self._own: dict[str, set[str]] = defaultdict(set)
        self._short: dict[str, set[str]] = defaultdict(set)
        self._codes = {code.casefold(): code for code in self.places}
        for place in self.places.values():
            for key in map(rules.key_of, self._own_names(place)):
                self._own[key].add(place.code)
            for key in map(rules.key_of, self._short_names(place)):
                self._short[key].add(place.code)
        self._own.pop("", None)
        self._short.pop("", None)

    @staticmethod
    def _own_names(place: Named) -> Iterator[str]:
        yield place.name_zh
        yield from place.aliases
        if place.level in OWN_NAME_LEVELS:
            yield from (place.name_en, place.short_zh, place.short_en)

    @staticmethod
    def _short_names(place: Named) -> Iterator[str]:
        yield from (place.name_en, place.short_zh, place.short_en)
        yield rules.base_name_en(place.name_en)
        yield from rules.base_names(place.name_zh)

    def stands(self, code: str) -> bool:
        """Whether the place exists on this index's day."""
        place = self.places[code]
        return rules.stands(place.valid_from, place.valid_to, self.on)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Codes above ``code``, nearest first, the world last."""
        above = []
        while (parent := self.places[code].parent) is not None:
            above.append(parent)
            code = parent
        return tuple(above)

    def find(self, name: str, *, within: str | None = None, level: str | None = None) -> Match:
        """What ``name`` means, among the places below ``within`` and of ``level`` if given.

        A list published for an area names its parts, so those directly below ``within`` come
        before those further down; of a place and a part of it with the same name (恩施州 and
        恩施市) the larger is meant. ``within`` itself is found last, by its own full name.
        """
        key = rules.key_of(name)
        if category := category_of(key):
            return Match(None, "category", category=category)
        if code := rules.code_of(name):
            found = self._by_code(code, within, level)
            if found is not None:
                return found
        ended: tuple[str, ...] = ()
        for index in (self._own, self._short):
            fits = [c for c in index.get(key, ()) if self._fits(c, within, level)]
            standing = [c for c in fits if self.stands(c)]
            if standing:
                return self._choose(standing, key, within)
            ended = ended or tuple(sorted(fits))
        if ended:
            return self._gone(ended, key)
        return self._composed(key, within, level) or self._itself(key, within, level)

    def find_many(
        self, names: Iterable[str], *, within: str | None = None, level: str | None = None
    ) -> dict[str, Match]:
        """``find`` for each distinct name."""
        return {name: self.find(name, within=within, level=level) for name in set(names)}

    def _by_code(self, text: str, within: str | None, level: str | None) -> Match | None:
        code = self._codes.get(text.casefold())
        if code is None or not (code == within or self._fits(code, within, level)):
            return None
        if self.on is not None and not self.stands(code):
            return Match(None, "ended", (code,))
        return Match(code, "code")

    def _fits(self, code: str, within: str | None, level: str | None) -> bool:
        if level is not None and self.places[code].level != level:
            return False
        return within is None or within in self.ancestors(code) or territories().get(code) == within

    def _choose(self, codes: list[str], key: str, within: str | None) -> Match:
        direct = [c for c in codes if self.places[c].parent == within]
        if len(direct) == 1:
            return self._match(direct[0], key)
        tops = [c for c in codes if not set(self.ancestors(c)) & set(codes)]
        if len(tops) == 1:
            return self._match(tops[0], key)
        return Match(None, "ambiguous", tuple(sorted(tops)))

    def _gone(self, codes: tuple[str, ...], key: str) -> Match:
        """With no day asked, a name that only an ended place had still means that place."""
        if self.on is None and len(codes) == 1:
            return self._match(codes[0], key)
        return Match(None, "ended", codes)

    def _match(self, code: str, key: str) -> Match:
        place = self.places[code]
        exact = key in (rules.key_of(place.name_zh), rules.key_of(place.name_en))
        return Match(code, "exact" if exact else "alias")

    def _composed(self, key: str, within: str | None, level: str | None) -> Match | None:
        """包头市东河区: the area's name, then its part's, both certain."""
        if key.isascii():
            return None
        found = set()
        for cut in range(len(key) - 2, 1, -1):
            for area in self._named(key[:cut], within):
                part = self._named(key[cut:], area)
                found |= {c for c in part if level is None or self.places[c].level == level}
        if len(found) == 1:
            return Match(found.pop(), "alias")
        return Match(None, "ambiguous", tuple(sorted(found))) if found else None

    def _named(self, key: str, within: str | None) -> set[str]:
        codes = self._own.get(key, set()) | self._short.get(key, set())
        return {c for c in codes if self._fits(c, within, None) and self.stands(c)}

    def _itself(self, key: str, within: str | None, level: str | None) -> Match:
        if within in self._own.get(key, ()) and level in (None, self.places[within].level):
            return self._match(within, key)
        return UNKNOWN
