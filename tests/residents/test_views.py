"""The resident's pages, from the first number typed to the proof of erasure."""

import json
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.residents.conftest import PHONE, newest_code, own
from tongxin.audit.queries import verify
from tongxin.channels.models import TextMessage
from tongxin.consent.actions import read_record
from tongxin.consent.models import Grant, Proxy, Purpose
from tongxin.consent.queries import people_visible_to
from tongxin.people.models import Person, User


def test_a_telephone_and_a_code_are_enough(sign_in):
    client = sign_in()
    page = client.get("/my/")
    assert page.status_code == 200 and "My page" in page.content.decode()
    assert User.objects.get().person.phone == "+8613800138000"


def test_who_asked_for_a_page_comes_to_it_after_signing_in(db):
    client = Client()
    client.post("/my/sign-in/", {"phone": PHONE, "next": "/my/people/add/"})
    assert client.post("/my/sign-in/code/", {"code": newest_code()}).url == "/my/people/add/"
    client = Client()
    client.post("/my/sign-in/", {"phone": "13900139000", "next": "https://evil.example/"})
    assert client.post("/my/sign-in/code/", {"code": newest_code()}).url == "/my/"


@pytest.mark.parametrize("typed", ["", "120", "hello", "0716-2422222"])
def test_what_is_no_number_is_said_beside_the_field(client, db, typed):
    page = client.post("/my/sign-in/", {"phone": typed}, HTTP_ACCEPT_LANGUAGE="en")
    assert page.status_code == 200 and "nhsuk-error-message" in page.content.decode()
    assert not TextMessage.objects.exists()


def test_a_wrong_code_signs_nobody_in(client, db):
    client.post("/my/sign-in/", {"phone": PHONE})
    code = f"{(int(newest_code()) + 1) % 1_000_000:06}"
    page = client.post("/my/sign-in/code/", {"code": code}, HTTP_ACCEPT_LANGUAGE="en")
    assert "wrong or too old" in page.content.decode()
    assert client.get("/my/").url.startswith("/my/sign-in/")


def test_the_page_for_the_code_needs_a_number_first(client, db):
    assert client.get("/my/sign-in/code/").url == "/my/sign-in/"


def test_the_browsers_session_does_not_show_the_number(client, db):
    client.post("/my/sign-in/", {"phone": PHONE})
    stored = str([session.get_decoded() for session in Session.objects.all()])
    assert PHONE not in stored


def test_where_texts_cannot_be_sent_the_page_says_so(client, db, settings):
    settings.DEVELOPMENT, settings.SMS_URL = False, ""
    page = client.post("/my/sign-in/", {"phone": PHONE}, HTTP_ACCEPT_LANGUAGE="en")
    assert "cannot send text messages" in page.content.decode()
    assert client.get("/dev/phone/").status_code == 404


def test_one_network_cannot_send_codes_to_everybody(client, db):
    pages = [
        client.post("/my/sign-in/", {"phone": f"138001380{number:02}"}) for number in range(31)
    ]
    assert [page.status_code for page in pages] == [302] * 30 + [200]
    assert TextMessage.objects.count() == 30


def test_a_device_that_signed_in_before_gets_a_code_when_strangers_used_theirs_up(
    sign_in, monkeypatch, noon
):
    mine = sign_in()
    assert PHONE not in str(mine.cookies) and "8613800138000" not in str(mine.cookies)
    mine.post("/my/sign-out/")
    for number in range(2, 9):
        now = noon + timedelta(minutes=2 * number)
        monkeypatch.setattr("django.utils.timezone.now", lambda at=now: at)
        stranger = Client(REMOTE_ADDR=f"203.0.{number}.7", HTTP_ACCEPT_LANGUAGE="en")
        page = stranger.post("/my/sign-in/", {"phone": PHONE})
    assert "Too many codes" in page.content.decode()
    assert mine.post("/my/sign-in/", {"phone": PHONE}).url == "/my/sign-in/code/"
    assert mine.post("/my/sign-in/code/", {"code": newest_code()}).status_code == 302


def test_details_are_saved_and_a_wrong_number_loses_nothing(sign_in):
    client = sign_in()
    address = f"/my/{own(client)}/details/"
    said = {"name": "瑞", "born_on": "1988-02-01", "place": "洪湖", "street": "新堤"}
    wrong = {**said, "document": "resident_id", "document_number": "110105194912310021"}
    page = client.post(address, wrong).content.decode()
    assert "This is not a resident identity number" in page and "新堤" in page
    assert Person.objects.get().name == ""
    good = {**said, "document": "resident_id", "document_number": "11010519491231002x"}
    assert client.post(address, good).status_code == 302
    person = Person.objects.get()
    assert (person.name, person.place_id) == ("瑞", "CN-421083")
    assert person.document_number == "11010519491231002X"


def test_what_is_allowed_is_seen_and_what_is_withdrawn_is_not(sign_in, cast, dara, noon):
    client = sign_in()
    number = own(client)
    page = client.get(f"/my/{number}/consent/").content.decode()
    assert "Honghu People&#x27;s Hospital" in page and page.count("Not allowed") == 5
    asked = {"purpose": "care", "to": dara.organisation_id}
    client.post(f"/my/{number}/consent/allow/", asked)
    assert str(people_visible_to(dara, purpose=Purpose.CARE, at=noon).get().pk) == number
    client.post(f"/my/{number}/consent/{Grant.objects.get().pk}/withdraw/")
    assert not people_visible_to(dara, purpose=Purpose.CARE, at=noon).exists()


def test_what_nobody_asks_cannot_be_allowed(sign_in, cast, dara, wei):
    client = sign_in()
    for purpose, to in (("care", wei.organisation_id), ("emergency", dara.organisation_id)):
        answer = client.post(f"/my/{own(client)}/consent/allow/", {"purpose": purpose, "to": to})
        assert answer.status_code == 404
    assert not Grant.objects.exists()


def test_the_record_shows_who_looked_and_what_for(sign_in, cast, dara, noon):
    client = sign_in()
    number = own(client)
    client.post(f"/my/{number}/consent/allow/", {"purpose": "care", "to": dara.organisation_id})
    read_record(number, purpose=Purpose.CARE, by=dara, at=noon)
    page = client.get(f"/my/{number}/record/").content.decode()
    assert "Honghu People&#x27;s Hospital · Clinician" in page
    assert "The record was read" in page and "Care" in page
    assert "dara" not in page


def test_the_record_can_be_taken_away(sign_in, cast, dara):
    client = sign_in()
    number = own(client)
    client.post(f"/my/{number}/consent/allow/", {"purpose": "care", "to": dara.organisation_id})
    held = json.loads(client.get(f"/my/{number}/export/json/").content)
    assert held["people.Person"][0]["phone"] == "+8613800138000"
    assert len(held["consent.Grant"]) == 1
    assert "phone_key" not in held["people.Person"][0] and "password" not in held["people.User"][0]
    bundle = json.loads(client.get(f"/my/{number}/export/fhir/").content)
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds[:2] == ["Patient", "Consent"] and "AuditEvent" in kinds


def test_erased_is_gone_with_a_proof_that_anybody_can_check(sign_in, cast, client, dara):
    mine = sign_in()
    number = own(mine)
    mine.post(f"/my/{number}/consent/allow/", {"purpose": "care", "to": dara.organisation_id})
    assert mine.post(f"/my/{number}/erase/", {}).status_code == 200
    assert Person.objects.filter(pk=number).exists()  # the box was not ticked
    page = mine.post(f"/my/{number}/erase/", {"is_sure": "on"})
    proof = page.context["line"].hash
    assert proof in page.content.decode()
    assert not Person.objects.filter(pk=number).exists() and not Grant.objects.exists()
    assert not User.objects.filter(username__startswith="resident-").exists()
    assert mine.get("/my/").url.startswith("/my/sign-in/")
    said = client.post("/my/proof/", {"proof": proof}, HTTP_ACCEPT_LANGUAGE="en")
    assert "This proof is in the trail" in said.content.decode()
    said = client.post("/my/proof/", {"proof": proof[:-1] + "x"}, HTTP_ACCEPT_LANGUAGE="en")
    assert "There is no such proof" in said.content.decode()
    assert verify().is_whole


def test_a_proxy_sees_the_grandmothers_pages_until_she_ends_it(sign_in, monkeypatch, noon):
    grandmother, rui = sign_in("13900139000"), sign_in()
    number = own(grandmother)
    asked = {"phone": "13900139000", "relation": "grandparent"}
    assert rui.post("/my/people/join/", asked).status_code == 200  # a code left just now
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(minutes=2))
    assert rui.post("/my/people/join/", asked).url == "/my/people/join/code/"
    assert "asks to fill in your health log" in TextMessage.objects.latest("pk").text
    assert rui.get(f"/my/{number}/record/").status_code == 404
    assert rui.post("/my/people/join/code/", {"code": newest_code()}).url == "/my/"
    assert rui.get(f"/my/{number}/record/").status_code == 200
    page = grandmother.get(f"/my/{number}/consent/").content.decode()
    assert "Agreed on their own telephone" in page
    grandmother.post(f"/my/people/{Proxy.objects.get().pk}/end/")
    assert rui.get(f"/my/{number}/record/").status_code == 404


def test_an_adult_agrees_by_a_code_and_one_without_a_telephone_is_asked(
    sign_in, cast, dara, monkeypatch, noon
):
    rui = sign_in()
    said = {"name": "外婆", "relation": "grandparent", "basis": "spoken", "has_agreed": "on"}
    rui.post("/my/people/add/", said)
    number = Proxy.objects.get().person_id
    asked = {"purpose": "care", "to": dara.organisation_id}
    page = rui.post(f"/my/{number}/consent/allow/", asked, follow=True).content.decode()
    assert "Ask the person first" in page and not Grant.objects.exists()
    rui.post(f"/my/{number}/consent/allow/", {**asked, "said_on": "2020-03-19"})
    page = rui.get(f"/my/{number}/record/").content.decode()
    assert "Asked, and said yes" in page and "March 19, 2020" in page

    grandfather = sign_in("13900139000")
    number = own(grandfather)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(minutes=2))
    rui.post("/my/people/join/", {"phone": "13900139000", "relation": "grandparent"})
    rui.post("/my/people/join/code/", {"code": newest_code()})
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(minutes=4))
    answer = rui.post(f"/my/{number}/consent/allow/", asked)
    assert answer.url == f"/my/{number}/consent/allow/care/{dara.organisation_id}/"
    assert "asks whether you agree" in TextMessage.objects.latest("pk").text
    assert rui.post(answer.url, {"code": newest_code()}).status_code == 302
    assert Grant.objects.get(person=number).basis == "code"


def test_who_acts_for_somebody_does_not_erase_their_account(sign_in, monkeypatch, noon):
    grandmother, rui = sign_in("13900139000"), sign_in()
    number = own(grandmother)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(minutes=2))
    rui.post("/my/people/join/", {"phone": "13900139000", "relation": "grandparent"})
    rui.post("/my/people/join/code/", {"code": newest_code()})
    page = rui.post(f"/my/{number}/erase/", {"is_sure": "on"}).content.decode()
    assert "Only the person can erase this record" in page
    assert grandmother.get("/my/").status_code == 200


def test_staff_do_not_erase_their_account_here(client, chen):
    client.force_login(chen)
    address = f"/my/{chen.person_id}/erase/"
    page = client.post(address, {"is_sure": "on"}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "An administrator closes it" in page and User.objects.filter(pk=chen.pk).exists()


def test_the_development_telephone_is_shown_on_this_machine_only(client, db):
    here = {"HTTP_HOST": "localhost"}
    assert client.get("/dev/phone/", **here).status_code == 200
    for far in ({"REMOTE_ADDR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}):
        assert client.get("/dev/phone/", **here, **far).status_code == 403
    assert client.get("/dev/phone/", HTTP_HOST="evil.example").status_code == 403


def test_somebody_without_a_telephone_is_added_and_let_go(sign_in):
    client = sign_in()
    said = {"name": "外婆", "relation": "grandparent", "basis": "spoken"}
    assert client.post("/my/people/add/", said).status_code == 200  # she has not agreed
    assert client.post("/my/people/add/", {**said, "has_agreed": "on"}).status_code == 302
    proxy = Proxy.objects.get()
    assert client.get(f"/my/{proxy.person_id}/record/").status_code == 200
    client.post(f"/my/people/{proxy.pk}/end/")
    assert client.get(f"/my/{proxy.person_id}/record/").status_code == 404


def test_a_session_of_a_telephone_holds_for_a_month(sign_in):
    client = sign_in()
    assert client.session.get_expiry_age() == timedelta(days=30).total_seconds()
