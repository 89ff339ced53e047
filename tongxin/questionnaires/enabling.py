"""Which items are asked, as the answers stand: ``enableWhen`` with its operators, in order.

A condition looks at the nearest question of its linkId: in the same repetition of a group before
any other. An answer to a question that is itself not asked counts as no answer.
"""

from collections.abc import Callable, Iterator

from tongxin.questionnaires.answers import Given, Tree, above
from tongxin.questionnaires.definition import Condition, Questionnaire, Value
from tongxin.questionnaires.typed import compare, same

ORDERS: dict[str, Callable[[int], bool]] = {
    ">": lambda order: order > 0,
    "<": lambda order: order < 0,
    ">=": lambda order: order >= 0,
    "<=": lambda order: order <= 0,
}
Scopes = tuple[int, ...]


def is_met(condition: Condition, answers: list[Value]) -> bool:
    """Whether one condition holds for these answers.

    ``!=`` holds where no answer is equal, so it holds for no answer at all, as R4 says.
    """
    if condition.operator == "exists":
        return bool(answers) is condition.value.value
    if condition.operator == "=":
        return any(same(answer, condition.value) for answer in answers)
    if condition.operator == "!=":
        return not any(same(answer, condition.value) for answer in answers)
    holds = ORDERS[condition.operator]
    found = (compare(answer, condition.value) for answer in answers)
    return any(order is not None and holds(order) for order in found)


def condition_order(form: Questionnaire) -> list[str]:
    """linkIds so that whatever an item depends on comes before it; circles in form order."""
    needs = {
        item.link_id: {condition.question for condition in item.conditions}
        | ({form.parents[item.link_id]} if item.link_id in form.parents else set())
        for item in form.in_order
    }
    needed_by: dict[str, list[str]] = {}
    for link_id, others in needs.items():
        for other in others:
            needed_by.setdefault(other, []).append(link_id)
    left = {link_id: len(others) for link_id, others in needs.items()}
    ready = [link_id for link_id, count in left.items() if count == 0]
    for link_id in ready:  # grows while it is walked
        for other in needed_by.get(link_id, ()):
            left[other] -= 1
            if left[other] == 0:
                ready.append(other)
    done = set(ready)
    return ready + [link_id for link_id in needs if link_id not in done]


def circles(form: Questionnaire) -> list[str]:
    """linkIds whose conditions depend on themselves, directly or around corners."""
    place = {link_id: n for n, link_id in enumerate(condition_order(form))}
    return [
        item.link_id
        for item in form.in_order
        if any(place[one.question] >= place[item.link_id] for one in item.conditions)
    ]


class Located:
    """Every item of a tree with the scopes it stands in, outermost first."""

    def __init__(self, tree: Tree) -> None:
        self.of: dict[str, list[tuple[Given, Scopes]]] = {}
        self.nearest: dict[tuple[str, int], list[Given]] = {}
        for given, scopes in _located(tree, (0,)):
            self.of.setdefault(given.item.link_id, []).append((given, scopes))
            for scope in scopes:
                self.nearest.setdefault((given.item.link_id, scope), []).append(given)

    def answers(self, question: str, scopes: Scopes) -> list[Value]:
        """The answers that count, of the nearest items of this linkId."""
        for scope in reversed(scopes):
            found = self.nearest.get((question, scope))
            if found:
                return [value for given in found if given.is_enabled for value in given.values]
        return []


def _located(tree: Tree, scopes: Scopes) -> Iterator[tuple[Given, Scopes]]:
    for given in tree:
        yield given, scopes
        yield from _located(given.items, (*scopes, id(given)))
        for reply in given.replies:
            yield from _located(reply.items, (*scopes, id(given), id(reply)))


def enable(
    located: Located, order: list[str], holds: Callable[[Given], bool | None], tree: Tree
) -> None:
    """Mark every item of the tree as asked or not.

    Args:
        order: of `condition_order`.
        holds: what the item's enableWhenExpression says; None where it has none.
    """
    parents = above(tree)
    for link_id in order:
        for given, scopes in located.of.get(link_id, ()):
            parent = parents.get(id(given))
            given.is_enabled = (parent is None or parent.is_enabled) and _is_asked(
                given, scopes, located, holds
            )


def _is_asked(
    given: Given, scopes: Scopes, located: Located, holds: Callable[[Given], bool | None]
) -> bool:
    item = given.item
    if item.conditions:
        found = (is_met(one, located.answers(one.question, scopes)) for one in item.conditions)
        if not (any(found) if item.any_condition else all(found)):
            return False
    said = holds(given) if item.enabled_by else None
    return said is not False
