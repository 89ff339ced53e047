"""Small questionnaires for tests, written as briefly as they can be said."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tongxin.questionnaires.answers import blank, find, response, walk
from tongxin.questionnaires.checking import problems
from tongxin.questionnaires.definition import Value
from tongxin.questionnaires.evaluation import settle
from tongxin.questionnaires.reading import read_questionnaire

NOON = datetime(2020, 3, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
CORE = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"


def q(link_id, kind="string", *items, **more):
    """One item."""
    return {"linkId": link_id, "type": kind, "text": link_id, **more} | (
        {"item": list(items)} if items else {}
    )


def when(question, operator, **answer):
    return {"question": question, "operator": operator, **answer}


def fhirpath(name, text, variable=""):
    """An extension that holds an expression."""
    url = f"{CORE}variable" if name == "variable" else f"{SDC}{name}"
    said = {"language": "text/fhirpath", "expression": text}
    return {"url": url, "valueExpression": said | ({"name": variable} if variable else {})}


def flag(name, **value):
    return {"url": f"{CORE}{name}", **value}


def rule(key, text, human, severity="error"):
    """A constraint."""
    parts = [("key", "valueId", key), ("severity", "valueCode", severity)]
    parts += [("expression", "valueString", text), ("human", "valueString", human)]
    return {
        "url": f"{CORE}questionnaire-constraint",
        "extension": [{"url": url, kind: value} for url, kind, value in parts],
    }


def whole(*items, **more):
    """A questionnaire in JSON."""
    return {"resourceType": "Questionnaire", "status": "active", "item": list(items)} | more


def form(*items, **more):
    return read_questionnaire(whole(*items, **more))


def answered(read, **answers):
    """The form at rest with these answers by linkId (``_`` for ``-``): values or lists of them."""
    tree = blank(read.items)
    for name, given in answers.items():
        one = find(tree, name.replace("_", "-"))
        values = given if isinstance(given, list) else [given]
        one.answer(
            *(value if isinstance(value, Value) else as_value(one, value) for value in values)
        )
    return settle(read, tree, at=NOON)


def as_value(given, plain):
    kind = next(iter(given.item.kinds))
    return Value(kind, plain)


def asked(evaluation):
    """linkIds of what is asked now."""
    return [given.item.link_id for given in walk(evaluation.tree) if given.is_enabled]


def sentences(evaluation):
    """(path, words) of every problem."""
    return [(one.path, one.says.format(**one.facts)) for one in problems(evaluation)]


def sent(evaluation):
    """linkId to plain answers, of everything that goes out."""
    found = {}

    def look(items):
        for item in items:
            if "answer" in item:
                plain = [next(iter(answer.values())) for answer in item["answer"]]
                found.setdefault(item["linkId"], []).extend(plain)
                for answer in item["answer"]:
                    look(answer.get("item", []))
            look(item.get("item", []))

    look(response(evaluation.form, evaluation.tree).get("item", []))
    return found
