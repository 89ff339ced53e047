"""Finding a place as a person types it: either language, pinyin, initials, small slips.

The browser does the same with the same rows: frontend/src/ranking.ts, line by line.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from tongxin.places.rules import key_of

ENOUGH_ALIKE = 0.45  # of trigrams shared; below it, guesses crowd out what was meant
LEVELS = {"world": 0, "country": 1, "province": 2, "prefecture": 3, "county": 4, "township": 5}
# Words for what a place is, which people leave out: in Chinese, English and pinyin.
CLASS_ZH = re.compile(r"省|市|盟|州|县|区|旗|地区|林区|新区|自治[区州县旗]|特别行政区")
CLASS_EN = re.compile(
    r"city|county|district|prefecture|province|banner|league|municipality|newarea"
    r"|forestrydistrict|autonomous(region|prefecture|county|banner)|specialadministrativeregion"
)
CLASS_PINYIN = re.compile(
    r"sheng|shi|meng|zhou|xian|qu|qi|(di|lin|xin)qu|zizhi(qu|zhou|xian|qi)|tebiexingzhengqu"
)
WHOLE, BEGINS, INSIDE, ALIKE = range(4)


class SearchRow(TypedDict):
    """One place, small enough to send thousands to a browser."""

    c: str  # code
    v: int  # level, the world 0
    z: str  # name in Chinese
    e: str  # name in English
    p: str  # pinyin without spaces
    i: str  # initials of the pinyin
    u: str  # code of the place above
    a: list[str]  # other names


def search_row(
    code: str,
    level: str,
    parent: str,
    name_zh: str,
    name_en: str,
    pinyin: str,
    others: Sequence[str],
) -> SearchRow:
    """A row of the index.

    >>> row = search_row("CN-420100", "prefecture", "CN", "武汉市", "Wuhan", "wu han shi", [])
    >>> row["p"], row["i"]
    ('wuhanshi', 'whs')
    """
    syllables = pinyin.split()
    return SearchRow(
        c=code,
        v=LEVELS[level],
        z=name_zh,
        e=name_en,
        p="".join(syllables),
        i="".join(s[0] for s in syllables),
        u=parent,
        a=list(others),
    )


@dataclass(frozen=True, slots=True)
class Written:
    """A place as it is compared: every name without case, accents, spaces and punctuation."""

    code: str
    zh: str
    en: str
    pinyin: str
    initials: str
    names: tuple[str, ...]  # the three above, the code and all others

    @classmethod
    def of(cls, row: SearchRow) -> "Written":
        zh, en = key_of(row["z"]), key_of(row["e"])
        others = (key_of(row["c"]), *map(key_of, row["a"]))
        return cls(row["c"], zh, en, row["p"], row["i"], (zh, en, row["p"], *others))

    def is_whole(self, key: str) -> bool:
        """Whether ``key`` is a name, or one without the word for what the place is."""
        return key in self.names or any(
            name.startswith(key) and word.fullmatch(name, len(key))
            for name, word in (
                (self.zh, CLASS_ZH),
                (self.en, CLASS_EN),
                (self.pinyin, CLASS_PINYIN),
            )
        )

    def distance(self, key: str) -> int | None:
        """How well it fits; None where not at all."""
        if self.is_whole(key):
            return WHOLE
        if self.initials.startswith(key) or any(name.startswith(key) for name in self.names):
            return BEGINS
        is_telling = len(key) > 1 or key > "\u2e80"  # one Latin letter is in every name
        return INSIDE if is_telling and any(key in name for name in self.names) else None

    def unlikeness(self, key: str) -> float | None:
        """How far the name most like ``key`` is from it; None where none is like it."""
        names = (name for name in self.names if len(name) >= len(key) - 1)
        likeness = max((_alike(name, key) for name in names), default=0)
        return ALIKE - likeness if likeness >= ENOUGH_ALIKE else None


@dataclass(slots=True)
class Index:
    """The rows of all places, in the order in which equally good finds are told."""

    rows: Sequence[SearchRow]
    _written: list[Written] = field(init=False)

    def __post_init__(self) -> None:
        self._written = [Written.of(row) for row in self.rows]

    def best_first(self, text: str, limit: int) -> list[str]:
        """Codes of the places most like ``text``: whole, then beginning, then inside.

        Only where nothing is found so, guesses at what was meant.

        >>> index = Index([
        ...     search_row("CN-420000", "province", "CN", "湖北省", "Hubei", "hu bei sheng", []),
        ...     search_row("CN-420100", "prefecture", "", "武汉市", "Wuhan", "wu han shi", []),
        ... ])
        >>> [index.best_first(t, 5) for t in ("武汉", "wuh", "hbs", "Hubie", "")]
        [['CN-420100'], ['CN-420100'], ['CN-420000'], ['CN-420000'], []]
        """
        key = key_of(text)
        if not key:
            return []
        found = self._sorted(lambda place: place.distance(key))
        if not found and len(key) > 3:
            found = self._sorted(lambda place: place.unlikeness(key))
        return found[:limit]

    def _sorted(self, measure: Callable[[Written], float | None]) -> list[str]:
        measured: Iterable[tuple[float | None, str]] = ((measure(p), p.code) for p in self._written)
        fits = [(far, code) for far, code in measured if far is not None]
        return [code for _, code in sorted(fits, key=lambda one: one[0])]


def _alike(one: str, other: str) -> float:
    if sorted(one) == sorted(other):
        return 1.0  # letters swapped
    a, b = _trigrams(one), _trigrams(other)
    return len(a & b) / min(len(a), len(b))


def _trigrams(name: str) -> set[str]:
    padded = f"  {name} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}
