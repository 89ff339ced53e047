"""What is kept of a report, how suspicious it is, and what waits first in the queue."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

LONGEST = 2000
SHORTEST = 4
"""Letters below which there is nothing to check; a Chinese character is a letter."""

ID_NUMBER = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?!\d)")
LONG_NUMBER = re.compile(r"(?<![\d.])\+?\d(?:[ \-]?\d){6,18}(?![\d.])")
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
HIDDEN = "▇▇▇"
INVISIBLE = {"Cf", "Cc", "Co", "Cs", "Cn"}

LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
SELLING = re.compile(
    r"加.{0,3}微信|加我?[vV]信?|代购|优惠|包邮|下单|购买链接|返利|兼职|刷单|贷款|博彩|棋牌|彩票|"
    r"buy now|click here|discount|casino|viagra|crypto|loan offer|earn money|whatsapp me",
    re.IGNORECASE,
)
SPAM_FROM = 0.7
REPEATED = re.compile(r"(.)\1{9,}|(.{2,12})\2{5,}", re.DOTALL)

# Letters and digits that nobody mistakes for another: no 0 O 1 I L.


def kept(text: str) -> str:
    """What is stored of what somebody typed: no personal numbers, nothing invisible, not long.

    >>> kept("我叫小明，电话 138 0013 8000，喝酒能防病毒？")
    '我叫小明,电话 ▇▇▇,喝酒能防病毒?'
    >>> kept("身份证11010519491231002X"), kept("write to a.b@example.org")
    ('身份证▇▇▇', 'write to ▇▇▇')
    """
    shown = "".join(_visible(letter) for letter in text[: LONGEST * 2])
    shown = " ".join(unicodedata.normalize("NFKC", shown).split())[:LONGEST]
    for personal in (ID_NUMBER, EMAIL, LONG_NUMBER):
        shown = personal.sub(HIDDEN, shown)
    return shown


def letters(text: str) -> int:
    """How many letters and digits there are to be read.

    >>> letters("!!! 酒?")
    1
    """
    return sum(letter.isalnum() for letter in text)


def spam_score(text: str) -> float:
    """0 … 1: how much it looks like advertising. From `SPAM_FROM` on it waits apart.

    >>> spam_score("喝白酒能杀病毒吗") < 0.3
    True
    >>> spam_score("特效药优惠包邮，加微信下单 http://a.b http://c.d") >= SPAM_FROM
    True
    """
    selling = len({found.group().lower() for found in SELLING.finditer(text)})
    links = len(LINK.findall(text))
    score = 0.3 * min(selling, 3) + 0.2 * min(max(links - 1, 0), 3) + 0.1 * bool(links)
    score += 0.5 * bool(REPEATED.search(text))
    return min(score, 1.0)


def urgency(moments: Sequence[datetime], harm: int, *, at: datetime) -> float:
    """What decides the order of the queue: reports a day, more if they grow, times the harm.

    >>> now = datetime(2026, 11, 22)
    >>> early = [now - timedelta(hours=h) for h in (30, 40)]
    >>> urgency([now] * 2, 3, at=now) > urgency([now] * 2, 1, at=now) > urgency(early, 1, at=now)
    True
    """
    day, before = spread(moments, at=at)
    growth = (day + 1) / (before + 1)
    return round(harm * (day + 0.3 * before + 0.1 * len(moments)) * min(growth, 4.0) ** 0.5, 3)


def spread(moments: Sequence[datetime], *, at: datetime) -> tuple[int, int]:
    """Reports of the last 24 hours, and of the 24 hours before."""
    ages = [at - moment for moment in moments]
    day = timedelta(days=1)
    return sum(age < day for age in ages), sum(day <= age < 2 * day for age in ages)


def _visible(letter: str) -> str:
    if letter in "\n\r\t":
        return " "
    return "" if unicodedata.category(letter) in INVISIBLE else letter


SENTENCE_END = re.compile(r"[。！？!?]+|\.(?=\s|$)")


def sentences(text: str) -> int:
    """How many sentences a reason has.

    >>> sentences("没有证据。茶只是饮料。"), sentences("No. It rose by 2.5 % in 2020.")
    (2, 2)
    """
    return len([part for part in SENTENCE_END.split(text) if part.strip()])
