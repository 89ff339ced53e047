"""A form with its answers computed to the end: what is asked, what is calculated, what is known.

Rounds are repeated until nothing changes, within a bound on rounds, steps and time.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tongxin.questionnaires.answers import Given, Tree, above, response, response_items
from tongxin.questionnaires.definition import (
    Expression,
    Item,
    Option,
    Questionnaire,
    Text,
    Value,
)
from tongxin.questionnaires.enabling import Located, condition_order, enable
from tongxin.questionnaires.expressions import (
    Budget,
    ExpressionFailed,
    OutOfBounds,
    evaluate,
    names,
    node,
    truth,
    values,
)
from tongxin.questionnaires.refusals import DoesNotSettle, TooMuchToCompute
from tongxin.questionnaires.typed import same

MOST_ROUNDS = 25
ITEM = "QuestionnaireResponse.item"
# Asking for one item by its linkId is by far the most frequent expression; walking the whole
# response for it each time would cost seconds on a form of hundreds of items.
BY_LINK_ID = re.compile(
    r"(?:(%resource\.)|\A\s*)repeat\(\s*item\s*\)\.where\(\s*linkId\s*=\s*'([^'`\\]+)'\s*\)"
)
ANYWHERE, WITHIN = "anywhere ", "within "


class Evaluation:
    """The answers to one form at one moment. `settle` brings them to rest."""

    def __init__(
        self,
        form: Questionnaire,
        tree: Tree,
        *,
        at: datetime,
        launch: Mapping[str, Any] | None = None,
    ) -> None:
        self.form, self.tree = form, tree
        self.at, self.budget = at, Budget(at)
        self.launch = dict.fromkeys(form.launch, []) | dict(launch or {})
        self.order = condition_order(form)
        self.failed: dict[str, str] = {}
        self._look()

    def settle(self) -> "Evaluation":
        """Decide what is asked and calculate what is calculated, until nothing changes.

        Raises:
            DoesNotSettle: the form contradicts itself.
            TooMuchToCompute: its expressions take too long or grow too large.
        """
        self.budget = Budget(self.at)
        for _ in range(MOST_ROUNDS):
            before = self._print
            enable(self.located, self.order, self._holds, self.tree)
            self._calculate()
            self._look()
            if self._print == before:
                return self
        raise DoesNotSettle

    def find(self, expression: Expression, given: Given | None = None) -> list[Any]:
        """What an expression finds, seen from an item. An expression that fails finds nothing."""
        if not expression.is_fhirpath:
            return []
        text = BY_LINK_ID.sub(_quick, expression.text)
        try:
            variables = {name: self._variable(name, given) for name in names(text)}
            return evaluate(text, self._node(given), variables, self.budget)
        except ExpressionFailed:
            self.failed[given.item.link_id if given else ""] = expression.text
            return []
        except OutOfBounds as error:
            raise TooMuchToCompute(at=given.item.link_id if given else "/") from error

    def options(self, given: Given) -> tuple[Option, ...]:
        """The answers to choose from, those of an answerExpression included."""
        if not given.item.options_by:
            return given.item.options
        found = values(self.find(given.item.options_by, given), given.item.kinds)
        return tuple(Option(value, shown(value)) for value in found)

    def _look(self) -> None:
        """Take the answers as they stand now as what expressions see."""
        self.nodes: dict[int, dict[str, Any]] = {}
        items = response_items(self.tree, nodes=self.nodes)
        self.resource = {**response(self.form, []), "item": items}
        self._print = json.dumps(items, sort_keys=True, default=str)
        self.located = Located(self.tree)
        self._above = above(self.tree)
        self._cache: dict[tuple[str, int], Any] = {}
        self._by_link_id: dict[int, dict[str, list[Any]]] = {}

    def _node(self, given: Given | None) -> Any:
        if given is None:
            return node(self.resource, "QuestionnaireResponse")
        found = self.nodes.get(id(given)) or {"linkId": given.item.link_id}
        return node(found, ITEM)

    def _listed(self, scope: Given | None) -> dict[str, list[Any]]:
        """Items by linkId, those within an item or all."""
        if id(scope) not in self._by_link_id:
            found = self._by_link_id[id(scope)] = {}
            _gather(self._node(scope).data.get("item", []), found)
        return self._by_link_id[id(scope)]

    def _variable(self, name: str, given: Given | None) -> Any:
        """What a name stands for, seen from an item: the nearest variable, then what is general."""
        if name.startswith((ANYWHERE, WITHIN)):
            scope = given if name.startswith(WITHIN) else None
            return self._listed(scope).get(name.partition(" ")[2], [])
        general = {"resource": None, "context": given}
        if name in general:
            return [self._node(general[name])]
        if name == "questionnaire":
            return [node(self.form.raw, "Questionnaire")]
        if name == "qitem" and given is not None:
            return [node({"linkId": given.item.link_id}, "Questionnaire.item")]
        return self._declared(name, given)

    def _declared(self, name: str, given: Given | None) -> Any:
        scope = given
        while True:
            declared = scope.item.variables if scope else self.form.variables
            for one in reversed(declared):
                if one.name == name:
                    return self._computed(one, scope)
            if scope is None:
                return self._launched(name)
            scope = self._above.get(id(scope))

    def _launched(self, name: str) -> Any:
        if name in self.launch:
            value = self.launch[name]
            return (
                [node(value, value.get("resourceType", name))] if isinstance(value, dict) else value
            )
        known = {one.name for one in self.form.variables}
        if name in known or any(
            one.name == name for item in self.form.in_order for one in item.variables
        ):
            return []
        raise ExpressionFailed(name)

    def _computed(self, variable: Expression, scope: Given | None) -> Any:
        key = (variable.name, id(scope))
        if key not in self._cache:
            self._cache[key] = []  # a variable that speaks of itself finds nothing
            self._cache[key] = self.find(variable, scope)
        return self._cache[key]

    def _holds(self, given: Given) -> bool | None:
        expression = given.item.enabled_by
        if expression is None or not expression.is_fhirpath:
            return None
        found = self.find(expression, given)
        # A question whose condition cannot be computed is rather asked than lost.
        if self.failed.get(given.item.link_id) == expression.text:
            return None
        return truth(found) is True

    def _calculate(self) -> None:
        for listed in self.located.of.values():
            for given, _ in listed:
                if given.item.calculated and given.is_enabled and given.item.is_question:
                    found = self.find(given.item.calculated, given)
                    given.answer(*self.fitted(given.item, found))

    def fitted(self, item: Item, found: list[Any]) -> list[Value]:
        """Answers to an item from what an expression found: the whole option, the known unit."""
        answers = [_as_option(item, value) for value in values(found, _wider(item))]
        fitting = [value for value in answers if value and value.kind in item.kinds]
        return fitting if item.may_repeat else fitting[:1]


def _wider(item: Item) -> frozenset[str]:
    return item.kinds | {"String", "Integer"} if item.options else item.kinds


def _as_option(item: Item, value: Value) -> Value | None:
    for option in item.options:
        code = option.value.value.get("code") if option.value.kind == "Coding" else None
        if same(option.value, value) or (code and code == value.value):
            return option.value
    if value.kind == "Quantity" and len(item.units) == 1 and "unit" not in value.value:
        return Value("Quantity", {**value.value, **unit_parts(item.units[0])})
    return value


def unit_parts(coding: Mapping[str, Any]) -> dict[str, Any]:
    """What a quantity says of its unit."""
    parts = {"unit": coding.get("display") or coding.get("code")}
    parts |= {name: coding[name] for name in ("system", "code") if coding.get(name)}
    return parts


def shown(value: Value) -> Text:
    """The words of a value that was not written as an option."""
    if isinstance(value.value, Mapping):
        return Text(str(value.value.get("display") or value.value.get("code") or ""))
    return Text(str(value.value))


def _quick(found: re.Match[str]) -> str:
    """The name of a variable that stands for the items with this linkId."""
    return f"%`{ANYWHERE if found[1] else WITHIN}{found[2]}`"


def _gather(items: list[dict[str, Any]], found: dict[str, list[Any]]) -> None:
    """Items by linkId as ``repeat(item)`` reaches them: not those below an answer."""
    for one in items:
        found.setdefault(one["linkId"], []).append(node(one, ITEM))
        _gather(one.get("item", []), found)


def settle(
    form: Questionnaire, tree: Tree, *, at: datetime, launch: Mapping[str, Any] | None = None
) -> Evaluation:
    """The answers of `tree` at rest; the tree is changed. Raises as `Evaluation.settle`."""
    return Evaluation(form, tree, at=at, launch=launch).settle()
