import re

import pytest

from tests.questionnaires.forms import q, whole
from tongxin.questionnaires.models import Draft, Response

PAGE = "/en/forms/daily-health-log/"
NUMBERS = {
    "temperature": "q0",
    "symptoms": "q2",
    "other": "q3",
    "since": "q4",
    "feeling": "q5",
    "contact": "q6",
    "travelled": "q9",
    "medicine": "q13",
}


def well(**more):
    """What a browser sends for somebody who is well."""
    fields = {"temperature": "36.6", "symptoms": "10", "feeling": "1", "contact": "1"}
    fields |= {"travelled": "false", "medicine": "false"}
    sent = {NUMBERS[name]: value for name, value in fields.items()}
    return sent | {"q0-unit": "Cel", "deed": "submit", "key": KEY} | more


KEY = "0b7e9a52-5f1c-4f6e-9a53-1f2d9e3c4b5a"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Cough"), ("zh-hans", "咳嗽")], ids=["English", "Chinese"]
)
def test_the_form_stands_in_both_languages(client, daily, language, words):
    page = client.get(f"/{language}/forms/daily-health-log/")
    assert page.status_code == 200
    assert words in page.content.decode()
    assert daily.slug in client.get(f"/{language}/forms/").content.decode()


def test_an_address_without_language_leads_to_it(client, daily):
    assert client.get("/forms/daily-health-log/").url.endswith("/forms/daily-health-log/")


def test_every_label_has_its_field_and_every_id_is_one(client, daily):
    text = client.post(PAGE, well(q2="9", deed="update")).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'\sfor="([^"]+)"', text)) <= set(ids)
    described = " ".join(re.findall(r'aria-describedby="([^"]+)"', text)).split()
    assert set(described) <= set(ids)


def test_somebody_who_is_well_is_done_with_one_press(client, daily):
    answer = client.post(PAGE, well())
    row = Response.objects.get()
    assert answer.status_code == 302
    receipt = client.get(answer.url).content.decode()
    assert "Your answers have arrived" in receipt and "36.6" not in receipt
    assert row.person is None and row.author is None
    assert client.post(PAGE, well()).url == answer.url
    assert Response.objects.count() == 1


def test_other_answers_from_the_same_page_are_sent_only_after_a_second_press(client, daily):
    client.post(PAGE, well())
    again = client.post(PAGE, well(q0="38.5"))
    assert again.status_code == 409
    key = re.search(r'name="key" value="([^"]+)"', again.content.decode())[1]
    assert client.post(PAGE, well(q0="38.5", key=key)).status_code == 302
    assert Response.objects.count() == 2


def test_errors_stand_beside_the_field_and_in_the_summary(client, daily):
    answer = client.post(PAGE, well(q0="hot", q2=""))
    text = answer.content.decode().partition('id="form-rules"')[0]
    assert answer.status_code == 422
    assert text.count("Enter a number, such as 37.5, and choose its unit.") == 2
    assert text.count("Answer this question.") == 2
    assert 'href="#q0"' in text and 'href="#q2"' in text
    assert 'value="hot"' in text
    chinese = client.post(PAGE.replace("/en/", "/zh-hans/"), well(q2="")).content.decode()
    assert "请回答这个问题" in chinese


def test_the_unit_decides_what_is_possible(client, daily):
    assert client.post(PAGE, well(q0="98.6")).status_code == 422
    assert client.post(PAGE, well(**{"q0": "98.6", "q0-unit": "[degF]"})).status_code == 302
    assert Response.objects.get().answers["item"][0]["answer"][0]["valueQuantity"]["unit"] == "°F"


def test_none_of_these_together_with_a_symptom_is_told(client, daily):
    text = client.post(PAGE, well(q2=["1", "10"])).content.decode()
    assert "“None of these” cannot be chosen together with other answers." in text


def test_update_shows_what_depends_on_an_answer(client, daily):
    off = r'data-q="q4" hidden>.*?name="q4"[^>]* disabled>'
    assert re.search(off, client.get(PAGE).content.decode(), re.S)
    text = client.post(PAGE, well(q2="1", deed="update")).content.decode()
    assert not re.search(off, text, re.S) and 'name="q4"' in text
    assert "There is a problem" not in text


def test_repetitions_are_added_and_removed_by_buttons(client, daily):
    away = well(q9="true", deed="", change="")
    two = client.post(PAGE, away | {"nq10": "1", "q11-0": "Wuhan", "change": "add:q10"})
    assert 'name="q11-1"' in two.content.decode()
    sent = {"nq10": "2", "q11-0": "Wuhan", "q11-1": "Yichang", "change": "remove:q10-0"}
    one = client.post(PAGE, away | sent).content.decode()
    assert 'name="q11-0" value="Yichang"' in one and "Wuhan" not in one


def test_answers_are_kept_and_found_again_on_another_device(client, daily, django_user_model):
    kept = client.post(PAGE, well(deed="keep", q0="38.2")).content.decode()
    code = re.search(r"<strong>([0-9A-Z-]{19})</strong>", kept)[1]
    again = client.post("/zh-hans/forms/resume/", {"code": code.lower()})
    assert 'value="38.2"' in again.content.decode()
    plain = code.replace("-", "")
    assert client.post(PAGE, well(q0="38.2", code=plain)).status_code == 302
    assert not Draft.objects.exists()
    assert client.post("/en/forms/resume/", {"code": code}).status_code == 404


def test_answers_to_a_replaced_version_are_shown_with_their_own_questions_and_not_taken(
    client, published
):
    old = published(whole(q("a"), q("b", "integer"), url="urn:x", version="1"))
    published(whole(q("b", "integer"), q("new"), q("a"), url="urn:x", version="2"))
    sent = {"key": KEY, "deed": "submit", "version": old.version, "q0": "Rui", "q1": "7"}
    answer = client.post("/en/forms/form/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422 and "This form has changed" in text
    assert re.search(r'name="q0" value="7"', text) and re.search(r'name="q2" value="Rui"', text)
    assert 'name="version" value="2"' in text and KEY in text
    assert client.post("/en/forms/form/", sent | {"version": "9"}).status_code == 422
    assert not Response.objects.exists()


def test_what_is_not_public_is_not_there(client, published):
    published(whole(q("a")), slug="staff", is_public=False)
    assert client.get("/en/forms/staff/").status_code == 404
    assert "forms/staff/" not in client.get("/en/forms/").content.decode()


def test_a_page_of_another_site_cannot_send(client, daily):
    assert client.post(PAGE, well(), HTTP_ORIGIN="https://evil.example").status_code == 403


def test_words_of_a_form_are_shown_as_words(client, published):
    published(whole(q("<script>alert(1)</script>", text="<b>&amp;</b>")), slug="odd")
    text = client.get("/en/forms/odd/").content.decode()
    assert "alert(1)" not in text and "&lt;b&gt;&amp;amp;" in text
