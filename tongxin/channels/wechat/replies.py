"""What we answer: at once as XML, or later as a customer-service message in JSON."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from tongxin.channels.wechat.messages import Posted

MOST_TEXT = 2048  # bytes of a customer-service text (error 45002 above)
MOST_ARTICLES = 1  # more than one are refused with 45008
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0
SUCCESS = b"success"  # "nothing to say": WeChat shows nothing and does not ask again


@dataclass(frozen=True, slots=True)
class TextReply:
    text: str


@dataclass(frozen=True, slots=True)
class ImageReply:
    media_id: str


@dataclass(frozen=True, slots=True)
class Article:
    title: str
    description: str
    url: str
    picture_url: str = ""


@dataclass(frozen=True, slots=True)
class NewsReply:
    """A card with a title, a line of text and a page to open."""

    article: Article


Reply = TextReply | ImageReply | NewsReply


def as_xml(reply: Reply, posted: Posted, *, at: datetime) -> bytes:
    """The body of the answer to ``posted``."""
    root = etree.Element("xml")
    _add(root, "ToUserName", posted.sender)
    _add(root, "FromUserName", posted.to)
    etree.SubElement(root, "CreateTime").text = str(int(at.timestamp()))
    match reply:
        case TextReply(text):
            _add(root, "MsgType", "text")
            _add(root, "Content", fitting(text))
        case ImageReply(media_id):
            _add(root, "MsgType", "image")
            _add(etree.SubElement(root, "Image"), "MediaId", media_id)
        case NewsReply(article):
            _add(root, "MsgType", "news")
            etree.SubElement(root, "ArticleCount").text = str(MOST_ARTICLES)
            item = etree.SubElement(etree.SubElement(root, "Articles"), "item")
            _add(item, "Title", article.title)
            _add(item, "Description", article.description)
            _add(item, "PicUrl", article.picture_url)
            _add(item, "Url", article.url)
    return etree.tostring(root, encoding="utf-8")


def as_json(reply: Reply) -> dict[str, Any]:
    """The same for the customer-service interface, without the receiver."""
    match reply:
        case TextReply(text):
            return {"msgtype": "text", "text": {"content": fitting(text)}}
        case ImageReply(media_id):
            return {"msgtype": "image", "image": {"media_id": media_id}}
        case NewsReply(article):
            card = {
                "title": article.title,
                "description": article.description,
                "url": article.url,
                "picurl": article.picture_url,
            }
            return {"msgtype": "news", "news": {"articles": [card]}}


def from_json(kept: dict[str, Any]) -> Reply:
    """The reply that `as_json` wrote down."""
    match kept["msgtype"]:
        case "text":
            return TextReply(kept["text"]["content"])
        case "image":
            return ImageReply(kept["image"]["media_id"])
        case _:
            card = kept["news"]["articles"][0]
            return NewsReply(
                Article(card["title"], card["description"], card["url"], card["picurl"])
            )


def with_tail(text: str, tail: str) -> str:
    """The text with the tail under it, which is never cut.

    >>> with_tail("a" * 3000, "https://x/")[-13:]
    '…\\n\\nhttps://x/'
    """
    if not tail:
        return fitting(text)
    end = f"\n\n{tail}"
    return fitting(text, most=MOST_TEXT - len(end.encode())) + end


def fitting(text: str, *, most: int = MOST_TEXT) -> str:
    """As much of the text as one message takes, or ``most`` bytes, cut between letters.

    >>> len(fitting("汉" * 1000).encode()) <= MOST_TEXT, fitting("short")
    (True, 'short')
    """
    clean = ILLEGAL.sub("", text)
    if len(clean.encode(errors="replace")) <= most:
        return clean
    cut = clean.encode(errors="replace")[: most - 3]
    return cut.decode(errors="ignore").rstrip() + "…"


def _add(parent: etree._Element, name: str, text: str) -> None:
    clean = ILLEGAL.sub("", text)
    etree.SubElement(parent, name).text = clean if "]]>" in clean else etree.CDATA(clean)
