"""What is wrong with answers: a list of problems, each with its item and words for the person."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tongxin.questionnaires.answers import Given, Tree
from tongxin.questionnaires.definition import Constraint, Item, Option, Text, Value
from tongxin.questionnaires.evaluation import Evaluation
from tongxin.questionnaires.expressions import is_tame, truth
from tongxin.questionnaires.typed import compare, is_well_made, same, unit_of
from tongxin.refusal import noop

LONGEST_MATCHED = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. ``says`` is to be translated and filled with ``facts``."""

    path: str
    link_id: str
    says: str
    facts: dict[str, Any] = field(default_factory=dict)
    human: Text = Text()
    is_error: bool = True
    place: int = 0  # ``id`` of the `Given` it stands beside; 0 for the whole form


EMPTY = noop("Answer this question.")
EMPTY_GROUP = noop("Answer something in this part.")
WRONG_KIND = {
    "Integer": noop("Enter a whole number, such as 3."),
    "Decimal": noop("Enter a number, such as 37.5."),
    "Quantity": noop("Enter a number, such as 37.5, and choose its unit."),
    "Date": noop("Enter a day that exists, such as 2020-03-20."),
    "DateTime": noop("Enter a day and a time."),
    "Time": noop("Enter a time, such as 07:30."),
    "Uri": noop("Enter an address without spaces, such as https://example.org."),
    "Coding": noop("Choose one of the answers."),
    "Attachment": noop("Choose a file of at most 500 kB."),
}
WRONG = noop("This answer cannot be read.")
TOO_SHORT = noop("Enter at least {least} characters.")
TOO_LONG = noop("Enter at most {most} characters.")
TOO_SMALL = noop("Enter {least} or more.")
TOO_BIG = noop("Enter {most} or less.")
TOO_EARLY = noop("Enter {least} or later.")
TOO_LATE = noop("Enter {most} or earlier.")
TOO_FINE = noop("Enter at most {most} digits behind the point.")
NO_DIGITS = noop("Enter a number without a fraction.")
TOO_FEW = noop("Give at least {least} answers.")
TOO_MANY = noop("Give at most {most} answers.")
NOT_OFFERED = noop("Choose one of the answers that are offered.")
WRONG_UNIT = noop("Choose one of the units that are offered.")
WRONG_FORM = noop("This is not written as it is asked for.")
NOT_TOGETHER = noop("“{option}” cannot be chosen together with other answers.")
BROKEN_RULE = noop("These answers do not fit together ({key}).")


def problems(evaluation: Evaluation) -> list[Problem]:
    """Everything to mend in answers that are at rest, in the order of the form."""
    found = list(_level(evaluation, evaluation.tree, ""))
    for constraint in evaluation.form.constraints:
        if truth(evaluation.find(constraint.expression)) is False:
            found.append(_broken(constraint, "/", "", 0))
    return found


def _level(evaluation: Evaluation, tree: Tree, above: str) -> Iterator[Problem]:
    counts: dict[str, int] = {}
    for given in tree:
        if given.item.type == "display" or not given.is_enabled:
            continue
        place = counts[given.item.link_id] = counts.get(given.item.link_id, -1) + 1
        path = f"{above}/{given.item.link_id}" + (f"[{place}]" if place else "")
        if place == 0 and given.item.type == "group":
            yield from _repetitions(given, tree, path)
        yield from _one(evaluation, given, path)
        yield from _level(evaluation, given.items, path)
        for reply in given.replies:
            yield from _level(evaluation, reply.items, path)


def _repetitions(given: Given, tree: Tree, path: str) -> Iterator[Problem]:
    same_item = [one for one in tree if one.item.link_id == given.item.link_id]
    count = sum(one.is_answered for one in same_item)
    yield from _counted(given, count, path)


def _counted(given: Given, count: int, path: str) -> Iterator[Problem]:
    limits = given.item.limits
    least = limits.min_occurs or 0
    if least > 1 and count < least and (count or given.item.is_required):
        yield _problem(given, path, TOO_FEW, least=least)
    if limits.max_occurs is not None and count > limits.max_occurs:
        yield _problem(given, path, TOO_MANY, most=limits.max_occurs)


def _one(evaluation: Evaluation, given: Given, path: str) -> Iterator[Problem]:
    item = given.item
    if item.is_required and not given.is_answered and not item.is_hidden:
        yield _problem(given, path, EMPTY if item.is_question else EMPTY_GROUP)
        return
    if item.is_question:
        yield from _question(evaluation, given, path)
    for constraint in item.constraints:
        if truth(evaluation.find(constraint.expression, given)) is False:
            yield _broken(constraint, path, item.link_id, id(given))


def _question(evaluation: Evaluation, given: Given, path: str) -> Iterator[Problem]:
    values = given.values
    yield from _counted(given, len(values), path)
    options = evaluation.options(given) if values and given.item.is_choice else ()
    for value in values:
        fault = fault_of(given.item, value, options)
        if fault:
            yield _problem(given, path, fault[0], **fault[1])
            return
    for option in options:
        if option.is_exclusive and len(values) > 1 and any(same(option.value, v) for v in values):
            yield _problem(given, path, NOT_TOGETHER, option=option.text)


Fault = tuple[str, dict[str, Any]] | None


def fault_of(item: Item, value: Value, options: tuple[Option, ...] = ()) -> Fault:
    """What is wrong with one answer by itself: words and facts; None where it is right."""
    if value.kind not in item.kinds or not is_well_made(value):
        return WRONG_KIND.get(next(iter(item.kinds), ""), WRONG), {}
    if item.is_choice:
        return _choice_fault(item, value, options)
    return (
        _length_fault(item, value)
        or _range_fault(item, value)
        or _number_fault(item, value)
        or _unit_fault(item, value)
    )


def _choice_fault(item: Item, value: Value, options: tuple[Option, ...]) -> Fault:
    if not options or any(same(option.value, value) for option in options):
        return None
    is_own_words = item.type == "open-choice" and (
        value.kind == "String" or not value.value.get("code")
    )
    return None if is_own_words else (NOT_OFFERED, {})


def _length_fault(item: Item, value: Value) -> Fault:
    if value.kind not in {"String", "Uri"}:
        return None
    limits, length = item.limits, len(value.value)
    if limits.min_length and length < limits.min_length:
        return TOO_SHORT, {"least": limits.min_length}
    if limits.max_length is not None and length > limits.max_length:
        return TOO_LONG, {"most": limits.max_length}
    pattern = limits.regex
    if pattern and length <= LONGEST_MATCHED and is_tame(pattern):
        return None if re.fullmatch(pattern, value.value) else (WRONG_FORM, {})
    return None


def _range_fault(item: Item, value: Value) -> Fault:
    least, most = item.limits.min_value, item.limits.max_value
    is_time = value.kind in {"Date", "DateTime", "Time"}
    if least and compare(*_comparable(value, least)) == -1:
        return TOO_EARLY if is_time else TOO_SMALL, {"least": _written(least)}
    if most and compare(*_comparable(value, most)) == 1:
        return TOO_LATE if is_time else TOO_BIG, {"most": _written(most)}
    return None


def _comparable(value: Value, bound: Value) -> tuple[Value, Value]:
    """A quantity against a plain number is compared by its number."""
    if value.kind == "Quantity" and bound.kind in {"Decimal", "Integer"}:
        return Value("Decimal", value.value["value"]), bound
    return value, bound


def _written(value: Value) -> str:
    if value.kind == "Quantity":
        shown = value.value.get("unit") or value.value.get("code") or ""
        return f"{value.value['value']} {shown}".strip()
    return str(value.value)


def _number_fault(item: Item, value: Value) -> Fault:
    most = item.limits.max_decimal_places
    number = value.value.get("value") if value.kind == "Quantity" else value.value
    if most is None or value.kind not in {"Decimal", "Quantity"}:
        return None
    digits = len(f"{number:.12f}".rstrip("0").partition(".")[2])
    if digits <= most:
        return None
    return (TOO_FINE, {"most": most}) if most else (NO_DIGITS, {})


def _unit_fault(item: Item, value: Value) -> Fault:
    if value.kind != "Quantity" or not item.units:
        return None
    offered = {one.get("code") or one.get("display") for one in item.units}
    offered |= {one.get("display") for one in item.units}
    return None if unit_of(value.value) in offered else (WRONG_UNIT, {})


def _broken(constraint: Constraint, path: str, link_id: str, place: int) -> Problem:
    return Problem(
        path,
        link_id,
        BROKEN_RULE,
        {"key": constraint.key},
        constraint.human,
        constraint.is_error,
        place,
    )


def _problem(given: Given, path: str, says: str, **facts: Any) -> Problem:
    return Problem(path, given.item.link_id, says, facts, place=id(given))
