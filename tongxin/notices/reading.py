"""What an agency's file says, in the format it was said to have."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from tongxin.notices import cap, feeds, refusals, signing
from tongxin.notices.cap import CapAlert
from tongxin.notices.feeds import Entry
from tongxin.notices.models import Agency, Format, Notice

MOST_DOCUMENTS = 20  # fetched in one turn


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert with the document it came in."""

    alert: CapAlert
    original: str
    is_signed: bool
    link: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """Entries of a feed, or alerts."""

    entries: list[Entry] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)


def read(agency: Agency, raw: bytes) -> Read:
    """What the file says.

    Raises:
        BrokenFeed, BadSignature
    """
    try:
        if agency.format == Format.JSON:
            return Read(entries=feeds.read_json(raw))
        if agency.format == Format.CAP and _is_alert(raw):
            return Read(alerts=[read_alert(agency, raw)])
        return Read(entries=feeds.read_xml(raw))
    except (feeds.NotAFeed, cap.NotCap) as error:
        raise refusals.BrokenFeed(reason=str(error)) from error


def read_alert(agency: Agency, raw: bytes, *, link: str = "") -> Alert:
    """One CAP document; of an agency with a certificate only what it signed.

    Raises:
        BadSignature
        NotCap: it is none, or not for the public.
    """
    said = raw
    if agency.certificate:
        try:
            said = signing.checked(raw, certificate=agency.certificate, most_bytes=cap.MOST_BYTES)
        except signing.WrongSignature as error:
            raise refusals.BadSignature from error
    alert = cap.read(said)
    if cap.read(raw) != alert:  # a signed part wrapped into a document that says something else
        raise refusals.BadSignature
    return Alert(alert, raw.decode("utf-8", "replace"), bool(agency.certificate), link)


def wanted_documents(agency: Agency, entries: Iterable[Entry]) -> list[str]:
    """Addresses of CAP documents that a feed names and that we have not read."""
    if agency.format != Format.CAP:
        return []
    urls = list(dict.fromkeys(one.cap or one.link for one in entries if one.cap or one.link))
    known = set(Notice.objects.filter(agency=agency, link__in=urls).values_list("link", flat=True))
    return [url for url in urls if url not in known][:MOST_DOCUMENTS]


def _is_alert(raw: bytes) -> bool:
    """Whether the document is a CAP alert rather than a feed that names some."""
    root = cap.parse_xml(raw, most_bytes=feeds.MOST_BYTES, wrong=feeds.NotAFeed)
    return etree.QName(root).localname == "alert"
