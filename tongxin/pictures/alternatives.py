"""A poster in plain words, in the order in which it is read: for those who do not see it."""

from functools import singledispatch

from tongxin.pictures.fonts import Language, short
from tongxin.pictures.lines import tidy
from tongxin.pictures.records import CardPoster, ClaimPoster, Point, SituationPoster
from tongxin.pictures.wording import bare, day, sources, word

type_of_poster = ClaimPoster | CardPoster | SituationPoster


def alt_text(poster: type_of_poster, language: str) -> str:
    """Everything that the poster says, whole, as sentences.

    >>> from datetime import date
    >>> day = date(2020, 2, 8)
    >>> alt_text(ClaimPoster(claim="Salt cures", verdict="false", why="It does not.",
    ...     sources=("WHO",), answered_on=day, true_as_of=day, address="https://a.org/x/"), "en")
    'False. People say: Salt cures. The facts: It does not. Source: WHO. Answered 8 February 2020, \
reviewed 8 February 2020. a.org/x'
    """
    return _sentences(_said(poster, short(language)), short(language))


def title(poster: type_of_poster, language: Language) -> str:
    """What the poster is about, in a line."""
    return tidy(_title(poster, language))


@singledispatch
def _said(poster: type_of_poster, language: Language) -> list[str]:
    raise TypeError(f"no poster: {type(poster).__name__}")


@_said.register
def _(poster: ClaimPoster, language: Language) -> list[str]:
    colon = word("colon", language)
    return [
        word(f"verdict_{poster.verdict}", language),
        f"{word('says', language)}{colon}{poster.claim}",
        f"{word('why', language)}{colon}{poster.why}",
        sources(poster.sources, language),
        claim_dates(poster, language),
        bare(poster.address),
    ]


@_said.register
def _(poster: CardPoster, language: Language) -> list[str]:
    return [
        poster.title,
        poster.intro,
        *_points(word("do", language), poster.do, language),
        *_points(word("dont", language), poster.dont, language),
        sources(poster.sources, language),
        word("in_force", language, day=day(poster.as_of, language)),
        bare(poster.address),
    ]


@_said.register
def _(poster: SituationPoster, language: Language) -> list[str]:
    colon = word("colon", language)
    figures = (
        f"{f.name}{colon}{f.value}" + (f" ({f.change})" if f.change else "") for f in poster.figures
    )
    return [
        poster.place,
        poster.about,
        poster.aged,
        *poster.said,
        poster.risk.name if poster.risk else "",
        *figures,
        sources(poster.sources, language),
        bare(poster.address),
    ]


def _points(name: str, points: tuple[Point, ...], language: Language) -> list[str]:
    if not points:
        return []
    colon = word("colon", language)
    return [f"{name}{colon}{points[0].title}", *(point.title for point in points[1:])]


@singledispatch
def _title(poster: type_of_poster, language: Language) -> str:
    raise TypeError(f"no poster: {type(poster).__name__}")


@_title.register
def _(poster: ClaimPoster, language: Language) -> str:
    verdict = word(f"verdict_{poster.verdict}", language)
    return f"{verdict}{word('colon', language)}{poster.claim}"


@_title.register
def _(poster: CardPoster, language: Language) -> str:
    return poster.title


@_title.register
def _(poster: SituationPoster, language: Language) -> str:
    return f"{poster.place}{word('colon', language)}{poster.about}"


def claim_dates(poster: ClaimPoster, language: Language) -> str:
    """Since when the verdict stands and when it was reviewed."""
    return word(
        "answered",
        language,
        since=day(poster.answered_on, language),
        reviewed=day(poster.true_as_of, language),
    )


def _sentences(parts: list[str], language: Language) -> str:
    """The parts one after the other, each ended; the address last, as it is."""
    *said, address = [tidy(part) for part in parts if part.strip()]
    stop, gap = word("stop", language), word("gap", language)
    ended = (part if part[-1] in "。！？.!?…" else part + stop for part in said if part)
    return gap.join([*ended, address])
