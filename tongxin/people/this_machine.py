"""Pages of a development installation open only to a browser on the same machine."""

import ipaddress

from django.http import HttpRequest
from django.http.request import split_domain_port

OWN_NAMES = {"localhost", "127.0.0.1", "[::1]"}


def _is_loopback(address: str) -> bool:
    """Whether the address is this machine's own; a local socket has none."""
    if not address:
        return True
    try:
        return ipaddress.ip_address(address.strip()).is_loopback
    except ValueError:
        return False


def comes_from_this_machine(request: HttpRequest) -> bool:
    """Whether the browser runs here, also through a web server in front that runs here.

    The address it asked for must be this machine's own too: another site's name may be
    pointed here (DNS rebinding), and its scripts then speak from this very browser.
    """
    if split_domain_port(request.get_host())[0] not in OWN_NAMES:
        return False
    forwarded = request.headers.get("X-Forwarded-For", "")
    hops = [request.META.get("REMOTE_ADDR", ""), *forwarded.split(",")]
    return all(_is_loopback(hop) for hop in hops)
