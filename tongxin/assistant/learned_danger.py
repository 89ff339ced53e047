"""What was learned of danger from phrasings of our own (`danger_phrasings/`): a network reads the
two sentence vectors of a text and the signs that the rules found in it; beside it stands what the
very words tell.

The weights ship (`learned_danger.npz`, `worded_danger.npz`); `tongxin assistant learn-danger`
makes them again after the phrasings or the words of the rules have changed.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from tongxin.assistant import red_flags
from tongxin.meaning import wording
from tongxin.meaning.learned import Learned, Plan, digest_of, learn, load
from tongxin.meaning.network import Matrix
from tongxin.meaning.vectors import Vectors

FOLDER = Path(__file__).with_name("danger_phrasings")
WEIGHTS = Path(__file__).with_name("learned_danger.npz")
WORDED = Path(__file__).with_name("worded_danger.npz")
READINGS = ("now", "about", "none")
SIGN_SPREAD = 2.0
FACTS = 9
TEMPERATURE = re.compile(
    r"(?<![\d.])(3[5-9](?:\.\d)?|4[0-3](?:\.\d)?|9[5-9]\.\d|1[01]\d(?:\.\d)?"
    r"|[三四]十[一二三四五六七八九]?(?=度|点))(?!\d|%)"
)
OLDER_CHILD = re.compile(
    r"\b(?:[3-9]|1\d|three|four|five|six|seven|eight|nine|ten|eleven|twelve) ?(?:months?|mo) old\b"
    r"|\b(?:[1-9]|1[0-5]|one|two|three|four|five|six|seven|eight|nine|ten) ?(?:years?|yr|yo) old"
    r"(?= (?:son|daughter|boy|girl|child|kid|toddler|is|has|was))"
    r"|(?:[三四五六七八九十]|[3-9]|1\d)个(?:多|半)?月(?:大|的?(?:宝|娃|孩|婴|儿|女|小))"
    r"|(?<!\d)(?:[一二两三四五六七八九十]|\d|1[0-4])岁(?:多|半)?(?:大|的?(?:宝|娃|孩|儿|女|小))"
)
OLDER = re.compile(
    r"\b(?:years?|yrs?|yo)\b|year old|岁|[三四五六七八九十4-9]个(?:多|半)?月|1[0-9]个?月"
    r"|\b(?:[4-9]|1\d|four|five|six|seven|eight|nine|ten|eleven) ?(?:months?|mo)\b|toddler|teen"
)
PLAN = Plan(hidden=256, epochs=15, pace=1e-3, voices=3)


def signs_of(texts: Sequence[str]) -> Matrix:
    """Which signs the rules find in each text, and how they are meant there."""
    names = [sign.key for sign in red_flags.red_flags().sign] + ["oxygen", "baby-fever"]
    rows = np.zeros((len(texts), len(names) * len(READINGS) + FACTS), np.float32)
    for row, text in zip(rows, texts, strict=True):
        for sentence in red_flags.sentences(text):
            for found in red_flags.signs_in(sentence):
                meant = READINGS.index(red_flags.reading(sentence, found))
                row[names.index(found.sign) * len(READINGS) + meant] = SIGN_SPREAD
        told = red_flags.danger_by_rules(text)
        facts = (told.level == "now", told.level == "about", "baby" in told.answers)
        row[-FACTS:-1] = np.array(facts + told_numbers(text)) * SIGN_SPREAD
        row[-1] = min(len(text), 200) / 200 * SIGN_SPREAD
    return rows


def facts_of(signs: Matrix) -> list[list[str]]:
    """Which columns of `signs_of` are there, by number, the length left out."""
    return [[str(column) for column in np.flatnonzero(row[:-1])] for row in signs]


def told_numbers(text: str) -> tuple[bool, ...]:
    """What encoders read badly: a very young child, an older one, a temperature and how high.

    >>> told_numbers("my 6 week old is 38.4"), told_numbers("五岁，三十九度二")
    ((True, False, False, True, False), (False, True, False, True, False))
    """
    whole = red_flags.EDGE.join(red_flags.sentences(text))
    warm = [_celsius(found) for found in TEMPERATURE.findall(whole)]
    return (
        red_flags.is_very_young(whole),
        bool(OLDER.search(whole)) and not red_flags.is_very_young(whole),
        any(35 <= degrees < 37.5 for degrees in warm),
        any(37.5 <= degrees < 40.5 for degrees in warm),
        any(40.5 <= degrees <= 43.5 for degrees in warm),
    )


def names_an_older_child(text: str) -> bool:
    """Whether a child's age is named, and no child under three months is spoken of.

    >>> [names_an_older_child(t) for t in ("my 8 month old", "my 8 week old", "五个月的宝宝")]
    [True, False, True]
    >>> [names_an_older_child(t) for t in ("我今年30岁，宝宝11月20日出生", "I am 28 years old")]
    [False, False]
    """
    whole = red_flags.EDGE.join(red_flags.sentences(text))
    return bool(OLDER_CHILD.search(whole)) and not red_flags.is_very_young(whole)


def _celsius(found: str) -> float:
    """
    >>> [round(_celsius(said), 1) for said in ("104.9", "38.4", "三十九")]
    [40.5, 38.4, 39.0]
    """
    degrees = float(found) if found[0].isdigit() else float(red_flags.number(found))
    return (degrees - 32) / 1.8 if degrees > 90 else degrees


def phrasings() -> Iterator[tuple[str, str]]:
    """Every phrasing with its kind."""
    for file in sorted(FOLDER.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield row["text"], f"{row['label']}:{row['kind']}"


def digest() -> str:
    """Of what the weights are learned from."""
    return digest_of([*sorted(FOLDER.glob("*.csv")), red_flags.DATA])


def learn_danger(vectors: Vectors) -> Learned:
    """Learn from the phrasings; some minutes. Raises `EncoderMissing`."""
    texts, named = zip(*phrasings(), strict=True)
    return learn(
        vectors.by_both(texts),
        named,
        PLAN,
        group=lambda kind: str(kind.startswith("now:")),
        beside=signs_of(texts),
        digest=digest(),
    )


def learn_wording() -> wording.Wording:
    """Learn the words of danger; some seconds."""
    texts, named = zip(*phrasings(), strict=True)
    return wording.learn_wording(
        texts,
        ["now" if kind.startswith("now:") else "calm" for kind in named],
        facts=facts_of(signs_of(texts)),
        longest=3,
        epochs=8,
        voices=2,
        digest=digest(),
    )


def worded_odds(text: str, facts: Sequence[str]) -> float:
    """Logarithm of the odds that this is danger now, by its words and what rules find in them."""
    worded = worded_danger()
    logits = worded.logits(text, facts)
    return float(logits[worded.kinds.index("now")] - logits[worded.kinds.index("calm")])


@lru_cache(maxsize=1)
def worded_danger() -> wording.Wording:
    """What ships."""
    return wording.load(WORDED)


@lru_cache(maxsize=1)
def learned_danger() -> Learned:
    """What ships."""
    return load(WEIGHTS)
