"""Hostile questionnaires and answers: a refusal, or an answer; never another exception."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.questionnaires.forms import CORE, NOON, SDC, q, whole
from tongxin.questionnaires.answers import read_response, response
from tongxin.questionnaires.checking import problems
from tongxin.questionnaires.definition import KINDS, TYPES
from tongxin.questionnaires.evaluation import settle
from tongxin.questionnaires.extracting import observations
from tongxin.questionnaires.fields import read_fields
from tongxin.questionnaires.populating import populate
from tongxin.questionnaires.reading import read_questionnaire
from tongxin.questionnaires.rendering import render
from tongxin.questionnaires.reporting import report
from tongxin.refusal import Refusal

FAST = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3)
    ),
    max_leaves=8,
)
NAMES = ["maxValue", "questionnaire-unit", "questionnaire-constraint", "questionnaire-itemControl"]
NAMES += ["questionnaire-maxOccurs", "regex", "ordinalValue", "variable", "translation"]
URLS = [CORE + name for name in NAMES] + [SDC + "calculatedExpression", SDC + "launchContext"]
TEXTS = ["%resource.item.answer.value", "1 +", "today()", "%x", "item.repeat(item)", "'a' + 1"]
VALUES = st.sampled_from(TEXTS).map(lambda text: {"language": "text/fhirpath", "expression": text})
EXTENSION = st.fixed_dictionaries(
    {"url": st.sampled_from(URLS) | JUNK},
    optional={
        "valueInteger": st.integers(-3, 3) | JUNK,
        "valueCoding": JUNK,
        "valueString": JUNK,
        "valueExpression": VALUES | JUNK,
        "valueCodeableConcept": JUNK,
        "extension": st.lists(JUNK, max_size=2) | JUNK,
    },
)
KIND = st.sampled_from([*KINDS.values(), "Instant", ""])
TYPED = st.tuples(KIND, JUNK | st.just({"code": "x"}) | st.just({"value": 1})).map(
    lambda pair: {f"value{pair[0]}": pair[1]}
)
LINK = st.sampled_from(["a", "b", "c", "d"])
CONDITION = st.fixed_dictionaries(
    {"question": LINK | JUNK, "operator": st.sampled_from(["=", "!=", ">", "exists", "~"])},
    optional={"answerBoolean": st.booleans(), "answerInteger": st.integers(), "answerCoding": JUNK},
)


def item(below):
    return st.fixed_dictionaries(
        {"linkId": LINK | JUNK, "type": st.sampled_from(sorted(TYPES)) | JUNK},
        optional={
            "text": st.text(max_size=5) | JUNK,
            "_text": JUNK,
            "required": st.booleans() | JUNK,
            "repeats": st.booleans() | JUNK,
            "maxLength": st.integers(-1, 3) | JUNK,
            "initial": st.lists(TYPED, max_size=2) | JUNK,
            "answerOption": st.lists(TYPED, max_size=2) | JUNK,
            "answerValueSet": st.just("#v") | JUNK,
            "enableWhen": st.lists(CONDITION, max_size=2) | JUNK,
            "enableBehavior": st.sampled_from(["all", "any", "x"]),
            "extension": st.lists(EXTENSION, max_size=2) | JUNK,
            "code": JUNK,
            "item": below,
        },
    )


ITEMS = st.recursive(
    st.just([]), lambda below: st.lists(item(below), min_size=1, max_size=2), max_leaves=3
)
SET = st.fixed_dictionaries(
    {"resourceType": st.just("ValueSet"), "id": st.just("v")},
    optional={"compose": JUNK, "expansion": JUNK | st.fixed_dictionaries({"contains": JUNK})},
)


@FAST
@given(ITEMS, st.lists(EXTENSION, max_size=2) | JUNK, st.lists(SET, max_size=1) | JUNK)
def test_a_hostile_questionnaire_is_refused_or_served(items, extension, contained):
    raw = whole(*items, extension=extension, contained=contained)
    with contextlib.suppress(Refusal):
        form = read_questionnaire(raw)
        report(form)
        evaluation = populate(form, at=NOON)
        problems(evaluation)
        render(evaluation, language="zh-hans")
        observations(form, evaluation.tree, effective="2020-03-20")
        said = response(form, evaluation.tree)
        assert response(form, read_response(form, said)) == said


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | JUNK | st.text(max_size=100))
def test_no_bytes_break_the_reader(data):
    with contextlib.suppress(Refusal):
        read_questionnaire(data)


EVERYTHING = read_questionnaire(
    whole(
        *(q(kind, kind, repeats=True) for kind in sorted(TYPES - {"group", "display"})),
        q("picked", "choice", q("below"), answerOption=[{"valueString": "x"}]),
        q("g", "group", q("in it", "integer"), repeats=True),
    )
)
ANSWER = st.fixed_dictionaries({}, optional={"item": JUNK}).flatmap(
    lambda more: TYPED.map(lambda typed: {**typed, **more})
)
NODE = st.fixed_dictionaries(
    {"linkId": st.sampled_from([*sorted(TYPES), "picked", "g", "below", "z"]) | JUNK},
    optional={"answer": st.lists(ANSWER, max_size=2) | JUNK, "item": JUNK},
)


@FAST
@given(st.lists(NODE, max_size=4) | JUNK, st.sampled_from(["completed", "in-progress", "x"]))
def test_hostile_answers_are_refused_or_checked(items, status):
    raw = {"resourceType": "QuestionnaireResponse", "status": status, "item": items}
    with contextlib.suppress(Refusal):
        evaluation = settle(EVERYTHING, read_response(EVERYTHING, raw), at=NOON)
        problems(evaluation)
        render(evaluation, language="en")
        observations(EVERYTHING, evaluation.tree, effective="2020-03-20")


class Sent(dict):
    def getlist(self, name):
        return self.get(name, [])


FIELD = st.from_regex(r"n?q[0-9]{1,2}(-[0-9c]{1,2}){0,2}(-unit|-own|-kept)?", fullmatch=True)
WORDS = st.text(max_size=8) | st.sampled_from(
    ["1", "-1", "9" * 30, "true", "{}", '{"valueString":1}']
)


@FAST
@given(st.dictionaries(FIELD, st.lists(WORDS, max_size=3), max_size=12), WORDS)
def test_hostile_fields_are_shown_again(fields, change):
    read = read_fields(EVERYTHING, Sent(fields), zone=NOON.tzinfo, change=f"add:{change}")
    evaluation = settle(EVERYTHING, read.tree, at=NOON)
    problems(evaluation)
    render(evaluation, language="en", mistyped=read.mistyped)


@pytest.mark.parametrize("status", [{"a": 1}, [], None, 3, "odd"])
def test_a_status_of_any_kind_is_refused(status):
    with pytest.raises(Refusal):
        read_questionnaire(whole(status=status))
    with pytest.raises(Refusal):
        read_response(EVERYTHING, {"resourceType": "QuestionnaireResponse", "status": status})
