"""Skip logic: the operators, and the faults that users of other form engines reported."""

import pytest

from tests.questionnaires.forms import (
    NOON,
    answered,
    asked,
    fhirpath,
    form,
    q,
    sent,
    when,
)
from tongxin.questionnaires.answers import Given, blank, find, read_response
from tongxin.questionnaires.definition import Value
from tongxin.questionnaires.evaluation import settle
from tongxin.questionnaires.refusals import DoesNotSettle

RED = {"system": "urn:c", "code": "red", "display": "Red"}
CASES = [
    ("integer", "=", {"answerInteger": 3}, 3, True),
    ("integer", "=", {"answerInteger": 3}, 4, False),
    ("integer", "!=", {"answerInteger": 3}, 4, True),
    ("integer", "!=", {"answerInteger": 3}, None, True),
    ("integer", ">", {"answerInteger": 3}, 3, False),
    ("integer", ">=", {"answerInteger": 3}, 3, True),
    ("integer", "<", {"answerInteger": 3}, 2, True),
    ("integer", "<=", {"answerInteger": 3}, 4, False),
    ("decimal", ">", {"answerDecimal": 37.5}, 37.50000001, True),
    ("decimal", "=", {"answerInteger": 3}, 3.0, True),
    ("date", "<", {"answerDate": "2020-03-01"}, "2020-02-29", True),
    ("date", "<", {"answerDate": "2020-03-01"}, "2020", False),
    (
        "dateTime",
        ">",
        {"answerDateTime": "2020-03-01T00:00:00Z"},
        "2020-03-01T07:00:00+08:00",
        False,
    ),
    ("time", ">=", {"answerTime": "22:00:00"}, "23:30:00", True),
    ("string", "=", {"answerString": "a"}, "a", True),
    ("boolean", "=", {"answerBoolean": False}, None, False),
    ("boolean", "=", {"answerBoolean": False}, False, True),
    ("choice", "=", {"answerCoding": {"code": "red"}}, RED, True),
    ("choice", "=", {"answerCoding": {"code": "red", "system": "urn:d"}}, RED, False),
    ("choice", "!=", {"answerCoding": {"code": "blue"}}, RED, True),
    ("string", "exists", {"answerBoolean": True}, "x", True),
    ("string", "exists", {"answerBoolean": True}, None, False),
    ("string", "exists", {"answerBoolean": False}, None, True),
    (
        "quantity",
        ">",
        {"answerQuantity": {"value": 38, "code": "Cel"}},
        {"value": 39, "code": "Cel"},
        True,
    ),
    (
        "quantity",
        ">",
        {"answerQuantity": {"value": 38, "code": "Cel"}},
        {"value": 99, "code": "[degF]"},
        False,
    ),
]


@pytest.mark.parametrize(("kind", "operator", "answer", "given", "holds"), CASES)
def test_every_operator_on_every_kind(kind, operator, answer, given, holds):
    read = form(q("a", kind), q("b", enableWhen=[when("a", operator, **answer)]))
    evaluation = answered(read) if given is None else answered(read, a=given)
    assert ("b" in asked(evaluation)) is holds


@pytest.mark.parametrize(("behaviour", "holds"), [("all", False), ("any", True)])
def test_several_conditions_hold_together_or_one_of_them(behaviour, holds):
    conditions = [when("a", "=", answerBoolean=True), when("b", "=", answerBoolean=True)]
    read = form(
        q("a", "boolean"),
        q("b", "boolean"),
        q("c", enableWhen=conditions, enableBehavior=behaviour),
    )
    assert ("c" in asked(answered(read, a=True, b=False))) is holds


def test_an_answer_to_a_question_that_is_not_asked_counts_as_none():
    read = form(
        q("a", "boolean"),
        q("b", "boolean", enableWhen=[when("a", "=", answerBoolean=True)]),
        q("c", enableWhen=[when("b", "=", answerBoolean=True)]),
    )
    evaluation = answered(read, a=False, b=True, c="kept on the page")
    assert asked(evaluation) == ["a"]
    assert sent(evaluation) == {"a": [False]}


def test_a_condition_may_look_at_a_question_further_down():
    read = form(q("c", enableWhen=[when("a", "=", answerBoolean=True)]), q("a", "boolean"))
    assert asked(answered(read, a=True)) == ["c", "a"]


def test_what_stands_in_a_group_that_is_not_asked_is_not_asked():
    inside = q("b", enableWhen=[when("a", "exists", answerBoolean=False)])
    read = form(
        q("a", "boolean"), q("g", "group", inside, enableWhen=[when("a", "=", answerBoolean=True)])
    )
    assert asked(answered(read)) == ["a"]


def test_a_repetition_looks_at_its_own_answers():
    read = form(
        q(
            "g",
            "group",
            q("a", "boolean"),
            q("b", enableWhen=[when("a", "=", answerBoolean=True)]),
            repeats=True,
        )
    )
    tree = blank(read.items)
    tree.append(Given(read.items[0], items=blank(read.items[0].items)))
    for group, value in zip(tree, (False, True), strict=True):
        find([group], "a").answer(Value("Boolean", value))
    evaluation = settle(read, tree, at=NOON)
    assert [find([group], "b").is_enabled for group in evaluation.tree] == [False, True]


def test_any_answer_of_several_is_enough():
    option = [{"valueCoding": {"code": code}} for code in "abc"]
    read = form(
        q("s", "choice", repeats=True, answerOption=option),
        q("more", enableWhen=[when("s", "=", answerCoding={"code": "b"})]),
    )
    assert "more" in asked(answered(read, s=[{"code": "a"}, {"code": "b"}]))


def test_a_question_below_an_answer_is_asked_once_it_is_answered():
    read = form(q("a", "boolean", q("why", required=True)))
    assert asked(answered(read)) == ["a"]
    assert asked(answered(read, a=True)) == ["a", "why"]


def test_conditions_in_a_circle_end():
    read = form(
        q("a", enableWhen=[when("b", "exists", answerBoolean=False)]),
        q("b", enableWhen=[when("a", "exists", answerBoolean=True)]),
    )
    assert asked(answered(read, a="x"))


def test_a_thousand_questions_that_hang_on_each_other_are_decided():
    items = [q("0", "boolean")] + [
        q(str(n), "boolean", enableWhen=[when(str(n - 1), "=", answerBoolean=True)])
        for n in range(1, 1000)
    ]
    raw = {"resourceType": "QuestionnaireResponse"}
    raw["item"] = [{"linkId": str(n), "answer": [{"valueBoolean": True}]} for n in range(1000)]
    for order in (items, items[::-1]):
        read = form(*order)
        assert len(asked(settle(read, read_response(read, raw), at=NOON))) == 1000


def test_an_expression_decides_what_is_asked():
    text = "%resource.repeat(item).where(linkId='age').answer.value >= 60"
    read = form(q("age", "integer"), q("b", extension=[fhirpath("enableWhenExpression", text)]))
    assert "b" in asked(answered(read, age=60))
    assert "b" not in asked(answered(read, age=59))
    assert "b" not in asked(answered(read))


def test_a_question_whose_expression_fails_is_rather_asked_than_lost():
    read = form(q("b", extension=[fhirpath("enableWhenExpression", "%nobody.said > 'this")]))
    assert asked(answered(read)) == ["b"]


def test_a_form_that_contradicts_itself_is_refused():
    here = "%resource.repeat(item).where(linkId='b').answer.empty()"
    read = form(q("b", extension=[fhirpath("enableWhenExpression", here)]))
    with pytest.raises(DoesNotSettle):
        answered(read, b="x")
