"""Whether two notices tell the same. Plain Python: no Django, no clock, no database.

Compared are runs of characters of titles and texts in normal form. Two that name different
numbers, places or hours, or of which one says "none" or "second", are different news, however
alike their words are: a health commission writes the same sentence every day.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tongxin.meaning.normal import normal

# Chosen while looking at pairs of real headlines of January to March 2020: docs/notices.md.
SAME_TITLE = 0.72  # of title bigrams shared, alone enough
LIKE_TITLE = 0.3  # with a text that is the same
SAME_TEXT = 0.6  # of the shorter text's runs of four, found in the other
TEXT_COMPARED = 400  # characters
ENOUGH_TEXT = 20  # runs; below, a text says nothing
HOURS_STAND = 80  # the first characters of a text, where a report says of which hours it is
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_HOUR = re.compile(r"\d+(?=[日时号])|\d{1,2}[:：]\d\d")
_TURNS = re.compile(
    r"无新增|无报告|为零|零新增|第[二三四五]|\bno new\b|\b(?:second|third|fourth)\b"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
WIDEST = ("全国", "全球", "31省", "31个省")


@dataclass(frozen=True, slots=True)
class Gist:
    """What of a notice is compared."""

    title: frozenset[str]
    text: frozenset[str]
    numbers: frozenset[str]
    places: frozenset[str]
    hours: frozenset[str]
    turns: frozenset[str]


def gist(title: str, text: str, *, places: Iterable[str] = ()) -> Gist:
    """``places``: names of places, of which those in the title count."""
    head, body = _squeezed(title), _squeezed(text)[:TEXT_COMPARED]
    return Gist(
        title=runs(head, 2),
        text=runs(body, 4),
        numbers=frozenset(_NUMBER.findall(normal(title))),
        places=frozenset(name for name in (*WIDEST, *places) if name in title),
        hours=frozenset(_HOUR.findall(unspaced(text)[:HOURS_STAND])),
        turns=frozenset(_TURNS.findall(unspaced(title) if _HAN.search(title) else title.lower())),
    )


def alike(one: Gist, other: Gist) -> bool:
    """Whether both tell the same.

    >>> a = gist("湖北新增确诊病例196例", "")
    >>> alike(a, gist("湖北：新增确诊病例196例。", "")), alike(a, gist("湖北新增确诊病例34例", ""))
    (True, False)
    """
    if _differ(one.numbers, other.numbers) or _differ(one.places, other.places):
        return False
    if _differ(one.hours, other.hours) or one.turns != other.turns:
        return False
    titles = shared(one.title, other.title)
    if titles >= SAME_TITLE:
        return True
    shorter = min(len(one.text), len(other.text))
    if titles < LIKE_TITLE or shorter < ENOUGH_TEXT:
        return False
    return len(one.text & other.text) / shorter >= SAME_TEXT


def runs(text: str, length: int) -> frozenset[str]:
    """Every run of so many characters; the text itself where it is shorter.

    >>> sorted(runs("洪湖市", 2))
    ['洪湖', '湖市']
    """
    if len(text) <= length:
        return frozenset({text} - {""})
    return frozenset(text[at : at + length] for at in range(len(text) - length + 1))


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of both together is in both: 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether each names something that the other does not."""
    return bool(one - other) and bool(other - one)


def unspaced(text: str) -> str:
    """Without blanks, which Chinese has none of.

    >>> unspaced(" 3月 19日 ")
    '3月19日'
    """
    return "".join(text.split())


def _squeezed(text: str) -> str:
    return "".join(c for c in normal(text) if c.isalnum())
