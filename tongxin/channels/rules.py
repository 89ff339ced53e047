"""When a phone may ring, when to try again and when to give up, and what a topic is.

Plain Python: no Django, no clock, no database.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime, time, timedelta

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_TRIES = 12
# Nobody is woken between these hours, local time, by what can wait.
QUIET_FROM, QUIET_UNTIL = time(22), time(7)
PLACE, RECEIPT, PERSON = "place:", "receipt:", "person:"
"""How the topics of what a browser can follow begin."""
KINDS = {PLACE: "alert", RECEIPT: "receipt", PERSON: "letter"}
"""Of which kind the messages about them are."""


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries that failed: twice as long each time, up to an hour.

    >>> [wait_after(n).seconds for n in (1, 2, 3, 20)]
    [30, 60, 120, 3600]
    """
    return min(FIRST_WAIT * 2 ** min(max(tries - 1, 0), 16), LONGEST_WAIT)


def after_quiet_hours(at: datetime) -> datetime:
    """The first moment at which a phone may ring for what can wait, ``at`` being local time.

    >>> after_quiet_hours(datetime(2020, 2, 1, 23, 30)).isoformat()
    '2020-02-02T07:00:00'
    >>> after_quiet_hours(datetime(2020, 2, 1, 12)).isoformat()
    '2020-02-01T12:00:00'
    """
    if QUIET_UNTIL <= at.time() < QUIET_FROM:
        return at
    morning = at.replace(hour=QUIET_UNTIL.hour, minute=0, second=0, microsecond=0)
    return morning if at.time() < QUIET_UNTIL else morning + timedelta(days=1)


def topic_of(place_code: str) -> str:
    """The topic that whoever follows a place follows.

    >>> topic_of("CN-42")
    'place:CN-42'
    """
    return PLACE + place_code


def name_of_receipt(stored: str) -> str:
    """What a page calls a receipt that is stored under this hash: half of it.

    >>> name_of_receipt("0123456789abcdef" * 4)
    '0123456789abcdef0123456789abcdef'
    """
    return stored[:32]


def topic_of_receipt(stored: str) -> str:
    """The topic that whoever follows a receipt follows.

    >>> topic_of_receipt("0123456789abcdef" * 4)
    'receipt:0123456789abcdef0123456789abcdef'
    """
    return RECEIPT + name_of_receipt(stored)


def by_kind(topics: Collection[str]) -> dict[str, list[str]]:
    """Codes of places, and names of receipts and persons, among topics.

    >>> by_kind(["receipt:0123", "place:CN"])
    {'places': ['CN'], 'receipts': ['0123'], 'persons': []}
    """
    return {
        "places": [topic[len(PLACE) :] for topic in topics if topic.startswith(PLACE)],
        "receipts": [topic[len(RECEIPT) :] for topic in topics if topic.startswith(RECEIPT)],
        "persons": [topic[len(PERSON) :] for topic in topics if topic.startswith(PERSON)],
    }


def kinds_without(topics: Collection[str]) -> set[str]:
    """The kinds of messages for which whoever follows these is not written to.

    >>> sorted(kinds_without(["place:CN"]))
    ['letter', 'receipt']
    """
    return {
        kind
        for start, kind in KINDS.items()
        if not any(topic.startswith(start) for topic in topics)
    }


def hash_of(endpoint: str) -> str:
    """What tells subscriptions apart without being one."""
    return hashlib.sha256(endpoint.encode()).hexdigest()
