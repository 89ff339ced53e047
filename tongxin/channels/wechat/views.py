"""The one door that WeChat's servers knock at. Closed to whatever is not signed."""

import logging
import time
from datetime import datetime
from secrets import token_hex

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from lxml import etree

from tongxin.channels.wechat import crypto, intake, messages, storm
from tongxin.channels.wechat.accounts import Account, account
from tongxin.channels.wechat.refusals import NoSuchAccount, NotFromWeChat, UnreadableMessage
from tongxin.channels.wechat.replies import SUCCESS, Reply, as_xml
from tongxin.people.access import public

LONGEST_ECHO = 64
log = logging.getLogger("tongxin.channels.wechat")


@public
@csrf_exempt
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, name: str) -> HttpResponse:
    """The echo that WeChat asks for when the address is set, or the answer to a message."""
    began, at = time.monotonic(), timezone.now()
    try:
        one = account(name)
        _require_signed(request, one, at=at)
        if request.method == "GET":
            return _plain(request.GET.get("echostr", "")[:LONGEST_ECHO].encode())
        body, is_sealed = _opened(request, one)
        posted = messages.read(body)
    except (NoSuchAccount, NotFromWeChat):
        return HttpResponse(status=403)
    except UnreadableMessage as refusal:
        return HttpResponse(status=refusal.status)
    reply = _answer(one, body, posted, began=began, at=at)
    if reply is None:
        return _plain(SUCCESS)
    xml = as_xml(reply, posted, at=at)
    return HttpResponse(_sealed(xml, one, at=at) if is_sealed else xml, content_type="text/xml")


def _require_signed(request: HttpRequest, one: Account, *, at: datetime) -> None:
    """Before the body is read. Raises `NotFromWeChat`."""
    query = request.GET
    parts = query.get("timestamp", ""), query.get("nonce", "")
    crypto.require_signature(query.get("signature", ""), one.token, *parts)
    crypto.require_fresh(parts[0], at=at)


def _opened(request: HttpRequest, one: Account) -> tuple[bytes, bool]:
    """The message, and whether it came sealed. Raises `NotFromWeChat`, `UnreadableMessage`."""
    body = request.read(2 * messages.MOST_BYTES + 1)
    if len(body) > 2 * messages.MOST_BYTES:
        raise UnreadableMessage
    query = request.GET
    if query.get("encrypt_type", "raw") != "aes":
        if one.must_encrypt:
            raise NotFromWeChat
        return body, False
    encrypted = messages.sealed_in(body)
    parts = query.get("timestamp", ""), query.get("nonce", ""), encrypted
    crypto.require_signature(query.get("msg_signature", ""), one.token, *parts)
    return crypto.decrypt(encrypted, key=one.key, app_id=one.app_id), True


def _answer(
    one: Account, body: bytes, posted: messages.Posted, *, began: float, at: datetime
) -> Reply | None:
    """What is said at once. From the first line on the message cannot be lost."""
    if storm.is_greeted(posted):
        return storm.greet(one.name, posted, at=at)
    number = intake.store(one.name, body, posted, at=at)
    if number is None:
        return intake.said_before(one.name, posted)
    try:
        return intake.answer_at_once(
            number, posted, elapsed=lambda: time.monotonic() - began, at=at
        )
    except Exception:  # it is stored: the worker tries again, and WeChat need not
        log.exception("no answer at once to message %s", number)
        return None


def _sealed(xml: bytes, one: Account, *, at: datetime) -> bytes:
    """The answer in an envelope of its own."""
    encrypted = crypto.encrypt(xml, key=one.key, app_id=one.app_id)
    timestamp, nonce = str(int(at.timestamp())), token_hex(8)
    root = etree.Element("xml")
    for name, text in (
        ("Encrypt", encrypted),
        ("MsgSignature", crypto.signature(one.token, timestamp, nonce, encrypted)),
        ("TimeStamp", timestamp),
        ("Nonce", nonce),
    ):
        etree.SubElement(root, name).text = text
    return etree.tostring(root)


def _plain(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type="text/plain; charset=utf-8")
