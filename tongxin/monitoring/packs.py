"""The thresholds, clocks and words of the log for one disease, read from `packs/*.toml`."""

from datetime import time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from pydantic import Field

from tongxin.data_files import Reviewed, StrictRecord, read_record
from tongxin.monitoring.rules import Limits

FOLDER = Path(__file__).with_name("packs")


class _Fever(StrictRecord):
    celsius: float
    high: float


class _Danger(StrictRecord):
    celsius_from: float
    celsius_below: float
    infant_months: int
    infant_celsius: float
    symptoms: tuple[str, ...]
    feelings: tuple[str, ...]


class _Clock(StrictRecord):
    kind: str
    hours: int = Field(gt=0)


class _Silence(StrictRecord):
    at_risk_hours: int
    usual_hour: int


class _Reason(StrictRecord):
    key: str
    en: str
    zh: str


class Pack(Reviewed):
    """One disease's numbers. Temperatures in °C."""

    back_dated_days: int
    duplicate_minutes: int
    alarm_days: int
    older_from: int
    fever: _Fever
    danger: _Danger
    clock: tuple[_Clock, ...]
    silence: _Silence
    reason: tuple[_Reason, ...]

    @property
    def limits(self) -> Limits:
        """The numbers that decide on one entry, exact."""
        danger = self.danger
        return Limits(
            fever=Decimal(str(self.fever.celsius)),
            danger_from=Decimal(str(danger.celsius_from)),
            danger_below=Decimal(str(danger.celsius_below)),
            infant_months=danger.infant_months,
            infant_fever=Decimal(str(danger.infant_celsius)),
            symptoms=frozenset(danger.symptoms),
            feelings=frozenset(danger.feelings),
        )

    @property
    def usual_hour(self) -> time:
        return time(self.silence.usual_hour)

    @property
    def grace(self) -> timedelta:
        return timedelta(hours=self.silence.at_risk_hours)

    def waits(self, kind: str) -> timedelta:
        """How long a task of this kind may wait before it goes on to the next in line."""
        return timedelta(hours=next(clock.hours for clock in self.clock if clock.kind == kind))

    def reason_in_words(self, key: str, celsius: object) -> str:
        """Why, in the reader's language."""
        found = next(one for one in self.reason if one.key == key)
        is_chinese = (get_language() or "").startswith("zh")
        return (found.zh if is_chinese else found.en).format(celsius=celsius)


@cache
def pack_of(disease: str) -> Pack:
    """The pack of a disease. Raises `BrokenData`."""
    return read_record(FOLDER / f"{disease}.toml", Pack)


def pack() -> Pack:
    """The pack of the disease that this site is about."""
    return pack_of(settings.DEFAULT_DISEASE)
