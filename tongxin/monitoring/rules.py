"""What an entry means, which day it is about, when silence begins, which clock runs.

Plain Python: no Django, no clock, no database. Numbers come from the pack.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum
from zoneinfo import ZoneInfo

BREATH, CHEST, FEVER = "267036007", "29857009", "386661006"
"""SNOMED CT: dyspnoea, chest pain, fever."""
NAMED = {BREATH: "breath", CHEST: "chest"}
DANGER, FEVER_TASK, SILENCE = "danger", "fever", "silence"
URGENCY = (DANGER, FEVER_TASK, SILENCE)
"""Kinds of task, the most urgent first."""


class Level(IntEnum):
    """How urgent one day's answers are."""

    WELL = 0
    ILL = 1
    FEVER = 2
    DANGER = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of a pack that decide on one entry. Temperatures in °C."""

    fever: Decimal
    danger_from: Decimal
    danger_below: Decimal
    infant_months: int
    infant_fever: Decimal
    symptoms: frozenset[str]
    feelings: frozenset[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What was said of one day. ``symptoms``: codes; ``is_danger_in_words``: of the free text."""

    celsius: Decimal | None = None
    symptoms: frozenset[str] = frozenset()
    feeling: str = "same"
    is_danger_in_words: bool = False
    has_other: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """How urgent it is and why: keys of the pack's reasons, the gravest first."""

    level: Level
    reasons: tuple[str, ...] = ()


def find(facts: Facts, limits: Limits, *, months: int | None = None) -> Finding:
    """What the answers mean for somebody of this age (None: unknown).

    >>> limits = Limits(Decimal("37.3"), Decimal(40), Decimal(35), 3, Decimal(38),
    ...                 frozenset({BREATH, CHEST}), frozenset({"much-worse"}))
    >>> find(Facts(Decimal("36.5")), limits).level.name
    'WELL'
    >>> find(Facts(Decimal("38.2"), frozenset({BREATH})), limits).reasons
    ('breath', 'measured')
    >>> find(Facts(Decimal("38.2")), limits, months=2).level.name
    'DANGER'
    """
    danger = list(_dangers(facts, limits, months=months))
    fever = []
    if facts.celsius is not None and facts.celsius >= limits.fever:
        fever = ["measured"]
    elif FEVER in facts.symptoms:
        fever = ["fever"]
    if {"very-hot", "infant"} & set(danger):
        fever = []  # said already
    if danger:
        return Finding(Level.DANGER, (*danger, *fever))
    if fever:
        return Finding(Level.FEVER, tuple(fever))
    is_ill = facts.symptoms or facts.has_other or facts.feeling == "worse"
    return Finding(Level.ILL, ("ill",)) if is_ill else Finding(Level.WELL)


def _dangers(facts: Facts, limits: Limits, *, months: int | None) -> Iterable[str]:
    yield from (NAMED.get(code, "ill") for code in sorted(facts.symptoms & limits.symptoms))
    if facts.is_danger_in_words:
        yield "words"
    if facts.celsius is not None:
        is_infant = months is not None and months < limits.infant_months
        if is_infant and facts.celsius >= limits.infant_fever:
            yield "infant"
        elif facts.celsius >= limits.danger_from:
            yield "very-hot"
        elif facts.celsius < limits.danger_below:
            yield "very-cold"
    if facts.feeling in limits.feelings:
        yield facts.feeling


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The day it is where the person is.

    >>> local_day(datetime(2020, 3, 20, 20, tzinfo=UTC), ZoneInfo("Asia/Shanghai")).isoformat()
    '2020-03-21'
    """
    return at.astimezone(zone).date()


def moment_of(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """When that hour of the day strikes there, in UTC.

    An hour that summer time leaves out is the first moment after it; of one that comes twice it
    is the first.

    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> moment_of(date(2020, 3, 29), time(2, 30), berlin).astimezone(berlin).strftime("%H:%M")
    '03:00'
    >>> moment_of(date(2020, 10, 25), time(2, 30), berlin).isoformat()
    '2020-10-25T00:30:00+00:00'
    """
    wanted = datetime.combine(day, hour, tzinfo=zone)
    found = wanted.astimezone(UTC)
    while found.astimezone(zone).replace(tzinfo=None) != wanted.replace(tzinfo=None):
        wanted += timedelta(minutes=1)
        found = wanted.astimezone(UTC)
    return found


def next_reminder(at: datetime, hour: time, zone: ZoneInfo) -> datetime:
    """The first moment after ``at`` at which that hour strikes where the person is.

    >>> noon = datetime(2020, 3, 20, 4, tzinfo=UTC)
    >>> next_reminder(noon, time(8), ZoneInfo("Asia/Shanghai")).isoformat()
    '2020-03-21T00:00:00+00:00'
    >>> next_reminder(noon, time(8), ZoneInfo("Pacific/Guam")).isoformat()
    '2020-03-20T22:00:00+00:00'
    """
    day = local_day(at, zone)
    found = moment_of(day, hour, zone)
    while found <= at:
        day += timedelta(days=1)
        found = moment_of(day, hour, zone)
    return found


def silent_from(
    logged_on: date | None,
    *,
    begun_on: date,
    zone: ZoneInfo,
    at_risk: bool = False,
    hour: time = time(20),
    grace: timedelta = timedelta(hours=4),
) -> datetime:
    """From when on no entry means silence.

    For most people when a whole day has passed without one; for people at risk some hours after
    the hour at which they wanted to log, on the day itself.

    >>> china = ZoneInfo("Asia/Shanghai")
    >>> silent_from(date(2020, 3, 20), begun_on=date(2020, 3, 1), zone=china).isoformat()
    '2020-03-21T16:00:00+00:00'
    >>> silent_from(
    ...     date(2020, 3, 20), begun_on=date(2020, 3, 1), zone=china, at_risk=True, hour=time(8)
    ... ).isoformat()
    '2020-03-21T04:00:00+00:00'
    """
    last = max(logged_on, begun_on) if logged_on else begun_on
    if at_risk:
        return moment_of(last + timedelta(days=1), hour, zone) + grace
    return moment_of(last + timedelta(days=2), time(0), zone)


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of a day: who gave it (an account's number; None for a machine) and its level."""

    author: int | None
    taken_at: datetime
    level: Level


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts for the day, and whether two who gave it disagree about fever or danger."""

    level: Level
    is_contradictory: bool


def standing(said: Sequence[Said]) -> Standing:
    """What counts of all entries of one day.

    Who corrects themselves is believed; where two people differ the more urgent counts, and the
    officer sees that they do.

    >>> noon = datetime(2020, 3, 20, 4, tzinfo=UTC)
    >>> later = noon + timedelta(hours=1)
    >>> standing([Said(1, noon, Level.FEVER), Said(1, later, Level.WELL)]).level.name
    'WELL'
    >>> found = standing([Said(1, noon, Level.FEVER), Said(2, later, Level.WELL)])
    >>> found.level.name, found.is_contradictory
    ('FEVER', True)
    """
    last: dict[int | None, Said] = {}
    for one in sorted(said, key=lambda one: one.taken_at):
        last[one.author] = one
    levels = [one.level for one in last.values()]
    most, least = max(levels), min(levels)
    return Standing(most, most >= Level.FEVER > least)


def task_kind(level: Level, *, at_risk: bool) -> str | None:
    """What somebody must look at: danger always, fever where the person is at risk.

    >>> task_kind(Level.FEVER, at_risk=False), task_kind(Level.DANGER, at_risk=False)
    (None, 'danger')
    """
    if level == Level.DANGER:
        return DANGER
    return FEVER_TASK if level == Level.FEVER and at_risk else None


def is_more_urgent(kind: str, than: str) -> bool:
    """Whether one kind of task goes before another.

    >>> is_more_urgent("danger", "silence"), is_more_urgent("silence", "silence")
    (True, False)
    """
    return URGENCY.index(kind) < URGENCY.index(than)


def least_busy(candidates: Collection[int], open_tasks: dict[int, int]) -> int | None:
    """Whom to give the next task: who has fewest, the lowest number of equals.

    >>> least_busy([3, 2], {2: 1}), least_busy([], {})
    (3, None)
    """
    return min(candidates, key=lambda one: (open_tasks.get(one, 0), one), default=None)


def months_old(born_on: date | None, on: date) -> int | None:
    """Whole months of age.

    >>> months_old(date(2020, 1, 15), date(2020, 3, 14)), months_old(None, date(2020, 3, 14))
    (1, None)
    """
    if born_on is None or born_on > on:
        return None
    return (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)
