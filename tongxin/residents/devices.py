"""Which browser asks for a code: its lane, its network, and whether it is known.

A browser that has signed in with a number carries a cookie that says so, in keyed hashes that only
this installation can read. The number has an allowance of codes there that no stranger can use up.
"""

import ipaddress
import secrets

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tongxin.people.sealing import match_key
from tongxin.people.sign_in_rules import Asker

COOKIE = "tongxin-device"
LASTS = 400 * 86_400  # seconds; browsers keep no cookie longer
MOST_NUMBERS = 5
LANE = "lane"
V4, V6 = 24, 48


def asker(request: HttpRequest, phone: str) -> Asker:
    """Who asks for a code to this number."""
    network = match_key("network", network_of(get_ip(request)))
    token, marks = _read(request)
    if token and _mark(token, phone) in marks:
        return Asker(match_key("device", token), network, is_known=True)
    lane = request.session.setdefault(LANE, secrets.token_hex(16))
    return Asker(match_key("session", lane), network)


def network_of(address: str) -> str:
    """The network that an address belongs to, as providers hand them out.

    >>> network_of("203.0.113.77"), network_of("2001:db8:1:2::9"), network_of("unix")
    ('203.0.113.0/24', '2001:db8:1::/48', 'unix')
    """
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return address
    width = V4 if version == 4 else V6
    return str(ipaddress.ip_network(f"{address}/{width}", strict=False))


def remember_device(request: HttpRequest, response: HttpResponse, phone: str) -> None:
    """From now on this browser is known for the number, and for those before."""
    token, marks = _read(request)
    token = token or secrets.token_hex(16)
    mark = _mark(token, phone)
    kept = [mark, *(one for one in marks if one != mark)][:MOST_NUMBERS]
    response.set_cookie(
        COOKIE,
        ".".join([token, *kept]),
        max_age=LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    token, *marks = request.COOKIES.get(COOKIE, "")[:500].split(".")
    return token, marks


def _mark(token: str, phone: str) -> str:
    return match_key("known device", f"{token} {phone}")[:32]
