import html
import re
from io import BytesIO

import pytest
import zxingcpp
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation
from PIL import Image

from tests.assistant.conftest import words  # the advice that ships is public
from tests.triage.conftest import SMALL
from tongxin.pictures import png
from tongxin.triage import coding

__all__ = ["words"]
FEVER_AT_NIGHT = {
    "age": "older",
    "signs": "nothing",
    "ill": "yes",
    "symptoms": "aches",
    "fever": "yes",
    "temperature": "38.9",
    "fever_days": "1",
    "oxygen": "unknown",
    "course": "same",
    "chronic": "nothing",
    "test": "none",
    "contact": "no",
}


def hidden(page: str) -> dict[str, str]:
    """What the form of a page carries along."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


@pytest.fixture
def walk(client):
    """Answer one question after the other, as a browser without JavaScript does."""

    def walked(answers: dict[str, str], language: str = "en") -> str:
        page = client.post(f"/{language}/self-check/", {"begin": "yes"}).content.decode()
        while 'name="question"' in page:
            form = hidden(page)
            form["answer"] = answers[form["question"]].split("|")
            page = client.post(f"/{language}/self-check/", form).content.decode()
        return page

    return walked


def test_fever_at_night_ends_at_the_fever_clinic_with_reason_version_and_source(walk, words):
    page = walk(FEVER_AT_NIGHT)
    assert "Go to a fever clinic now" in page
    assert "the illness turns severe more easily" in page
    assert "clause fever-at-risk" in page and "Version 2026.11.2" in page
    assert "no source states this number" in page and "no clinician has reviewed it yet" in page
    assert "/en/guidance/block/symptoms-no-antibiotics/" in page


def test_the_same_in_chinese(walk, words):
    page = walk(FEVER_AT_NIGHT, "zh-hans")
    assert "现在就去发热门诊" in page and "容易变重" in page
    assert "Go to a fever clinic" not in page


def test_danger_leads_to_the_emergency_number_of_this_place(walk, words, settings):
    settings.EMERGENCY_NUMBER = "999"
    page = walk({"age": "adult", "signs": "chest|blue"})
    assert 'href="tel:999"' in page and "Call 999 now" in page
    assert "{emergency}" not in page


def test_advice_is_for_this_person(walk, words):
    baby = {"age": "toddler", "signs": "nothing", "child_signs": "grunting"}
    page = walk(baby)
    assert "danger-child/" in page and "danger-baby/" not in page


def test_advice_that_was_taken_back_is_not_given(walk, words):
    words[0].__class__.objects.filter(slug="symptoms-no-antibiotics").update(live=False)
    assert "symptoms-no-antibiotics" not in walk(FEVER_AT_NIGHT)


def test_answers_never_stand_in_an_address_and_no_cookie_is_set(client, walk, words):
    page = walk(FEVER_AT_NIGHT)
    assert not re.search(r'(?:href|action)="[^"]*(?:a_\w+=|38\.9)', page)
    assert not client.cookies
    asked = client.get("/en/self-check/?a_age=adult&a_signs=chest").content.decode()
    assert hidden(asked) == {}
    sent = client.post("/en/self-check/", {"begin": "yes"})
    assert "no-store" in sent.headers["Cache-Control"]


def test_an_impossible_number_is_asked_again_beside_its_field(client, words):
    known = {"a_age": "older", "a_signs": "nothing", "a_ill": "yes", "a_symptoms": "aches"}
    form = known | {"a_fever": "yes", "question": "temperature", "answer": "389"}
    sent = client.post("/en/self-check/", form)
    page = sent.content.decode()
    assert sent.status_code == 422
    assert "389 cannot be" in page and 'aria-invalid="true"' in page and 'value="389"' in page
    assert hidden(page)["a_fever"] == "yes"


def test_one_can_go_back_and_change_an_answer(client, words):
    known = {"a_age": "older", "a_signs": "nothing", "a_ill": "yes", "a_symptoms": "aches"}
    back = client.post("/en/self-check/", known | {"back": "yes"}).content.decode()
    assert hidden(back)["question"] == "symptoms" and "a_symptoms" not in hidden(back)
    changed = client.post("/en/self-check/", known | {"change": "age"}).content.decode()
    assert hidden(changed) == {"question": "age"}


@pytest.mark.parametrize(
    "form",
    [
        {"a_age": "<script>alert(1)</script>"},
        {"a_age": "adult", "a_oxygen": "9" * 5000},
        {"question": "nothing of ours", "answer": "x"},
        {"question": "age"},
        {"question": "age", "answer": "\x00"},
        {"change": "age"},
        {"back": "yes"},
        {"a_a_age": "adult", "csrf": "x"},
        {"a_signs": "|||", "a_age": "adult"},
    ],
)
def test_hostile_forms_get_a_page_and_never_a_script(client, db, form):
    sent = client.post("/en/self-check/", form)
    assert sent.status_code in (200, 422)
    assert b"<script>alert(1)" not in sent.content


def scan(drawn: str) -> str:
    """What a scanner reads off a picture that stands in a page."""
    drawn = drawn.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    picture = Image.open(BytesIO(png(drawn, width=400)))
    sheet = Image.new("RGBA", picture.size, "white")
    sheet.alpha_composite(picture.convert("RGBA"))
    (found,) = zxingcpp.read_barcodes(sheet.convert("L"))
    return found.text


def test_the_code_on_the_page_is_scanned_and_read_by_the_clinic(walk, words, client, dara):
    scanned = scan(re.search(r"<svg[^>]*tx-check-code.*?</svg>", walk(FEVER_AT_NIGHT), re.S)[0])
    client.force_login(dara)
    read = client.post("/desk/self-check/", {"code": scanned}, headers={"accept-language": "en"})
    shown = html.unescape(read.content.decode())
    assert "38.9 °C" in shown and "I have no oximeter" in shown
    assert "Go to a fever clinic now" in shown


def test_a_broken_code_is_refused_in_words(client, dara):
    client.force_login(dara)
    read = client.post("/desk/self-check/", {"code": "TX1-x"}, headers={"accept-language": "en"})
    assert read.status_code == 422 and b"Scan or type it again" in read.content


def test_strangers_and_storekeepers_read_no_code(client, sam, sato, pack):
    code = coding.code(pack, {"age": "adult", "signs": frozenset({"fit"})})
    for user in (sam, sato):
        client.force_login(user)
        assert client.post("/desk/self-check/", {"code": code}).status_code == 403


def test_the_page_to_print_holds_answers_code_and_advice(client, words):
    form = {f"a_{name}": text for name, text in FEVER_AT_NIGHT.items()}
    page = client.post("/en/self-check/", form | {"print": "yes"}).content.decode()
    assert "38.9 °C" in page and "TX1-" in page and "Do not take antibiotics" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_rules_are_public_as_pictures_text_and_questionnaire(client, db, language):
    assert client.get(f"/{language}/self-check/rules/").status_code == 200
    picture = client.get(f"/{language}/self-check/rules/1.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert client.get(f"/{language}/self-check/rules/99.svg").status_code == 404
    assert "baby-fever" in client.get(f"/{language}/self-check/rules.txt").content.decode()
    made = client.get("/self-check/questionnaire.json")
    assert made.headers["Content-Type"] == "application/fhir+json"
    assert made.json()["resourceType"] == "Questionnaire"


def test_the_address_without_language_leads_to_one(client, db):
    assert client.get("/self-check/").url == "/zh-hans/self-check/"


@pytest.fixture
def tongxin(capsys):
    """`tongxin triage …` in English; gives what it prints."""

    def said(*words: str) -> str:
        with translation.override("en"):
            call_command("triage", *words)
        return capsys.readouterr().out

    return said


def test_the_command_proves_and_a_broken_pack_fails(tongxin, tmp_path):
    assert "4 questions, 4 clauses" in tongxin("prove", str(SMALL))
    broken = tmp_path / "broken.toml"
    text = SMALL.read_text(encoding="utf-8")
    broken.write_text(text.replace('">= 40"', '"<= 37"'), encoding="utf-8")
    with pytest.raises(CommandError, match="a worse answer makes the advice less urgent") as failed:
        tongxin("prove", str(broken))
    assert failed.value.returncode == 1


def test_the_command_checks_a_table_and_counts(tongxin, tmp_path):
    file = tmp_path / "cases.csv"
    file.write_text("id,age,signs,expected\na,adult,chest,emergency\nb,adult,fit,watch\n")
    said = tongxin("check", str(file))
    assert "a: emergency · Call for emergency help now (chest-pain)" in said
    assert "b: emergency" in said and "✗ expected: watch" in said
    assert "As expected: 50.0%" in said and "Severe and not sent to care at once: 0" in said


def test_the_command_prints_columns_bank_and_difference(tongxin):
    assert "oxygen: 50–100 %, unknown" in tongxin("columns")
    assert tongxin("bank", str(SMALL)).startswith("id,expected,age,signs,fever,temperature\n")
    assert "Nobody is sent elsewhere." in tongxin("difference", str(SMALL), str(SMALL))
