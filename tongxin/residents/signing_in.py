"""From a telephone number to a session: the code goes out by text and comes back by hand.

Between the two steps the number waits in the browser's session, encrypted.
"""

from collections.abc import Callable
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
from tongxin.residents.devices import asker

RATE = {"codes": "30/h/ip"}
COLUMN = "session.phone"


def send_code(
    request: HttpRequest,
    phone: str,
    *,
    use: str = SIGN_IN,
    say: Callable[[str], str] | None = None,
    at: datetime,
) -> None:
    """Send a code to this number and remember the number for the next step.

    Args:
        say: the words of the message around the code; those for signing in if it is left out.

    Raises:
        NoGateway, TooManyRequests, CodeAskedTooSoon, CodeLimitReached
    """
    require_gateway()
    asks_here = asker(request, phone)
    if not ratelimit.consume(request, app="tongxin", action="codes", config=RATE):
        raise TooManyRequests
    with transaction.atomic():
        code = make_code(phone, use=use, asker=asks_here, by="sign-in page", at=at)
        text = say(code) if say else words(code)
        send_text(phone, text, kind="code", holds_for=HOLDS_FOR, by="sign-in page", at=at)
    request.session[key(use)] = seal(f"{asks_here.lane} {phone}", column=COLUMN)


def words(code: str) -> str:
    """What the message to sign in says, in the language of the page."""
    text = gettext(
        "Tongxin: %(code)s is your code to sign in. It holds for ten minutes. Tell it to nobody; "
        "we never ask for it by telephone."
    )
    return text % {"code": code}


def words_to_join(code: str, *, who: str) -> str:
    """The same where somebody asks to act for the owner of the number."""
    text = gettext(
        "Tongxin: %(who)s asks to fill in your health log for you. Only if you agree, tell "
        "them %(code)s. It holds for ten minutes."
    )
    return text % {"who": who, "code": code}


def words_to_allow(code: str, *, who: str, sentence: str) -> str:
    """The same where somebody who acts for the owner asks for their yes to one purpose."""
    text = gettext(
        "Tongxin: %(who)s asks whether you agree: “%(sentence)s” Only if you do, tell them "
        "%(code)s. It holds for ten minutes."
    )
    return text % {"who": who, "sentence": sentence, "code": code}


def words_to_take_over(code: str) -> str:
    """The same where the committee gives somebody the record that was kept on paper."""
    text = gettext(
        "Tongxin: your community committee links your record to this telephone. If you are with "
        "them now, tell them %(code)s. It holds for ten minutes."
    )
    return text % {"code": code}


def phone_waiting(request: HttpRequest, use: str = SIGN_IN) -> str | None:
    """The number to which this browser had a code sent."""
    waiting = _waiting(request, use)
    return waiting[1] if waiting else None


def lane_waiting(request: HttpRequest, use: str = SIGN_IN) -> str:
    """The lane in which that code was asked for."""
    waiting = _waiting(request, use)
    return waiting[0] if waiting else ""


def _waiting(request: HttpRequest, use: str) -> tuple[str, str] | None:
    try:
        lane, _, phone = unseal(request.session[key(use)], column=COLUMN).partition(" ")
    except (KeyError, Unsealable):
        return None
    return lane, phone


def forget_phone(request: HttpRequest, use: str = SIGN_IN) -> None:
    request.session.pop(key(use), None)


def key(use: str) -> str:
    return f"phone to {use}"
