"""From a telephone number to a session: the code goes out by text and comes back by hand.

Between the two steps the number waits in the browser's session, encrypted.
"""

from datetime import datetime

from allauth.core.internal import ratelimit
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext

from tongxin.channels.refusals import TooManyRequests
from tongxin.channels.sms.actions import send_text
from tongxin.channels.sms.gateway import require_gateway
from tongxin.people.actions import make_code
from tongxin.people.actions.codes import SIGN_IN
from tongxin.people.sealing import Unsealable, seal, unseal
from tongxin.people.sign_in_rules import HOLDS_FOR

RATE = {"codes": "30/h/ip"}
COLUMN = "session.phone"


def send_code(
    request: HttpRequest, phone: str, *, use: str = SIGN_IN, asks: str = "", at: datetime
) -> None:
    """Send a code to this number and remember the number for the next step.

    Args:
        asks: who wants to act for the owner of the number, as the message names them.

    Raises:
        NoGateway, TooManyRequests, CodeAskedTooSoon, CodeLimitReached
    """
    require_gateway()
    if not ratelimit.consume(request, app="tongxin", action="codes", config=RATE):
        raise TooManyRequests
    with transaction.atomic():
        code = make_code(phone, use=use, by="sign-in page", at=at)
        send_text(phone, words(code, asks), kind="code", holds_for=HOLDS_FOR, by=use, at=at)
    request.session[key(use)] = seal(phone, column=COLUMN)


def words(code: str, asks: str) -> str:
    """What the message says, in the language of the page."""
    if asks:
        text = gettext(
            "Tongxin: %(who)s asks to fill in your health log for you. Only if you agree, tell "
            "them %(code)s. It holds for ten minutes."
        )
        return text % {"who": asks, "code": code}
    text = gettext(
        "Tongxin: %(code)s is your code to sign in. It holds for ten minutes. Tell it to nobody; "
        "we never ask for it by telephone."
    )
    return text % {"code": code}


def phone_waiting(request: HttpRequest, use: str = SIGN_IN) -> str | None:
    """The number to which this browser had a code sent."""
    try:
        return unseal(request.session[key(use)], column=COLUMN)
    except (KeyError, Unsealable):
        return None


def forget_phone(request: HttpRequest, use: str = SIGN_IN) -> None:
    request.session.pop(key(use), None)


def key(use: str) -> str:
    return f"phone to {use}"
