"""What somebody typed, as an answer to a question: letters, numbers, yes and no, and phrasings.

Careful rather than clever. A text that can be read in two ways, or that denies or hedges what it
names (“not so hot”, “不到38”), is not understood, and the answers are shown again. Phrasings are
data beside the packs, not part of them: they decide nothing, so a pack's version stays.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from tongxin.meaning.normal import normal
from tongxin.triage.answers import NOTHING, value_name
from tongxin.triage.conditions import UNKNOWN
from tongxin.triage.packs import Pack, Question
from tongxin.triage.refusals import NotUnderstood
from tongxin.triage.spoken_numbers import age_in_months, number

FOLDER = Path(__file__).with_name("phrasings")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONGEST = 200
"""Characters of a typed answer that are read; a longer one is a story, not an answer."""

DOUBT = re.compile(
    r"不|没|无|别|未|吗|可能|也许|好像|一点点|\b(?:no|not|never|without|none|nor|neither|maybe|perhaps"
    r"|might|hardly|\w+nt|but|except|than|used to|was|were|had)\b|以前|曾经|之前|除了|但"
)
"""Words beside a phrasing that may turn it round."""
BETWEEN = re.compile(r"[,，、;；|/。.!！+&\n]|\b(?:and|also|plus)\b|以及|还有|并且|和")

TELLING = ("signs", "child_signs", "ill", "symptoms", "fever")
"""Questions whose phrasings tell of illness in a text about anything."""

Phrases = Mapping[str, Mapping[str, tuple[str, ...]]]


@cache
def words(name: str) -> frozenset[str]:
    """Words of every self-check (`phrasings/words.toml`), in normal form.

    >>> "i dont know" in words("unknown"), "返回" in words("back")
    (True, True)
    """
    said = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))
    return frozenset(normal(text) for text in said[name])


@cache
def phrasings(disease: str) -> Phrases:
    """Question → value → how people say it, in normal form; empty where none ship.

    >>> "胸闷" in phrasings("covid-19")["signs"]["chest"]
    True
    """
    file = FOLDER / f"{disease}.toml"
    said = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return {
        question: {
            value: tuple(sorted({normal(text) for text in texts}, key=len, reverse=True))
            for value, texts in values.items()
        }
        for question, values in said.items()
        if question != "months"
    }


@cache
def spans(disease: str) -> dict[str, dict[str, tuple[int, int]]]:
    """Question → value → the ages in months that it covers, both ends included."""
    file = FOLDER / f"{disease}.toml"
    said = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return {
        question: {value: (low, high) for value, (low, high) in values.items()}
        for question, values in said.get("months", {}).items()
    }


def offered(question: Question) -> tuple[str, ...]:
    """What can be chosen, in the order of its letters: the values, then none, then unknown."""
    extra = (NOTHING,) if question.kind == "several" else ()
    extra += (UNKNOWN,) if question.may_be_unknown else ()
    return extra if question.kind == "number" else (*question.values, *extra)


def names_any(pack: Pack, plain: str) -> bool:
    """Whether a text in normal form holds a phrasing of what tells of illness.

    Phrasings of one letter are left out: in a longer text they are parts of other words.
    """
    known = phrasings(pack.key)
    return any(
        len(phrase) > 1 and value not in ("no", "none") and _bounded(phrase).search(plain)
        for question in pack.question
        if question.key in TELLING
        for phrase, value in _flat(known.get(question.key, {}))
    )


def understood(pack: Pack, question: Question, text: str) -> list[str]:
    """A typed answer as a form would have sent it.

    Raises:
        NotUnderstood: it can be read in no way, or in two.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    if not typed or len(typed) > LONGEST:
        raise NotUnderstood
    whole = normal(typed)
    if question.may_be_unknown and whole in words("unknown") | _names(question, UNKNOWN):
        return [UNKNOWN]
    if question.kind == "number":
        return [*_letters(question, typed)] or [_number(question, typed, whole)]
    if question.kind == "several" and whole in words("none") | _names(question, NOTHING):
        return [NOTHING]
    found = _whole(pack, question, typed, whole) or _parts(pack, question, typed)
    if not found or (len(found) > 1 and (question.kind != "several" or {NOTHING, UNKNOWN} & found)):
        raise NotUnderstood
    return [value for value in offered(question) if value in found]


def _names(question: Question, value: str) -> set[str]:
    """A value's key and its names in both languages, in normal form."""
    return {normal(value), *(normal(value_name(question, value, one)) for one in ("zh", "en"))}


def _number(question: Question, typed: str, whole: str) -> str:
    if question.may_be_unknown and whole in words("unmeasured"):
        return UNKNOWN
    found = number(typed, step=question.step or 1, unit=question.unit_en or "")
    if found is None:
        raise NotUnderstood
    return found


def _whole(pack: Pack, question: Question, typed: str, whole: str) -> set[str]:
    """The values that the text as a whole stands for."""
    if letters := _letters(question, typed):
        return letters
    if named := {value for value in offered(question) if whole in _names(question, value)}:
        return named
    if question.kind == "yes-no":
        return _yes_or_no(pack, question, whole)
    if (ages := spans(pack.key).get(question.key)) and (months := age_in_months(typed)) is not None:
        return {value for value, (low, high) in ages.items() if low <= months <= high}
    return set()


def _letters(question: Question, typed: str) -> set[str]:
    """The values of letters: “b”, “AC”, “a, c”. Small letters in a row are a word, not these."""
    if not re.fullmatch(r"[A-Z]+|[A-Za-z](?:[\s,，、]+[A-Za-z])*", typed):
        return set()
    places = [LETTERS.index(letter) for letter in re.findall("[A-Z]", typed.upper())]
    values = offered(question)
    return {values[place] for place in places} if max(places) < len(values) else set()


def _yes_or_no(pack: Pack, question: Question, whole: str) -> set[str]:
    """“Yes”, “no”, alone or before what was asked about (“没有发烧”)."""
    for value in question.values:
        if whole in words(value):
            return {value}
    for phrase in phrasings(pack.key).get(question.key, {}).get("yes", ()):
        before, found, after = whole.partition(phrase)
        if found and after in ("", "了", "的", "过"):
            for value in question.values:
                if before.strip() in words(value) | words(f"before_{value}"):
                    return {value}
            if not before:
                return {"yes"}
    return set()


def _parts(pack: Pack, question: Question, typed: str) -> set[str]:
    """The values of all parts; none where one part is not understood."""
    found: set[str] = set()
    for part in filter(None, (normal(text) for text in BETWEEN.split(typed))):
        values = {value for value in question.values if part in _names(question, value)}
        values = values or _phrases(pack, question, part)
        if not values:
            return set()
        found |= values
    return found


def _phrases(pack: Pack, question: Question, part: str) -> set[str]:
    """The values whose phrasings stand in a part, where nothing beside them turns them round."""
    known = phrasings(pack.key).get(question.key, {})
    said = sorted(_flat(known), key=lambda one: -len(one[0]))
    found: set[str] = set()
    rest = f" {part} "
    for phrase, value in said:
        if _bounded(phrase).search(rest):
            rest = _bounded(phrase).sub(" ", rest)
            found.add(value)
    return set() if not found or DOUBT.search(rest) or is_long(rest) else found


def is_long(rest: str) -> bool:
    """Whether so much stands beside what was understood that it says something of its own.

    >>> is_long("I have a"), is_long("昨天晚上开始"), is_long("and now I would like to be alone")
    (False, False, True)
    """
    return len(re.findall(r"[^\W\d_]", re.sub("[a-zA-Z]+", "", rest))) > 8 or len(rest.split()) > 6


def _flat(known: Mapping[str, tuple[str, ...]]) -> Iterable[tuple[str, str]]:
    return ((phrase, value) for value, phrases in known.items() for phrase in phrases)


@cache
def _bounded(phrase: str) -> re.Pattern[str]:
    """A phrasing as whole words; Chinese has none."""
    edge = r"\b" if phrase.isascii() else ""
    return re.compile(f"{edge}{re.escape(phrase)}{edge}")
