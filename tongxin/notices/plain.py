"""Text of strangers as plain words: no markup, no tricks of direction, nothing that hides."""

import html
import re
import unicodedata
from urllib.parse import urlsplit

# What is never closed hides all that follows, as in a browser; so each pattern reads a text once.
_HIDDEN = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BREAKS = re.compile(r"<\s*(?:/p|br|/div|/li|/h\d)\b[^<>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*>|<[a-z/!][^<>]*\Z", re.DOTALL | re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
LONGEST_MARKUP = 200_000  # characters looked at
_BIDI_AND_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Cn"}
_KEPT = {"\n", "\u200d"}  # line ends, and the joiner of emoji and Indic letters


def plain(markup: str, *, most: int) -> str:
    """The words of a text that may be HTML, at most so many characters.

    >>> plain("<b>洪湖</b>&amp;<script>alert(1)</script> <i>news</i>", most=50)
    '洪湖& news'
    >>> plain("a\u202egnp.exe\u200b", most=50)
    'agnp.exe'
    """
    text = markup[:LONGEST_MARKUP]
    for _ in range(3):  # feeds escape markup once more, and some twice
        text = _TAGS.sub("", _BREAKS.sub("\n", _HIDDEN.sub("", text)))
        text = html.unescape(text)
    text = visible(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def visible(text: str) -> str:
    r"""The text without characters that hide or turn others; blanks and line ends single.

    >>> visible("洪湖\u202e\u200b \t封闭\r\n\n R<1")
    '洪湖 封闭\nR<1'
    """
    text = "".join(
        c
        for c in unicodedata.normalize("NFC", text.replace("\r", "\n"))
        if c in _KEPT or unicodedata.category(c) not in _BIDI_AND_HIDDEN or c == "\t"
    )
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


def one_line(markup: str, *, most: int) -> str:
    """The same without line ends: a title."""
    return " ".join(plain(markup, most=most).split())


def safe_link(text: str) -> str:
    """A web address as it came, or nothing.

    >>> safe_link("javascript:alert(1)"), safe_link(" https://who.int/a ")
    ('', 'https://who.int/a')
    """
    found = text.strip()
    try:
        address = urlsplit(found)
        host = address.hostname
    except ValueError:
        return ""
    is_web = address.scheme in ("http", "https") and host and not address.username
    return found if is_web and len(found) <= 1000 and not re.search(r"[\s<>\"']", found) else ""
