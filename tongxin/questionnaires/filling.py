"""The page of a form: its answers evaluated, its problems beside their fields and in a summary."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from tongxin.questionnaires.answers import walk
from tongxin.questionnaires.browser_rules import has_rules, rules_for_browser
from tongxin.questionnaires.checking import WRONG, WRONG_KIND, Problem, problems
from tongxin.questionnaires.evaluation import Evaluation
from tongxin.questionnaires.models import Questionnaire
from tongxin.questionnaires.rendering import Piece, Shown, render
from tongxin.questionnaires.wording import in_words


@dataclass(slots=True)
class Filled:
    """Answers as a page holds them, and what is wrong with them so far."""

    evaluation: Evaluation
    mistyped: dict[int, list[str]] = field(default_factory=dict)
    found: list[Problem] = field(default_factory=list)

    def check(self, *, is_final: bool) -> "Filled":
        """Find problems; before the end an empty answer is none yet."""
        mistyped = [
            Problem(
                given.item.link_id,
                given.item.link_id,
                WRONG_KIND.get(next(iter(given.item.kinds), ""), WRONG),
                place=id(given),
            )
            for given in walk(self.evaluation.tree)
            if id(given) in self.mistyped and given.is_enabled
        ]
        known = {problem.place for problem in mistyped}
        answered = {id(given) for given in walk(self.evaluation.tree) if given.is_answered}
        others = [
            problem
            for problem in problems(self.evaluation)
            if problem.place not in known and (is_final or problem.place in answered)
        ]
        self.found = mistyped + others
        return self

    @property
    def is_complete(self) -> bool:
        return not any(problem.is_error for problem in self.found)


def page_facts(row: Questionnaire, filled: Filled, language: str) -> dict[str, Any]:
    """What the template of a form shows."""
    errors: dict[int, list[str]] = {}
    for problem in filled.found:
        errors.setdefault(problem.place, []).append(in_words(problem, language))
    form = filled.evaluation.form
    is_live = has_rules(form)
    shown = render(
        filled.evaluation,
        language=language,
        errors=errors,
        mistyped=filled.mistyped,
        with_unasked=is_live,
    )
    at = filled.evaluation.at
    return {
        "slug": row.slug,
        "version": row.version,
        "title": form.title.in_language(language) or row.title,
        "description": form.description.in_language(language),
        "language": language,
        "shown": shown,
        "rules": rules_for_browser(form, language=language, at=at) if is_live else None,
        "summary": summary(shown, errors.get(0, [])),
    }


def summary(shown: Shown, general: list[str]) -> list[dict[str, str]]:
    """One line for each error, with the field to jump to."""
    lines = [{"name": "", "label": "", "error": error} for error in general]
    return lines + [
        {"name": piece.name, "label": _short(piece), "error": error}
        for piece in shown.pieces
        for error in piece.errors
    ]


def _short(piece: Piece) -> str:
    label = piece.label or gettext("This part")
    return label if len(label) <= 80 else f"{label[:79]}…"
