"""Whether a question asks for a figure: of what, of which day. Plain Python."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tongxin.meaning.normal import normal

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
COUNT = re.compile(
    r"多少|几[例个人名]|[例人]数|总数|数字|数据|"
    r"how many|how much|number of|count\b|total\b|figures?\b"
)
NEW = re.compile(r"新增|新确诊|新发|\bnew(?:ly)?\b")
METRICS = (
    ("suspected", re.compile(r"疑似|\bsuspected\b")),
    ("asymptomatic", re.compile(r"无症状|\basymptomatic\b|without symptoms")),
    ("deaths", re.compile(r"死|去世|病亡|\bdeaths?\b|\bdied\b|\bdead\b|\bdie\b|fatalit")),
    ("recovered", re.compile(r"治愈|康复|痊愈|出院|\brecover|\bdischarged\b|\bcured\b")),
    ("active", re.compile(r"现有|现存|在治|在院|\bactive\b|currently (?:ill|infected)")),
    ("confirmed", re.compile(r"确诊|病例|感染|阳性|新增|\bcases?\b|\binfect|\bconfirmed\b")),
)
DAYS_AGO = {"大前天": 3, "前天": 2, "昨": 1, "今": 0}
RELATIVE = re.compile(r"大前天|前天|昨(?=[天日晚])|今(?=[天日])")
RELATIVE_EN = re.compile(r"\b(day before yesterday|yesterday|today)\b")
EN_AGO = {"day before yesterday": 2, "yesterday": 1, "today": 0}
ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
ZH_DATE = re.compile(r"(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
NAMED = rf"(?P<m>{'|'.join(MONTHS)})[a-z]*\.?"
EN_DATES = (
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {NAMED}(?:,? (?P<y>\d{{4}}))?"),
    re.compile(rf"\b{NAMED} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y>\d{{4}}))?(?!\d)"),
)


@dataclass(frozen=True, slots=True)
class FigureAsked:
    """A metric, and the day: exact, or a day of a year that was not said, or none."""

    metric: str
    is_new: bool
    on: date | None = None
    month_day: tuple[int, int] | None = None

    def days(self, *, first: date, today: date) -> Iterator[date]:
        """The days that may be meant, the latest first."""
        if self.on:
            yield self.on
        elif self.month_day:
            for year in range(today.year, first.year - 1, -1):
                day = made(year, *self.month_day)
                if day and day <= today:
                    yield day


def figure_asked(text: str, *, today: date) -> FigureAsked | None:
    """What figure is asked for; None where none is.

    >>> figure_asked("孝感2月1日确诊多少", today=date(2020, 3, 1)).month_day
    (2, 1)
    >>> figure_asked("How many new cases yesterday in Honghu?", today=date(2020, 3, 1))
    FigureAsked(metric='confirmed', is_new=True, on=datetime.date(2020, 2, 29), month_day=None)
    >>> figure_asked("How many days do I stay at home?", today=date(2020, 3, 1)) is None
    True
    """
    plain = normal(text)
    metric = next((code for code, words in METRICS if words.search(plain)), None)
    if metric is None or not (COUNT.search(plain) or NEW.search(plain)):
        return None
    on, month_day = day_asked(text, today=today)
    if not COUNT.search(plain) and on is None and month_day is None:
        return None
    is_new = NEW.search(plain) is not None and metric in ("confirmed", "deaths", "recovered")
    return FigureAsked(metric, is_new, on, month_day)


def day_asked(text: str, *, today: date) -> tuple[date | None, tuple[int, int] | None]:
    """The day, or month and day where the year is not said; two Nones where no day is."""
    low = text.lower()
    if found := RELATIVE.search(low):
        return today - timedelta(days=DAYS_AGO[found.group()]), None
    if found := RELATIVE_EN.search(low):
        return today - timedelta(days=EN_AGO[found.group()]), None
    for year, month, day in dates_in(low):
        if year:
            exact = made(year, month, day)
            if exact:
                return exact, None
        elif made(2020, month, day):  # a leap year knows every day
            return None, (month, day)
    return None, None


def dates_in(text: str) -> Iterator[tuple[int, int, int]]:
    """Year (0: not said), month and day of every date in the text."""
    for found in ISO.finditer(text):
        yield int(found[1]), int(found[2]), int(found[3])
    for found in ZH_DATE.finditer(text):
        yield int(found[1] or 0), int(found[2]), int(found[3])
    for pattern in EN_DATES:
        for found in pattern.finditer(text):
            yield int(found["y"] or 0), MONTHS.index(found["m"]) + 1, int(found["d"])


def made(year: int, month: int, day: int) -> date | None:
    """The date, or None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
