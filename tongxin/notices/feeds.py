"""RSS 0.9–2.0, Atom 1.0 and JSON Feed 1.x read into the same plain entries. No Django."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice

from lxml import etree

from tongxin.notices.plain import one_line, plain, safe_link
from tongxin.notices.xml import Element, parse_xml

MOST_BYTES = 4 << 20
MOST_ENTRIES = 200
TITLE, TEXT = 200, 1500
CAP_TYPE = "application/cap+xml"


class NotAFeed(ValueError):
    """It cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing a feed tells, or takes back."""

    guid: str
    title: str
    text: str
    link: str
    at: datetime | None
    cap: str = ""  # address of its CAP document
    is_withdrawn: bool = False


def read_xml(raw: bytes) -> list[Entry]:
    """Entries of RSS or Atom, as they stand.

    Raises:
        NotAFeed
    """
    root = parse_xml(raw, most_bytes=MOST_BYTES, wrong=NotAFeed)
    kind = etree.QName(root).localname
    if kind == "feed":
        found = _atom(root)
    elif kind in ("rss", "RDF"):
        found = _rss(root)
    else:
        raise NotAFeed(f"neither RSS nor Atom: {kind[:40]}")
    return _whole(found)


def read_json(raw: bytes) -> list[Entry]:
    """Entries of a JSON Feed.

    Raises:
        NotAFeed
    """
    if len(raw) > MOST_BYTES:
        raise NotAFeed(f"larger than {MOST_BYTES >> 10} KB")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(str(error)[:120]) from None
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(body.get("version")):
        raise NotAFeed("not a JSON Feed")
    return _whole(_of_json(item) for item in items[:MOST_ENTRIES] if isinstance(item, dict))


def _whole(found: Iterator[Entry]) -> list[Entry]:
    """Those that can be told apart and say something."""
    entries = islice(found, MOST_ENTRIES)
    return [one for one in entries if one.guid and (one.title or one.is_withdrawn)]


def _of_json(item: dict[str, object]) -> Entry:
    def text(name: str) -> str:
        found = item.get(name)
        return found if isinstance(found, str) else ""

    link = safe_link(text("external_url") or text("url"))
    return Entry(
        guid=str(item.get("id") or link)[:500],
        title=one_line(text("title") or text("summary"), most=TITLE),
        text=plain(text("content_text") or text("summary") or text("content_html"), most=TEXT),
        link=link,
        at=moment(text("date_modified") or text("date_published")),
    )


def _rss(root: Element) -> Iterator[Entry]:
    for item in root.iter("{*}item"):
        link = safe_link(_text(item, "link"))
        guid = _text(item, "guid") or item.get(f"{{{RDF}}}about", "") or link
        documents = (
            e.get("url", "") for e in item.iter("{*}enclosure") if e.get("type") == CAP_TYPE
        )
        yield Entry(
            guid=guid[:500],
            title=one_line(_text(item, "title"), most=TITLE),
            text=plain(_text(item, "description") or _text(item, "encoded"), most=TEXT),
            link=link,
            at=moment(_text(item, "pubDate") or _text(item, "date")),
            cap=safe_link(next(documents, "")),
        )


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def _atom(root: Element) -> Iterator[Entry]:
    for gone in root.iter("{http://purl.org/atompub/tombstones/1.0}deleted-entry"):  # RFC 6721
        text = plain(_text(gone, "comment"), most=TEXT)
        when = moment(gone.get("when", ""))
        yield Entry(gone.get("ref", "")[:500], "", text, "", when, is_withdrawn=True)
    for entry in root.iter("{*}entry"):
        links = [(one.get("rel", "alternate"), one) for one in entry.findall("{*}link")]
        page = next((one.get("href", "") for rel, one in links if rel == "alternate"), "")
        document = next(
            (one.get("href", "") for _, one in links if one.get("type") == CAP_TYPE), ""
        )
        yield Entry(
            guid=(_text(entry, "id") or page)[:500],
            title=one_line(_text(entry, "title"), most=TITLE),
            text=plain(_text(entry, "summary") or _text(entry, "content"), most=TEXT),
            link=safe_link(page),
            at=moment(_text(entry, "updated") or _text(entry, "published")),
            cap=safe_link(document),
        )


def _text(parent: Element, name: str) -> str:
    """The text of a child by its local name; markup inside is kept as markup."""
    child = parent.find(f"{{*}}{name}")
    if child is None:
        return ""
    if len(child):
        return (child.text or "") + "".join(etree.tostring(c, encoding="unicode") for c in child)
    return (child.text or "").strip()


def moment(text: str) -> datetime | None:
    """A moment as feeds write it: RFC 3339 or RFC 822; None where it is neither.

    >>> moment("Sat, 01 Feb 2020 08:00:00 +0800") == moment("2020-02-01T00:00:00Z")
    True
    >>> moment("soon")
    """
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text.strip())
        except (ValueError, TypeError, IndexError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
