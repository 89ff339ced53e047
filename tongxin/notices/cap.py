"""Common Alerting Protocol 1.2 (OASIS, July 2010): alerts written and read. No Django.

What is read was written by strangers: no document type, no entities, no network, no
instructions to browsers, nothing that is not CAP or its signature.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from tongxin.notices.xml import Element, parse_xml

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
MOST_BYTES = 1 << 20
TOLD = {"Alert", "Update", "Cancel"}


class NotCap(ValueError):
    """Not an alert for the public; the message says why."""


@dataclass(frozen=True, slots=True)
class Info:
    """An alert's words in one language."""

    language: str
    event: str
    headline: str
    description: str
    web: str = ""
    instruction: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """Where it holds: a description, and the codes of places it names."""

    description: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CapAlert:
    """An alert as it is exchanged. References are identifiers of those it follows."""

    identifier: str
    sender: str
    sent: datetime
    msg_type: str
    infos: tuple[Info, ...]
    areas: tuple[Area, ...]
    severity: str
    urgency: str
    certainty: str
    effective: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    is_all_clear: bool = False
    references: tuple[str, ...] = ()
    status: str = "Actual"
    scope: str = "Public"


def write(alert: CapAlert, *, references: Sequence[tuple[str, str, datetime]] = ()) -> Element:
    """The alert as an element, in the order the schema wants.

    Args:
        references: sender, identifier and moment of each alert that it follows.
    """
    root = etree.Element(f"{{{CAP}}}alert", nsmap={None: CAP})
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", alert.sender)
    _add(root, "sent", moment(alert.sent))
    _add(root, "status", alert.status)
    _add(root, "msgType", alert.msg_type)
    _add(root, "scope", alert.scope)
    told = " ".join(f"{sender},{name},{moment(at)}" for sender, name, at in references)
    _add(root, "references", told)
    for info in alert.infos:
        _write_info(root, alert, info)
    return root


def _write_info(root: Element, alert: CapAlert, info: Info) -> None:
    block = etree.SubElement(root, f"{{{CAP}}}info")
    _add(block, "language", info.language)
    _add(block, "category", "Health")
    _add(block, "event", info.event)
    if alert.is_all_clear:
        _add(block, "responseType", "AllClear")
    for name in ("urgency", "severity", "certainty"):
        _add(block, name, getattr(alert, name))
    for name, at in (("effective", alert.effective), ("expires", alert.expires)):
        _add(block, name, moment(at) if at else "")
    _add(block, "senderName", alert.sender_name)
    _add(block, "headline", info.headline)
    _add(block, "description", info.description)
    _add(block, "instruction", info.instruction)
    _add(block, "web", info.web)
    for area in alert.areas:
        found = etree.SubElement(block, f"{{{CAP}}}area")
        _add(found, "areaDesc", area.description)
        for code in area.codes:
            geocode = etree.SubElement(found, f"{{{CAP}}}geocode")
            _add(geocode, "valueName", "place")
            _add(geocode, "value", code)


def _add(parent: Element, name: str, text: str) -> None:
    if text:
        etree.SubElement(parent, f"{{{CAP}}}{name}").text = text


def moment(at: datetime) -> str:
    """A moment as CAP wants it: to the second, with an offset and never with Z."""
    return at.replace(microsecond=0).isoformat().replace("Z", "+00:00")


def read(raw: bytes) -> CapAlert:
    """The alert of a document.

    Raises:
        NotCap: it is none, it is not for the public, or it is an exercise.
    """
    root = parse_xml(raw, most_bytes=MOST_BYTES, wrong=NotCap)
    if root.tag != f"{{{CAP}}}alert":
        raise NotCap("not a CAP 1.2 alert")
    for element in root.iter():
        if not isinstance(element.tag, str) or not element.tag.startswith((f"{{{CAP}}}", _DSIG)):
            raise NotCap("it holds what is not CAP")
    return _read(root)


_DSIG = f"{{{DSIG}}}"


def _read(root: Element) -> CapAlert:
    blocks = root.findall(f"{{{CAP}}}info")
    msg_type = _text(root, "msgType")
    if msg_type not in TOLD:
        raise NotCap(f"msgType {msg_type[:20]}")
    if _text(root, "status") != "Actual" or _text(root, "scope") != "Public":
        raise NotCap("not an actual alert for the public")
    if not blocks and msg_type != "Cancel":
        raise NotCap("it says nothing")
    first = blocks[0] if blocks else root
    areas = [area for block in blocks for area in block.findall(f"{{{CAP}}}area")]
    return CapAlert(
        identifier=_needed(root, "identifier"),
        sender=_needed(root, "sender"),
        sent=_moment(_needed(root, "sent")),
        msg_type=msg_type,
        infos=tuple(_info(block) for block in blocks),
        areas=tuple(dict.fromkeys(_area(area) for area in areas)),
        severity=_text(first, "severity"),
        urgency=_text(first, "urgency"),
        certainty=_text(first, "certainty"),
        effective=_moment_or_none(_text(first, "onset") or _text(first, "effective")),
        expires=_moment_or_none(_text(first, "expires")),
        sender_name=_text(first, "senderName"),
        is_all_clear=_text(first, "responseType") == "AllClear",
        references=tuple(_references(_text(root, "references"))),
    )


def _info(block: Element) -> Info:
    said = {
        name: _text(block, name)
        for name in ("event", "headline", "description", "web", "instruction")
    }
    return Info(language=_text(block, "language") or "en-US", **said)


def _area(area: Element) -> Area:
    codes = [_text(code, "value") for code in area.findall(f"{{{CAP}}}geocode")]
    return Area(_text(area, "areaDesc"), tuple(code for code in codes if code))


def _references(text: str) -> Iterable[str]:
    """The identifiers in ``sender,identifier,sent`` pairs parted by blanks."""
    for one in text.split():
        parts = one.split(",")
        if len(parts) == 3:
            yield parts[1]


def _text(parent: Element, name: str) -> str:
    return " ".join((parent.findtext(f"{{{CAP}}}{name}") or "").split())


def _needed(parent: Element, name: str) -> str:
    text = _text(parent, name)
    if not text:
        raise NotCap(f"no {name}")
    return text


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise NotCap(f"{text[:40]} is no moment") from None
    if at.tzinfo is None:
        raise NotCap(f"{text[:40]} has no offset")
    return at


def _moment_or_none(text: str) -> datetime | None:
    return _moment(text) if text else None
