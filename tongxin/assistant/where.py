"""The place that a question is about: the one it names, the asker's own, else home."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from tongxin.meaning.normal import HAN
from tongxin.places.queries import Gazetteer, gazetteer
from tongxin.places.rules import base_names

HAN_RUN = re.compile(f"[{HAN}]+")
WORDS = re.compile(r"[A-Za-z'’-]+")
LONGEST_ZH, LONGEST_EN = 12, 4
# Words that are names of places somewhere, and are not meant as such in a question.
NOT_PLACES = frozenset(
    WORDS.findall(
        "how many new case cases total of in the on at for are is was were there may march mobile "
        "deaths died dead people day today yesterday confirmed number what so far do we us and to "
        "have had been count infected active recovered from this that can you tell me most nice"
    )
)
NOT_PLACES_ZH = frozenset(HAN_RUN.findall("新增 确诊 多少 死亡 治愈 现有 疑似 今天 昨天 我们 病例"))


@dataclass(frozen=True)
class Where:
    """What is known of the place that is meant; looked up when it is needed.

    ``told``: the asker's own place, as the browser sent it.
    """

    text: str
    told: str = ""

    @cached_property
    def named(self) -> tuple[str, str]:
        """Code of the place that the question names, and the name as it stands there."""
        return place_named(self.text) or ("", "")

    @cached_property
    def code(self) -> str:
        return self.named[0] or named_code(self.told) or settings.HOME_PLACE

    @cached_property
    def is_told(self) -> bool:
        """Whether a place was named or sent; else home is taken."""
        return bool(self.named[0] or named_code(self.told))

    @cached_property
    def names(self) -> Gazetteer:
        return gazetteer()

    def lies_in(self, places: Iterable[str], titles: str) -> bool:
        """Whether what holds for these places, under this headline, holds here.

        It does for the place itself, all above it and all inside it; and where the headline
        names the place as the question does: what was read as a place may be a street.
        """
        name = self.named[1].casefold()
        edge = r"\b" if name.isascii() else ""  # "us" is not in "coronavirus"
        if name and re.search(f"{edge}{re.escape(name)}{edge}", titles.casefold()):
            return True
        here = self._lineage(self.code)
        return any(one in here or self.code in self._lineage(one) for one in places)

    def words_of(self, places: Iterable[str]) -> Iterator[str]:
        """The names of these places, and of the one that is meant."""
        yield self.named[1]
        for code in (self.code, *places):
            if place := self.names.places.get(code):
                yield from (place.name_zh, place.name_en, place.short_zh, place.short_en)
                yield from base_names(place.name_zh)

    def _lineage(self, code: str) -> set[str]:
        """A place and all that it lies in."""
        return {code, *(self.names.ancestors(code) if code in self.names.places else ())}


def place_in(text: str) -> str | None:
    """The code of the place that a question names; the longest name counts."""
    found = place_named(text)
    return found[0] if found else None


def place_named(text: str) -> tuple[str, str] | None:
    """The same with the name as it is written."""
    names = gazetteer()
    for name in candidates(text):
        match = names.find(name)
        if match.code and match.code != "001":
            return match.code, name
        if match.why == "ambiguous":
            return nearest(match.candidates), name
    return None


def named_code(name: str) -> str | None:
    """The code of a place by its name or code; None where there is none."""
    return gazetteer().find(name[:60]).code if name else None


def candidates(text: str) -> Iterator[str]:
    """What may be a name, longer pieces first."""
    runs = HAN_RUN.findall(text[:200])
    for size in range(LONGEST_ZH, 1, -1):
        for run in runs:
            pieces = (run[at : at + size] for at in range(len(run) - size + 1))
            yield from (piece for piece in pieces if piece not in NOT_PLACES_ZH)
    words = WORDS.findall(text[:200])
    for size in range(LONGEST_EN, 0, -1):
        for at in range(len(words) - size + 1):
            piece = words[at : at + size]
            if could_be_a_place(piece):
                yield " ".join(piece)


def could_be_a_place(words: list[str]) -> bool:
    ends = {words[0].lower(), words[-1].lower()}
    is_code = len(words) == 1 and len(words[0]) == 2
    return words[0].isupper() if is_code else not ends & NOT_PLACES


def nearest(codes: tuple[str, ...]) -> str:
    """Of several places of one name, the one that shares most with home."""
    names, home = gazetteer(), settings.HOME_PLACE
    above = {home, *names.ancestors(home)} if home in names.places else set()
    return max(codes, key=lambda code: (len(above & set(names.ancestors(code))), code))
