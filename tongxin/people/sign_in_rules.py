"""How codes to sign in with are asked for and tried: lengths, ends and limits.

NIST SP 800-63B, section 5.1.3 (out-of-band secrets: at least 20 bits, ten minutes at most, tries
limited).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DIGITS = 6
HOLDS_FOR = timedelta(minutes=10)
TRIES = 5
BETWEEN = timedelta(seconds=60)
LIMITS = ((timedelta(hours=1), 5), (timedelta(days=1), 10))
"""In each span at most so many codes go to one number: messages cost money, and are a nuisance."""
NETWORK_LIMITS = ((timedelta(hours=1), 3), (timedelta(days=1), 5))
"""Fewer from one network, so that a stranger there does not use up what its owner may have."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a code, as keyed hashes.

    Attributes:
        lane: of the browser. Codes and tries of one lane are none of another's business, so
            nobody can spend the tries of the owner, or end a code that the owner waits for.
        network: where it asks from.
        is_known: the device has signed in with this number before; it has an allowance of its own.
    """

    lane: str = ""
    network: str = ""
    is_known: bool = False


def wait_before_next(
    asked_at: Sequence[datetime],
    *,
    at: datetime,
    limits: Sequence[tuple[timedelta, int]] = LIMITS,
    between: timedelta = BETWEEN,
) -> timedelta:
    """How long a number has to wait for its next code; nothing if it may have one now.

    >>> noon = datetime(2020, 3, 20, 12)
    >>> wait_before_next([noon - timedelta(seconds=20)], at=noon)
    datetime.timedelta(seconds=40)
    """
    moments = sorted(asked_at)
    free_at = [moments[-1] + between] if moments else []
    for span, most in limits:
        within = [moment for moment in moments if moment > at - span]
        if len(within) >= most:
            free_at.append(within[-most] + span)
    return max([timedelta(0), *(moment - at for moment in free_at)])
