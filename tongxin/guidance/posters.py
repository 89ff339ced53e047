"""The do and don't card of a circumstance, drawn from the same advice as its page."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from tongxin import pictures
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.packs import Circumstance
from tongxin.guidance.told import Told, filled, grouped, said
from tongxin.pictures import CardPoster, Point, Size

NAMES = {Size.PHONE: "poster", Size.SCREEN: "poster-screen"}


def posters(now: Told, one: Circumstance, language: str) -> Iterator[tuple[str, bytes]]:
    """The card in every size, as files of a release; none where nothing is commanded."""
    card = card_of(now, one, language)
    if card is None:
        return
    for size, name in NAMES.items():
        svg = pictures.card_poster(card, language, size)
        yield f"guidance/{one.key}/{name}.{language}.svg", svg.encode()


def shown(now: Told, one: Circumstance, language: str) -> dict[str, Any] | None:
    """What a page says of the card: where its files lie and all that it says in words."""
    card = card_of(now, one, language)
    if card is None:
        return None
    files = {size.value: f"guidance/{one.key}/{name}.{language}" for size, name in NAMES.items()}
    return files | {"alt": pictures.alt_text(card, language)}


def card_of(now: Told, one: Circumstance, language: str) -> CardPoster | None:
    """What the card says: advice for everywhere, one of each act before a second of any.

    None where there is nothing to do or leave.
    """
    groups = grouped(row for row in now.of(one.key) if not row.places)
    do, dont = _each_act_first(groups["do"]), _each_act_first(groups["dont"])
    rows = [*do, *dont]
    if not rows:
        return None
    moments = [m for row in rows for m in (row.changed_zh_at, row.changed_en_at) if m]
    changed = (
        timezone.localtime(max(moments)).date()
        if moments
        else max(row.effective_from for row in rows)
    )
    return CardPoster(
        title=one.name(language),
        intro=filled(one.intro(language)),
        do=_points(do, language),
        dont=_points(dont, language),
        sources=tuple(dict.fromkeys(row.said("source", language) for row in rows)),
        as_of=changed,
        address=f"{settings.PUBLIC_URL.rstrip('/')}/{language}/guidance/{one.key}/",
        authority=settings.AUTHORITY,
    )


def _each_act_first(rows: Sequence[AdviceBlock]) -> list[AdviceBlock]:
    """The same rows: the first of each act, then the others, both as they stood."""
    firsts = {row.action: row.slug for row in reversed(rows)}
    return sorted(rows, key=lambda row: firsts[row.action] != row.slug)


def _points(rows: Sequence[AdviceBlock], language: str) -> tuple[Point, ...]:
    return tuple(Point(said(row, "title", language), said(row, "text", language)) for row in rows)
