"""Guessed passwords are slowed down, and nobody can shut an officer out by guessing on purpose.

Five failures of a name from one address close that pair for five minutes (allauth counts them).
From all addresses together a name may fail `FREE` times an hour; then it waits after each failure,
longer and longer up to `LONGEST_S`. Addresses from which the name has signed in before do not
wait, nor does a passkey. Names and addresses are kept as hashes, in the cache alone.
"""

from hashlib import sha256

from django.core.cache import cache

HOUR, KNOWN_FOR = 3600, 30 * 86_400
FREE, LONGEST_S = 20, 60


def pause(failures: int) -> int:
    """Seconds that a name waits after so many failures within an hour of each other.

    >>> [pause(n) for n in (0, 20, 21, 22, 25, 90)]
    [0, 0, 1, 2, 16, 60]
    """
    return 0 if failures <= FREE else min(LONGEST_S, 2 ** min(failures - FREE - 1, 10))


def key(name: str, address: str) -> str:
    """Under which allauth counts the failures of a name from an address; new once lifted."""
    lifted = cache.get(_key("lifted", name), 0)
    return f"{name.lower()}\n{address}\n{lifted}"


def must_wait(name: str, address: str, *, at: float) -> bool:
    """Whether this attempt comes too early. ``at``: seconds since 1970."""
    failures, last = cache.get(_key("failed", name), (0, 0.0))
    return at < last + pause(failures) and not cache.get(_key("known", name, address))


def failed(name: str, *, at: float) -> None:
    """Count one more failure of the name, from wherever."""
    failures, _ = cache.get(_key("failed", name), (0, 0.0))
    cache.set(_key("failed", name), (failures + 1, at), HOUR)


def succeeded(name: str, address: str) -> None:
    """Remember that the name has signed in from here."""
    cache.set(_key("known", name, address), True, KNOWN_FOR)


def lift(name: str) -> None:
    """Forget every failure of the name, at every address."""
    cache.delete(_key("failed", name))
    cache.set(_key("lifted", name), cache.get(_key("lifted", name), 0) + 1, HOUR)


def _key(kind: str, *parts: str) -> str:
    return f"guesses:{kind}:{sha256(chr(10).join(parts).lower().encode()).hexdigest()}"
