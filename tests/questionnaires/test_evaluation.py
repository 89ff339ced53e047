import contextlib
import time

import pytest

from tests.questionnaires.forms import NOON, answered, fhirpath, form, q, sent
from tongxin.questionnaires.answers import blank
from tongxin.questionnaires.definition import Value
from tongxin.questionnaires.evaluation import settle
from tongxin.questionnaires.expressions import Budget, OutOfBounds, evaluate, node, plain
from tongxin.questionnaires.refusals import TooMuchToCompute

BMI = "(%kg / (%m * %m)).round(1)"


def at(link_id):
    return f"%resource.item.where(linkId='{link_id}').answer.value"


def test_a_calculated_value_follows_its_variables():
    read = form(
        q("kg", "decimal"),
        q("m", "decimal"),
        q("bmi", "decimal", extension=[fhirpath("calculatedExpression", BMI)]),
        extension=[fhirpath("variable", at("kg"), "kg"), fhirpath("variable", at("m"), "m")],
    )
    assert sent(answered(read, kg=80.5, m=1.75))["bmi"] == [26.3]
    assert "bmi" not in sent(answered(read, kg=80.5))


def test_calculations_on_calculations_come_to_rest_in_any_order():
    items = [
        q(str(n), "integer", extension=[fhirpath("calculatedExpression", f"{at(n - 1)} + 1")])
        for n in range(1, 10)
    ]
    read = form(*reversed(items), q("0", "integer"))
    assert sent(answered(read, **{"0": 5}))["9"] == [14]


def test_what_was_calculated_goes_when_its_ground_goes():
    read = form(
        q("a", "integer"), q("b", "integer", extension=[fhirpath("calculatedExpression", at("a"))])
    )
    evaluation = answered(read, a=1)
    evaluation.tree[0].answer()
    assert sent(settle(read, evaluation.tree, at=NOON)) == {}


def test_context_is_the_item_and_a_nearer_variable_hides_a_farther():
    inner = q("sum", "integer", extension=[fhirpath("calculatedExpression", "%x + 1")])
    group = q("g", "group", q("a", "integer"), inner)
    group["extension"] = [fhirpath("variable", "item.where(linkId='a').answer.value", "x")]
    read = form(group, extension=[fhirpath("variable", "100", "x")])
    assert sent(answered(read, a=5))["sum"] == [6]


def test_a_score_is_calculated_from_a_chosen_code():
    options = [{"valueCoding": {"code": code}} for code in ("low", "high")]
    text = f"iif({at('risk')}.code = 'high', 'high', 'low')"
    read = form(
        q("risk", "choice", answerOption=options),
        q(
            "copy",
            "choice",
            answerOption=options,
            extension=[fhirpath("calculatedExpression", text)],
        ),
    )
    assert sent(answered(read, risk={"code": "high"}))["copy"] == [{"code": "high"}]


def test_today_is_the_day_that_the_door_said():
    read = form(q("d", "date", extension=[fhirpath("calculatedExpression", "today()")]))
    assert sent(answered(read)) == {"d": ["2020-03-20"]}


HOSTILE = [
    "(1 | 2).repeat($this + 1)",
    "'a'.replace('a', 'aaaaaaaaaa').replace('a', 'aaaaaaaaaa')"
    + ".replace('a', 'aaaaaaaaaa')" * 12,
    "2.power(999999999)",
    "1.5.round(999999999)",
    "(1|2|3).aggregate(iif($total.empty(), 2, $total * $total), 2).power(2)" + ".power(2)" * 30,
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('(a+)+b')",
    "%resource.descendants().where(%resource.descendants().where(%resource.descendants().where("
    "%resource.descendants().exists()).exists()).exists())",
    "(0).repeat($this + 1).count()",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_an_expression_that_would_run_away_is_stopped(text):
    read = form(
        *(q(str(n)) for n in range(60)), q("x", extension=[fhirpath("calculatedExpression", text)])
    )
    tree = blank(read.items)
    for given in tree[:60]:
        given.answer(Value("String", given.item.link_id))
    begun = time.monotonic()
    with contextlib.suppress(TooMuchToCompute):
        settle(read, tree, at=NOON)
    assert time.monotonic() - begun < 15  # five seconds of its own on a busy machine


def test_time_runs_out():
    budget = Budget(NOON, seconds=0)
    with pytest.raises(OutOfBounds):
        for _ in range(100):
            evaluate("1 + 1", node({}, "QuestionnaireResponse"), {}, budget)


def test_quantities_and_moments_come_back_plain():
    base = node({}, "QuestionnaireResponse")
    assert plain(evaluate("3 'kg'", base, {}, Budget(NOON)))[0]["value"] == 3
    assert plain(evaluate("@2020-03-20", base, {}, Budget(NOON))) == ["2020-03-20"]
