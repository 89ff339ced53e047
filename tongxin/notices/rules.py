"""What a notice's gravity asks for. Plain Python: no Django, no clock, no database."""

from datetime import datetime, timedelta

from tongxin.channels.rules import after_quiet_hours

GRAVEST = "Extreme"
WAKES = frozenset({"Extreme", "Severe"})
PUBLIC_STATUS = "Actual"
MOST_AHEAD = timedelta(minutes=10)


def needs_second_person(severity: str, *, ends: bool) -> bool:
    """Whether two people must see it before the public does.

    Taking a false alarm back must not wait: an end needs one.

    >>> needs_second_person("Extreme", ends=False), needs_second_person("Extreme", ends=True)
    (True, False)
    """
    return severity == GRAVEST and not ends


def may_ring_at(at: datetime, *, severity: str) -> datetime:
    """The first moment at which phones may be told, ``at`` being local time.

    >>> late = datetime(2020, 2, 1, 23, 30)
    >>> may_ring_at(late, severity="Moderate").isoformat()
    '2020-02-02T07:00:00'
    >>> may_ring_at(late, severity="Severe") == late
    True
    """
    return at if severity in WAKES else after_quiet_hours(at)


def honest_time(said: datetime | None, *, known: datetime) -> datetime:
    """When it was issued: what its sender says, but never later than we have known of it.

    A sender without a clock or with a false one cannot pin itself to the top of the list.
    """
    return known if said is None or said > known else said
