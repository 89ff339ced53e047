"""The extensions of FHIR's core and of SDC that say how a form behaves, by their short names."""

from collections.abc import Mapping
from typing import Any

from tongxin.questionnaires.definition import Constraint, Expression, Text
from tongxin.questionnaires.refusals import BadProperty, TooLarge
from tongxin.questionnaires.typed import is_number

CORE = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
LONGEST_EXPRESSION = 4000
DEEPEST_EXPRESSION = 40

Extensions = dict[str, list[Mapping[str, Any]]]


def extensions_of(node: Mapping[str, Any]) -> Extensions:
    """The extensions of a node, by the last part of their address; of other publishers none."""
    found: Extensions = {}
    listed = node.get("extension")
    for one in listed if isinstance(listed, list) else []:
        url = one.get("url") if isinstance(one, Mapping) else None
        if isinstance(url, str) and url.startswith((CORE, SDC)):
            found.setdefault(url.rpartition("/")[2], []).append(one)
    return found


def value_of(found: Extensions, name: str, kind: str) -> Any:
    """The one value of an extension, None where it is absent or of another kind."""
    for one in found.get(name, []):
        if f"value{kind}" in one:
            return one[f"value{kind}"]
    return None


def is_true(found: Extensions, name: str) -> bool:
    return value_of(found, name, "Boolean") is True


def said(found: Extensions, name: str) -> bool | None:
    """True or false where the extension says so, else None."""
    value = value_of(found, name, "Boolean")
    return value if isinstance(value, bool) else None


def words(found: Extensions, name: str) -> str:
    """The value of an extension that holds words."""
    for kind in ("String", "Markdown", "Uri", "Url"):
        value = value_of(found, name, kind)
        if isinstance(value, str):
            return value
    return ""


def codes(found: Extensions, name: str) -> frozenset[str]:
    """Every code of an extension that holds a concept."""
    return frozenset(
        coding["code"]
        for one in found.get(name, [])
        for coding in _list(_mapping(one.get("valueCodeableConcept")).get("coding"))
        if isinstance(coding, Mapping) and isinstance(coding.get("code"), str)
    )


def ordinal(node: Mapping[str, Any]) -> float | None:
    """The score of an option, as R4 writes it or as R5 does."""
    found = extensions_of(node)
    for name in ("ordinalValue", "itemWeight"):
        value = value_of(found, name, "Decimal")
        if is_number(value):
            return value
    return None


def text_of(node: Mapping[str, Any], name: str) -> Text:
    """The words of a property with the translations beside it."""
    plain = node.get(name)
    if not isinstance(plain, str):
        return Text()
    beside = extensions_of(_mapping(node.get(f"_{name}")))
    translations = {}
    for one in beside.get("translation", []):
        parts = {
            part.get("url"): part.get("valueCode", part.get("valueString"))
            for part in _list(one.get("extension"))
            if isinstance(part, Mapping) and isinstance(part.get("url"), str)
        }
        if isinstance(parts.get("lang"), str) and isinstance(parts.get("content"), str):
            translations[parts["lang"].lower()] = parts["content"]
    return Text(plain, translations)


def expression(found: Extensions, name: str, *, at: str) -> Expression | None:
    """The first expression under this name."""
    return next(iter(expressions(found, name, at=at)), None)


def expressions(found: Extensions, name: str, *, at: str) -> tuple[Expression, ...]:
    """Every expression under this name, in order. Raises `BadProperty`, `TooLarge`."""
    return tuple(
        _expression(_mapping(one.get("valueExpression")), name, at=at)
        for one in found.get(name, [])
    )


def _expression(node: Mapping[str, Any], name: str, *, at: str) -> Expression:
    text, language = node.get("expression"), node.get("language", "text/fhirpath")
    label = node.get("name", "")
    if not all(isinstance(one, str) for one in (text, language, label)) or not text.strip():
        raise BadProperty(at=at, name=name)
    return Expression(bounded(text, at=at), language, label)


def bounded(text: str, *, at: str) -> str:
    """An expression that is neither too long nor too deeply nested to be read."""
    if len(text) > LONGEST_EXPRESSION:
        raise TooLarge(at=at, most=LONGEST_EXPRESSION, what="expression")
    depth = deepest = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, depth)
    if deepest > DEEPEST_EXPRESSION:
        raise TooLarge(at=at, most=DEEPEST_EXPRESSION, what="( )")
    return text


def constraints(found: Extensions, *, at: str) -> tuple[Constraint, ...]:
    """R4's ``questionnaire-constraint`` and R5's ``targetConstraint``."""
    listed = [*found.get("questionnaire-constraint", []), *found.get("targetConstraint", [])]
    return tuple(_constraint(one, at=at) for one in listed)


def _constraint(one: Mapping[str, Any], *, at: str) -> Constraint:
    parts = {
        part["url"]: part
        for part in _list(one.get("extension"))
        if isinstance(part, Mapping) and isinstance(part.get("url"), str)
    }
    written = parts.get("expression", {})
    node = written.get("valueExpression") or {"expression": written.get("valueString")}
    key = next((v for v in parts.get("key", {}).values() if isinstance(v, str) and v != "key"), "")
    return Constraint(
        key=key,
        is_error=parts.get("severity", {}).get("valueCode", "error") == "error",
        expression=_expression(_mapping(node), "constraint", at=at),
        human=text_of(parts.get("human", {}), "valueString"),
    )


def _mapping(node: Any) -> Mapping[str, Any]:
    return node if isinstance(node, Mapping) else {}


def _list(node: Any) -> list[Any]:
    return node if isinstance(node, list) else []
