"""Whether somebody is in danger now: what the rules read and what was learned, joined.

The rules (`red_flags.py`) read signs, the network (`learned_danger.py`) what is meant, the rules'
signs among it, and the model beside it the very words. Where the sentence encoders are missing
the rules decide alone.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from math import log

import numpy as np

from tongxin.assistant.learned_danger import (
    facts_of,
    learned_danger,
    names_an_older_child,
    signs_of,
    worded_odds,
)
from tongxin.assistant.red_flags import (
    CLAUSE_ENDS,
    LONGEST,
    SENTENCE_ENDS,
    Answer,
    Danger,
    danger_by_rules,
)
from tongxin.meaning.learned import questions_read
from tongxin.meaning.network import Matrix
from tongxin.meaning.vectors import FIRST_HAN, LONGEST_READ, EncoderMissing
from tongxin.myths.known import vectors

LINE = -1.2
"""Logarithm of the odds from which on a text is taken for danger now: where 99 in 100 dangers
and 4 in 100 look-alikes passed it among messages left out of the learning. docs/assistant.md"""

LINE_OF_PIECES = 0.0
"""The same where a text is read in pieces: one of many passes a line more easily by chance."""

CERTAIN, CERTAIN_BY_RULES = 1.5, 0.0
"""From these odds on only the danger is answered, from the second where the rules see it too;
below them what was asked is answered as well, after it. docs/assistant.md"""

WORDED = 0.5
"""How much the very words count beside what is meant."""

ALSO = 0.25
"""Share of the danger from which on an answer is told beside the likeliest."""

NEVER_SURER = 1e-6
BLANK = re.compile(r"\s+")
MOST_PIECES, PIECE = 12, LONGEST_READ // 2
ANSWERS: dict[str, Answer] = {"now:self_harm": "self-harm", "now:newborn": "baby"}
ORDER: tuple[Answer, ...] = ("emergency", "self-harm", "baby")


def danger(text: str) -> Danger:
    """What the text says of danger.

    >>> danger("my father can't breathe").answers, danger("not short of breath").level
    (('emergency',), 'none')
    """
    told = danger_by_rules(text)
    parts = pieces(text) or [text]
    try:
        signs = signs_of(parts)
        read = _chances(parts, signs)
    except EncoderMissing:
        return told
    for part, chances in zip(parts, read, strict=True):
        if told.level != "now" and names_an_older_child(part):
            chances["now:newborn"] = 0.0
    worded = [worded_odds(*one) for one in zip(parts, facts_of(signs), strict=True)]
    odds = [_odds(chances, words) for chances, words in zip(read, worded, strict=True)]
    worst = int(np.argmax(odds))
    # What the rules put together from distant parts of a long text, no part alone tells.
    is_put_together = len(parts) > 1 and told.level == "now"
    if is_put_together or odds[worst] >= (LINE if len(parts) == 1 else LINE_OF_PIECES):
        return _in_danger(told, read[worst], odds[worst])
    is_about = told.level != "none" or read[worst]["about:general"] > 0.5
    return Danger("about", told.signs, told.answers) if is_about else Danger("none")


def _odds(chances: dict[str, float], worded: float) -> float:
    """Logarithm of the odds that this is danger now, by what is meant and by how it is said."""
    now = sum(chance for kind, chance in chances.items() if kind.startswith("now:"))
    sure = min(max(float(now), NEVER_SURER), 1 - NEVER_SURER)  # sums stray past 0 and 1
    return (1 - WORDED) * log(sure / (1 - sure)) + WORDED * worded


def _chances(texts: list[str], signs: Matrix) -> list[dict[str, float]]:
    """What was learned says of each text. No vector of them is kept on disk."""
    read = questions_read(texts, vectors())
    rows = learned_danger().chances(read, signs).tolist()
    return [dict(zip(learned_danger().kinds, row, strict=True)) for row in rows]


def _in_danger(told: Danger, chances: dict[str, float], odds: float) -> Danger:
    """Now; with every answer that the rules or a good part of what was learned ask for."""
    shares = dict.fromkeys(ORDER, 0.0)
    for kind, chance in chances.items():
        if kind.startswith("now:"):
            shares[ANSWERS.get(kind, "emergency")] += float(chance)
    likeliest, whole = max(shares.values()), sum(shares.values())
    asked = {answer for answer in ORDER if shares[answer] >= min(ALSO * whole, likeliest)}
    if told.level == "now":
        asked |= set(told.answers)
    kind = max((one for one in chances if one.startswith("now:")), key=lambda one: chances[one])
    signs = told.signs if told.level == "now" else (kind.removeprefix("now:"),)
    answers = tuple(answer for answer in ORDER if answer in asked)
    line = CERTAIN_BY_RULES if told.level == "now" else CERTAIN
    is_certain = odds >= line or "self-harm" in answers
    return Danger("now", signs, answers, is_certain)


def pieces(text: str) -> list[str]:
    """The text if an encoder reads it whole; else in short pieces, cut between sentences where
    it can be, so that danger is not lost among much else. Of a very long one both ends.

    >>> pieces("口罩。" * 40) == ["口罩。" * 40], pieces("口罩。" * 50)[0] == "口罩。" * 20
    (True, True)
    """
    if _cost(text) <= LONGEST_READ:
        return [text.strip()] if text.strip() else []
    left = text if len(text) <= LONGEST else text[: LONGEST // 2] + "\n" + text[-LONGEST // 2 :]
    found = []
    while left := left.strip():
        fits = sum(cost <= PIECE for cost in _costs(left[:PIECE]))
        if fits < len(left):
            fits = _best_cut(left[:fits])
        found.append(left[:fits].strip())
        left = left[fits:]
    half = MOST_PIECES // 2
    return found if len(found) <= MOST_PIECES else found[:half] + found[-half:]


def _best_cut(text: str) -> int:
    """After the last sentence, else the last clause, else the last word; else at the end.

    >>> [_best_cut(t) for t in ("Hot. My dad", "hot, my dad", "my dad", "口罩")]
    [4, 4, 3, 2]
    """
    for ends in (SENTENCE_ENDS, CLAUSE_ENDS, BLANK):
        if found := [end.end() for end in ends.finditer(text)]:
            return found[-1]
    return len(text)


def _costs(text: str) -> Iterator[int]:
    """How much an encoder has read after each letter, a Chinese character counting two."""
    return accumulate(1 if letter < FIRST_HAN else 2 for letter in text)


def _cost(text: str) -> int:
    return max(_costs(text[: LONGEST_READ + 1]), default=0)
