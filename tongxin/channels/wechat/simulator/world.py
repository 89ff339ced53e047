"""What WeChat knows and how it decides: tokens, followers, windows, quotas, error codes."""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from zoneinfo import ZoneInfo

from tongxin.channels.wechat.accounts import Account

CALENDAR = ZoneInfo("Asia/Shanghai")
HOLDS, OLD_HOLDS = timedelta(seconds=7200), timedelta(minutes=5)
WRITING = (timedelta(hours=48), 5)
TOUCHING = (timedelta(minutes=1), 3)
SAYS = {
    40001: "invalid credential, access_token is invalid or not latest",
    40003: "invalid openid",
    40013: "invalid appid",
    40029: "invalid code",
    40037: "invalid template_id",
    40125: "invalid appsecret",
    41001: "access_token missing",
    42001: "access_token expired",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    45002: "content size out of limit",
    45008: "news size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    47001: "data format error",
    48001: "api unauthorized",
}

Answer = dict[str, Any]


class Error(Exception):
    """WeChat says no, with a code."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(SAYS.get(code, "error"))

    @property
    def answer(self) -> Answer:
        return {"errcode": self.code, "errmsg": str(self)}


@dataclass
class Contact:
    """One person as one account knows them, and what their phone shows."""

    is_subscribed: bool = False
    openings: list[tuple[datetime, timedelta, int]] = field(default_factory=list)
    sent_at: list[datetime] = field(default_factory=list)
    grants: Counter[str] = field(default_factory=Counter)
    screen: list[dict[str, Any]] = field(default_factory=list)

    def open_window(self, rule: tuple[timedelta, int], at: datetime) -> None:
        self.openings.append((at, *rule))

    def spend_window(self, at: datetime) -> None:
        """Count one customer-service message. Raises `Error`."""
        now_open = [one for one in self.openings if at < one[0] + one[1]]
        if not now_open:
            raise Error(45015)
        for opened, _, most in now_open:
            if sum(sent >= opened for sent in self.sent_at) < most:
                self.sent_at.append(at)
                return
        raise Error(45047)


@dataclass
class Service:
    """One official account at WeChat."""

    account: Account
    templates: set[str] = field(default_factory=set)
    menu: list[dict[str, Any]] = field(default_factory=list)
    contacts: defaultdict[str, Contact] = field(default_factory=lambda: defaultdict(Contact))
    tokens: dict[str, datetime] = field(default_factory=dict)
    tickets: dict[str, datetime] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    spent: Counter[tuple[str, date]] = field(default_factory=Counter)
    codes: dict[str, str] = field(default_factory=dict)
    scenes: dict[str, str] = field(default_factory=dict)


class World:
    """All accounts. One lock: what is counted is counted once."""

    def __init__(self, accounts: list[Account], *, clock: Callable[[], datetime]) -> None:
        self.services = {one.app_id: Service(one) for one in accounts}
        self.clock = clock
        self.lock = threading.RLock()
        self.calls: Counter[str] = Counter()
        self.faults: defaultdict[str, list[int]] = defaultdict(list)
        self.after: list[tuple[str, str, dict[str, str], str]] = []
        self._number = 23_000_000_000_000_000

    def number(self) -> str:
        """The next number of a message."""
        with self.lock:
            self._number += 1
            return str(self._number)

    def service(self, app_id: str) -> Service:
        """The account. Raises `Error`."""
        if app_id not in self.services:
            raise Error(40013)
        return self.services[app_id]

    def give_token(self, app_id: str, secret: str) -> Answer:
        """A new token; the one before holds five minutes more."""
        service = self.service(app_id)
        if secret != service.account.secret:
            raise Error(40125)
        now = self.clock()
        for value, ends in service.tokens.items():
            service.tokens[value] = min(ends, now + OLD_HOLDS)
        token = token_urlsafe(60)
        service.tokens[token] = now + HOLDS
        return {"access_token": token, "expires_in": int(HOLDS.total_seconds())}

    def by_token(self, token: str) -> Service:
        """Whose token it is. Raises `Error`."""
        if not token:
            raise Error(41001)
        for service in self.services.values():
            if token in service.tokens:
                if self.clock() >= service.tokens[token]:
                    raise Error(42001)
                return service
        raise Error(40001)

    def forget_tokens(self) -> None:
        """Every token becomes unknown, as when the secret is changed."""
        with self.lock:
            for service in self.services.values():
                service.tokens.clear()

    def give_ticket(self, service: Service) -> Answer:
        ticket = token_urlsafe(60)
        service.tickets[ticket] = self.clock() + HOLDS
        return {"errcode": 0, "ticket": ticket, "expires_in": int(HOLDS.total_seconds())}

    def send_custom(self, service: Service, body: Answer) -> Answer:
        contact = self._follower(service, body)
        self._check_content(body)
        contact.spend_window(self.clock())
        contact.screen.append({"from": "account", "way": "customer", "at": self._now(), **body})
        return {"errcode": 0, "errmsg": "ok"}

    def send_template(self, service: Service, body: Answer) -> Answer:
        contact = self._follower(service, body)
        self._check_template(service, body)
        key = ("template", self.clock().astimezone(CALENDAR).date())
        if service.spent[key] >= service.account.templates_a_day:
            raise Error(45009)
        service.spent[key] += 1
        number = self.number()
        contact.screen.append({"from": "account", "way": "template", "at": self._now(), **body})
        told = {"Event": "TEMPLATESENDJOBFINISH", "MsgID": number, "Status": "success"}
        self.after.append((service.account.app_id, body["touser"], told, ""))
        return {"errcode": 0, "errmsg": "ok", "msgid": int(number)}

    def send_one_time(self, service: Service, body: Answer) -> Answer:
        contact = service.contacts[str(body.get("touser"))]
        self._check_template(service, body)
        if contact.grants[body["template_id"]] < 1:
            raise Error(43101)
        contact.grants[body["template_id"]] -= 1
        number = self.number()
        contact.screen.append({"from": "account", "way": "one_time", "at": self._now(), **body})
        inside = (
            f"<SubscribeMsgSentEvent><List><TemplateId>{body['template_id']}</TemplateId>"
            f"<MsgID>{number}</MsgID><ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus>"
            "</List></SubscribeMsgSentEvent>"
        )
        told = {"Event": "subscribe_msg_sent_event"}
        self.after.append((service.account.app_id, body["touser"], told, inside))
        return {"errcode": 0, "errmsg": "ok", "msgid": int(number)}

    def create_menu(self, service: Service, body: Answer) -> Answer:
        buttons = body.get("button")
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
            raise Error(47001)
        service.menu = buttons
        return {"errcode": 0, "errmsg": "ok"}

    def create_code(self, service: Service, body: Answer) -> Answer:
        ticket = token_urlsafe(48)
        service.scenes[ticket] = body["action_info"]["scene"]["scene_str"]
        seconds = int(body.get("expire_seconds", 60))
        url = f"http://weixin.qq.com/q/{ticket[:22]}"
        return {"ticket": ticket, "expire_seconds": seconds, "url": url}

    def authorize(self, app_id: str, openid: str) -> str:
        """A code that stands for this person, once."""
        code = token_urlsafe(24)
        self.service(app_id).codes[code] = openid
        return code

    def exchange(self, app_id: str, secret: str, code: str) -> Answer:
        service = self.service(app_id)
        if secret != service.account.secret:
            raise Error(40125)
        if code not in service.codes:
            raise Error(40029)
        openid = service.codes.pop(code)
        return {"access_token": token_urlsafe(40), "openid": openid, "scope": "snsapi_base"}

    def _follower(self, service: Service, body: Answer) -> Contact:
        """Whom a message is for. Raises `Error`."""
        openid = body.get("touser")
        if not isinstance(openid, str) or openid not in service.contacts:
            raise Error(40003)
        contact = service.contacts[openid]
        if not contact.is_subscribed:
            raise Error(43004)
        return contact

    def _check_content(self, body: Answer) -> None:
        kind = body.get("msgtype")
        if kind == "text" and len(body["text"]["content"].encode()) > 2048:
            raise Error(45002)
        if kind == "news" and len(body["news"]["articles"]) > 1:
            raise Error(45008)
        if kind not in {"text", "image", "news"}:
            raise Error(47001)

    def _check_template(self, service: Service, body: Answer) -> None:
        if service.templates and body.get("template_id") not in service.templates:
            raise Error(40037)

    def _now(self) -> str:
        return self.clock().isoformat()
