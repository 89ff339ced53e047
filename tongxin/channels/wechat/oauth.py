"""Signing in by WeChat, inside WeChat's browser: there and back, and who it is.

The state that travels is signed, is bound to the browser's session, and works once.
Source: developers.weixin.qq.com, "Web page authorization". The page is somebody else's.
"""

import re
from collections.abc import MutableMapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from tongxin.channels.wechat.accounts import Account
from tongxin.channels.wechat.calling import call
from tongxin.channels.wechat.followers import known
from tongxin.channels.wechat.refusals import NotThisBrowser, Unreachable
from tongxin.channels.wechat.token import done

HELD = "wechat_sign_in"  # in the session: what only this browser has
LASTS = timedelta(minutes=10)
STATE = re.compile(r"([0-9a-f]{10})([0-9a-f]{64})")  # WeChat lets letters and digits through
CODE = re.compile(r"[A-Za-z0-9_-]{1,128}")


def begin(
    account: Account, session: MutableMapping[str, Any], *, back_to: str, at: datetime
) -> str:
    """The address at WeChat to send this browser to; it comes back to ``back_to``.

    Only who somebody is to this account is asked, not their name: nobody need press a button.
    """
    session[HELD] = token_hex(16)
    moment = f"{int(at.timestamp()):010x}"
    query = {
        "appid": account.app_id,
        "redirect_uri": back_to,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": moment + _seal(account, session[HELD], moment),
    }
    return f"{settings.WECHAT_OPEN}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"


def finish(
    account: Account, session: MutableMapping[str, Any], *, code: str, state: str, at: datetime
) -> int:
    """The number of the follower who has come back.

    Raises:
        NotThisBrowser: begun elsewhere, too long ago, or finished before.
        RefusedByWeChat, Unreachable
    """
    held, found = session.pop(HELD, ""), STATE.fullmatch(state)
    if not held or found is None or not CODE.fullmatch(code):
        raise NotThisBrowser
    moment, seal = found.groups()
    age = at.timestamp() - int(moment, 16)
    if not constant_time_compare(seal, _seal(account, held, moment)) or age > LASTS.total_seconds():
        raise NotThisBrowser
    openid = openid_for(account, code)
    return known(account.name, openid, at=at).pk


def openid_for(account: Account, code: str) -> str:
    """Whom a code stands for; WeChat takes each code once. Raises as `finish`."""
    params = {
        "appid": account.app_id,
        "secret": account.secret,
        "code": code,
        "grant_type": "authorization_code",
    }
    openid = done(call("/sns/oauth2/access_token", params)).get("openid")
    if not isinstance(openid, str) or not 1 <= len(openid) <= 128:
        raise Unreachable(reason="no openid in the answer")
    return openid


def _seal(account: Account, held: str, moment: str) -> str:
    text = f"{account.name}:{held}:{moment}"
    return salted_hmac("channels.wechat.oauth", text, algorithm="sha256").hexdigest()
