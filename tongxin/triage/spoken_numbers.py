"""Numbers and ages as people type them: “38度5”, “三天”, “101 F”, “8个月”."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

DIGITS = {letter: at for at, letter in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
CHINESE = re.compile("[零〇一二两三四五六七八九十百]+")
READING = re.compile(r"-?\d+(?:\.\d+)?")
HEDGE = re.compile(
    r"不|没|无|左右|以上|以下|大概|可能|超过|低于|高于|多|少于|未|差|好像|\b(?:no|not|about|around|over"
    r"|under|above|below|more|less|almost|nearly|than|maybe|or|to|between|\w+n't)\b|至|到|[~-]"
)
"""Words with which a number is a limit or a guess, not a reading."""
FAHRENHEIT = re.compile(r"华氏|°\s*f|\bf\b|\df\b|fahrenheit", re.I)
UNITS = re.compile(
    r"摄氏|华氏|℃|度|天|日|次|分钟|每|分|血氧|体温|呼吸|发热|发烧|今天|最高|了|是|第|%|/|°|的|有|我|现在|一"
    r"|\b(?:degrees?|celsius|fahrenheit|c|f|days?|breaths?|times?|percent|a|per|minutes?|min|for|it"
    r"|is|was|now|i|have|had|the|highest|temperature|oxygen|at|my|fever|spo2)\b|[cf]\b",
    re.I,
)


def number(text: str, *, step: float, unit: str) -> str | None:
    """The one reading in a text, as a form would hold it; None where there is none, or a guess.

    Degrees Fahrenheit become degrees Celsius, to the nearest step.

    >>> number("38度5", step=0.1, unit="°C"), number("发烧三天了", step=1, unit="days")
    ('38.5', '3')
    >>> number("101.3 F", step=0.1, unit="°C"), number("97%", step=1, unit="%")
    ('38.5', '97')
    >>> number("不到38", step=0.1, unit="°C"), number("38, then 39", step=0.1, unit="°C")
    (None, None)
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace("°c", "℃")
    plain = re.sub(r"(?<=\d)[,。](?=\d)", ".", plain)
    plain = CHINESE.sub(lambda found: str(_counted(found[0])), re.sub("一分钟|每一分", "", plain))
    plain = re.sub(r"(\d)\s*[度点]\s*半", r"\1.5", plain)
    plain = re.sub(r"(\d)\s*[度点]\s*(\d)(?!\d)", r"\1.\2", plain)
    found = READING.findall(plain)
    rest = READING.sub(" ", plain)
    if len(found) != 1 or HEDGE.search(rest):
        return None
    is_fahrenheit = unit == "°C" and FAHRENHEIT.search(plain)
    if re.search(r"\w", UNITS.sub(" ", rest)):
        return None
    return _celsius(found[0], step) if is_fahrenheit else found[0]


def age_in_months(text: str) -> int | None:
    """An age with its unit, in whole months; None for a bare number and for anything else.

    A number alone may be years or months, so it is asked again.

    >>> age_in_months("65岁"), age_in_months("8个月"), age_in_months("一岁半"), age_in_months("65")
    (780, 8, 18, None)
    >>> age_in_months("she is 3 years old"), age_in_months("two"), age_in_months("20天")
    (36, None, 0)
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = CHINESE.sub(lambda found: str(_counted(found[0])), plain)
    if re.search(r"不|没|差|\b(?:not|under|over|almost|nearly|about)\b", plain):
        return None
    years = re.search(r"(\d{1,3})\s*(?:周?岁|years?|yrs?\b|y/?o\b)\s*(半)?", plain)
    months = re.search(r"(\d{1,3})\s*个?(?:月|months?)", plain)
    small = re.search(r"(\d{1,3})\s*(?:天|日|周|星期|days?|weeks?)", plain)
    if len(READING.findall(plain)) != sum(map(bool, (years, months, small))):
        return None
    if small and not (years or months):
        days = int(small[1]) * (7 if re.search("周|星期|week", small[0]) else 1)
        return int(days / 30.44)
    if not (years or months):
        return None
    half = 6 if years and years[2] else 0
    return (int(years[1]) * 12 if years else 0) + (int(months[1]) if months else 0) + half


def _counted(text: str) -> int:
    """A small Chinese numeral.

    >>> _counted("三十八"), _counted("十"), _counted("两"), _counted("一百零五")
    (38, 10, 2, 105)
    """
    total, digit = 0, 0
    for letter in text:
        if letter in "十百":
            total += (digit or 1) * (10 if letter == "十" else 100)
            digit = 0
        else:
            digit = DIGITS[letter]
    return total + digit


def _celsius(reading: str, step: float) -> str:
    degrees = (Decimal(reading) - 32) / Decimal("1.8")
    return str(degrees.quantize(Decimal(str(step)), ROUND_HALF_UP))
