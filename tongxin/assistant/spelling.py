"""Slips of the keyboard: one wrong letter, or the right sound in the wrong characters."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from pypinyin import lazy_pinyin

WORD = re.compile(r"[a-z]{5,}")
LONG_WORD = 8
"""From this many letters on two slips are forgiven instead of one."""


def mended(text: str, words: Collection[str], ordinary: Collection[str]) -> str:
    """The text with misspellings of ``words`` put right; ``ordinary`` words stay as they are.

    >>> mended("he cant braethe", ["breathe"], [])
    'he cant breathe'
    """
    known, left = frozenset(words), frozenset(ordinary)
    return WORD.sub(lambda match: _mended(match.group(), known, left), text)


@lru_cache(maxsize=4096)
def _mended(word: str, words: frozenset[str], ordinary: frozenset[str]) -> str:
    if word in words or word in ordinary:
        return word
    slips = 2 if len(word) >= LONG_WORD else 1
    near = ((distance(word, known), known) for known in sorted(words) if known[0] == word[0])
    best = min(near, default=(slips + 1, word))
    return best[1] if best[0] <= slips else word


def distance(one: str, other: str) -> int:
    """Letters to change, add, leave out or swap with the next one.

    >>> distance("chest", "chset"), distance("fever", "never"), distance("seizure", "siezur")
    (1, 1, 2)
    """
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


class Sounds:
    """Chinese phrases found by their sound, without tones."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self.phrases = [(phrase, tuple(lazy_pinyin(phrase))) for phrase in phrases]

    def found_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a phrase sounds in the text, half of its characters right at least.

        >>> list(Sounds(["呼吸困难"]).found_in("他呼吸困男"))
        [(1, 5)]
        """
        sounds = [_sound(letter) for letter in text]
        for phrase, syllables in self.phrases:
            size = len(phrase)
            for start in range(len(text) - size + 1):
                if tuple(sounds[start : start + size]) != syllables:
                    continue
                right = sum(a == b for a, b in zip(phrase, text[start:], strict=False))
                if size > right >= size / 2:
                    yield start, start + size


@lru_cache(maxsize=8192)
def _sound(letter: str) -> str:
    return lazy_pinyin(letter)[0] if letter >= "\u3400" else letter
