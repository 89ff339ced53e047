"""What words need after they were written: translation, review, a newer source. Plain Python."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

SOON = timedelta(days=30)
OLD_SOURCE_YEARS = 5
A_BREATH = timedelta(minutes=1)  # both languages saved one after the other are of one moment

LONG_SENTENCE = {"zh": 40, "en": 22}  # characters, words
LONG_WORD = 12  # letters
MANY_LONG_WORDS = 0.12
SENTENCE_ENDS = re.compile(r"[。！？!?；]+|\.(?=\s|$)")
HAN = re.compile(r"[\u4e00-\u9fff]")


def lagging(zh_at: datetime | None, en_at: datetime | None) -> tuple[str, datetime] | None:
    """Which language is behind and since when; None where both are of one moment.

    >>> lagging(datetime(2026, 11, 2), datetime(2026, 11, 1))
    ('en', datetime.datetime(2026, 11, 2, 0, 0))
    >>> lagging(datetime(2026, 11, 2), datetime(2026, 11, 2, 0, 0, 30)) is None
    True
    """
    if zh_at is None or en_at is None or abs(zh_at - en_at) <= A_BREATH:
        return None
    return ("en", zh_at) if zh_at > en_at else ("zh", en_at)


def stale(
    *, review_by: date, expires_on: date | None, source_on: date, today: date
) -> Iterator[str]:
    """Why somebody should look again: "expired", "overdue", "due" or "old_source".

    >>> day = date(2026, 11, 22)
    >>> list(stale(review_by=date(2026, 12, 1), expires_on=None, source_on=day, today=day))
    ['due']
    """
    if expires_on is not None and expires_on < today:
        yield "expired"
    if review_by < today:
        yield "overdue"
    elif review_by <= today + SOON:
        yield "due"
    if source_on < old_source_before(today):
        yield "old_source"


def old_source_before(today: date) -> date:
    """Sources of before this day are old.

    >>> old_source_before(date(2028, 2, 29))
    datetime.date(2023, 2, 28)
    """
    day = min(today.day, 28) if today.month == 2 else today.day
    return date(today.year - OLD_SOURCE_YEARS, today.month, day)


def hard_to_read(text: str, language: str) -> Iterator[tuple[str, str]]:
    """What makes a text hard for a reader of twelve: ("long_sentence", it), ("long_words", them).

    Our own measure: a sentence of more than 40 characters (Chinese) or 22 words (English), and
    more than one word in eight of twelve letters or more. A hint, never a bar.

    >>> list(hard_to_read("Wash your hands. Use soap.", "en"))
    []
    >>> [why for why, _ in hard_to_read("戴口罩" * 20 + "。", "zh")]
    ['long_sentence']
    """
    sentences = [part.strip() for part in SENTENCE_ENDS.split(text) if part.strip()]
    longest = max(sentences, key=lambda one: _length(one, language), default="")
    if _length(longest, language) > LONG_SENTENCE[language]:
        yield "long_sentence", longest
    words = re.findall(r"[A-Za-z]+", text)
    long_words = list(dict.fromkeys(word for word in words if len(word) >= LONG_WORD))
    if language == "en" and len(long_words) > MANY_LONG_WORDS * len(words):
        yield "long_words", ", ".join(long_words[:5])


def _length(sentence: str, language: str) -> int:
    """Characters of Chinese, words of English."""
    return len(HAN.findall(sentence)) if language == "zh" else len(sentence.split())
