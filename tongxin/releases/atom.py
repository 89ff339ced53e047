"""What every Atom feed of ours is made of (RFC 4287)."""

from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

ATOM = "http://www.w3.org/2005/Atom"
NEVER = "1970-01-01T00:00:00Z"  # when a feed without entries was updated


def new_feed(language: str) -> ET.Element:
    """A feed that says nothing yet."""
    return ET.Element("feed", {"xmlns": ATOM, "xml:lang": language})


def tag(site: str, year: int, name: str) -> str:
    """An id that never changes (RFC 4151); in ``year`` the name was first ours to give.

    >>> tag("https://tongxin.example/", 2020, "feed/en")
    'tag:tongxin.example,2020:feed/en'
    """
    return f"tag:{urlsplit(site).hostname or 'localhost'},{year}:{name}"


def add_text(parent: ET.Element, name: str, text: str) -> ET.Element:
    """A child with this text, without the characters that XML cannot hold."""
    element = ET.SubElement(parent, name)
    if text:
        element.text = "".join(c for c in text if c.isprintable() or c == "\n")
    return element


def add_author(parent: ET.Element, name: str) -> None:
    """Who says it."""
    add_text(ET.SubElement(parent, "author"), "name", name)


def add_link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    """A link of this relation to content of this media type."""
    ET.SubElement(parent, "link", {"rel": rel, "href": href, "type": kind})


def written(feed: ET.Element) -> bytes:
    """The feed as a file."""
    ET.indent(feed)
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"
