"""What the assistant says: quotes, word for word, with source, date and link."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from tongxin.assistant.rules import opening
from tongxin.assistant.where import Where
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.queries import live_blocks
from tongxin.guidance.told import said
from tongxin.guidance.wording import AUTHORITIES
from tongxin.myths.models import Claim
from tongxin.myths.queries import standing
from tongxin.notices.models import Kind, Notice
from tongxin.notices.pages import moment
from tongxin.notices.pages import source as issuer
from tongxin.notices.plain import safe_link, visible
from tongxin.notices.queries import in_force
from tongxin.notices.queries import standing as standing_notices
from tongxin.places.models import Place

ALERTS_BESIDE = 2
"""Alerts that are told with the advice or verdict they change."""

ALERTS_AT_ONCE = 3
"""Alerts that are told to who asks for any."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One thing that stands on a public page.

    Attributes:
        id: ``block:slug``, ``claim:slug``, ``notice:code`` or ``figure:…``.
        label: what it is, or a claim's verdict.
        authority: who says so; empty where the source says it.
        on: the date of the source.
        url: the page here.
        holds: of a notice, where; of an alert, also until when.
        severity: of an alert, in the words of CAP.
        written_in: the language of title and text, where there is none in the one asked for.
    """

    kind: str
    id: str
    label: str
    title: str
    text: str
    source: str
    source_url: str
    authority: str
    on: date
    url: str
    verdict: str = ""
    holds: str = ""
    severity: str = ""
    written_in: str = ""

    def as_json(self) -> dict[str, Any]:
        """The quote for the programming interface."""
        return asdict(self) | {"on": self.on.isoformat()}


def quoted(names: Iterable[str], *, language: str, at: datetime) -> list[Quote]:
    """The quotes of these, in this order; what is not before the public now is left out."""
    wanted = list(names)
    found = _blocks(_slugs(wanted, "block"), language, at)
    found |= _claims(_slugs(wanted, "claim"), language)
    if codes := _slugs(wanted, "notice"):
        found |= _notices(standing_notices(at=at).filter(code__in=codes), language)
    return [found[name] for name in wanted if name in found]


def ended_notices(names: Iterable[str], language: str) -> dict[str, Quote]:
    """What was quoted of notices, whether or not they still hold; for editors."""
    rows = Notice.objects.filter(published_at__isnull=False, code__in=_slugs([*names], "notice"))
    return _notices(rows.select_related("agency"), language)


def alerts_beside(
    quotes: Iterable[Quote], *, where: Where, language: str, at: datetime
) -> list[Quote]:
    """Alerts in force that change what is quoted, those for the place that is meant first.

    An alert for elsewhere is left out where the place was named or sent.
    """
    names = {quote.id for quote in quotes}
    tied = [row for row in in_force(at=at) if names & ties(row)] if names else []
    here = [row for row in tied if lies_in(row, where)]
    away = [row for row in tied if row not in here and not where.is_told]
    found = _notices((here + away)[:ALERTS_BESIDE], language)
    return [quote for name, quote in found.items() if name not in names]


def alerts_here(where: Where, *, language: str, at: datetime) -> list[Quote]:
    """Alerts in force for the place that is meant, the gravest first."""
    rows = [row for row in in_force(at=at) if lies_in(row, where)]
    return list(_notices(rows[:ALERTS_AT_ONCE], language).values())


def lies_in(row: Notice, where: Where) -> bool:
    return where.lies_in(row.places, f"{row.title_zh} {row.title_en}")


def ties(row: Notice) -> set[str]:
    """The advice and the claims that a notice says it changes."""
    return {f"block:{slug}" for slug in row.blocks} | {f"claim:{slug}" for slug in row.claims}


def of_block(row: AdviceBlock, language: str) -> Quote:
    """A piece of advice as it is quoted."""
    return Quote(
        kind="block",
        id=f"block:{row.slug}",
        label=gettext("Advice"),
        title=said(row, "title", language),
        text=said(row, "text", language),
        source=row.said("source", language),
        source_url=row.source_url,
        authority=str(AUTHORITIES.get(row.authority, row.authority)),
        on=row.source_on,
        url=f"/{language}/guidance/block/{row.slug}/",
    )


def of_claim(row: Claim, language: str) -> Quote:
    """A verdict on a rumour as it is quoted."""
    words = "en" if language == "en" else "zh"
    first = next(iter(row.evidence), {})
    return Quote(
        kind="claim",
        id=f"claim:{row.slug}",
        label=row.get_verdict_display(),
        title=row.said("claim", language),
        text=row.said("why", language),
        source=first.get(f"title_{words}", ""),
        source_url=first.get("url", ""),
        authority=first.get("publisher", ""),
        on=row.true_as_of,
        url=f"/{language}/myths/{row.slug}/",
        verdict=row.verdict,
    )


def of_notice(row: Notice, language: str, places: Mapping[str, Place]) -> Quote:
    """An alert or a notice as it is quoted: its own words, and no sign that hides or turns any."""
    own = "en" if language == "en" else "zh"
    has_own = getattr(row, f"title_{own}") != ""
    return Quote(
        kind="notice",
        id=f"notice:{row.code}",
        label=row.get_kind_display(),
        title=" ".join(visible(row.said("title", language)).split()),
        text=opening(visible(row.said("text", language))),
        source=issuer(row, language),
        source_url=safe_link(row.link),
        authority="",
        on=timezone.localdate(row.issued_at),
        url=f"/{language}/notices/{row.code}/",
        holds=_holds(row, language, places),
        severity=row.severity,
        written_in="" if has_own else {"en": "zh-Hans", "zh": "en"}[own],
    )


def _holds(row: Notice, language: str, places: Mapping[str, Place]) -> str:
    """Where, and for an alert from when (if that is still to come) until when."""
    named = [places[code].label(language) for code in row.places if code in places]
    where = ("、" if language != "en" else ", ").join(named)
    if row.kind != Kind.ALERT or row.expires_at is None:
        return where
    span = {"begins": moment(row.effective_at, language), "ends": moment(row.expires_at, language)}
    begins_later = row.effective_at and row.effective_at > row.issued_at
    text = gettext("from {begins} until {ends}") if begins_later else gettext("until {ends}")
    return " · ".join(filter(None, (where, text.format(**span))))


def _slugs(names: list[str], kind: str) -> list[str]:
    return [name.partition(":")[2] for name in names if name.startswith(f"{kind}:")]


def _blocks(slugs: list[str], language: str, at: datetime) -> dict[str, Quote]:
    if not slugs:
        return {}
    live = live_blocks(disease=settings.DEFAULT_DISEASE, on=timezone.localdate(at))
    return {f"block:{row.slug}": of_block(row, language) for row in live.filter(slug__in=slugs)}


def _claims(slugs: list[str], language: str) -> dict[str, Quote]:
    if not slugs:
        return {}
    rows = standing(disease=settings.DEFAULT_DISEASE).filter(slug__in=slugs)
    return {f"claim:{row.slug}": of_claim(row, language) for row in rows}


def _notices(rows: Iterable[Notice], language: str) -> dict[str, Quote]:
    """Nothing is quoted of which it cannot be said who says so."""
    found = list(rows)
    places = Place.objects.in_bulk({code for row in found for code in row.places})
    quotes = [of_notice(row, language, places) for row in found]
    return {quote.id: quote for quote in quotes if quote.source}
