"""Feeds of notices for whoever reads them by machine: JSON Feed 1.1 and Atom with CAP links."""

import json
from typing import Any
from xml.etree import ElementTree as ET

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from tongxin.notices.pages import item
from tongxin.notices.queries import Board
from tongxin.releases.atom import NEVER, add_author, add_link, add_text, new_feed, tag, written

TOLD = 60


def notices_json(board: Board) -> bytes:
    """`notices/notices.json`: alerts in force in both languages, then the newest notices."""
    languages = [code for code, _ in settings.LANGUAGES]
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "同心 Tongxin",
        "home_page_url": f"{_site()}/",
        "feed_url": f"{_site()}/notices/notices.json",
        "in_force": [_both(board, row, languages) for row in board.in_force],
        "items": [_entry(board, row, languages) for row in board.listed()[:TOLD]],
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _both(board: Board, row: Any, languages: list[str]) -> dict[str, Any]:
    said = {}
    for language in languages:
        with translation.override(language):
            one = item(board, row, language)
            names = ("title", "lead", "source", "issued", "until", "severity_says", "places")
            said[language] = {name: one[name] for name in names}
    facts = {name: one[name] for name in ("code", "severity", "codes", "issued_iso", "until_iso")}
    return {**facts, "said": said}


def _entry(board: Board, row: Any, languages: list[str]) -> dict[str, Any]:
    """One item of a JSON feed; what the format does not know stands under ``_tongxin``."""
    said = {code: item(board, row, code) for code in languages}
    first = said[languages[0] if row.title_zh else "en"]
    return {
        "id": _name(row.code),
        "url": f"{_site()}/{languages[0]}/notices/{row.code}/",
        "external_url": row.link or f"{_site()}/{languages[0]}/notices/{row.code}/",
        "title": first["title"],
        "content_text": first["text"] or first["title"],
        "date_published": first["issued_iso"],
        "authors": [{"name": first["source"]}],
        "_tongxin": {
            "about": "https://jsonfeed.org/version/1.1#extensions-a-name-extensions-a",
            "kind": row.kind,
            "step": row.step,
            "places": row.places,
            "severity": row.severity,
            "advice": row.blocks,
            "claims": row.claims,
            "title": {code: one["title"] for code, one in said.items()},
        },
    }


def atom(board: Board, language: str) -> bytes:
    """The Atom feed of one language (RFC 4287); an alert's entry links to its CAP document."""
    rows = board.listed()[:TOLD]
    address = f"{_site()}/notices/{language}.atom"
    with translation.override(language):
        feed = new_feed(language)
        add_text(feed, "id", _name(f"feed/{language}"))
        add_text(feed, "title", gettext("Notices and alerts"))
        newest = max((row.issued_at for row in rows), default=None)
        add_text(feed, "updated", _iso(newest) if newest else NEVER)
        add_author(feed, settings.AUTHORITY or "Tongxin")
        add_link(feed, "self", address, "application/atom+xml")
        add_link(feed, "alternate", f"{_site()}/{language}/notices/", "text/html")
        for row in rows:
            _add_entry(feed, item(board, row, language), language)
    return written(feed)


def _add_entry(feed: ET.Element, one: dict[str, Any], language: str) -> None:
    entry = ET.SubElement(feed, "entry")
    add_text(entry, "id", _name(one["code"]))
    step = f"{one['step_says']}: " if one["step_says"] else ""
    add_text(entry, "title", step + one["title"])
    add_text(entry, "updated", one["issued_iso"])
    add_author(entry, one["source"])
    address = f"{_site()}/{language}/notices/{one['code']}/"
    add_link(entry, "alternate", address, "text/html")
    if one["has_cap"]:
        document = f"{_site()}/notices/{one['code']}.cap.xml"
        add_link(entry, "enclosure", document, "application/cap+xml")
    if one["link"]:
        add_link(entry, "via", one["link"], "text/html")
    ET.SubElement(entry, "category", {"term": one["kind"], "label": one["kind_says"]})
    add_text(entry, "summary", one["text"])


def _name(code: str) -> str:
    return tag(_site(), 2026, f"notice/{code}")


def _site() -> str:
    return settings.PUBLIC_URL.rstrip("/")


def _iso(at: Any) -> str:
    return timezone.localtime(at).isoformat()
