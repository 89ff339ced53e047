import json
from pathlib import Path

import pytest

from tongxin.questionnaires.actions import bring_in, load_shipped_forms, publish_form

NAMES = [
    "covapp/cov-app-de-packed-r4.questionnaire.json",
    "covapp/cov-app-en-packed-r4.questionnaire.json",
    "covapp/example-covapp-questionnaire.json",
    "smart_forms/715.R4-modified.json",
    "smart_forms/715.R4.json",
    "smart_forms/CVD Check.json",
    "smart_forms/CVD Risk-HISO.json",
    "smart_forms/CVD Risk.json",
    "smart_forms/CVD-Risk-2023.json",
    "smart_forms/Questionnaire-AboriginalTorresStraitIslanderHealthCheckAssembled-0.1.0.json",
    "smart_forms/Questionnaire-AboriginalTorresStraitIslanderHealthCheckAssembled-0.4.0.json",
    "smart_forms/TestAssembled715.json",
]


@pytest.fixture
def real(shared_data):
    """The bytes of a real questionnaire, by name."""

    def read(name):
        return (Path(shared_data) / "questionnaires" / name).read_bytes()

    return read


@pytest.fixture
def daily(db, noon):
    """The daily health log, in use."""
    (row,) = load_shipped_forms(by="tests", at=noon)
    return row


@pytest.fixture
def published(db, noon):
    """Bring a questionnaire in and put it into use."""

    def publish(raw, slug="form", is_public=True):
        row = bring_in(raw, slug=slug, is_public=is_public, by="tests", at=noon)
        return publish_form(row, by="tests", at=noon)

    return publish


def coding(system, code):
    return {"valueCoding": {"system": system, "code": code}}


OWN = "https://tongxin.example/CodeSystem/health-log"


@pytest.fixture
def well():
    """Answers of somebody who is well, to the daily health log."""
    answers = {
        "temperature": {"valueQuantity": {"value": 36.6, "unit": "°C", "code": "Cel"}},
        "symptoms": coding(OWN, "none"),
        "feeling": coding(OWN, "same"),
        "contact": coding(OWN, "no"),
        "travelled": {"valueBoolean": False},
        "took-medicine": {"valueBoolean": False},
    }
    items = [{"linkId": link_id, "answer": [answer]} for link_id, answer in answers.items()]
    return json.loads(json.dumps({"resourceType": "QuestionnaireResponse", "item": items}))
