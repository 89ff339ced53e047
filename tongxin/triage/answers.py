"""Answers as people and tables give them: read strictly, and said again in words."""

from collections.abc import Mapping, Sequence

from django.conf import settings

from tongxin.triage.conditions import UNKNOWN
from tongxin.triage.packs import Pack, Question, in_language
from tongxin.triage.refusals import (
    Contradiction,
    NoSuchQuestion,
    NotAnAnswer,
    NotAnswered,
    NotANumber,
    NotPlausible,
)
from tongxin.triage.rules import Answer, Answers, State

NOTHING = "nothing"
"""How “none of these” is written where an empty field means “not asked”."""

WORDS = {
    "unknown": ("不知道", "I do not know"),
    "nothing": ("都没有", "None of these"),
    "yes": ("是", "Yes"),
    "no": ("否", "No"),
}


def read_answers(pack: Pack, given: Mapping[str, str], language: str) -> dict[str, Answer]:
    """All answers of a row or form; what is empty was not asked.

    Raises:
        NoSuchQuestion, NotAnAnswer, NotANumber, NotPlausible
    """
    if strange := given.keys() - pack.questions.keys():
        raise NoSuchQuestion(question=sorted(strange)[0])
    return {
        name: read_answer(pack.questions[name], text.split("|"), language)
        for name, text in given.items()
        if text.strip()
    }


def read_answer(question: Question, given: Sequence[str], language: str) -> Answer:
    """One answer: a value, several, a number, or “unknown”.

    Raises:
        NotAnswered, NotAnAnswer, NotANumber, NotPlausible
    """
    words = [word.strip() for word in given if word.strip()]
    asks = in_language(question, "asks", language)
    if not words:
        raise NotAnswered(question=asks)
    if question.may_be_unknown and UNKNOWN in words and question.kind == "number":
        return UNKNOWN  # a number typed before “not measured” was chosen does not count
    if question.kind == "number":
        return _number(question, words, language)
    if question.may_be_unknown and words == [UNKNOWN]:
        return UNKNOWN
    return _chosen(question, words, asks)


def _chosen(question: Question, words: list[str], asks: str) -> str | frozenset[str]:
    """The value or the values that were chosen."""
    if len(words) > 1 and {NOTHING, UNKNOWN} & set(words):
        raise Contradiction(question=asks)
    is_several = question.kind == "several"
    chosen = frozenset() if is_several and words == [NOTHING] else frozenset(words)
    if strange := chosen - set(question.values):
        raise NotAnAnswer(question=asks, given=sorted(strange)[0][:40])
    if is_several:
        return chosen
    if len(chosen) > 1:
        raise NotAnAnswer(question=asks, given=", ".join(words)[:40])
    return words[0]


def _number(question: Question, words: list[str], language: str) -> int:
    asks = in_language(question, "asks", language)
    text = words[0].replace("，", ".").replace(",", ".").replace("。", ".")
    try:
        float(text)
    except ValueError as wrong:
        example = "38.5" if question.step != 1 else str(round(question.least or 0) + 10)
        raise NotANumber(question=asks, example=example) from wrong
    try:
        reading = question.as_steps(text)
    except ValueError:
        reading = question.lowest - 1
    if len(words) > 1 or not question.lowest <= reading <= question.highest:
        raise NotPlausible(
            question=asks,
            given=text[:20],
            least=f"{question.least:g}",
            most=f"{question.most:g}",
            unit=in_language(question, "unit", language),
            step=f"{question.step:g}",
            emergency=settings.EMERGENCY_NUMBER,
        )
    return reading


def written(question: Question, answer: Answer) -> str:
    """An answer as tables and forms hold it: `read_answer` gives it back."""
    if isinstance(answer, frozenset):
        return "|".join(v for v in question.values if v in answer) or NOTHING
    return reading(question, answer) if isinstance(answer, int) else answer


def reading(question: Question, count: int) -> str:
    """A number of steps as people write it."""
    return f"{count * (question.step or 1):.4f}".rstrip("0").rstrip(".")


def value_name(question: Question, value: str, language: str) -> str:
    """A value in words."""
    named = {one.key: one for one in question.option}
    if value in named:
        return in_language(named[value], "name", language)
    if value == UNKNOWN and (own := in_language(question, "unknown", language)):
        return own
    return WORDS[value][language == "en"]


def said(question: Question, answer: Answer, language: str) -> str:
    """An answer in words."""
    comma = ", " if language == "en" else "、"
    if isinstance(answer, frozenset):
        chosen = [v for v in question.values if v in answer] or [NOTHING]
        return comma.join(value_name(question, value, language) for value in chosen)
    if isinstance(answer, int):
        unit = in_language(question, "unit", language)
        return f"{reading(question, answer)} {unit}"
    return value_name(question, answer, language)


def told(pack: Pack, answers: Answers, language: str) -> list[tuple[str, str]]:
    """Question and answer in words, of what is asked of this person."""
    return [
        (in_language(one, "asks", language), said(one, answers[one.key], language))
        for one in State(pack, answers).answered
    ]
