"""What becomes of a questionnaire that is brought in: what is supported, what is carried along."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tongxin.questionnaires.definition import Expression, Item, Questionnaire
from tongxin.questionnaires.enabling import circles
from tongxin.questionnaires.expressions import ExpressionFailed, is_tame, parsed
from tongxin.refusal import noop

UNDERSTOOD = {
    "minValue",
    "maxValue",
    "minLength",
    "maxDecimalPlaces",
    "entryFormat",
    "regex",
    "variable",
    "translation",
    "ordinalValue",
    "itemWeight",
    "targetConstraint",
    "rendering-xhtml",
    "rendering-style",
    *(
        f"questionnaire-{name}"
        for name in [
            "unit",
            "unitOption",
            "minOccurs",
            "maxOccurs",
            "hidden",
            "itemControl",
            "optionExclusive",
            "optionPrefix",
            "choiceOrientation",
            "supportLink",
            "constraint",
        ]
    ),
    *(
        f"sdc-questionnaire-{name}"
        for name in [
            "enableWhenExpression",
            "calculatedExpression",
            "initialExpression",
            "answerExpression",
            "observationExtract",
            "launchContext",
            "openLabel",
            "minQuantity",
            "maxQuantity",
        ]
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: translatable words, its facts, whether it stops publication."""

    says: str
    facts: dict[str, Any]
    is_error: bool = False


def report(form: Questionnaire) -> list[Line]:
    """What the person who brings a form in should know, the gravest first."""
    lines = [
        Line(noop("{at}: this expression cannot be read: {text}"), {"at": at, "text": text}, True)
        for at, text in broken_expressions(form)
    ]
    lines += [
        Line(noop("{at}: whether it is asked depends on itself."), {"at": at})
        for at in circles(form)
    ]
    for item in form.in_order:
        lines += list(_of_item(item))
    for name, count in sorted(_carried(form).items()):
        facts = {"name": name, "count": count}
        lines.append(Line(noop("{name} ({count} times) is kept, but changes nothing here."), facts))
    counts = {"items": len(form.in_order), "languages": ", ".join(sorted(form.languages)) or "–"}
    lines.append(Line(noop("{items} items; languages: {languages}"), counts))
    return lines


def broken_expressions(form: Questionnaire) -> list[tuple[str, str]]:
    """linkId and text of every FHIRPath expression that cannot be read."""
    return [
        (at, expression.text)
        for at, expression in all_expressions(form)
        if expression.is_fhirpath and not _can_be_read(expression.text)
    ]


def all_expressions(form: Questionnaire) -> Iterator[tuple[str, Expression]]:
    """Every expression with the linkId it stands at."""
    for one in [*form.variables, *(c.expression for c in form.constraints)]:
        yield "/", one
    for item in form.in_order:
        single = [item.enabled_by, item.calculated, item.initial_by, item.options_by]
        listed = [*item.variables, *(c.expression for c in item.constraints)]
        for one in [*single, item.context_by, *listed]:
            if one is not None:
                yield item.link_id, one


def _can_be_read(text: str) -> bool:
    try:
        parsed(text)
    except ExpressionFailed:
        return False
    return True


def _of_item(item: Item) -> Iterator[Line]:
    facts = {"at": item.link_id}
    if item.value_set:
        words = noop("{at}: the value set {name} is not inside; people write their answer.")
        yield Line(words, {**facts, "name": item.value_set})
    if item.context_by:
        yield Line(noop("{at}: repetitions are not made from a population context."), facts)
    if item.limits.regex and not is_tame(item.limits.regex):
        yield Line(noop("{at}: its pattern could take for ever and is not checked."), facts)
    if item.type == "reference":
        yield Line(noop("{at}: a reference is typed; nothing is looked up."), facts)


def _carried(form: Questionnaire) -> Counter[str]:
    """Extensions that are kept in the JSON and not understood, by name."""
    found: Counter[str] = Counter()
    waiting: list[Any] = [{key: one for key, one in form.raw.items() if key != "contained"}]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            found.update(_names(node.get("extension")))
            waiting.extend(one for key, one in node.items() if key != "extension")
        elif isinstance(node, list):
            waiting.extend(node)
    return found


def _names(extensions: Any) -> Iterator[str]:
    """Names of those that are not understood."""
    for one in extensions if isinstance(extensions, list) else []:
        url = one.get("url") if isinstance(one, dict) else None
        if isinstance(url, str):
            name = url.rpartition("/")[2] or url
            if name not in UNDERSTOOD and not name.startswith("structuredefinition"):
                yield name[:80]
