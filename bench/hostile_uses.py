"""What is done to a hostile case: everything that a page, the API and WeChat's door would do."""

import json
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from tongxin.channels.wechat.messages import read
from tongxin.questionnaires.answers import carried, read_response, response
from tongxin.questionnaires.browser_rules import rules_for_browser
from tongxin.questionnaires.checking import problems
from tongxin.questionnaires.definition import Questionnaire
from tongxin.questionnaires.evaluation import settle
from tongxin.questionnaires.extracting import observations
from tongxin.questionnaires.fields import read_fields
from tongxin.questionnaires.populating import populate
from tongxin.questionnaires.reading import read_questionnaire
from tongxin.questionnaires.rendering import render
from tongxin.questionnaires.reporting import report

NOON = datetime(2020, 3, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TYPES = ["boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url"]
TYPES += ["choice", "open-choice", "attachment", "reference", "quantity"]


@cache
def everything() -> Questionnaire:
    """A form with every type of question, each of them repeating, and a group of them."""
    items = [{"linkId": kind, "type": kind, "repeats": True} for kind in TYPES]
    below = [{"linkId": "below", "type": "string"}]
    options = [{"valueString": "x"}, {"valueCoding": {"code": "x"}}]
    items[9] |= {"answerOption": options, "item": below}
    inside = [{"linkId": "x", "type": "integer"}, {"linkId": "display", "type": "display"}]
    items.append({"linkId": "g", "type": "group", "repeats": True, "item": inside})
    whole = {"resourceType": "Questionnaire", "status": "active", "item": items}
    return read_questionnaire(whole)


def questionnaire(raw: Any) -> None:
    """Read, reported on, begun, checked, shown, brought to the browser and handed on."""
    form = read_questionnaire(raw)
    report(form)
    evaluation = populate(form, at=NOON)
    problems(evaluation)
    render(evaluation, language="zh-hans", with_unasked=True)
    json.dumps(rules_for_browser(form, language="zh-hans", at=NOON))
    observations(form, evaluation.tree, effective="2020-03-20")
    said = response(form, evaluation.tree)
    if response(form, read_response(form, said)) != said:
        raise AssertionError("answers do not come back")


def answers(raw: Any) -> None:
    """Read, settled, checked, shown, handed on and carried over to another version."""
    form = everything()
    evaluation = settle(form, read_response(form, raw), at=NOON)
    problems(evaluation)
    render(evaluation, language="en")
    observations(form, evaluation.tree, effective="2020-03-20")
    carried(evaluation.tree, form.items)


class Sent(dict[str, list[str]]):
    """As Django gives what a browser sent."""

    def getlist(self, name: str) -> list[str]:
        return self.get(name, [])


def fields(sent: dict[str, list[str]]) -> None:
    """Read, settled, checked and shown again."""
    form = everything()
    read_back = read_fields(form, Sent(sent), zone=NOON.tzinfo, change="add:q14")
    evaluation = settle(form, read_back.tree, at=NOON)
    problems(evaluation)
    render(evaluation, language="en", mistyped=read_back.mistyped)


def wechat(body: bytes) -> None:
    read(body)
