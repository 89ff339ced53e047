"""From what somebody sent to what is kept, matched and answered."""

from datetime import datetime
from urllib.parse import urlsplit

from tongxin.myths.actions.reports import report_rumour
from tongxin.myths.known import current_matcher
from tongxin.myths.models import Report
from tongxin.myths.refusals import NothingToCheck, TooMuchText
from tongxin.myths.rules import LONGEST, SHORTEST, kept, letters


def ask(
    *, text: str, link: str, kind: str, language: str, by: object, at: datetime
) -> tuple[Report, str]:
    """The report of a rumour and its receipt's code.

    Raises:
        NothingToCheck: no text, no link, or only signs.
        TooMuchText
    """
    if len(text) > LONGEST:
        raise TooMuchText(most=LONGEST)
    shown = kept(text)
    said = shown if letters(shown) >= SHORTEST else ""
    address = plain_link(link)
    if not said and not address:
        raise NothingToCheck
    match = current_matcher().match(said or words_of_link(address))
    return report_rumour(
        text=said or address,
        link=address,
        match=match,
        kind=kind if said else Report.Kind.LINK,
        language=language,
        by=by,
        at=at,
    )


def plain_link(link: str) -> str:
    """A web address without what could name who shared it; empty for anything else.

    >>> plain_link("https://example.org/a?from=alice&id=7#x"), plain_link("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    try:
        found = urlsplit(link.strip()[:2000])
        host = found.hostname or ""
    except ValueError:
        return ""
    if found.scheme not in ("http", "https") or "." not in host:
        return ""
    return kept(f"{found.scheme}://{host}{found.path}")[:300]


def words_of_link(address: str) -> str:
    """What an address itself says: its path often holds a title. It is never fetched.

    >>> words_of_link("https://example.org/garlic-cures-covid.html")
    'garlic cures covid'
    """
    path = urlsplit(address).path.rpartition(".")[0] or urlsplit(address).path
    return " ".join(path.replace("/", " ").replace("-", " ").replace("_", " ").split())
