"""Conditions in words: for the diagram, the description and the doctor who reads a hand-over."""

from tongxin.triage.answers import reading, value_name
from tongxin.triage.conditions import Case
from tongxin.triage.packs import Clause, Pack, Question, in_language

AND = {"zh": "；并且", "en": "; and "}
OR = {"zh": "、", "en": " / "}
COLON = {"zh": "：", "en": ": "}
ALWAYS = {"zh": "其余情况", "en": "Everything else"}


def short(language: str) -> str:
    """The language of texts from a code.

    >>> short("zh-hans"), short("en")
    ('zh', 'en')
    """
    return "en" if language == "en" else "zh"


def conditions(pack: Pack, clause: Clause, language: str) -> list[str]:
    """The cases of a clause in words; one is enough."""
    if not clause.when:
        return [ALWAYS[short(language)]]
    return [case_in_words(pack, case, language) for case in clause.when]


def case_in_words(pack: Pack, case: Case, language: str) -> str:
    """All tests of a case."""
    tests = [test(pack.questions[name], values, language) for name, values in case.items()]
    return AND[short(language)].join(tests)


def test(question: Question, values: tuple[str, ...], language: str) -> str:
    """One test: the question and the answers that fit."""
    if question.kind == "number":
        unit = in_language(question, "unit", language)
        fitting = [f"{_limit(question, text)} {unit}" for text in values]
    else:
        fitting = [value_name(question, value, language) for value in values]
    name = in_language(question, "name", language)
    return f"{name}{COLON[short(language)]}{OR[short(language)].join(fitting)}"


def _limit(question: Question, text: str) -> str:
    found = question.as_limit(text)
    sign = found.sign.replace("<=", "≤").replace(">=", "≥")
    return f"{sign} {reading(question, found.steps)}"
