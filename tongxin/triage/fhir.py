"""The pack as a FHIR R4 Questionnaire, for systems that ask with their own forms.

https://hl7.org/fhir/R4/questionnaire.html; translations by the standard's own extension.
"""

from typing import Any

from tongxin.triage.answers import WORDS, value_name
from tongxin.triage.conditions import UNKNOWN
from tongxin.triage.packs import Pack, Question, in_language

EXTENSIONS = "http://hl7.org/fhir/StructureDefinition"
TRANSLATION = f"{EXTENSIONS}/translation"
Json = dict[str, Any]


def questionnaire(pack: Pack, base: str) -> Json:
    """The Questionnaire; ``base`` is the address of this site.

    A question that is asked only of some stands in groups with `enableWhen`: one group for each
    question it hangs on, any of whose answers shows it. “Don't know” is an answer of its own.
    """
    url = f"{base}/fhir/Questionnaire/self-check-{pack.key}"
    return {
        "resourceType": "Questionnaire",
        "id": f"self-check-{pack.key}",
        "url": url,
        "version": pack.version,
        "name": "SelfCheck" + "".join(part.title() for part in pack.key.split("-")),
        "title": pack.title_zh,
        "_title": _translated(pack.title_en),
        "status": "active",
        "experimental": pack.reviewed_by_en is None,
        "subjectType": ["Patient"],
        "language": "zh-Hans",
        "date": pack.reviewed_on.isoformat(),
        **_approved(pack),
        "effectivePeriod": {"end": pack.review_by.isoformat()},
        "item": [item for question in pack.question for item in _items(pack, question, base)],
    }


def _approved(pack: Pack) -> Json:
    """When clinicians let it out; nothing where none has."""
    on = pack.reviewed_on.isoformat()
    return {"approvalDate": on, "lastReviewDate": on} if pack.reviewed_by_en else {}


def _items(pack: Pack, question: Question, base: str) -> list[Json]:
    """The question, with its “don't know” beside it where it is a number, inside its groups."""
    link = _link(question.key)
    items = [_question(pack, question, base)]
    if question.kind == "number" and question.may_be_unknown:
        items.append(
            {
                "linkId": f"{link}.unknown",
                "type": "boolean",
                "text": value_name(question, UNKNOWN, "zh"),
                "_text": _translated(value_name(question, UNKNOWN, "en")),
            }
        )
    for depth, (name, values) in enumerate(question.when.items(), 1):
        before = pack.questions[name]
        shown = [v for v in before.values if v in values]
        if before.may_be_unknown and not before.treated_as.isdisjoint(values):
            shown.append(UNKNOWN)
        group = {
            "linkId": f"{link}.when.{depth}",
            "type": "group",
            "enableWhen": [
                {
                    "question": _link(name),
                    "operator": "=",
                    "answerCoding": {"system": _system(pack, before, base), "code": value},
                }
                for value in shown
            ],
            "item": items,
        }
        items = [group | ({"enableBehavior": "any"} if len(shown) > 1 else {})]
    return items


def _question(pack: Pack, question: Question, base: str) -> Json:
    item: Json = {
        "linkId": _link(question.key),
        "text": question.asks_zh,
        "_text": _translated(question.asks_en),
        "type": "choice",
        "required": not (question.kind == "number" and question.may_be_unknown),
    }
    if question.kind == "number":
        return item | _number(question)
    if question.kind == "several":
        item["repeats"] = True
    values = [*question.values, *(["nothing"] if question.kind == "several" else [])]
    values += [UNKNOWN] if question.may_be_unknown else []
    system = _system(pack, question, base)
    item["answerOption"] = [_option(question, value, system) for value in values]
    return item


def _number(question: Question) -> Json:
    """Type, unit and range of a number."""
    is_whole = question.step == 1
    kind, value = ("integer", "valueInteger") if is_whole else ("decimal", "valueDecimal")
    edges = {"minValue": question.least or 0, "maxValue": question.most or 0}
    unit = {"display": in_language(question, "unit", "zh")}
    return {
        "type": kind,
        "extension": [
            {"url": f"{EXTENSIONS}/questionnaire-unit", "valueCoding": unit},
            *(
                {"url": f"{EXTENSIONS}/{name}", value: int(edge) if is_whole else edge}
                for name, edge in edges.items()
            ),
        ],
    }


def _option(question: Question, value: str, system: str) -> Json:
    alone = value in WORDS and question.kind == "several"
    option: Json = {
        "valueCoding": {
            "system": system,
            "code": value,
            "display": value_name(question, value, "zh"),
            "_display": _translated(value_name(question, value, "en")),
        }
    }
    if alone:
        url = f"{EXTENSIONS}/questionnaire-optionExclusive"
        option["extension"] = [{"url": url, "valueBoolean": True}]
    return option


def _translated(text: str) -> Json:
    """The same text in English."""
    parts = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": text}]
    return {"extension": [{"url": TRANSLATION, "extension": parts}]}


def _link(key: str) -> str:
    return key.replace("_", "-")


def _system(pack: Pack, question: Question, base: str) -> str:
    """The name of a question's values."""
    return f"{base}/fhir/CodeSystem/self-check-{pack.key}-{_link(question.key)}"
