"""Access token and page ticket of an account, held in one place for all processes.

Who needs a new one takes a turn under the row's lock, asks WeChat outside any transaction, and
writes down what it got only if nobody has taken a turn since. All others wait for it, or go on
with the old one: WeChat takes that for five minutes more.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tongxin.channels.wechat.accounts import Account
from tongxin.channels.wechat.calling import call, code_of
from tongxin.channels.wechat.models import Token
from tongxin.channels.wechat.refusals import RefusedByWeChat, Unreachable
from tongxin.channels.wechat.sealing import seal, unseal

ACCESS, TICKET = "access_token", "jsapi_ticket"
RENEW_BEFORE = timedelta(minutes=5)
TURN = timedelta(seconds=15)  # longer than a request may take
PATIENCE, LOOK_EVERY = 18.0, 0.05  # seconds that others wait for it
INVALID = {40001, 40014, 42001}  # "get a new token": wrong, unlawful, too old


@dataclass(frozen=True, slots=True)
class Held:
    value: str
    version: int


@dataclass(frozen=True, slots=True)
class Fresh:
    """What WeChat gave, and for how many seconds it holds."""

    value: str
    seconds: int


def access_token(account: Account, *, at: datetime, unlike: int = 0) -> Held:
    """The token to call with.

    Args:
        unlike: the version that WeChat has just refused; another one is got.

    Raises:
        Unreachable, RefusedByWeChat
    """
    return _held(account, ACCESS, lambda: _ask_token(account), at=at, unlike=unlike)


def page_ticket(account: Account, *, at: datetime) -> Held:
    """The ticket that pages of ours are signed with (JS-SDK). Raises as `access_token`."""
    return _held(account, TICKET, lambda: _ask_ticket(account, at=at), at=at, unlike=0)


def with_token(
    account: Account, path: str, body: dict[str, object] | None, *, at: datetime, **params: str
) -> dict[str, object]:
    """WeChat's answer to a request that needs the token; a refused token is renewed once."""
    refused = 0
    for is_last in (False, True):
        try:
            held = access_token(account, at=at, unlike=refused)
        except Unreachable as refusal:
            raise Unreachable(reason=refusal.facts["reason"], is_unsent=True) from refusal
        answer = call(path, {"access_token": held.value, **params}, body)
        if is_last or code_of(answer) not in INVALID:
            break
        refused = held.version
    return answer


def done(answer: dict[str, object]) -> dict[str, object]:
    """The answer, if WeChat says that all is well. Raises `RefusedByWeChat`."""
    if code := code_of(answer):
        raise RefusedByWeChat(code=code, message=str(answer.get("errmsg", "")))
    return answer


def _held(
    account: Account, kind: str, ask: Callable[[], Fresh], *, at: datetime, unlike: int
) -> Held:
    """What is held, got anew where it must be."""
    began = time.monotonic()
    while True:
        now = at + timedelta(seconds=time.monotonic() - began)
        held, turn = _look(account, kind, unlike=unlike, at=now)
        if turn is not None:
            return _renewed(account, kind, ask, turn=turn, at=now)
        if held is not None:
            return held
        if time.monotonic() - began > PATIENCE:
            raise Unreachable(reason="another process has been asking for too long")
        time.sleep(LOOK_EVERY)


@transaction.atomic
def _look(
    account: Account, kind: str, *, unlike: int, at: datetime
) -> tuple[Held | None, int | None]:
    """What can be used, and the turn to ask if it is ours to ask."""
    row = Token.objects.filter(account=account.name, kind=kind).first()
    if row and row.version != unlike and row.expires_at and at < row.expires_at - RENEW_BEFORE:
        return _open(row), None
    Token.objects.get_or_create(account=account.name, kind=kind)
    row = Token.objects.select_for_update().get(account=account.name, kind=kind)
    is_good = row.version != unlike and row.expires_at is not None and at < row.expires_at
    if is_good and at < row.expires_at - RENEW_BEFORE:
        return _open(row), None
    if row.asked_until and at < row.asked_until:
        return (_open(row) if is_good else None), None
    row.turn += 1
    row.asked_until = at + TURN
    row.save(update_fields=["turn", "asked_until"])
    return None, row.turn


def _renewed(
    account: Account, kind: str, ask: Callable[[], Fresh], *, turn: int, at: datetime
) -> Held:
    """Ask, and write it down unless another turn has begun since; what holds then."""
    try:
        fresh = ask()
    except (Unreachable, RefusedByWeChat):
        Token.objects.filter(account=account.name, kind=kind, turn=turn).update(asked_until=None)
        raise
    return _keep(account, kind, fresh, turn=turn, at=at)


@transaction.atomic
def _keep(account: Account, kind: str, fresh: Fresh, *, turn: int, at: datetime) -> Held:
    row = Token.objects.select_for_update().get(account=account.name, kind=kind)
    if row.turn != turn:  # we were slow: what a later turn gets has replaced ours at WeChat too
        return _open(row) if row.version else Held(fresh.value, 0)
    row.value = seal(fresh.value.encode(), about=_about(row))
    row.version += 1
    row.expires_at = at + timedelta(seconds=fresh.seconds)
    row.asked_until = None
    row.save(update_fields=["value", "version", "expires_at", "asked_until"])
    return Held(fresh.value, row.version)


def _open(row: Token) -> Held:
    return Held(unseal(row.value, about=_about(row)).decode(), row.version)


def _about(row: Token) -> str:
    return f"token:{row.account}:{row.kind}"


def _ask_token(account: Account) -> Fresh:
    params = {
        "grant_type": "client_credential",
        "appid": account.app_id,
        "secret": account.secret,
    }
    return _fresh(done(call("/cgi-bin/token", params)), "access_token")


def _ask_ticket(account: Account, *, at: datetime) -> Fresh:
    answer = with_token(account, "/cgi-bin/ticket/getticket", None, at=at, type="jsapi")
    return _fresh(done(answer), "ticket")


def _fresh(answer: dict[str, object], name: str) -> Fresh:
    value, seconds = answer.get(name), answer.get("expires_in")
    if not isinstance(value, str) or not isinstance(seconds, int) or not value:
        raise Unreachable(reason=f"no {name} in the answer")
    return Fresh(value, seconds)
