"""Observations from answers (SDC ``observationExtract``): one for each answer, with its code."""

from collections.abc import Iterator, Mapping
from typing import Any

from tongxin.questionnaires.answers import Given, Tree
from tongxin.questionnaires.definition import Item, Option, Questionnaire, Value
from tongxin.questionnaires.evaluation import unit_parts
from tongxin.questionnaires.extensions import CORE
from tongxin.questionnaires.typed import same


def observations(
    form: Questionnaire,
    tree: Tree,
    *,
    effective: str,
    subject: str = "",
    derived_from: str = "",
) -> list[dict[str, Any]]:
    """FHIR R4 Observations of what is enabled, answered, coded and marked for extraction.

    Args:
        effective: FHIR dateTime of the answers.
        subject: reference of the person, such as Patient/7.
        derived_from: reference of the QuestionnaireResponse.
    """
    general: dict[str, Any] = {"effectiveDateTime": effective}
    if subject:
        general["subject"] = {"reference": subject}
    if derived_from:
        general["derivedFrom"] = [{"reference": derived_from}]
    return [
        {"resourceType": "Observation", "status": "final", "code": _code(item), **general, **value}
        for item, value in _found(tree, form.is_observation)
    ]


def _found(tree: Tree, inherited: bool) -> Iterator[tuple[Item, dict[str, Any]]]:
    for given in tree:
        if not given.is_enabled:
            continue
        item = given.item
        marked = inherited if item.is_observation is None else item.is_observation
        if marked and item.codes:
            for value in _values(given):
                yield item, value
        yield from _found(given.items, marked)
        for reply in given.replies:
            yield from _found(reply.items, marked)


def _values(given: Given) -> list[dict[str, Any]]:
    found = [observed(given.item, value) for value in given.values]
    return [value for value in found if value]


def observed(item: Item, value: Value) -> dict[str, Any]:
    """The ``value[x]`` of an Observation for one answer; empty where R4 has none for it."""
    plain = value.value
    if value.kind == "Coding":
        return {"valueCodeableConcept": {"coding": [_scored(item.options, value)]}}
    if value.kind == "Quantity":
        return {"valueQuantity": plain}
    if value.kind in {"Decimal", "Integer"} and (item.units or value.kind == "Decimal"):
        unit = unit_parts(item.units[0]) if item.units else {}
        return {"valueQuantity": {"value": plain, **unit}}
    names = {"Integer": "Integer", "Boolean": "Boolean", "String": "String", "Time": "Time"}
    names |= {"Uri": "String", "Date": "DateTime", "DateTime": "DateTime"}
    return {f"value{names[value.kind]}": plain} if value.kind in names else {}


def _scored(options: tuple[Option, ...], value: Value) -> Mapping[str, Any]:
    """The coding with the score of its option."""
    for option in options:
        if option.ordinal is not None and same(option.value, value):
            score = {"url": f"{CORE}ordinalValue", "valueDecimal": option.ordinal}
            return {**value.value, "extension": [score]}
    return value.value


def _code(item: Item) -> dict[str, Any]:
    code: dict[str, Any] = {"coding": list(item.codes)}
    return {**code, "text": item.text.plain} if item.text else code
