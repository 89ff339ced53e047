"""Phones: what they send reaches our callback as WeChat sends it, three times if it must."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import httpx

from tongxin.channels.wechat import crypto
from tongxin.channels.wechat.accounts import Account
from tongxin.channels.wechat.messages import read_xml, sealed_in
from tongxin.channels.wechat.refusals import NotFromWeChat, UnreadableMessage
from tongxin.channels.wechat.simulator.world import TOUCHING, WRITING, Contact, World

WAITS, TRIES = 5.0, 3  # seconds for an answer, and how often in all
CARD = ("Title", "Description", "Url", "PicUrl")
Deliver = Callable[[str, bytes], tuple[int, bytes]]
"""(address with its query, body) → (status, body); raises `OSError` or `httpx.HTTPError`."""


@dataclass
class Turn:
    """One message and what came back: how often it was sent, and the answer if there was one."""

    body: bytes
    tries: int = 0
    is_heard: bool = False
    answer: dict[str, Any] | None = None


@dataclass
class Phones:
    """The phones of a world, and where each account's callback is."""

    world: World
    callbacks: dict[str, str]
    deliver: Deliver = field(default_factory=lambda: by_http)
    start: Callable[[Callable[[], object]], None] = field(default_factory=lambda: _beside)

    def phone(self, app_id: str, openid: str) -> "Phone":
        """The phone of one person, writing to one account."""
        account = self.world.service(app_id).account
        return Phone(self, account, openid)

    def report(self) -> None:
        """Tell our side what became of the messages sent, as WeChat does a little later."""
        with self.world.lock:
            told, self.world.after = self.world.after, []
        for app_id, openid, event, inside in told:
            phone = self.phone(app_id, openid)
            body = phone.xml({"MsgType": "event", **event}, inside=inside)
            self.start(partial(phone.post, body))


@dataclass
class Phone:
    """One person's phone."""

    phones: Phones
    account: Account
    openid: str

    @property
    def contact(self) -> Contact:
        return self.phones.world.service(self.account.app_id).contacts[self.openid]

    def says(self, text: str) -> Turn:
        return self.sends({"MsgType": "text", "Content": text}, shown=text)

    def sends(self, fields: dict[str, str], *, shown: str = "") -> Turn:
        """Any message with a number; it opens 48 hours."""
        self.contact.open_window(WRITING, self.phones.world.clock())
        self._show({"from": "phone", "text": shown or fields["MsgType"]})
        return self.post(self.xml({**fields, "MsgId": self.phones.world.number()}))

    def clicks(self, key: str) -> Turn:
        return self._touches({"Event": "CLICK", "EventKey": key})

    def scans(self, scene: str) -> Turn:
        """A code with this scene: whoever does not follow yet follows by it."""
        if not self.contact.is_subscribed:
            return self.subscribes(scene)
        return self._touches({"Event": "SCAN", "EventKey": scene, "Ticket": "ticket"})

    def subscribes(self, scene: str = "") -> Turn:
        self.contact.is_subscribed = True
        key = f"qrscene_{scene}" if scene else ""
        return self._touches({"Event": "subscribe", "EventKey": key})

    def unsubscribes(self) -> Turn:
        self.contact.is_subscribed = False
        return self.post(self.xml({"MsgType": "event", "Event": "unsubscribe", "EventKey": ""}))

    def allows(self, *templates: str, is_given: bool = True) -> Turn:
        """A yes (or no) to each of these one-time messages."""
        word = "accept" if is_given else "reject"
        if is_given:
            self.contact.grants.update(templates)
        entries = "".join(
            f"<List><TemplateId>{escape(one)}</TemplateId><SubscribeStatusString>{word}"
            "</SubscribeStatusString><PopupScene>2</PopupScene></List>"
            for one in templates
        )
        inside = f"<SubscribeMsgPopupEvent>{entries}</SubscribeMsgPopupEvent>"
        fields = {"MsgType": "event", "Event": "subscribe_msg_popup_event"}
        return self.post(self.xml(fields, inside=inside))

    def xml(self, fields: dict[str, str], *, inside: str = "") -> bytes:
        """The message as XML, of this moment unless it says otherwise."""
        whole = {
            "ToUserName": self.account.original_id,
            "FromUserName": self.openid,
            "CreateTime": str(int(self.phones.world.clock().timestamp())),
            **fields,
        }
        text = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in whole.items())
        return f"<xml>{text}{inside}</xml>".encode()

    def post(self, body: bytes, *, tries: int = TRIES) -> Turn:
        """Send it until our side answers with 200, and show what it says."""
        turn = Turn(body)
        while turn.tries < tries and not turn.is_heard:
            turn.tries += 1
            try:
                status, answer = self.phones.deliver(*self._request(body))
            except (OSError, httpx.HTTPError):
                continue
            if status == httpx.codes.OK:
                turn.is_heard = True
                turn.answer = self._read(answer)
        if turn.answer:
            self._show({"from": "account", "way": "reply", **turn.answer})
        elif not turn.is_heard:
            self._show({"from": "wechat", "way": "unavailable"})
        return turn

    def _touches(self, event: dict[str, str]) -> Turn:
        self.contact.open_window(TOUCHING, self.phones.world.clock())
        return self.post(self.xml({"MsgType": "event", **event}))

    def _show(self, entry: dict[str, Any]) -> None:
        self.contact.screen.append({"at": self.phones.world.clock().isoformat(), **entry})

    def _request(self, body: bytes) -> tuple[str, bytes]:
        """The address with its signatures, and the message in its envelope where it has one."""
        one = self.account
        timestamp = str(int(self.phones.world.clock().timestamp()))
        nonce = token_hex(5)
        query = {
            "signature": crypto.signature(one.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": self.openid,
        }
        if one.must_encrypt:
            sealed = crypto.encrypt(body, key=one.key, app_id=one.app_id)
            seal = crypto.signature(one.token, timestamp, nonce, sealed)
            query |= {"encrypt_type": "aes", "msg_signature": seal}
            to = f"<ToUserName>{escape(one.original_id)}</ToUserName>"
            body = f"<xml>{to}<Encrypt>{sealed}</Encrypt></xml>".encode()
        return f"{self.phones.callbacks[one.app_id]}?{urlencode(query)}", body

    def _read(self, answer: bytes) -> dict[str, Any] | None:
        """What our side said: nothing, or a message that must be signed and for this account."""
        if answer in (b"", b"success"):
            return None
        try:
            return self._opened(answer)
        except (NotFromWeChat, UnreadableMessage):
            return {"msgtype": "broken"}

    def _opened(self, answer: bytes) -> dict[str, Any]:
        one = self.account
        if one.must_encrypt:
            root, sealed = read_xml(answer), sealed_in(answer)
            parts = root.findtext("TimeStamp") or "", root.findtext("Nonce") or "", sealed
            crypto.require_signature(root.findtext("MsgSignature") or "", one.token, *parts)
            answer = crypto.decrypt(sealed, key=one.key, app_id=one.app_id)
        root = read_xml(answer)
        if root.findtext("ToUserName") != self.openid:
            raise UnreadableMessage
        kind = root.findtext("MsgType")
        if kind == "news":
            card = {name.lower(): root.findtext(f".//item/{name}") or "" for name in CARD}
            return {"msgtype": "news", "news": {"articles": [card]}}
        if kind == "image":
            return {"msgtype": "image", "image": {"media_id": root.findtext("Image/MediaId")}}
        return {"msgtype": kind, "text": {"content": root.findtext("Content") or ""}}


def _beside(work: Callable[[], object]) -> None:
    threading.Thread(target=work, daemon=True).start()


def by_http(address: str, body: bytes) -> tuple[int, bytes]:
    headers = {"Content-Type": "text/xml"}
    answer = _client().post(address, content=body, headers=headers)
    return answer.status_code, answer.content


@lru_cache(maxsize=1)
def _client() -> httpx.Client:
    return httpx.Client(timeout=WAITS, trust_env=False)
