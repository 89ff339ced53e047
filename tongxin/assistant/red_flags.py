"""Words that mean danger now, in Chinese and English: read before anything else is answered.

The words are data (`red_flags.toml`); this file says how they are read: a sign counts unless it
is denied, over, long past, a figure of speech, or asked about in general.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from tongxin.assistant.spelling import Sounds, mended
from tongxin.data_files import Reviewed, StrictRecord, read_record
from tongxin.meaning.normal import HAN_LETTER, normal

DATA = Path(__file__).with_name("red_flags.toml")
LONGEST = 4000
"""Characters that are read; danger is said at the beginning or at the end."""

PAUSES = re.compile(r"…+|\.{2,}|。{2,}|~+|、{2,}")
FILLERS = re.compile(
    r"\b(?:u+m+|u+h+|erm?|you know|i mean|kind of|kinda|sort of|literally|basically|actually|so"
    r"|really|very|(?<!feel )(?<!feels )(?<!looks )like)\b|嗯+|呃+|那个|就是说|然后呢|哎呀|啊",
    re.IGNORECASE,
)
CANNOT = re.compile(r"\b(?:cnt|carnt|kant|cannt|cant t|can t|caint|cn t)\b")
SENTENCE_ENDS = re.compile(r"[。！？!?;；\n…]+|\.(?!\d)")
CLAUSE_ENDS = re.compile(
    r"[，,:：()（）—]+|\bbut\b|\bhowever\b|但是|但|可是|然而|(?:^|(?<=了))不过", re.IGNORECASE
)
LIST_COMMA = re.compile(r"\s*、\s*")
EDGE = " | "
GAP_EN, GAP_ZH = r"(?:(?: \w+){0,3}? )", r"(?:[^没不无未|]{0,4}?)"
YOUNGEST = {"day": 90, "week": 13, "month": 3}
NUMBERS = [
    *[
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
]
AGE_EN = re.compile(rf"\b(\d+|{'|'.join(NUMBERS)}|a) ?(day|week|month)s?(?: and \w+ \w+)? old\b")
SHORT_AGE_EN = re.compile(r"\b(\d+) ?(day|week|month|wk|mo)s?\b")
AGE_ZH = re.compile(
    r"(?<![\d第近这前烧热烫咳泻吐病续经离了过内月])"
    r"(\d+|[一二两三四五六七八九十]+)个?[多半]?(天|周|星期|月)(?!前|后|以来|没|了|内)"
)
DIGITS_ZH = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
UNITS_ZH = {"天": "day", "周": "week", "星期": "week", "月": "month"}
OXYGEN_NAMES = r"pulse ?ox|血氧|氧饱和|饱和度|spo2|sp02|oxygen|o2|\bsats?\b|saturation|oximeter"
OXYGEN = re.compile(
    rf"(?:{OXYGEN_NAMES})\D{{0,24}}?(?:\d\d\D{{1,12}}?(?:to|到)\D{{0,3}})?"
    r"(\d\d|[五六七八]十[一二三四五六七八九]?|九十[一二三]?)(?![\d四五六七八九岁年天])"
    rf"|(?<!\d)(\d\d)(?:\.\d)? ?%? ?(?:percent |per cent )?(?:{OXYGEN_NAMES})"
)
LOW_OXYGEN = range(50, 94)
"""Per cent. Severe from 93 down: NHC, Diagnosis and treatment protocol, 10th edition."""

NEAR = {"zh": 18, "en": 55}
"""Characters before a sign within which a word still speaks of it; half as many behind it.
Spoken text has no punctuation, so a clause alone may be a whole story."""

Answer = Literal["emergency", "self-harm", "baby"]


class Sign(StrictRecord):
    """One sign of danger and the ways in which it is said."""

    key: str
    answer: Answer
    sounds: tuple[str, ...]
    zh: tuple[str, ...]
    en: tuple[str, ...]


class Baby(StrictRecord):
    """How a very young child and a fever are said."""

    young_zh: str
    young_en: str
    baby_zh: str
    baby_en: str
    fever_zh: str
    fever_en: str


class Frames(StrictRecord):
    """What changes the meaning of a sign."""

    negation_zh: str
    negation_list_zh: str
    negation_en: str
    negation_list_en: str
    over_zh: str
    over_en: str
    past_zh: str
    past_en: str
    ongoing_en: str
    now_zh: str
    now_en: str
    now_verb: str
    again: str
    general_zh: str
    general_en: str
    strong_zh: str
    strong_en: str
    person_zh: str
    person_en: str
    animals: str
    kin: str
    idioms_zh: str
    idioms_en: str


class Spelling(StrictRecord):
    """Words whose misspellings are mended, and words that are no misspellings."""

    words: tuple[str, ...]
    ordinary: tuple[str, ...]


class RedFlags(Reviewed):
    """The file's shape."""

    sign: tuple[Sign, ...]
    baby: Baby
    frames: Frames
    spelling: Spelling


@dataclass(frozen=True)
class Danger:
    """What a text says of danger.

    ``level``: ``now`` (somebody is in danger), ``about`` (danger is asked about), ``none``.
    ``signs``: which; ``answers``: what must be told, the gravest first; ``is_certain``: whether
    nothing else need be told.
    """

    level: Literal["now", "about", "none"]
    signs: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    is_certain: bool = True


@dataclass(frozen=True)
class Found:
    sign: str
    answer: Answer
    start: int
    end: int


def danger_by_rules(text: str) -> Danger:
    """What the words of the text say of danger.

    >>> [danger_by_rules(t).level for t in ("my father can't breathe", "not short of breath")]
    ['now', 'none']
    >>> [danger_by_rules(t).level for t in ("我爸喘不上氣了", "哪些是危险的症状，比如胸痛？")]
    ['now', 'about']
    """
    whole = text if len(text) <= LONGEST else text[: LONGEST // 2] + "\n" + text[-LONGEST // 2 :]
    now: list[Found] = []
    about: list[Found] = []
    for sentence in sentences(whole):
        for found in signs_in(sentence):
            kind = reading(sentence, found)
            if kind != "none":
                (now if kind == "now" else about).append(found)
    if not any(found.answer == "baby" for found in now):
        now += baby_with_fever(whole)
    chosen = now or about
    order = ("emergency", "self-harm", "baby")
    answers = sorted({found.answer for found in chosen}, key=order.index)
    level = "now" if now else "about" if about else "none"
    return Danger(level, tuple(dict.fromkeys(f.sign for f in chosen)), tuple(answers))


def sentences(text: str) -> Iterator[str]:
    """Normal forms of the sentences, their clauses parted by `EDGE`."""
    data = red_flags()
    for part in SENTENCE_ENDS.split(FILLERS.sub("", PAUSES.sub(" ", text))):
        marked = LIST_COMMA.sub("顿", part) if HAN_LETTER.search(part) else part
        clauses = [normal(clause) for clause in CLAUSE_ENDS.split(marked)]
        sentence = EDGE.join(clause for clause in clauses if clause)
        if sentence:
            words = data.spelling
            plain = CANNOT.sub("cant", sentence.replace("顿", "、"))
            yield mended(plain, words.words, words.ordinary)


def signs_in(sentence: str) -> Iterator[Found]:
    """Every sign the sentence names, meant or not."""
    plain = without_idioms(sentence)
    for sign, patterns in compiled_signs():
        for pattern in patterns:
            for match in pattern.finditer(plain):
                yield Found(sign.key, sign.answer, *match.span())
    if HAN_LETTER.search(plain):
        for sign, sounds in sounds_of_signs():
            yield from (Found(sign.key, sign.answer, *span) for span in sounds.found_in(plain))
    for match in OXYGEN.finditer(plain):
        if number(match.group(1) or match.group(2)) in LOW_OXYGEN:
            yield Found("oxygen", "emergency", *match.span())


def without_idioms(sentence: str) -> str:
    """The sentence with sayings blotted out, of the same length."""
    idioms = frame("idioms_zh"), frame("idioms_en")
    for pattern in idioms:
        sentence = pattern.sub(lambda match: "#" * len(match.group()), sentence)
    return sentence


def reading(sentence: str, found: Found) -> Literal["now", "about", "none"]:
    """How a sign is meant where it stands."""
    begin = sentence.rfind("|", 0, found.start) + 1
    end = (sentence.find("|", found.end) + 1 or len(sentence) + 1) - 1
    before, after = sentence[begin : found.start], sentence[found.end : end]
    clause = sentence[begin:end]
    if is_denied(before, after) or is_in_denied_list(sentence, found.start):
        return "none"
    near = around(sentence, found, begin, end)
    if is_past(sentence, found, near):
        return "none"
    if is_general(sentence, near) or is_an_animal(clause):
        return "about"
    return "now"


def around(sentence: str, found: Found, begin: int, end: int) -> str:
    """The words of the clause that stand near the sign."""
    reach = NEAR["zh" if HAN_LETTER.search(sentence[found.start : found.end]) else "en"]
    return sentence[max(begin, found.start - reach) : min(end, found.end + reach // 2)]


def is_general(sentence: str, near: str) -> bool:
    """Whether danger is only spoken of: what to do if, what it looks like, what causes it."""
    if frame("strong_zh").search(near) or frame("strong_en").search(near):
        return True
    general = frame("general_zh").search(sentence) or frame("general_en").search(sentence)
    person = frame("person_zh").search(sentence) or frame("person_en").search(sentence)
    return bool(general) and not person


def is_an_animal(clause: str) -> bool:
    """Whether a pet is spoken of and no person."""
    return bool(frame("animals").search(clause)) and not frame("kin").search(clause)


def is_denied(before: str, after: str) -> bool:
    """Whether the sign is said not to be there, or to be over."""
    denials = ("negation_zh", "negation_en", "negation_list_zh")
    if any(frame(name).search(before) for name in denials):
        return True
    return bool(frame("over_zh").match(after) or frame("over_en").match(after))


def is_in_denied_list(sentence: str, place: int) -> bool:
    """Whether a place lies in "no fever, cough or chest pain"."""
    spans = (match.span() for match in frame("negation_list_en").finditer(sentence))
    return any(start < place < end for start, end in spans)


def is_past(sentence: str, found: Found, clause: str) -> bool:
    """Whether the sign belongs to an earlier time and is not said to be back."""
    said = sentence[found.start : found.end]
    if frame("now_zh").search(clause) or frame("now_en").search(clause):
        return False
    if frame("now_verb").match(said) or frame("again").search(sentence[found.end :]):
        return False
    start = sentence.rfind("|", 0, found.start)
    earlier = sentence[: max(start, 0)].rpartition("|")[2].strip()
    spoken = clause + (" " + earlier if is_adverb(earlier) else "")
    if frame("past_zh").search(spoken):
        return True
    return bool(frame("past_en").search(spoken)) and not frame("ongoing_en").search(spoken)


def is_adverb(clause: str) -> bool:
    """Whether a clause is short enough to say only when: "last year,"."""
    return len(clause.split()) <= 4 and len(HAN_LETTER.findall(clause)) <= 6


def baby_with_fever(text: str) -> list[Found]:
    """A child under three months and a fever that is not denied, anywhere in the text."""
    found = []
    whole = EDGE.join(sentences(text))
    for match in (
        *gapped("baby.fever_zh").finditer(whole),
        *gapped("baby.fever_en").finditer(whole),
    ):
        fever = Found("baby-fever", "baby", *match.span())
        if reading(whole, fever) == "now" and is_very_young(whole):
            found.append(fever)
    return found[:1]


def is_very_young(text: str) -> bool:
    """Whether a child under three months is spoken of.

    >>> [is_very_young(t) for t in ("my 6 week old", "her 4 month old son", "出生20天的宝宝")]
    [True, False, True]
    """
    if gapped("baby.young_zh").search(text) or gapped("baby.young_en").search(text):
        return True
    ages = [(number(n), unit) for n, unit in AGE_EN.findall(text)]
    if gapped("baby.baby_en").search(text):
        units = {"wk": "week", "mo": "month"}
        ages += [
            (number(n), units.get(u, u)) for n, u in SHORT_AGE_EN.findall(text) if "old" in text
        ]
    if gapped("baby.baby_zh").search(text):
        ages += [(number(n), UNITS_ZH[unit]) for n, unit in AGE_ZH.findall(text)]
    return any(0 < value < YOUNGEST[unit] for value, unit in ages)


def number(word: str) -> int:
    """A number in figures, in English or in Chinese up to 99.

    >>> [number(w) for w in ("6", "two", "a", "两", "十二", "二十")]
    [6, 2, 1, 2, 12, 20]
    """
    if word.isdigit():
        return int(word)
    if word in NUMBERS:
        return NUMBERS.index(word) + 1
    if word == "a":
        return 1
    tens, ten, ones = word.rpartition("十")
    if ten:
        return DIGITS_ZH.get(tens, 1) * 10 + DIGITS_ZH.get(ones, 0)
    return DIGITS_ZH[word[-1]]


@lru_cache(maxsize=1)
def red_flags() -> RedFlags:
    """The file. Raises `BrokenData`."""
    return read_record(DATA, RedFlags)


@lru_cache(maxsize=1)
def compiled_signs() -> tuple[tuple[Sign, tuple[re.Pattern[str], ...]], ...]:
    """Every sign with its patterns."""
    return tuple(
        (sign, tuple(map(chinese, sign.zh)) + tuple(map(english, sign.en)))
        for sign in red_flags().sign
    )


@lru_cache(maxsize=1)
def sounds_of_signs() -> tuple[tuple[Sign, Sounds], ...]:
    """Every sign that is also known by its sound."""
    return tuple((sign, Sounds(sign.sounds)) for sign in red_flags().sign if sign.sounds)


@lru_cache(maxsize=64)
def frame(name: str) -> re.Pattern[str]:
    """One of the frames, ready to be searched for."""
    return re.compile(getattr(red_flags().frames, name))


@lru_cache(maxsize=16)
def gapped(name: str) -> re.Pattern[str]:
    """One of the baby's patterns."""
    pattern = getattr(red_flags().baby, name.removeprefix("baby."))
    return english(pattern) if name.endswith("_en") else chinese(pattern)


def chinese(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("~", GAP_ZH))


def english(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{pattern.replace('~', GAP_EN)})(?![a-z])")
