import json

import pytest

from tests.questionnaires.forms import fhirpath, q, whole
from tongxin.questionnaires.models import Response

KEY = "0b7e9a52-5f1c-4f6e-9a53-1f2d9e3c4b5a"
BASE = "/api/questionnaires"


def post(client, path, body, **headers):
    text = json.dumps(body)
    return client.post(f"{BASE}/{path}", text, content_type="application/json", headers=headers)


def test_public_forms_are_listed_and_read_as_fhir(client, daily):
    assert [one["slug"] for one in client.get(BASE).json()["forms"]] == ["daily-health-log"]
    read = client.get(f"{BASE}/daily-health-log").json()
    assert (read["resourceType"], read["version"]) == ("Questionnaire", daily.version)


def test_a_form_that_is_not_public_is_not_there(client, published):
    published(whole(q("a")), slug="staff", is_public=False)
    assert client.get(f"{BASE}/staff").status_code == 404
    for path in ("staff/$populate", "staff/$extract", "staff/responses"):
        assert post(client, path, {}, Idempotency_Key=KEY).status_code == 404
    assert client.get(BASE).json() == {"forms": []}


def test_what_is_known_fills_the_form(client, published):
    launch = [{"url": "name", "valueCoding": {"code": "patient"}}]
    url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-launchContext"
    item = q("sex", extension=[fhirpath("initialExpression", "%patient.gender")])
    number = q("t", "decimal", extension=[fhirpath("initialExpression", "%last")])
    extension = [{"url": url, "extension": launch}, fhirpath("variable", "37.5", "last")]
    published(whole(item, number, q("c", initial=[{"valueString": "d"}]), extension=extension))
    patient = {"resourceType": "Patient", "gender": "female"}
    begun = post(client, "form/$populate", {"context": {"patient": patient}}).json()
    plain = {item["linkId"]: next(iter(item["answer"][0].values())) for item in begun["item"]}
    assert plain == {"sex": "female", "t": 37.5, "c": "d"}
    assert begun["status"] == "in-progress"


def test_observations_are_made_and_nothing_is_kept(client, daily, well):
    bundle = post(client, "daily-health-log/$extract", well).json()
    codes = [one["resource"]["code"]["coding"][0]["code"] for one in bundle["entry"]]
    assert codes[:2] == ["8310-5", "75325-1"]
    assert not Response.objects.exists()


def test_a_response_is_taken_once(client, daily, well):
    first = post(client, "daily-health-log/responses", well, Idempotency_Key=KEY)
    again = post(client, "daily-health-log/responses", well, Idempotency_Key=KEY)
    assert first.status_code == 200 and first.json() == again.json()
    well["item"].pop(0)
    other = post(client, "daily-health-log/responses", well, Idempotency_Key=KEY)
    assert (other.status_code, other.json()["code"]) == (409, "OtherAnswersUnderThisKey")
    assert Response.objects.count() == 1


@pytest.mark.parametrize("name", ["subject", "author", "source"])
def test_answers_that_name_a_person_are_not_taken_here(client, daily, well, name):
    well[name] = {"reference": "Patient/1"}
    refused = post(client, "daily-health-log/responses", well, Idempotency_Key=KEY)
    assert (refused.status_code, refused.json()["code"]) == (403, "AboutAPerson")
    assert not Response.objects.exists()


def test_what_does_not_belong_is_refused_in_words(client, daily, well):
    well["item"].append({"linkId": "weight", "answer": [{"valueDecimal": 70}]})
    refused = post(client, "daily-health-log/responses", well, Idempotency_Key=KEY)
    assert (refused.status_code, refused.json()["code"]) == (422, "NotAsked")
    assert "weight" in refused.json()["message"]
    assert post(client, "daily-health-log/responses", {}, Idempotency_Key="1").status_code == 422
    assert post(client, "daily-health-log/responses", {}).status_code == 422
