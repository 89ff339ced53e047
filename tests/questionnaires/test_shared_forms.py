"""Real questionnaires of other publishers: each loads, renders, and its answers come back."""

import json
import time

import pytest
from django.template.loader import render_to_string

from tests.questionnaires.conftest import NAMES
from tests.questionnaires.forms import NOON, q, whole
from tongxin.questionnaires.answers import read_response, response, walk
from tongxin.questionnaires.checking import problems
from tongxin.questionnaires.definition import Value
from tongxin.questionnaires.evaluation import settle
from tongxin.questionnaires.populating import populate
from tongxin.questionnaires.reading import read_questionnaire
from tongxin.questionnaires.rendering import render
from tongxin.questionnaires.reporting import broken_expressions

PLAIN = {
    "boolean": True,
    "decimal": 70.5,
    "integer": 50,
    "date": "1970-02-03",
    "dateTime": "2020-03-01T08:00:00+08:00",
    "time": "08:00:00",
    "string": "words",
    "text": "more\nwords",
    "url": "https://example.org",
}


def fill(evaluation):
    """Answer everything that is asked: the first option, or something of the kind."""
    for given in walk(evaluation.tree):
        item = given.item
        if not given.is_enabled or item.calculated or not item.is_question or given.replies:
            continue
        if item.is_choice:
            options = evaluation.options(given)
            given.answer(options[0].value if options else Value("Coding", {"display": "words"}))
        elif item.type in PLAIN:
            given.answer(Value(next(iter(item.kinds)), PLAIN[item.type]))


@pytest.mark.parametrize("name", NAMES)
def test_a_real_form_is_answered_shown_and_read_back(real, name):
    form = read_questionnaire(real(name))
    assert broken_expressions(form) == []
    evaluation = populate(form, at=NOON)
    for _ in range(3):
        fill(evaluation)
        evaluation.settle()
    problems(evaluation)
    shown = render(evaluation, language="en")
    page = render_to_string("questionnaires/_pieces.html", {"shown": shown})
    assert page.count("nhsuk-form-group") >= shown.asked // 2 > 0
    sent = json.loads(json.dumps(response(form, evaluation.tree)))
    again = settle(form, read_response(form, sent), at=NOON)
    assert response(form, again.tree) == sent
    assert len(sent["item"]) > 0


@pytest.mark.parametrize("number", [0, 1])
def test_published_answers_are_taken_as_they_are(real, number):
    form = read_questionnaire(real("covapp/example-covapp-questionnaire.json"))
    said = json.loads(real(f"covapp/example-covapp-response-{number}.json"))
    evaluation = settle(form, read_response(form, said), at=NOON)
    assert problems(evaluation) == []
    assert response(form, evaluation.tree)["item"] == said["item"]


def test_a_form_of_hundreds_of_items_computes_its_scores(real):
    form = read_questionnaire(real("smart_forms/CVD-Risk-2023.json"))
    assert "CVD" in json.dumps(form.raw)
    assert populate(form, at=NOON).failed == {}


def test_three_hundred_items_are_on_the_page_in_a_third_of_a_second(settings):
    options = [{"valueString": word} for word in ("never", "sometimes", "often", "always")]
    kinds = [{"type": "choice", "answerOption": options}, {"type": "integer"}, {"type": "string"}]
    items = [
        q(f"part {n}", "group", *(q(f"{n}.{m}", **kinds[m % 3]) for m in range(29)))
        for n in range(10)
    ]
    form = read_questionnaire(whole(*items))
    assert len(form.in_order) == 300
    best = 9.0
    for _ in range(5):
        begun = time.process_time()
        shown = render(populate(form, at=NOON), language="en")
        render_to_string("questionnaires/_pieces.html", {"shown": shown})
        best = min(best, time.process_time() - begun)
    assert best < 0.3
