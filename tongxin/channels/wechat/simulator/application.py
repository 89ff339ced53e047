"""The interface at api.weixin.qq.com as a WSGI application, with a few doors of its own.

`/simulator/…` is the phone's side, for the page of development.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlencode

from tongxin.channels.wechat.simulator.phone import Phones
from tongxin.channels.wechat.simulator.world import Answer, Error, Service, World

MOST_BYTES = 1 << 20
Query = dict[str, str]


class Application:
    """What stands for WeChat. ``phones`` write to our callbacks."""

    def __init__(self, world: World, phones: Phones) -> None:
        self.world, self.phones = world, phones
        self.with_token: dict[str, Callable[[Service, Answer], Answer]] = {
            "/cgi-bin/ticket/getticket": lambda service, _: world.give_ticket(service),
            "/cgi-bin/message/custom/send": world.send_custom,
            "/cgi-bin/message/template/send": world.send_template,
            "/cgi-bin/message/subscribe/bizsend": world.send_one_time,
            "/cgi-bin/menu/create": world.create_menu,
            "/cgi-bin/qrcode/create": world.create_code,
        }
        self.others: dict[str, Callable[[Query, Answer], Answer]] = {
            "/cgi-bin/token": lambda q, _: world.give_token(
                q.get("appid", ""), q.get("secret", "")
            ),
            "/sns/oauth2/access_token": lambda q, _: world.exchange(
                q.get("appid", ""), q.get("secret", ""), q.get("code", "")
            ),
            "/simulator/screen": self._screen,
            "/simulator/act": self._act,
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        query = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        if path == "/connect/oauth2/authorize":
            start_response("302 Found", [("Location", self._sent_back(query))])
            return [b""]
        if path not in self.with_token and path not in self.others:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b""]
        try:
            answer = self._answer(path, query, _body(environ))
        except Error as error:
            answer = error.answer
        except (ValueError, KeyError, TypeError, AttributeError):
            answer = Error(47001).answer
        start_response("200 OK", [("Content-Type", "application/json; charset=utf-8")])
        self.phones.report()
        return [json.dumps(answer, ensure_ascii=False).encode()]

    def _answer(self, path: str, query: Query, body: Answer) -> Answer:
        if path.startswith("/simulator/"):
            return self.others[path](query, body)
        with self.world.lock:
            self.world.calls[path] += 1
            if self.world.faults[path]:
                raise Error(self.world.faults[path].pop(0))
            if path in self.others:
                return self.others[path](query, body)
            service = self.world.by_token(query.get("access_token", ""))
            if path in service.denied:
                raise Error(48001)
            return self.with_token[path](service, body)

    def _sent_back(self, query: Query) -> str:
        """Where a browser goes after it has been asked who it is."""
        openid = query.get("openid", "o-development-phone")
        code = self.world.authorize(query["appid"], openid)
        back = urlencode({"code": code, "state": query.get("state", "")})
        return f"{query['redirect_uri']}{'&' if '?' in query['redirect_uri'] else '?'}{back}"

    def _screen(self, query: Query, _: Answer) -> Answer:
        service = self.world.service(query.get("app_id", ""))
        contact = service.contacts[query.get("openid", "")]
        return {
            "is_subscribed": contact.is_subscribed,
            "screen": contact.screen[-60:],
            "menu": service.menu,
            "grants": dict(contact.grants),
        }

    def _act(self, _: Query, body: Answer) -> Answer:
        phone = self.phones.phone(body["app_id"], body["openid"])
        acts: dict[str, Callable[[str], object]] = {
            "says": phone.says,
            "clicks": phone.clicks,
            "scans": phone.scans,
            "subscribes": phone.subscribes,
            "unsubscribes": lambda _: phone.unsubscribes(),
            "allows": phone.allows,
        }
        acts[body["act"]](str(body.get("value", "")))
        return {"errcode": 0}


def _body(environ: dict[str, Any]) -> Answer:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if not 0 < length <= MOST_BYTES:
        return {}
    found = json.loads(environ["wsgi.input"].read(length))
    return found if isinstance(found, dict) else {}
