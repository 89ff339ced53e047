"""Words and character runs of a text in either language, for matching by what is written."""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from rjieba import Jieba

from tongxin.meaning.normal import HAN, normal

RUN = re.compile(rf"[{HAN}]+|[^\W{HAN}]+|%")
PARTICLES = "的了吗呢啊吧呀嘛么地得着"
FILLERS_ZH = ("请问", "一下")
FILLERS_EN = (
    *("a", "an", "the", "of", "to", "is", "are", "be", "was", "were", "am", "and", "or", "in"),
    *("on", "at", "for", "it", "its", "this", "that", "do", "does", "did", "i", "we", "you"),
    *("my", "our", "your", "please"),
)
SAID_ANYWAY = frozenset((*PARTICLES, *FILLERS_ZH, *FILLERS_EN))
"""Words that tell nothing about what is asked. Negations and question words are not among them."""

ENDINGS = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""))
SHORTEST_STEM = 3


def words(text: str) -> list[str]:
    """The words that carry meaning, in order; one word stands for all of the same meaning.

    >>> words("密切接触者要居家隔离吗")
    ['contact', '要', 'quarantine']
    >>> words("Are the infected children quarantined?")
    ['infect', 'child', 'quarantine']
    """
    return [stem(word) for word in every_word(text) if word not in SAID_ANYWAY]


def every_word(text: str) -> Iterator[str]:
    """All words as they are written, in order."""
    for run in RUN.findall(normal(text)):
        yield from segmenter().cut(run) if run[0] >= "\u3400" else [run]


def stem(word: str) -> str:
    """The word that stands for all forms and synonyms of this one."""
    known = same_words()
    if word in known or not word.isascii():
        return known.get(word, word)
    for ending, instead in ENDINGS:
        short = word.removesuffix(ending) + instead
        if word.endswith(ending) and len(short) >= SHORTEST_STEM:
            return known.get(short) or known.get(short + "e") or short
    return word


def grams(text: str, sizes: tuple[int, ...] = (1, 2, 3)) -> Iterator[str]:
    """Runs of characters of the normal form, spaces kept as the edges of words.

    >>> list(grams("戴口罩", (2,)))
    ['戴口', '口罩']
    """
    plain = normal(text)
    for size in sizes:
        for start in range(len(plain) - size + 1):
            yield plain[start : start + size]


@lru_cache(maxsize=1)
def same_words() -> dict[str, str]:
    """Word → the first word of its line in same_words.txt."""
    table = files("tongxin.meaning").joinpath("same_words.txt").read_text(encoding="utf-8")
    lines = (line.split() for line in table.splitlines() if line and not line.startswith("#"))
    return {word: line[0] for line in lines for word in line}


@lru_cache(maxsize=1)
def segmenter() -> Jieba:
    """The Chinese segmenter, taught our words."""
    jieba = Jieba()
    for word in same_words():
        if word[0] >= "\u3400":
            jieba.add_word(word, None, None)
    return jieba
