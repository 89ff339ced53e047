"""What a reader of the API asks for, read from text and refused in words where it cannot be."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.core.signing import BadSignature, Signer

from tongxin.refusal import Refusal, Unreadable, noop
from tongxin.situation.diseases import Pack, packs
from tongxin.situation.metrics import Metric, metrics

CODE = re.compile(r"[A-Za-z0-9-]{1,40}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EARLIEST = 1900
SHOWN = 40
DAY = timedelta(days=1)


class NotFound(Refusal):
    """Nothing of that name: the API answers 404."""

    status = 404


class NoSuchPlace(NotFound):
    says = noop("No place has the code {place}. Search for it: /api/situation/places?q=")


class NoSuchMetric(NotFound):
    says = noop("There is no metric {metric}. There are: {known}.")


class NoSuchDisease(NotFound):
    says = noop("There is no disease {disease}. There are: {known}.")


class NoSuchSource(NotFound):
    says = noop("There is no source {source}. See /api/situation/sources.")


class NotADate(Unreadable):
    says = noop("{text} is not a date. Write it as 2020-02-12.")


class NotAMoment(Unreadable):
    says = noop("{text} is not a moment. Write 2020-02-12 or 2020-02-12T16:00:00+08:00.")


class NotYet(Unreadable):
    says = noop("{text} has not come yet: nobody knows what will be known then.")


class NotACursor(Unreadable):
    says = noop("This cursor is not one of ours. Ask for the first page again.")


def plain(text: str) -> str:
    """What was asked, safe to repeat in a sentence.

    >>> plain("a\\x00b" + "c" * 99)
    'abcccccccccccccccccccccccccccccccccccccc…'
    """
    shown = "".join(c for c in text if c.isprintable())
    return shown if len(shown) <= SHOWN else shown[:SHOWN] + "…"


def place_code(text: str) -> str:
    """A place's code as the tables write it. Raises `NoSuchPlace`.

    >>> place_code("cn-420000")
    'CN-420000'
    """
    if not CODE.fullmatch(text):
        raise NoSuchPlace(place=plain(text))
    country, dash, rest = text.partition("-")
    return country.upper() + dash + rest


def metric_called(code: str) -> Metric:
    """Raises `NoSuchMetric`."""
    if code not in metrics():
        raise NoSuchMetric(metric=plain(code), known=", ".join(metrics()))
    return metrics()[code]


def disease_called(code: str) -> Pack:
    """Raises `NoSuchDisease`."""
    if code not in packs():
        raise NoSuchDisease(disease=plain(code), known=", ".join(packs()))
    return packs()[code]


def day(text: str) -> date | None:
    """A day, or None where none is named. Raises `NotADate`.

    >>> day("2020-02-12"), day("")
    (datetime.date(2020, 2, 12), None)
    """
    if not text:
        return None
    try:
        found = date.fromisoformat(text) if DATE.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or found.year < EARLIEST:
        raise NotADate(text=plain(text))
    return found


def moment(text: str, *, at: datetime, zone: tzinfo) -> datetime:
    """The moment asked about: the end of a day in ``zone``, a moment, or ``at`` for neither.

    Today counts as known up to ``at``. A moment without an offset is one in ``zone``.

    >>> from datetime import UTC
    >>> from zoneinfo import ZoneInfo
    >>> noon = datetime(2020, 3, 20, 4, tzinfo=UTC)
    >>> moment("2020-02-12", at=noon, zone=ZoneInfo("Asia/Shanghai")).isoformat()
    '2020-02-12T23:59:59.999999+08:00'

    Raises `NotAMoment`, or `NotYet` for a moment after ``at``.
    """
    if not text:
        return at
    found = _end_of(text, zone) if DATE.fullmatch(text) else _exact(text, zone)
    if found is None or not EARLIEST <= found.year < 9999:
        raise NotAMoment(text=plain(text))
    is_today = bool(DATE.fullmatch(text)) and found - DAY < at
    if found > at and not is_today:
        raise NotYet(text=plain(text))
    return min(found, at)


def _end_of(text: str, zone: tzinfo) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time.max, tzinfo=zone)
    except ValueError:
        return None


def _exact(text: str, zone: tzinfo) -> datetime | None:
    """A plus sign that became a space on its way in a URL is read as a plus sign."""
    try:
        found = datetime.fromisoformat(re.sub(r" (?=[0-9:]{2,8}$)", "+", text[:SHOWN]))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Cursors:
    """Where to go on in one list, signed so that only we write it."""

    name: str

    def write(self, *position: str | int) -> str:
        return Signer(salt=f"cursor:{self.name}").sign_object(list(position))

    def read(self, text: str) -> list[str | int] | None:
        """The position, or None on the first page. Raises `NotACursor`."""
        if not text:
            return None
        try:
            return Signer(salt=f"cursor:{self.name}").unsign_object(text)
        except (BadSignature, ValueError) as forged:
            raise NotACursor from forged
