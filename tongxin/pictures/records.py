"""What a poster is drawn from. Texts are in one language; the caller chooses which."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Size(StrEnum):
    """Which canvas."""

    PHONE = "phone"
    SCREEN = "screen"

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height.

        >>> Size.PHONE.pixels, Size("screen").pixels
        ((1080, 1350), (1920, 1080))
        """
        return (1080, 1350) if self is Size.PHONE else (1920, 1080)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPoster:
    """A rumour and what is true.

    Attributes:
        claim: the rumour as people tell it, one sentence.
        verdict: false, misleading, unproven or true.
        why: two sentences.
        sources: who says so, the most important first; as many as fit are named.
        answered_on: since when the verdict stands.
        true_as_of: when it was last reviewed.
        address: of the page; drawn as a code to scan and in letters.
        authority: who publishes the poster; may be empty.
    """

    claim: str
    verdict: str
    why: str
    sources: tuple[str, ...]
    answered_on: date
    true_as_of: date
    address: str
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One line of a card, and a sentence on it where there is room."""

    title: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPoster:
    """What to do and what not to do in a circumstance.

    Attributes:
        title: the circumstance.
        intro: a sentence or two; left out where it does not fit.
        do: in the order of their weight; what does not fit is left out and the poster says so.
        dont: the same.
        sources: who says so.
        as_of: the day on which this advice last changed.
        address: of the page.
    """

    title: str
    intro: str = ""
    do: tuple[Point, ...] = ()
    dont: tuple[Point, ...] = ()
    sources: tuple[str, ...] = ()
    as_of: date
    address: str
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as readers see it: "3,518", its name, its change, and whether that is good news.

    ``tone`` is "worse", "better" or "".
    """

    name: str
    value: str
    change: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk level: ``level`` is low, medium, high or "" (long past); ``name`` says it in words."""

    level: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationPoster:
    """A place today.

    Attributes:
        place: its name.
        about: the disease and the moment of the figures, in words.
        said: sentences, the most important first; as many as fit.
        aged: that the figures are old, in words; empty where they are not.
        figures: up to four.
        risk: the level, where there is one.
        curve_name: what the bars count.
        curve: a number a day; None where unknown.
        first_day, last_day: of the curve, in words.
        sources: who says so.
        address: of the page.
    """

    place: str
    about: str
    said: tuple[str, ...] = ()
    aged: str = ""
    figures: tuple[Figure, ...] = ()
    risk: Risk | None = None
    curve_name: str = ""
    curve: tuple[float | None, ...] = ()
    first_day: str = ""
    last_day: str = ""
    sources: tuple[str, ...] = ()
    address: str
    authority: str = ""
