"""Numbers, days and names as a reader of a language expects them."""

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_datetime
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

from tongxin.situation.shapes import PlaceName

MINUS = "−"
UNKNOWN = "–"
LEVEL_NAMES = {"low": noop("Low risk"), "medium": noop("Medium risk"), "high": noop("High risk")}
LEVELS = {"low": noop("Low"), "medium": noop("Medium"), "high": noop("High")}
DAY_PATTERNS = {
    "en": {"long": "d MMMM y", "short": "d MMM", "day": "d MMMM", "month": "MMM y"},
    "zh": {"long": "y年M月d日", "short": "M月d日", "day": "M月d日", "month": "y年M月"},
}


def number(value: float | None, digits: int = 0) -> str:
    """A count with thousands separators; a dash where it is unknown.

    >>> number(67800), number(-1234.5, 1), number(None)
    ('67,800', '−1,234.5', '–')
    """
    if value is None:
        return UNKNOWN
    return f"{value:,.{digits}f}".replace("-", MINUS)


def said_in(text: str, language: str) -> str:
    """A note's half in the reader's language, where it was written as "English | 中文".

    >>> said_in("put back | 全部加回", "en"), said_in("put back | 全部加回", "zh-hans")
    ('put back', '全部加回')
    >>> said_in("核减", "en")
    '核减'
    """
    halves = text.split(" | ")
    return halves[0 if language == "en" else -1] if len(halves) == 2 else text


def signed(value: int | None) -> str:
    """A change with its sign.

    >>> signed(5), signed(-5), signed(0), signed(None)
    ('+5', '−5', '0', '–')
    """
    return f"+{value:,}" if value and value > 0 else number(value)


def percent(share: float | None) -> str:
    """A share's change with its sign, in whole per cent.

    >>> percent(0.25), percent(-0.5), percent(0.001)
    ('+25%', '−50%', '0%')
    """
    if share is None:
        return UNKNOWN
    whole = round(share * 100)
    return ("+" if whole > 0 else "") + f"{whole:,}%".replace("-", MINUS)


def rate(value: float | None) -> str:
    """A rate with as many digits as a reader needs.

    >>> rate(0.043), rate(3.14159), rate(1234.5), rate(0)
    ('0.04', '3.1', '1,234', '0')
    """
    if value is None or value == 0:
        return number(value)
    return number(value, 2 if abs(value) < 1 else 1 if abs(value) < 100 else 0)


@lru_cache(maxsize=8192)
def day(on: date | None, language: str, style: str = "long") -> str:
    """A day; ``style`` is long, short or day (no year), or month.

    >>> day(date(2020, 2, 12), "zh-hans"), day(date(2020, 2, 12), "en", "short")
    ('2020年2月12日', '12 Feb')
    """
    if on is None:
        return UNKNOWN
    tongue = "zh" if language.startswith("zh") else "en"
    return format_date(on, DAY_PATTERNS[tongue][style], locale=tongue)


def moment(at: datetime, language: str) -> str:
    """A day and a time in the authority's own time zone."""
    local = timezone.localtime(at)
    pattern = "y年M月d日 HH:mm" if language.startswith("zh") else "d MMMM y, HH:mm"
    return format_datetime(local, pattern, locale="zh" if language.startswith("zh") else "en")


def level_name(level: str | None, *, short: bool = False) -> str:
    """A risk level in the active language; ``short`` below a head that says risk."""
    return gettext((LEVELS if short else LEVEL_NAMES)[level]) if level else ""


def in_sentence(place: PlaceName, language: str) -> str:
    """The place's name inside a sentence: English says "the world".

    >>> in_sentence(PlaceName("001", "world", "世界", "World"), "en")
    'the world'
    """
    name = place.in_language(language)
    return f"the {name.lower()}" if place.level == "world" and language == "en" else name


def both_names(place: PlaceName, language: str) -> str:
    """The place's name in the other language, where it differs."""
    other = place.en if language.startswith("zh") else place.zh
    return other if other != place.in_language(language) else ""
