"""The browser decides and calculates as the server does: same fields, same form, same result."""

import json
import os
import random
import shutil
import subprocess

import pytest

from tests.questionnaires.conftest import NAMES
from tests.questionnaires.forms import NOON, fhirpath, flag, q, when, whole
from tests.questionnaires.test_page_of_a_form import Sent
from tongxin.questionnaires.answers import reply_to, response_items, walk
from tongxin.questionnaires.browser_rules import rules_for_browser
from tongxin.questionnaires.evaluation import settle
from tongxin.questionnaires.fields import below, name_of, read_fields, repetition
from tongxin.questionnaires.reading import read_questionnaire
from tongxin.questionnaires.refusals import DoesNotSettle
from tongxin.releases.assets import BUILT, asset

NODE = shutil.which("node")
SCRIPT = BUILT / asset("form-evaluated.js", root="")
needs_build = pytest.mark.skipif(
    not (NODE and SCRIPT.is_file()), reason="no Node.js, or the pages' scripts are not built"
)
TEXTS = {
    "boolean": ["true", "false", "false", "perhaps"],
    "decimal": ["37.5", "38", "36,6", "３８．２", "1e3", "-0.5", "120"],
    "integer": ["0", "3", "45", "60", "74", "1.5", "2147483648", "x"],
    "date": ["1950-02-03", "2019-12-31", "2020-03-20", "2020-02-30", "2020", "1/2/3"],
    "dateTime": ["2020-03-19T08:30", "2020-03-19T08:30:00Z", "2020-03", "now"],
    "time": ["07:30", "23:59:59", "24:00"],
    "quantity": ["38.5", "70", "170,5", "heavy"],
    "attachment": [""],
}
WORDS = ["words", "Rui", "https://example.org", "more\nwords", " ", "10"]


class Typist:
    """What somebody might type: most questions answered, some of them not as they should be."""

    def __init__(self, chance):
        self.chance, self.found = chance, {}

    def level(self, items, path):
        for item in items:
            if item.type == "group":
                self.group(item, path)
            elif item.is_question and self.chance.random() > 0.25:
                self.question(item, path, name_of(item, path))
        return self.found

    def group(self, item, path):
        places = self.chance.randint(1, 3) if item.may_repeat else 1
        if item.may_repeat:
            self.found[f"n{name_of(item, path)}"] = [str(places)]
        for place in range(places):
            self.level(item.items, repetition(path, place, item))

    def question(self, item, path, name):
        if item.is_choice and item.options:
            return self.choice(item, path, name)
        count = self.chance.randint(1, 2) if item.may_repeat else 1
        self.found[name] = [self.chance.choice(TEXTS.get(item.type, WORDS)) for _ in range(count)]
        if item.type == "quantity":
            codes = [str(unit.get("code") or unit.get("display")) for unit in item.units]
            self.found[f"{name}-unit"] = [self.chance.choice([*codes, ""]) for _ in range(count)]
        return self.level(item.items, f"{path}-0")

    def choice(self, item, path, name):
        most = min(len(item.options), 3 if item.may_repeat else 1)
        places = self.chance.sample(range(len(item.options)), self.chance.randint(1, most))
        self.found[name] = [str(place) for place in places]
        if item.type == "open-choice" and self.chance.random() < 0.3:
            self.found[f"{name}-own"] = [self.chance.choice(WORDS)]
        for n, place in enumerate(places):
            self.level(item.items, below(item, path, n, reply_to(item, item.options[place].value)))


def on_the_server(form, fields):
    read = read_fields(form, Sent(fields), zone=NOON.tzinfo)
    try:
        tree = settle(form, read.tree, at=NOON).tree
    except DoesNotSettle:
        return {"refused": "DoesNotSettle"}
    asked = [given.item.link_id for given in walk(tree) if given.is_enabled]
    return {"asked": asked, "items": response_items(tree)}


def in_the_browser(form, cases):
    """By the script that pages load, in Node.js: it is the same engine as Chromium's."""
    rules = rules_for_browser(form, language="en", at=NOON)
    done = subprocess.run(
        [NODE, os.path.join(os.path.dirname(__file__), "browser_rules.mjs"), SCRIPT.as_uri()],
        input=json.dumps({"form": rules, "cases": cases}),
        env={**os.environ, "TZ": "Asia/Shanghai"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def assert_agreement(form, count):
    chance = random.Random(20200320)
    cases = [Typist(chance).level(form.items, "") for _ in range(count)]
    for fields, there in zip(cases, in_the_browser(form, cases), strict=True):
        here = on_the_server(form, fields)
        assert there.get("refused") == here.get("refused"), there
        assert there.get("asked") == here.get("asked"), fields
        assert plain(there.get("items")) == plain(here.get("items")), fields


def plain(node):
    """Numbers are equal to nine digits: decimals there, binary fractions here."""
    if isinstance(node, dict):
        return {name: plain(one) for name, one in node.items()}
    if isinstance(node, list):
        return [plain(one) for one in node]
    return round(float(node), 9) if type(node) in (int, float) else node


@needs_build
@pytest.mark.parametrize("name", NAMES)
def test_both_agree_on_a_real_form(real, name):
    form = read_questionnaire(real(name))
    assert_agreement(form, 2 if len(form.in_order) > 400 else 10)


KINDS_OF_CONDITION = [
    ("boolean", {"answerBoolean": True}),
    ("integer", {"answerInteger": 45}),
    ("decimal", {"answerDecimal": 37.5}),
    ("decimal", {"answerInteger": 38}),
    ("date", {"answerDate": "2020-01-01"}),
    ("dateTime", {"answerDateTime": "2020-03-19T00:30:00Z"}),
    ("dateTime", {"answerDate": "2020-03-19"}),
    ("time", {"answerTime": "12:00:00"}),
    ("string", {"answerString": "Rui"}),
    ("url", {"answerUri": "https://example.org"}),
]


@needs_build
def test_both_agree_on_every_operator_of_every_kind():
    items = []
    for n, (kind, answer) in enumerate(KINDS_OF_CONDITION):
        operators = ["=", "!=", ">", "<", ">=", "<="]
        conditions = [[when(f"a{n}", operator, **answer)] for operator in operators]
        conditions.append([when(f"a{n}", "exists", answerBoolean=True), *conditions[0]])
        items.append(q(f"a{n}", kind, repeats=n % 2 == 0))
        items += [
            q(f"b{n}.{m}", enableWhen=one, enableBehavior="any") for m, one in enumerate(conditions)
        ]
    options = [{"valueCoding": {"system": "urn:s", "code": code}} for code in "abc"]
    units = [
        flag("questionnaire-unitOption", valueCoding={"code": code}) for code in ("Cel", "[degF]")
    ]
    more = [
        q("c", "choice", answerOption=options, repeats=True),
        q("c=b", enableWhen=[when("c", "=", answerCoding={"code": "b"})]),
        q("c!=a", enableWhen=[when("c", "!=", answerCoding={"system": "urn:s", "code": "a"})]),
        q("t", "quantity", extension=units),
        q("hot", enableWhen=[when("t", ">", answerQuantity={"value": 38, "code": "Cel"})]),
    ]
    groups = q("g", "group", *items[:8], q("g.h", "group", *more, repeats=True), repeats=True)
    assert_agreement(read_questionnaire(whole(groups, *items[8:])), 60)


EXPRESSIONS = [
    "%resource.repeat(item).where(linkId='w').answer.value / 3",
    "iif(%resource.repeat(item).where(linkId='w').answer.value > 60, 0.1 + 0.2, 7)",
    "%resource.item.where(linkId='c').answer.value.code.count()",
    "(%twice | 3).sum()",
    "%resource.repeat(item).where(linkId='r').answer.value.aggregate($this + $total, 0)",
    "(today() - 1 'year').toString().length()",
    "%resource.repeat(item).where(linkId='d').answer.value.toString().substring(0, 4).toInteger()",
    "%resource.repeat(item).where(linkId='nobody').answer.value.exists()",
    "%unknown + 1",
    "item.where(linkId = 'x').answer.value",
    "%resource.repeat(item).where(linkId='w').answer.value.power(2).round(2)",
]


@needs_build
@pytest.mark.parametrize("text", EXPRESSIONS)
def test_both_agree_on_what_an_expression_finds(text):
    everywhere = "%resource.repeat(item).where(linkId='{}').answer.value".format
    letters = [{"valueCoding": {"code": code}} for code in "abc"]
    shown = fhirpath("enableWhenExpression", everywhere("sum") + " > 1")
    form = whole(
        q("w", "decimal"),
        q("r", "integer", repeats=True),
        q("d", "date"),
        q("c", "choice", answerOption=letters, repeats=True),
        q("sum", "decimal", extension=[fhirpath("calculatedExpression", text)]),
        q("s", extension=[fhirpath("calculatedExpression", text)]),
        q("x", extension=[shown]),
        extension=[fhirpath("variable", everywhere("w") + " * 2", "twice")],
    )
    assert_agreement(read_questionnaire(form), 6)
