"""A FHIR R4 Questionnaire in JSON read into plain values, or refused with the item named."""

from collections.abc import Mapping
from typing import Any

from tongxin.questionnaires import extensions as ext
from tongxin.questionnaires import refusals
from tongxin.questionnaires.definition import (
    KINDS,
    TYPES,
    Condition,
    Item,
    Limits,
    Option,
    Questionnaire,
    Text,
    Value,
)
from tongxin.questionnaires.plain_json import NotPlain, read_json, require_plain
from tongxin.questionnaires.typed import is_text, is_well_made, typed_value
from tongxin.questionnaires.value_sets import ValueSets

MOST_ITEMS = 3000
DEEPEST = 20
MOST_OPTIONS = 2000
OPERATORS = {"exists", "=", "!=", ">", "<", ">=", "<="}
STATUSES = ("draft", "active", "retired", "unknown")  # no set: what comes may not be hashable


def read_questionnaire(data: bytes | str | Mapping[str, Any]) -> Questionnaire:
    """The questionnaire that the JSON holds.

    Raises:
        BrokenQuestionnaire: and its kinds, each naming the item by its linkId.
    """
    raw = _plain(data)
    if not isinstance(raw, dict) or raw.get("resourceType") != "Questionnaire":
        raise refusals.NotAQuestionnaire
    if raw.get("status", "draft") not in STATUSES:
        raise refusals.BadProperty(at="", name="status")
    for name in ("url", "version", "title", "name", "language", "description"):
        if name in raw and not is_text(raw[name]):
            raise refusals.BadProperty(at="", name=name)
    found = ext.extensions_of(raw)
    items = _Items(ValueSets(raw.get("contained"))).read(raw.get("item"), at="", depth=1)
    form = Questionnaire(
        url=raw.get("url", ""),
        version=raw.get("version", ""),
        title=ext.text_of(raw, "title") or Text(raw.get("name", "")),
        language=raw.get("language", ""),
        status=raw.get("status", "draft"),
        description=ext.text_of(raw, "description"),
        items=items,
        variables=ext.expressions(found, "variable", at=""),
        launch=_launch_names(found),
        constraints=ext.constraints(found, at=""),
        is_observation=ext.is_true(found, "sdc-questionnaire-observationExtract"),
        raw=raw,
    )
    for item in form.in_order:
        for condition in item.conditions:
            if condition.question not in form.by_link_id:
                raise refusals.UnknownQuestion(at=item.link_id, question=condition.question[:100])
    return form


def _plain(data: bytes | str | Mapping[str, Any]) -> Any:
    try:
        if isinstance(data, bytes | str):
            return read_json(data)
        require_plain(data)
    except NotPlain as error:
        raise refusals.NotAQuestionnaire from error
    return data


def _launch_names(found: ext.Extensions) -> tuple[str, ...]:
    names = []
    for one in found.get("sdc-questionnaire-launchContext", []):
        parts = one.get("extension")
        for part in parts if isinstance(parts, list) else []:
            if isinstance(part, Mapping) and part.get("url") == "name":
                coding = part.get("valueCoding")
                code = coding.get("code") if isinstance(coding, Mapping) else part.get("valueId")
                names.append(str(code))
    return tuple(names)


class _Items:
    """Reads items, counting them and keeping their linkIds apart."""

    def __init__(self, value_sets: ValueSets) -> None:
        self.value_sets = value_sets
        self.seen: set[str] = set()

    def read(self, listed: Any, *, at: str, depth: int) -> tuple[Item, ...]:
        if listed is None:
            return ()
        if not isinstance(listed, list):
            raise refusals.BadProperty(at=at, name="item")
        if depth > DEEPEST:
            raise refusals.TooLarge(at=at, most=DEEPEST, what="item/item")
        return tuple(
            self.one(node, at=f"{at}/item[{place}]", depth=depth)
            for place, node in enumerate(listed)
        )

    def one(self, node: Any, *, at: str, depth: int) -> Item:
        link_id = node.get("linkId") if isinstance(node, Mapping) else None
        if not is_text(link_id) or len(link_id) > 255:
            raise refusals.NoLinkId(at=at)
        if link_id in self.seen:
            raise refusals.LinkIdTwice(at=link_id)
        if len(self.seen) >= MOST_ITEMS:
            raise refusals.TooLarge(at=link_id, most=MOST_ITEMS, what="item")
        if not isinstance(node.get("type"), str) or node["type"] not in TYPES:
            raise refusals.UnknownType(at=link_id, type=str(node.get("type"))[:40])
        number = len(self.seen)
        self.seen.add(link_id)
        below = self.read(node.get("item"), at=link_id, depth=depth + 1)
        if below and node["type"] == "display":
            raise refusals.BadProperty(at=link_id, name="item")
        return self.made(node, link_id, number, below)

    def made(self, node: Any, link_id: str, number: int, below: tuple[Item, ...]) -> Item:
        found = ext.extensions_of(node)
        value_set = _string(node, "answerValueSet", at=link_id)
        options = _options(node, at=link_id) or self.value_sets.options(value_set)
        return Item(
            link_id=link_id,
            type=node["type"],
            number=number,
            text=_text(node, at=link_id),
            prefix=_string(node, "prefix", at=link_id),
            codes=_codes(node, at=link_id),
            is_required=_flag(node, "required", at=link_id),
            repeats=_flag(node, "repeats", at=link_id),
            is_read_only=_flag(node, "readOnly", at=link_id),
            is_hidden=ext.is_true(found, "questionnaire-hidden"),
            limits=_limits(node, found, at=link_id),
            options=options,
            value_set="" if options else value_set,
            initial=_initial(node, options, at=link_id),
            units=_units(found, at=link_id),
            conditions=_conditions(node, at=link_id),
            any_condition=_any_condition(node, at=link_id),
            items=below,
            constraints=ext.constraints(found, at=link_id),
            **_looks(found),
            **_behaviour(found, at=link_id),
        )


def _looks(found: ext.Extensions) -> dict[str, Any]:
    link = ext.words(found, "questionnaire-supportLink")
    orientation = ext.value_of(found, "questionnaire-choiceOrientation", "Code")
    return {
        "controls": ext.codes(found, "questionnaire-itemControl"),
        "is_horizontal": orientation == "horizontal",
        "entry_format": ext.words(found, "entryFormat"),
        "support_link": link if link.startswith(("https://", "http://")) else "",
        "open_label": Text(ext.words(found, "sdc-questionnaire-openLabel")),
        "is_observation": ext.said(found, "sdc-questionnaire-observationExtract"),
    }


def _behaviour(found: ext.Extensions, *, at: str) -> dict[str, Any]:
    names = {
        "enabled_by": "enableWhenExpression",
        "calculated": "calculatedExpression",
        "initial_by": "initialExpression",
        "options_by": "answerExpression",
        "context_by": "itemPopulationContext",
    }
    read = {
        name: ext.expression(found, f"sdc-questionnaire-{url}", at=at)
        for name, url in names.items()
    }
    return {**read, "variables": ext.expressions(found, "variable", at=at)}


def _text(node: Mapping[str, Any], *, at: str) -> Text:
    if not isinstance(node.get("text", ""), str):
        raise refusals.BadProperty(at=at, name="text")
    return ext.text_of(node, "text")


def _string(node: Mapping[str, Any], name: str, *, at: str) -> str:
    value = node.get(name, "")
    if not isinstance(value, str):
        raise refusals.BadProperty(at=at, name=name)
    return value


def _flag(node: Mapping[str, Any], name: str, *, at: str) -> bool:
    value = node.get(name, False)
    if not isinstance(value, bool):
        raise refusals.BadProperty(at=at, name=name)
    return value


def _codes(node: Mapping[str, Any], *, at: str) -> tuple[Mapping[str, Any], ...]:
    listed = node.get("code", [])
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise refusals.BadProperty(at=at, name="code")
    return tuple(listed)


def _options(node: Mapping[str, Any], *, at: str) -> tuple[Option, ...]:
    listed = node.get("answerOption", [])
    if not isinstance(listed, list):
        raise refusals.BadProperty(at=at, name="answerOption")
    if len(listed) > MOST_OPTIONS:
        raise refusals.TooLarge(at=at, most=MOST_OPTIONS, what="answerOption")
    return tuple(_option(one, at=at) for one in listed)


def _option(node: Any, *, at: str) -> Option:
    value = typed_value(node)
    if value is None or value.kind not in {*KINDS.values()}:
        raise refusals.BadProperty(at=at, name="answerOption")
    found = ext.extensions_of(node)
    if value.kind == "Coding":
        shown = ext.text_of(value.value, "display") or Text(value.value.get("code", ""))
    else:
        shown = ext.text_of(node, f"value{value.kind}") or Text(_written(value))
    coding = value.value if value.kind == "Coding" else {}
    score = ext.ordinal(node)
    return Option(
        value=value,
        text=shown,
        prefix=ext.words(found, "questionnaire-optionPrefix"),
        ordinal=ext.ordinal(coding) if score is None else score,
        is_exclusive=ext.is_true(found, "questionnaire-optionExclusive"),
        is_initial=node.get("initialSelected") is True,
    )


def _written(value: Value) -> str:
    if isinstance(value.value, Mapping):
        return str(value.value.get("display") or value.value.get("reference") or "")
    return str(value.value)


def _initial(node: Mapping[str, Any], options: tuple[Option, ...], *, at: str) -> tuple[Value, ...]:
    listed = node.get("initial", [])
    if not isinstance(listed, list):
        raise refusals.BadProperty(at=at, name="initial")
    values = [typed_value(one) for one in listed]
    if any(value is None for value in values):
        raise refusals.BadProperty(at=at, name="initial")
    return (*values, *(option.value for option in options if option.is_initial))


def _units(found: ext.Extensions, *, at: str) -> tuple[Mapping[str, Any], ...]:
    names = ("questionnaire-unitOption", "questionnaire-unit")
    listed = [one.get("valueCoding") for name in names for one in found.get(name, [])]
    if not all(is_well_made(Value("Coding", one)) for one in listed):
        raise refusals.BadProperty(at=at, name="unit")
    kept = {str(one.get("code") or one.get("display")): one for one in reversed(listed)}
    return tuple(reversed(kept.values()))


def _conditions(node: Mapping[str, Any], *, at: str) -> tuple[Condition, ...]:
    listed = node.get("enableWhen", [])
    if not isinstance(listed, list) or len(listed) > MOST_OPTIONS:
        raise refusals.BadProperty(at=at, name="enableWhen")
    return tuple(_condition(one, at=at) for one in listed)


def _condition(node: Any, *, at: str) -> Condition:
    value = typed_value(node, "answer")
    question = node.get("question") if isinstance(node, Mapping) else None
    operator = node.get("operator", "=") if isinstance(node, Mapping) else None
    readable = isinstance(question, str) and isinstance(operator, str) and operator in OPERATORS
    if not readable or value is None or (operator == "exists" and value.kind != "Boolean"):
        raise refusals.BadProperty(at=at, name="enableWhen")
    return Condition(question, operator, value)


def _any_condition(node: Mapping[str, Any], *, at: str) -> bool:
    behaviour = node.get("enableBehavior", "all")
    if behaviour not in ("all", "any"):
        raise refusals.BadProperty(at=at, name="enableBehavior")
    return behaviour == "any"


def _limits(node: Mapping[str, Any], found: ext.Extensions, *, at: str) -> Limits:
    quantities = ("sdc-questionnaire-minQuantity", "sdc-questionnaire-maxQuantity")
    return Limits(
        min_value=_bound(found, ("minValue", quantities[0]), at=at),
        max_value=_bound(found, ("maxValue", quantities[1]), at=at),
        min_length=_count(ext.value_of(found, "minLength", "Integer"), "minLength", at=at),
        max_length=_count(node.get("maxLength"), "maxLength", at=at),
        max_decimal_places=_count(
            ext.value_of(found, "maxDecimalPlaces", "Integer"), "maxDecimalPlaces", at=at
        ),
        min_occurs=_count(
            ext.value_of(found, "questionnaire-minOccurs", "Integer"), "minOccurs", at=at
        ),
        max_occurs=_count(
            ext.value_of(found, "questionnaire-maxOccurs", "Integer"), "maxOccurs", at=at
        ),
        regex=ext.words(found, "regex"),
    )


def _bound(found: ext.Extensions, names: tuple[str, ...], *, at: str) -> Value | None:
    for name in names:
        for one in found.get(name, []):
            value = typed_value(one)
            if value is None:
                raise refusals.BadProperty(at=at, name=name)
            return value
    return None


def _count(value: Any, name: str, *, at: str) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value < 2**31:
        raise refusals.BadProperty(at=at, name=name)
    return value
