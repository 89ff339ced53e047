"""What people send, as plain values. Source: developers.weixin.qq.com, "Receiving messages".

A kind that is not known here is kept as `Unknown`: WeChat adds some every year.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from tongxin.channels.wechat.refusals import UnreadableMessage

MOST_BYTES = 64 << 10  # WeChat's longest text has 2,048 bytes; an envelope is a third larger
LONGEST = 20_000  # characters of one field
MOST_FIELDS = 60
NUMBER = re.compile(r"[0-9]{1,20}")
DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,30})?")
SCENE = "qrscene_"  # how WeChat marks the scene when a scan makes somebody follow


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    url: str
    media_id: str


@dataclass(frozen=True, slots=True)
class Voice:
    """``recognition``: what WeChat heard, or nothing where that is not switched on."""

    media_id: str
    format: str
    recognition: str


@dataclass(frozen=True, slots=True)
class Video:
    media_id: str
    thumbnail_id: str
    is_short: bool


@dataclass(frozen=True, slots=True)
class Location:
    """A place somebody chose and sent. Degrees of GCJ-02, as WeChat gives them."""

    latitude: float
    longitude: float
    scale: int
    label: str


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    description: str
    url: str


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Somebody follows the account; ``scene`` is the code they scanned, if they did."""

    scene: str


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    pass


@dataclass(frozen=True, slots=True)
class Scanned:
    """Somebody who follows already scanned a code of ours."""

    scene: str


@dataclass(frozen=True, slots=True)
class Clicked:
    key: str


@dataclass(frozen=True, slots=True)
class Viewed:
    url: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Sent by WeChat itself when a conversation opens. Metres of precision."""

    latitude: float
    longitude: float
    precision_m: float


@dataclass(frozen=True, slots=True)
class TemplateDone:
    """What became of a template message of ours: "success" or why not."""

    message_id: str
    status: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody said to one kind of one-time message."""

    template: str
    is_given: bool


@dataclass(frozen=True, slots=True)
class Consents:
    """Answers to a question that came up on the phone: each yes is one message."""

    answers: tuple[Consent, ...]


@dataclass(frozen=True, slots=True)
class ConsentsChanged:
    """Switched in the settings of the phone. A yes there gives no message, a no takes all."""

    answers: tuple[Consent, ...]


@dataclass(frozen=True, slots=True)
class ConsentSpent:
    """What became of a one-time message of ours. 0: it arrived."""

    message_id: str
    template: str
    code: int


@dataclass(frozen=True, slots=True)
class Unknown:
    kind: str
    fields: tuple[tuple[str, str], ...]


Content = (
    Text | Image | Voice | Video | Location | Link | Subscribed | Unsubscribed | Scanned | Clicked
    | Viewed | Whereabouts | TemplateDone | Consents | ConsentsChanged | ConsentSpent | Unknown
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Posted:
    """One message as it came. ``key`` is the same when WeChat sends it again."""

    sender: str
    to: str
    sent_at: datetime
    key: str
    content: Content


def text_of(content: Content) -> str:
    """What somebody wrote, or said where WeChat has heard it; "" for all else."""
    match content:
        case Text(text):
            return text
        case Voice(recognition=heard):
            return heard
    return ""


Fields = Mapping[str, str]


def read_xml(body: bytes) -> etree._Element:
    """The root of a document without a type, entities or anything from elsewhere.

    Raises:
        UnreadableMessage
    """
    if len(body) > 2 * MOST_BYTES:
        raise UnreadableMessage
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True, huge_tree=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise UnreadableMessage from error
    if root is None or root.getroottree().docinfo.doctype:
        raise UnreadableMessage
    return root


def read(body: bytes) -> Posted:
    """The message in this XML.

    Raises:
        UnreadableMessage: not one, or larger than WeChat's are.
    """
    if len(body) > MOST_BYTES:
        raise UnreadableMessage
    root = read_xml(body)
    fields = _fields(root)
    sender, to = fields.get("FromUserName", ""), fields.get("ToUserName", "")
    if not 1 <= len(sender) <= 128 or len(to) > 128:
        raise UnreadableMessage
    sent = _whole(fields, "CreateTime", most=99_999_999_999)
    content = _content(fields, root)
    at = datetime.fromtimestamp(sent, UTC)
    return Posted(sender, to, at, _key(fields, sent), content)


def sealed_in(body: bytes) -> str:
    """What lies encrypted in an envelope. Raises `UnreadableMessage`."""
    return read_xml(body).findtext("Encrypt") or ""


def _key(fields: Fields, sent: int) -> str:
    """A message by its number, an event by who, when and what; with a number where it has one."""
    if number := fields.get("MsgId"):
        return f"message:{number[:64]}"
    number = fields.get("MsgID", "")[:64]
    name = fields.get("Event", "")[:64].lower()
    return f"event:{fields['FromUserName']}:{sent}:{name}:{number}"


def _fields(element: etree._Element) -> dict[str, str]:
    """Names and texts of what lies directly inside; of a name that comes twice the first."""
    found: dict[str, str] = {}
    for child in element:
        if isinstance(child.tag, str) and len(found) < MOST_FIELDS:
            found.setdefault(child.tag[:64], (child.text or "")[:LONGEST])
    return found


def _content(fields: Fields, root: etree._Element) -> Content:
    kind = fields.get("MsgType", "").strip().lower()
    if not kind:
        raise UnreadableMessage
    if kind != "event":
        return MESSAGES[kind](fields) if kind in MESSAGES else _unknown(kind, fields)
    name = fields.get("Event", "").strip().lower()
    if name in LISTS:
        return LISTS[name](_list(root))
    return EVENTS[name](fields) if name in EVENTS else _unknown(f"event:{name[:64]}", fields)


def _unknown(kind: str, fields: Fields) -> Unknown:
    return Unknown(kind[:80], tuple(fields.items()))


def _whole(fields: Fields, name: str, *, most: int) -> int:
    text = fields.get(name, "").strip()
    if not NUMBER.fullmatch(text) or int(text) > most:
        raise UnreadableMessage
    return int(text)


def _decimal(fields: Fields, name: str, *, most: float) -> float:
    text = fields.get(name, "").strip()
    value = float(text) if DECIMAL.fullmatch(text) else math.nan
    if not abs(value) <= most:
        raise UnreadableMessage
    return value


def _location(fields: Fields) -> Location:
    scale = fields.get("Scale", "").strip()
    return Location(
        _decimal(fields, "Location_X", most=90),
        _decimal(fields, "Location_Y", most=180),
        int(scale) if NUMBER.fullmatch(scale) else 0,
        fields.get("Label", ""),
    )


def _whereabouts(fields: Fields) -> Whereabouts:
    return Whereabouts(
        _decimal(fields, "Latitude", most=90),
        _decimal(fields, "Longitude", most=180),
        _decimal(fields, "Precision", most=1e9),
    )


def _video(fields: Fields) -> Video:
    is_short = fields["MsgType"].strip().lower() == "shortvideo"
    return Video(fields.get("MediaId", ""), fields.get("ThumbMediaId", ""), is_short)


def _voice(fields: Fields) -> Voice:
    heard = fields.get("Recognition", "")
    return Voice(fields.get("MediaId", ""), fields.get("Format", ""), heard)


def _list(root: etree._Element) -> list[dict[str, str]]:
    """The entries of an event about one-time messages."""
    found = root.findall("./*/List")[:MOST_FIELDS]
    return [_fields(entry) for entry in found]


def _answers(entries: list[dict[str, str]]) -> tuple[Consent, ...]:
    return tuple(
        Consent(entry.get("TemplateId", "")[:128], entry.get("SubscribeStatusString") == "accept")
        for entry in entries
    )


def _spent(entries: list[dict[str, str]]) -> ConsentSpent:
    entry = entries[0] if entries else {}
    code = entry.get("ErrorCode", "").strip()
    return ConsentSpent(
        entry.get("MsgID", "")[:64],
        entry.get("TemplateId", "")[:128],
        int(code) if NUMBER.fullmatch(code) else -1,
    )


MESSAGES: dict[str, Callable[[Fields], Content]] = {
    "text": lambda f: Text(f.get("Content", "")),
    "image": lambda f: Image(f.get("PicUrl", ""), f.get("MediaId", "")),
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": lambda f: Link(f.get("Title", ""), f.get("Description", ""), f.get("Url", "")),
}
EVENTS: dict[str, Callable[[Fields], Content]] = {
    "subscribe": lambda f: Subscribed(f.get("EventKey", "").removeprefix(SCENE)),
    "unsubscribe": lambda f: Unsubscribed(),
    "scan": lambda f: Scanned(f.get("EventKey", "")),
    "click": lambda f: Clicked(f.get("EventKey", "")),
    "view": lambda f: Viewed(f.get("EventKey", "")),
    "location": _whereabouts,
    "templatesendjobfinish": lambda f: TemplateDone(f.get("MsgID", ""), f.get("Status", "")),
}
LISTS: dict[str, Callable[[list[dict[str, str]]], Content]] = {
    "subscribe_msg_popup_event": lambda entries: Consents(_answers(entries)),
    "subscribe_msg_change_event": lambda entries: ConsentsChanged(_answers(entries)),
    "subscribe_msg_sent_event": _spent,
}
