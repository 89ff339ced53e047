"""Claims as open data: JSON, CSV, and one Atom feed a language (RFC 4287)."""

import csv
import io
import json
from datetime import UTC, datetime, time
from xml.etree import ElementTree as ET

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from tongxin.myths.models import Claim
from tongxin.myths.pages import Book
from tongxin.releases.atom import add_author, add_link, add_text, new_feed, tag, written

SHOWN = 50
COLUMNS = (
    "slug",
    "topic",
    "verdict",
    "since",
    "true_as_of",
    "withdrawn_on",
    "claim_zh",
    "claim_en",
    "why_zh",
    "why_en",
    "url",
    "source",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def claims_json(book: Book) -> bytes:
    """Every claim with its history, sources and ways of telling."""
    rows = [_record(book, claim) for claim in book.claims]
    document = {"license": "CC-BY-4.0", "claims": rows}
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def claims_csv(book: Book) -> bytes:
    """One line a claim, for spreadsheets: marked UTF-8, no cell a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for claim in book.claims:
        facts = {
            "url": _address(claim, "en"),
            "source": claim.evidence[0]["url"] if claim.evidence else "",
        }
        cells = [facts.get(name, getattr(claim, name, None)) for name in COLUMNS]
        writer.writerow([_plain(cell) for cell in cells])
    return "\ufeff".encode() + out.getvalue().encode()


def claims_atom(book: Book, language: str) -> bytes:
    """What was said last, the newest first: a correction is an entry of its own."""
    said = [(claim, ruling) for claim in book.claims for ruling in book.history(claim)]
    said.sort(key=lambda pair: (_moment(*pair), pair[0].slug), reverse=True)
    site = settings.PUBLIC_URL.rstrip("/")
    with translation.override(language):
        feed = new_feed(language)
        add_text(feed, "id", _tag(f"myths/{language}"))
        add_text(feed, "title", gettext("Rumours checked"))
        newest = _moment(*said[0]) if said else datetime.fromtimestamp(0, UTC)
        add_text(feed, "updated", newest.isoformat())
        add_author(feed, gettext("Tongxin"))
        add_link(feed, "self", f"{site}/myths/{language}.atom", "application/atom+xml")
        add_link(feed, "alternate", f"{site}/{language}/myths/", "text/html")
        for claim, ruling in said[:SHOWN]:
            entry = ET.SubElement(feed, "entry")
            add_text(entry, "id", _tag(f"myths/{claim.slug}/{ruling.said_from.isoformat()}"))
            add_text(entry, "title", _title(claim, ruling, language))
            add_text(entry, "updated", _moment(claim, ruling).isoformat())
            add_link(entry, "alternate", _address(claim, language), "text/html")
            add_text(entry, "content", ruling.said("why", language)).set("type", "text")
    return written(feed)


def _title(claim: Claim, ruling, language: str) -> str:
    verdict = gettext("Withdrawn") if ruling.is_withdrawn else ruling.get_verdict_display()
    told = {"verdict": verdict, "claim": ruling.said("claim", language)}
    if ruling.is_correction:
        return gettext("Corrected: %(verdict)s: %(claim)s") % told
    return gettext("%(verdict)s: %(claim)s") % told


def _moment(claim: Claim, ruling) -> datetime:
    """When it was said; a claim's first ruling, when the authority first answered it."""
    first = datetime.combine(claim.since, time(12), timezone.get_default_timezone())
    return ruling.said_from if ruling.is_correction else min(first, ruling.said_from)


def _record(book: Book, claim: Claim) -> dict[str, object]:
    names = [*COLUMNS[:-2], "long_zh", "long_en", "harm", "grade", "tellings_zh", "tellings_en"]
    facts = {name: _json(getattr(claim, name)) for name in names}
    history = [
        {
            "verdict": one.verdict,
            "why_zh": one.why_zh,
            "why_en": one.why_en,
            "is_withdrawn": one.is_withdrawn,
            "is_correction": one.is_correction,
            "from": one.said_from.isoformat(),
            "until": one.said_until and one.said_until.isoformat(),
        }
        for one in book.history(claim)
    ]
    urls = {language: _address(claim, language) for language, _ in settings.LANGUAGES}
    superseded = claim.superseded_by.slug if claim.superseded_by else None
    return facts | {
        "evidence": claim.evidence,
        "history": history,
        "superseded_by": superseded,
        "url": urls,
    }


def _json(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _plain(cell: object) -> str:
    """What a spreadsheet shows as it stands."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _address(claim: Claim, language: str) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}/{language}/myths/{claim.slug}/"


def _tag(name: str) -> str:
    return tag(settings.PUBLIC_URL, 2020, name)
