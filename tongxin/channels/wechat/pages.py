"""What a page of ours needs to use WeChat's own functions (JS-SDK): a signature for its address."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from tongxin.channels.wechat.accounts import Account
from tongxin.channels.wechat.token import page_ticket


@dataclass(frozen=True, slots=True)
class PageSignature:
    """What ``wx.config`` takes."""

    app_id: str
    timestamp: int
    nonce: str
    signature: str


def signed_page(account: Account, url: str, *, at: datetime) -> PageSignature:
    """A signature that holds for exactly this address. Raises as `token.access_token`."""
    nonce, timestamp = token_hex(8), int(at.timestamp())
    ticket = page_ticket(account, at=at).value
    seal = signature_of(ticket, nonce=nonce, timestamp=timestamp, url=url)
    return PageSignature(account.app_id, timestamp, nonce, seal)


def signature_of(ticket: str, *, nonce: str, timestamp: int, url: str) -> str:
    """SHA-1 over the four, in this order; what follows "#" in the address is left out.

    >>> signature_of("t", nonce="n", timestamp=1, url="https://a.example/#x")
    '7efddf0b805b670b4c8e3e2b5aad772f39fd5096'
    """
    address = url.partition("#")[0]
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={address}"
    return hashlib.sha1(text.encode()).hexdigest()
