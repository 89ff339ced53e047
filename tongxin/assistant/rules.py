"""How long a question and a quote may be, when it must be answered, which questions are one."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

LONGEST = 500
"""Characters of a question."""

LONGEST_BODY = 16 * 1024
"""Bytes of a request that asks one."""

LONGEST_QUOTE = 300
"""Characters quoted of a notice; the rest is on its page."""

SENTENCE_END = re.compile(r"[。！？!?]+[”’」』）)]?|\.(?=\s|$)|(?=\n)")
ANSWER_WITHIN = timedelta(hours=24)
ALIKE = 0.62
"""Cosine from which two unanswered questions ask for the same missing content."""


def due(asked_at: datetime) -> datetime:
    """Until when the editors have promised an answer."""
    return asked_at + ANSWER_WITHIN


def clusters(rows: np.ndarray, *, alike: float = ALIKE) -> list[list[int]]:
    """Row numbers that belong together, the largest cluster first.

    Args:
        rows: one vector of length 1 a question.

    >>> clusters(np.array([[1.0, 0.0], [0.0, 1.0], [0.9, 0.436]]))
    [[0, 2], [1]]
    """
    left, found = list(range(len(rows))), []
    while left:
        first = left[0]
        near = [n for n in left if n == first or float(rows[first] @ rows[n]) >= alike]
        found.append(near)
        left = [n for n in left if n not in set(near)]
    return sorted(found, key=lambda group: (-len(group), group[0]))


def state_of_wait(due_at: datetime, *, at: datetime) -> str:
    """``late``, ``soon`` (a sixth of the time is left) or ``fine``.

    >>> now = datetime(2026, 11, 22, 12)
    >>> [state_of_wait(now + timedelta(hours=h), at=now) for h in (-1, 2, 20)]
    ['late', 'soon', 'fine']
    """
    left = due_at - at
    if left < timedelta():
        return "late"
    return "soon" if left < ANSWER_WITHIN / 6 else "fine"


def opening(text: str, *, most: int = LONGEST_QUOTE) -> str:
    """As many whole sentences as fit; what fits of the text where they would fill not even half.

    >>> opening("车站关闭。恢复时间另行通知。", most=9)
    '车站关闭。'
    >>> opening("Open from 8.30 to 12. Bring a card.", most=30)
    'Open from 8.30 to 12.'
    >>> opening("一二三四五六", most=4)
    '一二三…'
    """
    if len(text) <= most:
        return text
    ends = [found.end() for found in SENTENCE_END.finditer(text[: most + 1]) if found.end() <= most]
    end = ends[-1] if ends else 0
    return text[:end].rstrip() if end * 2 >= most else text[: most - 1].rstrip() + "…"


def target_of(name: str, known: Sequence[str] = ("block", "claim", "notice")) -> tuple[str, str]:
    """Kind and short name of what is quoted; two empty texts where it is nothing of these.

    >>> target_of("block:mask-in-crowds"), target_of("../etc")
    (('block', 'mask-in-crowds'), ('', ''))
    """
    kind, _, slug = name.partition(":")
    return (kind, slug) if kind in known and slug else ("", "")


def may_be_corrected(answer: str) -> bool:
    """Whether what answers a question is a verdict, of which corrections are told.

    >>> may_be_corrected("claim:tea-cures"), may_be_corrected("block:mask-in-crowds")
    (True, False)
    """
    return target_of(answer)[0] == "claim"
