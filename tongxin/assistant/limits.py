"""How often one address may ask or hand over. Addresses are kept as keyed hashes of a day."""

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from tongxin.assistant.refusals import TooManyQuestions

MINUTE, HOUR = 60, 3600
# What a family behind one address does not reach: (how many, in how many seconds).
OF_ONE = {"ask": (30, MINUTE), "hand over": (6, HOUR), "opinion": (40, HOUR)}
OF_ALL = {"ask": (1200, MINUTE), "hand over": (600, HOUR), "opinion": (4000, HOUR)}


def require_patience(request: HttpRequest, deed: str, *, at: datetime) -> None:
    """Count one more of a deed. Raises `TooManyQuestions`."""
    require_patience_of(_address(request), deed, at=at)


def require_patience_of(who: str, deed: str, *, at: datetime) -> None:
    """The same for whoever has no address: how they are told from others. `TooManyQuestions`."""
    one = salted_hmac("assistant.limits", f"{at.date()}{who}").hexdigest()[:32]
    for name, (most, seconds) in ((one, OF_ONE[deed]), ("all", OF_ALL[deed])):
        window = int(at.timestamp()) // seconds
        if _one_more(f"assistant:{deed.replace(' ', '-')}:{name}:{window}", seconds) > most:
            raise TooManyQuestions


def _one_more(name: str, seconds: int) -> int:
    cache.add(name, 0, seconds)
    count = cache.get(name, 0) + 1
    cache.set(name, count, seconds)
    return count


def _address(request: HttpRequest) -> str:
    """Who asks the web server in front of us, or us where there is none."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
