"""The published advice of a day with everything that pages, sheets and messages say of it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

from django.conf import settings

from tongxin.guidance import packs
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.packs import Circumstance
from tongxin.guidance.queries import as_rule, published
from tongxin.places.models import Place

DANGER = {"symptoms": ["danger"]}
# What readers are told of a block; what editors do with it in the meantime changes no page.
SAID = (
    "slug",
    "circumstance",
    "action",
    "polarity",
    "title_zh",
    "title_en",
    "text_zh",
    "text_en",
    "asks_zh",
    "asks_en",
    "when",
    "places",
    "source_zh",
    "source_en",
    "source_url",
    "source_on",
    "authority",
    "layer",
    "narrower_may",
    "effective_from",
    "expires_on",
    "review_by",
    "grade",
    "changed_zh_at",
    "changed_en_at",
)
# Within a page: what one does, what one may do, what one does not, what is good to know; of each
# the firmest first.
ORDER = ("must", "should", "may", "must-not", "should-not", "know")


@dataclass(frozen=True)
class Told:
    """Published advice as a day finds it.

    Attributes:
        rows: what holds or will hold, in the order of pages; what has expired is left out.
        places: the places that advice is bound to, by code.
    """

    disease: str
    today: date
    rows: Sequence[AdviceBlock]
    places: dict[str, Place]

    @cached_property
    def live(self) -> list[AdviceBlock]:
        """What holds today."""
        return [row for row in self.rows if as_rule(row).holds_on(self.today)]

    @cached_property
    def coming(self) -> list[AdviceBlock]:
        """What will hold later, the soonest first."""
        later = [row for row in self.rows if row.effective_from > self.today]
        return sorted(later, key=lambda row: (row.effective_from, row.slug))

    @cached_property
    def danger(self) -> list[AdviceBlock]:
        """What anyone with danger signs does, the act itself first."""
        found = [row for row in self.live if row.when == DANGER and not row.places]
        return sorted(found, key=lambda row: row.slug)

    def circumstances(self) -> list[Circumstance]:
        """Those about which something is said, in the order of the index."""
        known = packs.circumstances(self.disease)
        named = {row.circumstance for row in self.rows}
        return [one for key, one in known.items() if key in named]

    def of(self, circumstance: str) -> list[AdviceBlock]:
        """What holds today in a circumstance."""
        return [row for row in self.live if row.circumstance == circumstance]

    @property
    def state(self) -> str:
        """A hash of all that is said, and of what of it holds or is overdue today."""
        facts = [
            [str(getattr(row, name)) for name in SAID] + [row.review_by < self.today]
            for row in self.rows
        ]
        names = [f"{p.code} {p.name_zh} {p.name_en}" for p in self.places.values()]
        held = [row.slug for row in self.live]
        return sha256(json.dumps([self.disease, facts, names, held]).encode()).hexdigest()


def told(disease: str, *, today: date) -> Told:
    """The published advice of a day."""
    rows = [
        row
        for row in published(disease=disease).only("id", *SAID)
        if row.expires_on is None or row.expires_on >= today
    ]
    codes = {code for row in rows for code in row.places}
    places = Place.objects.in_bulk(sorted(codes)) if codes else {}
    return Told(disease, today, sorted(rows, key=_place_on_page), places)


def said(row: AdviceBlock, field: str, language: str) -> str:
    """A field in a language, with the emergency number in its place."""
    return filled(row.said(field, language))


def filled(text: str) -> str:
    """The text with the emergency number in its place."""
    return text.replace("{emergency}", settings.EMERGENCY_NUMBER)


def grouped(rows: Iterable[AdviceBlock]) -> dict[str, list[AdviceBlock]]:
    """Rows as pages list them: ``do``, ``may``, ``dont``, ``know``."""
    kinds = {"must": "do", "should": "do", "may": "may", "know": "know"}
    found: dict[str, list[AdviceBlock]] = {"do": [], "may": [], "dont": [], "know": []}
    for row in rows:
        found[kinds.get(row.polarity, "dont")].append(row)
    return found


def _place_on_page(row: AdviceBlock) -> tuple[str, int, bool, str]:
    return (row.circumstance, ORDER.index(row.polarity), bool(row.when), row.slug)
