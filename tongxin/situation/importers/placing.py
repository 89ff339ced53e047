"""From what a file calls places to our codes: certain, or a reason to hold its figures."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from tongxin.places.names import Match
from tongxin.places.queries import Gazetteer

BELOW_PROVINCE = "below_province"
UNKNOWN = Match(None, "unknown")
REASONS = {
    "unknown": "unknown_place",
    "ambiguous": "ambiguous_place",
    "ended": "ambiguous_place",
    "category": "not_a_place",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A place as a file has it."""

    place_text: str
    within_text: str | None
    code_text: str | None
    level: str | None


def resolve(places: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """``places`` (as in `Parsed`) with ``code``, or ``reason`` and ``candidates`` where unsure."""
    names = ("place_text", "within_text", "code_text", "level")
    matches = [find(Mention(*row), gazetteer) for row in places.select(names).iter_rows()]
    return places.with_columns(
        code=pl.Series([match.code for match in matches], dtype=pl.String),
        reason=pl.Series(
            [None if match.code else REASONS[match.why] for match in matches], dtype=pl.String
        ),
        candidates=pl.Series(
            [list(match.candidates) for match in matches], dtype=pl.List(pl.String)
        ),
    )


def find(mention: Mention, gazetteer: Gazetteer) -> Match:
    """What a mention means. A name and a code that say different places are ambiguous.

    But a prefecture's list that gives its chief county's code (大理州 as 532901) means the
    prefecture, as its name does everywhere else.
    """
    within = None
    if mention.within_text:
        within = _area(mention.within_text, gazetteer).code
        if within is None:
            return UNKNOWN
    by_name = _first(_by_name(mention, within, gazetteer))
    if mention.level == BELOW_PROVINCE and by_name.code == within:
        by_name = UNKNOWN  # a part of the province cannot be the province
    if mention.code_text is None or by_name.why == "category":
        return by_name
    by_code = gazetteer.find(mention.code_text, within=within)
    if by_code.code is None or by_name.code in gazetteer.ancestors(by_code.code)[:1]:
        return by_name
    if by_name.code not in (None, by_code.code):
        return Match(None, "ambiguous", (by_code.code, by_name.code))
    return by_code


def _by_name(mention: Mention, within: str | None, gazetteer: Gazetteer) -> Iterable[Match]:
    level = None if mention.level == BELOW_PROVINCE else mention.level
    yield gazetteer.find(mention.place_text, within=within, level=level)
    if level is not None:
        # A list of countries also carries ships and territories that are no country with us.
        yield gazetteer.find(mention.place_text, within=within)
    elif within is not None and mention.level != BELOW_PROVINCE:
        # A country's list also carries territories that have a country code of their own.
        yield gazetteer.find(mention.place_text, level="country")


def _area(text: str, gazetteer: Gazetteer) -> Match:
    return _first(gazetteer.find(text, level=level) for level in ("country", None))


def _first(matches: Iterable[Match]) -> Match:
    """The first that is certain; else the first that knows more than "unknown"."""
    unsure = UNKNOWN
    for match in matches:
        if match.code or match.why == "category":
            return match
        if unsure.why == "unknown":
            unsure = match
    return unsure
