"""Problems in words for the person, in their language."""

from typing import Any

from django.utils.translation import gettext

from tongxin.questionnaires.checking import Problem
from tongxin.questionnaires.definition import Text


def in_words(problem: Problem, language: str) -> str:
    """The form's own words where it has some, else ours."""
    if problem.human:
        return problem.human.in_language(language)
    facts = {name: _fact(fact, language) for name, fact in problem.facts.items()}
    return gettext(problem.says).format(**facts)


def _fact(fact: Any, language: str) -> Any:
    return fact.in_language(language) if isinstance(fact, Text) else fact
