"""What a page needs to decide in the browser what is asked, and to calculate and check.

The browser's result is a convenience: the server decides again when answers are sent.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from tongxin.questionnaires import checking
from tongxin.questionnaires.definition import (
    Constraint,
    Expression,
    Item,
    Limits,
    Questionnaire,
    Value,
)
from tongxin.questionnaires.evaluation import unit_parts
from tongxin.questionnaires.expressions import is_tame, names

WORDS = {
    "tooShort": checking.TOO_SHORT,
    "tooLong": checking.TOO_LONG,
    "tooSmall": checking.TOO_SMALL,
    "tooBig": checking.TOO_BIG,
    "tooEarly": checking.TOO_EARLY,
    "tooLate": checking.TOO_LATE,
    "tooFine": checking.TOO_FINE,
    "noDigits": checking.NO_DIGITS,
    "tooMany": checking.TOO_MANY,
    "wrongForm": checking.WRONG_FORM,
    "notTogether": checking.NOT_TOGETHER,
    "brokenRule": checking.BROKEN_RULE,
    "wrong": checking.WRONG,
}


def has_rules(form: Questionnaire) -> bool:
    """Whether anything on the page depends on what is answered."""
    return bool(form.constraints) or any(
        item.conditions
        or item.enabled_by
        or item.calculated
        or item.constraints
        or item.limits != Limits()
        for item in form.in_order
    )


def rules_for_browser(form: Questionnaire, *, language: str, at: datetime) -> dict[str, Any]:
    """The form as plain JSON of what behaves; `frontend/src/form-tree.ts` reads it.

    Args:
        at: its offset from UTC is that of what people type without one.
    """
    expressions = [*_all_expressions(form)]
    found = {
        "canonical": form.canonical,
        "offset": at.isoformat()[-6:],
        "items": [_item(item, language) for item in form.items],
        "variables": _variables(form.variables),
        "launch": list(form.launch),
        "constraints": _constraints(form.constraints, language),
        "hasExpressions": any(one.is_fhirpath for one in expressions),
        "needsServer": any(_needs_server(item) for item in form.in_order),
        "words": {name: gettext(says) for name, says in WORDS.items()}
        | {f"wrong{kind}": gettext(says) for kind, says in checking.WRONG_KIND.items()},
    }
    if any("questionnaire" in names(one.text) for one in expressions):
        found["raw"] = form.raw
    return _said(found)


def _needs_server(item: Item) -> bool:
    """Questions below an answer, and answers to choose that are computed, come from the server."""
    below = item.is_question and any(one.type != "display" for one in item.items)
    return below or item.options_by is not None


def _all_expressions(form: Questionnaire) -> list[Expression]:
    found = [*form.variables, *(one.expression for one in form.constraints)]
    for item in form.in_order:
        found += [one for one in (item.enabled_by, item.calculated) if one]
        found += [*item.variables, *(one.expression for one in item.constraints)]
    return found


def _item(item: Item, language: str) -> dict[str, Any]:
    enabled = item.enabled_by
    found: dict[str, Any] = {
        "linkId": item.link_id,
        "number": item.number,
        "type": item.type,
        "repeats": item.may_repeat,
        "hidden": item.is_hidden,
        "fixed": bool(item.is_read_only or item.calculated),
        "options": [[*option.value] for option in item.options],
        "exclusive": _exclusive(item, language),
        "labels": _labels(item, language),
        "hasSet": bool(item.value_set),
        "computedOptions": item.options_by is not None,
        "units": [unit_parts(unit) for unit in item.units],
        "initial": [[*value] for value in item.initial] if item.is_hidden else [],
        "conditions": [[one.question, one.operator, [*one.value]] for one in item.conditions],
        "any": item.any_condition,
        "enabledBy": enabled.text if enabled and enabled.is_fhirpath else "",
        "variables": _variables(item.variables),
        "constraints": _constraints(item.constraints, language),
        "limits": _limits(item.limits),
        "items": [_item(below, language) for below in item.items],
    }
    if item.calculated:
        found["calculated"] = item.calculated.text if item.calculated.is_fhirpath else "{}"
    return _said(found)


def _said(found: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty or false: it is the same to the reader, and most of the bytes."""
    return {
        name: one for name, one in found.items() if one is not False and one not in ([], {}, "")
    }


def _exclusive(item: Item, language: str) -> list[list[Any]]:
    return [
        [place, option.text.in_language(language)]
        for place, option in enumerate(item.options)
        if option.is_exclusive
    ]


def _labels(item: Item, language: str) -> list[str]:
    """The words of options, where a calculated one is shown by its words."""
    if not (item.is_read_only or item.calculated):
        return []
    return [option.text.in_language(language) for option in item.options]


def _variables(listed: tuple[Expression, ...]) -> list[list[str]]:
    """Name and text; a text in another language finds nothing, as on the server."""
    return [[one.name, one.text if one.is_fhirpath else "{}"] for one in listed]


def _constraints(listed: tuple[Constraint, ...], language: str) -> list[dict[str, Any]]:
    return [
        {
            "key": one.key,
            "text": one.expression.text,
            "human": one.human.in_language(language),
            "isError": one.is_error,
        }
        for one in listed
        if one.expression.is_fhirpath
    ]


def _limits(limits: Limits) -> Mapping[str, Any]:
    found = {
        "minValue": _value(limits.min_value),
        "maxValue": _value(limits.max_value),
        "minLength": limits.min_length,
        "maxLength": limits.max_length,
        "maxDecimalPlaces": limits.max_decimal_places,
        "maxOccurs": limits.max_occurs,
        "regex": limits.regex if limits.regex and is_tame(limits.regex) else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _value(value: Value | None) -> list[Any] | None:
    return [*value] if value else None
