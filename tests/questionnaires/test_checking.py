import pytest

from tests.questionnaires.forms import answered, flag, form, q, rule, sentences
from tongxin.questionnaires.checking import problems
from tongxin.questionnaires.definition import Value

UNITS = [
    flag("questionnaire-unitOption", valueCoding={"code": "Cel", "display": "°C"}),
    flag("questionnaire-unitOption", valueCoding={"code": "[degF]", "display": "°F"}),
]


def ext(*extensions):
    return {"extension": list(extensions)}


CASES = {
    "too short": (
        q("a", **ext(flag("minLength", valueInteger=3))),
        "ab",
        "Enter at least 3 characters.",
    ),
    "too long": (q("a", maxLength=3), "abcd", "Enter at most 3 characters."),
    "too small": (
        q("a", "integer", **ext(flag("minValue", valueInteger=3))),
        2,
        "Enter 3 or more.",
    ),
    "too big": (
        q("a", "decimal", **ext(flag("maxValue", valueDecimal=3.5))),
        3.6,
        "Enter 3.5 or less.",
    ),
    "too early": (
        q("a", "date", **ext(flag("minValue", valueDate="2020-01-01"))),
        "2019-12-31",
        "Enter 2020-01-01 or later.",
    ),
    "too fine": (
        q("a", "decimal", **ext(flag("maxDecimalPlaces", valueInteger=1))),
        3.14,
        "Enter at most 1 digits behind the point.",
    ),
    "another unit": (
        q("a", "quantity", **ext(*UNITS)),
        {"value": 300, "code": "K"},
        "Choose one of the units that are offered.",
    ),
    "another form": (
        q("a", **ext(flag("regex", valueString=r"\d{4}"))),
        "12",
        "This is not written as it is asked for.",
    ),
    "not offered": (
        q("a", "choice", answerOption=[{"valueCoding": {"code": "x"}}]),
        {"code": "y"},
        "Choose one of the answers that are offered.",
    ),
}


@pytest.mark.parametrize(("item", "answer", "words"), CASES.values(), ids=CASES)
def test_a_wrong_answer_is_told_with_its_path(item, answer, words):
    read = form(q("g", "group", item))
    assert sentences(answered(read, a=answer)) == [("/g/a", words)]


def test_what_is_right_is_not_complained_about():
    item = q("a", "quantity", **ext(*UNITS, flag("maxValue", valueDecimal=45)))
    assert sentences(answered(form(item), a={"value": 37.2, "unit": "°C", "code": "Cel"})) == []


def test_a_required_question_is_wanted_only_where_it_is_asked():
    condition = [{"question": "a", "operator": "=", "answerBoolean": True}]
    read = form(q("a", "boolean"), q("b", required=True, enableWhen=condition))
    assert sentences(answered(read, a=False)) == []
    assert sentences(answered(read, a=True)) == [("/b", "Answer this question.")]


def test_a_required_group_wants_something_in_it():
    read = form(q("g", "group", q("a"), q("b"), required=True))
    assert sentences(answered(read)) == [("/g", "Answer something in this part.")]
    assert sentences(answered(read, b="x")) == []


def test_none_of_these_cannot_stand_with_others():
    none = {"valueString": "none", **ext(flag("questionnaire-optionExclusive", valueBoolean=True))}
    read = form(q("s", "choice", repeats=True, answerOption=[{"valueString": "cough"}, none]))
    assert sentences(answered(read, s=["none"])) == []
    (problem,) = problems(answered(read, s=["none", "cough"]))
    assert problem.facts["option"].plain == "none"


def test_too_few_and_too_many_answers():
    limits = ext(
        flag("questionnaire-minOccurs", valueInteger=2),
        flag("questionnaire-maxOccurs", valueInteger=3),
    )
    read = form(q("a", repeats=True, **limits))
    assert sentences(answered(read, a=["x"])) == [("/a", "Give at least 2 answers.")]
    assert sentences(answered(read, a=["x", "y"])) == []
    assert sentences(answered(read, a=["w", "x", "y", "z"])) == [("/a", "Give at most 3 answers.")]


def test_own_words_answer_an_open_choice_only():
    option = [{"valueCoding": {"code": "x"}}]
    words = Value("String", "something else")
    assert sentences(answered(form(q("a", "open-choice", answerOption=option)), a=words)) == []
    assert sentences(answered(form(q("a", "choice", answerOption=option)), a=words))


def test_a_constraint_says_its_own_words_and_may_only_warn():
    text = "answer.value <= today()"
    read = form(
        q("a", "date", **ext(rule("k", text, "Still to come."))),
        q("b", "date", **ext(rule("k", text, "Still to come.", severity="warning"))),
        **ext(rule("both", "item.where(linkId='a').exists()", "Say a.")),
    )
    found = problems(answered(read, a="2020-03-21", b="2020-03-21"))
    assert [(one.path, one.human.plain, one.is_error) for one in found] == [
        ("/a", "Still to come.", True),
        ("/b", "Still to come.", False),
    ]
    assert [one.path for one in problems(answered(read, b="2020-03-19"))] == ["/"]
