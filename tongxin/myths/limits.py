"""How often one address, and everybody together, may ask. Addresses are kept as hashes of a day."""

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from tongxin.myths.refusals import TooManyReports

HOUR = 3600
OF_ONE, OF_ALL = 20, 2000
"""Questions an hour. A family or a hospital behind one address stays below the first."""


def require_patience(request: HttpRequest, *, at: datetime) -> None:
    """Count one more question. Raises `TooManyReports`."""
    hour = at.strftime("%Y-%m-%dT%H")
    one = salted_hmac("myths.limits", f"{at.date()}{_address(request)}").hexdigest()[:32]
    for name, most in ((f"{one}:{hour}", OF_ONE), (f"all:{hour}", OF_ALL)):
        if _one_more(f"myths:asked:{name}") > most:
            raise TooManyReports


def _one_more(name: str) -> int:
    cache.add(name, 0, HOUR)
    count = cache.get(name, 0) + 1
    cache.set(name, count, HOUR)
    return count


def _address(request: HttpRequest) -> str:
    """Who asks the web server in front of us, or us where there is none."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
