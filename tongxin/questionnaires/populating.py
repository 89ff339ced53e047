"""A form begun: initial values, and what a launch context already knows (SDC ``$populate``)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tongxin.questionnaires.answers import Given, Tree, blank, fitting, walk
from tongxin.questionnaires.definition import Item, Questionnaire
from tongxin.questionnaires.evaluation import Evaluation
from tongxin.questionnaires.plain_json import NotPlain, require_plain
from tongxin.questionnaires.refusals import NotAResponse

MOST_NAMES = 50


def begin(items: tuple[Item, ...]) -> Tree:
    """Blank items with their initial values."""
    tree = blank(items)
    for given in list(walk(tree)):
        fill(given)
    return tree


def fill(given: Given) -> None:
    """The initial values of one question that has no answer."""
    item = given.item
    if item.is_question and item.initial and not given.replies:
        fits = [value for value in (fitting(item, one) for one in item.initial) if value]
        given.answer(*(fits if item.may_repeat else fits[:1]))


def populate(
    form: Questionnaire, *, at: datetime, launch: Mapping[str, Any] | None = None
) -> Evaluation:
    """The form with what is known at its start, at rest.

    Args:
        launch: plain values or resources by the names that expressions use (``%patient``).

    Raises:
        NotAResponse: the launch context is no plain JSON within bounds.
        TooMuchToCompute, DoesNotSettle
    """
    launch = launch or {}
    try:
        require_plain(launch)
    except NotPlain as error:
        raise NotAResponse from error
    if len(launch) > MOST_NAMES:
        raise NotAResponse
    tree = begin(form.items)
    evaluation = Evaluation(form, tree, at=at, launch=launch)
    for given in list(walk(tree)):
        if given.item.initial_by and given.item.is_question:
            found = evaluation.find(given.item.initial_by, given)
            if answers := evaluation.fitted(given.item, found):
                given.answer(*answers)
    return evaluation.settle()
