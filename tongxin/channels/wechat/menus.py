"""The menu under a conversation, and codes to scan: made at WeChat, by an operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override

from tongxin.audit.actions import record
from tongxin.channels.wechat import greeting
from tongxin.channels.wechat.accounts import Account
from tongxin.channels.wechat.refusals import Unreachable
from tongxin.channels.wechat.token import done, with_token

SELF_CHECK, LOG = "self-check", "log"
"""Keys of the buttons that begin them; the apps that lead them attach by the settings."""

MONTH = 30 * 86_400  # seconds: the longest that a passing code holds


@dataclass(frozen=True, slots=True)
class Button:
    """Opens a page, or is told to us as `Clicked`; or holds other buttons. At most 3, in each 5."""

    name: str
    key: str = ""
    url: str = ""
    inside: tuple["Button", ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As WeChat takes it."""
        if self.inside:
            return {"name": self.name, "sub_button": [one.as_json() for one in self.inside]}
        if self.url:
            return {"name": self.name, "type": "view", "url": self.url}
        return {"name": self.name, "type": "click", "key": self.key}


@dataclass(frozen=True, slots=True)
class Code:
    """``url`` is what the code says; draw it with any QR library."""

    ticket: str
    url: str
    seconds: int


def own_menu(language: str) -> list[Button]:
    """The menu that ships."""
    page = f"{settings.PUBLIC_URL}/{language}"
    with override(language):
        return [
            Button(gettext("Situation"), url=f"{page}/situation/"),
            Button(gettext("What now?"), url=f"{page}/guidance/"),
            Button(
                gettext("Services"),
                inside=(
                    Button(gettext("Daily health log"), key=LOG),
                    Button(gettext("Self-check"), key=SELF_CHECK),
                    Button(gettext("My page"), url=f"{settings.PUBLIC_URL}/my/"),
                    Button(gettext("Help"), key=greeting.KEY),
                ),
            ),
        ]


def create_menu(account: Account, buttons: Sequence[Button], *, by: object, at: datetime) -> None:
    """Put this menu in the place of the last one. Phones show it within minutes.

    Raises:
        RefusedByWeChat, Unreachable
    """
    body: dict[str, object] = {"button": [button.as_json() for button in buttons]}
    done(with_token(account, "/cgi-bin/menu/create", body, at=at))
    record("channels.wechat_menu_made", account.name, by=by, buttons=len(buttons))


def create_code(
    account: Account, scene: str, *, seconds: int = MONTH, by: object, at: datetime
) -> Code:
    """A code whose scan is told to us with ``scene`` (`Scanned`, `Subscribed`).

    Raises:
        RefusedByWeChat, Unreachable
    """
    body: dict[str, object] = {
        "expire_seconds": seconds,
        "action_name": "QR_STR_SCENE",
        "action_info": {"scene": {"scene_str": scene[:64]}},
    }
    answer = done(with_token(account, "/cgi-bin/qrcode/create", body, at=at))
    ticket, url = answer.get("ticket"), answer.get("url")
    if not isinstance(ticket, str) or not isinstance(url, str):
        raise Unreachable(reason="no code in the answer")
    record("channels.wechat_code_made", account.name, by=by, scene=scene[:64])
    return Code(ticket, url, seconds)
