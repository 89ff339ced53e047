"""What the page of a form shows, and that what it sends is what was on it."""

import re

from django.template.loader import render_to_string

from tests.questionnaires.forms import CORE, NOON, answered, fhirpath, flag, form, q, sent
from tongxin.questionnaires.definition import Value
from tongxin.questionnaires.evaluation import settle
from tongxin.questionnaires.fields import read_fields
from tongxin.questionnaires.rendering import render


class Sent(dict):
    def getlist(self, name):
        return self.get(name, [])


def page(evaluation):
    shown = render(evaluation, language="en")
    return render_to_string("questionnaires/_pieces.html", {"shown": shown})


def typed_back(evaluation):
    """What a browser sends when nothing is changed, read again."""
    text = page(evaluation)
    fields = Sent()
    for tag in re.findall(r"<input [^>]*>", text):
        facts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if facts.get("type") not in ("radio", "checkbox") or " checked" in tag:
            fields.setdefault(facts["name"], []).append(unescaped(facts.get("value", "")))
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected', inner)
        fields.setdefault(name, []).extend(map(unescaped, chosen))
    for name, inner in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', text, re.S
    ):
        fields.setdefault(name, []).append(unescaped(inner))
    read = read_fields(evaluation.form, fields, zone=NOON.tzinfo)
    return settle(evaluation.form, read.tree, at=NOON)


def unescaped(text):
    for code, letter in (("&quot;", '"'), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">")):
        text = text.replace(code, letter)
    return text.replace("&amp;", "&")


ANSWERS = {
    "boolean": False,
    "decimal": 37.5,
    "integer": 3,
    "date": "2020-03",
    "dateTime": "2020-03-19T08:30:00+08:00",
    "time": "07:30:00",
    "string": "“a” & <b>",
    "text": "two\nlines",
    "url": "https://example.org/?a=1&b=2",
    "reference": {"reference": "Patient/1"},
    "attachment": {"contentType": "text/plain", "data": "aGk=", "title": "hi.txt"},
}


def test_every_kind_of_answer_comes_back_from_its_page():
    evaluation = answered(form(*(q(kind, kind) for kind in ANSWERS)), **ANSWERS)
    assert sent(typed_back(evaluation)) == sent(evaluation)
    assert len(sent(evaluation)) == len(ANSWERS)


def test_choices_come_back_those_that_are_no_longer_offered_too():
    options = [{"valueCoding": {"system": "urn:s", "code": code}} for code in "abc"]
    many = [{"valueString": str(n)} for n in range(20)]
    read = form(
        q("one", "choice", answerOption=options),
        q("some", "choice", answerOption=options, repeats=True),
        q("long", "choice", answerOption=many),
        q("open", "open-choice", answerOption=options, repeats=True),
        q("old", "choice", answerOption=options),
    )
    evaluation = answered(
        read,
        one={"system": "urn:s", "code": "b"},
        some=[{"system": "urn:s", "code": code} for code in "ac"],
        long="17",
        open=[Value("Coding", {"system": "urn:s", "code": "a"}), Value("String", "my own")],
        old={"system": "urn:s", "code": "gone"},
    )
    assert sent(typed_back(evaluation)) == sent(evaluation)


def test_a_quantity_keeps_its_unit():
    units = [
        flag("questionnaire-unitOption", valueCoding={"code": code, "display": shown})
        for code, shown in (("Cel", "°C"), ("[degF]", "°F"))
    ]
    evaluation = answered(
        form(q("t", "quantity", extension=units)),
        t={"value": 100.4, "unit": "°F", "code": "[degF]"},
    )
    assert sent(typed_back(evaluation)) == sent(evaluation)


def test_what_is_asked_below_the_second_answer_stays_there():
    options = [{"valueString": word} for word in ("x", "y", "z")]
    read = form(q("a", "choice", q("why"), repeats=True, answerOption=options))
    evaluation = answered(read, a=["x", "z"])
    evaluation.tree[0].replies[1].items[0].answer(Value("String", "because"))
    evaluation.settle()
    back = typed_back(evaluation)
    assert [reply.items[0].is_answered for reply in back.tree[0].replies] == [False, True]


def test_what_is_calculated_is_shown_and_cannot_be_typed():
    extension = [fhirpath("calculatedExpression", "1 + 1")]
    text = page(answered(form(q("sum", "integer", extension=extension))))
    assert "<output>2</output>" in text and 'type="text"' not in text


def test_a_hidden_item_is_not_shown_and_keeps_its_value():
    hidden = flag("questionnaire-hidden", valueBoolean=True)
    read = form(q("h", extension=[hidden], initial=[{"valueString": "x"}]), q("a"))
    back = typed_back(answered(read, h="x", a="y"))
    assert 'name="q0"' not in page(back)
    assert sent(back) == {"h": ["x"], "a": ["y"]}


def test_help_stands_below_its_question_and_a_link_leads_on():
    link = {"url": f"{CORE}questionnaire-supportLink", "valueUri": "https://example.org/help"}
    bad = {"url": f"{CORE}questionnaire-supportLink", "valueUri": "javascript:alert(1)"}
    read = form(
        q("a", "string", q("write plainly", "display"), extension=[link]), q("b", extension=[bad])
    )
    text = page(answered(read))
    assert 'class="nhsuk-hint"' in text and "write plainly" in text
    assert 'href="https://example.org/help"' in text and "javascript:" not in text


def test_a_long_form_has_parts_with_what_is_left_in_each():
    read = form(q("one", "group", q("a"), q("b")), q("two", "group", q("c")))
    shown = render(answered(read, a="x"), language="en")
    assert [(part.label, part.answered, part.asked) for part in shown.sections] == [
        ("one", 1, 2),
        ("two", 0, 1),
    ]
    assert (shown.answered, shown.asked) == (1, 3)
