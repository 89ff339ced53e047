"""What a browser holds between WeChat's answer and the person's: which follower it is."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from tongxin.channels.models import Follower
from tongxin.channels.wechat.accounts import Account, accounts

HELD, ONWARD = "wechat follower", "after wechat"
WAITS = timedelta(minutes=30)
BROWSER = "MicroMessenger"
"""How WeChat's own browser calls itself."""


def offered(request: HttpRequest) -> list[Account]:
    """The accounts by which this browser can sign in: inside WeChat, and before the simulator."""
    is_inside = BROWSER in request.headers.get("User-Agent", "")
    is_simulated = settings.DEVELOPMENT and settings.WECHAT_OPEN == settings.WECHAT_SIMULATOR
    return list(accounts().values()) if is_inside or is_simulated else []


def hold(request: HttpRequest, number: int, *, at: datetime) -> None:
    """Remember who came back from WeChat, until the person has signed in and been asked."""
    request.session[HELD] = [number, at.timestamp()]


def held(request: HttpRequest) -> Follower | None:
    """The follower who waits in this browser to be linked; nobody once they are, or too late."""
    number, since = request.session.get(HELD, (0, 0.0))
    if timezone.now().timestamp() - since > WAITS.total_seconds():
        return None
    return Follower.objects.filter(pk=number, person=None).first()


def let_go(request: HttpRequest) -> None:
    request.session.pop(HELD, None)
