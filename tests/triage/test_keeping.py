"""Keeping a result is a choice: by whom, for whom, once, shown, taken away."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.assistant.conftest import words  # the advice that ships is public
from tests.residents.conftest import PHONE, newest_code, own, sign_in
from tests.triage.test_doors import FEVER_AT_NIGHT, hidden
from tongxin.audit.models import Entry
from tongxin.audit.queries import verify
from tongxin.consent.actions import add_ward, give_consent, withdraw_consent
from tongxin.consent.models import Proxy, Purpose
from tongxin.people.actions import erase_person
from tongxin.people.models import Organisation, Person, User
from tongxin.residents.holdings import exported, held
from tongxin.triage import holding
from tongxin.triage.actions import delete_check, forget_checks, keep_check
from tongxin.triage.models import Check, PackVersion
from tongxin.triage.refusals import NoSuchCheck, NotFinished, NotYoursToKeep

__all__ = ["sign_in", "words"]
DANGER = {"age": "older", "signs": frozenset({"chest"})}
WELL = {"age": "older", "signs": frozenset(), "ill": "no", "test": "negative"}
FORM = {f"a_{name}": text for name, text in FEVER_AT_NIGHT.items()}


@pytest.fixture
def kept(pack, noon):
    """kept(user, answers, days=3): a check that this account kept for itself days ago."""

    def one(user, answers, *, days=0, person=None, key=None):
        at = noon - timedelta(days=days)
        return keep_check(
            person or user.person,
            answers,
            pack=pack,
            key=key or f"key-of-{days}-days-{user.pk}",
            language="en",
            by=user,
            at=at,
        )

    return one


def test_nothing_is_stored_unless_somebody_chooses(client, words):
    page = client.post("/en/self-check/", FORM).content.decode()
    assert "Sign in and keep this result" in page and not client.cookies
    assert not Check.objects.exists() and not Session.objects.exists()


def test_who_is_not_signed_in_signs_in_and_comes_back_to_the_same_answers(db, words):
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    end = hidden(client.post("/en/self-check/", FORM).content.decode())
    onward = client.post("/en/self-check/hold/", end)
    assert onward.url == "/en/self-check/keep/"  # no answer stands in an address
    to_sign_in = client.get(onward.url).url
    assert to_sign_in == "/my/sign-in/?next=/en/self-check/keep/"
    stored = "".join(str(row.get_decoded()) for row in Session.objects.all())
    assert "TX1-" not in stored and "older" not in stored
    client.post("/my/sign-in/", {"phone": PHONE, "next": "/en/self-check/keep/"})
    back = client.post("/my/sign-in/code/", {"code": newest_code()}).url
    page = client.get(back).content.decode()
    assert "Go to a fever clinic now" in page and "38.9 °C" in page and "TX1-" not in page
    (person,) = Person.objects.all()
    shown = client.post(back, {"person": str(person.pk)})
    assert shown.url == f"/my/{person.pk}/self-checks/"
    row = Check.objects.get()
    assert (row.disposition, row.clause) == ("fever-clinic", "fever-at-risk")
    assert row.answers["temperature"] == "38.9" and row.language == "en"
    again = client.post(back, {"person": str(person.pk)})
    assert again.status_code == 409 and Check.objects.count() == 1


def test_a_result_waits_half_an_hour(client, words, noon, monkeypatch, sign_in):
    client = sign_in()
    client.post("/en/self-check/hold/", FORM)
    assert client.get("/en/self-check/keep/").status_code == 200
    later = noon + holding.HELD_FOR
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    refused = client.get("/en/self-check/keep/")
    assert refused.status_code == 409 and "waits half an hour" in refused.content.decode()


@pytest.mark.parametrize("form", [{}, {"a_age": "adult"}, {"a_age": "dog"}, {"a_signs": "\x00"}])
def test_what_has_no_end_does_not_wait(client, db, form):
    assert client.post("/en/self-check/hold/", form).status_code == 422
    assert not Session.objects.exists()


def test_a_form_of_another_site_makes_nothing_wait(client, db):
    sent = client.post("/en/self-check/hold/", FORM, headers={"origin": "https://evil.test"})
    assert sent.status_code == 403 and not Session.objects.exists()


def test_the_same_end_is_kept_once_however_often_it_is_pressed(rui, kept):
    first, again = (kept(rui, DANGER, key="one-key-of-one-end") for _ in range(2))
    assert first == again and Check.objects.count() == 1
    assert Entry.objects.filter(deed="triage.check_kept").count() == 1
    assert PackVersion.objects.get().pack.digest == first.rules.digest


def test_one_keeps_for_whom_one_acts_and_for_nobody_else(rui, sam, kept, noon):
    ward = add_ward(
        name="奶奶",
        born_on=None,
        relation=Proxy.Relation.GRANDPARENT,
        basis=Proxy.Basis.SPOKEN,
        by=rui,
        at=noon,
    ).person
    assert kept(rui, DANGER, person=ward).person == ward
    with pytest.raises(NotYoursToKeep):
        kept(sam, DANGER, person=ward)
    with pytest.raises(NotFinished):
        kept(rui, {"age": "older"})
    assert Check.objects.count() == 1


def test_the_choice_offers_oneself_and_whom_one_acts_for(client, rui, sam, noon):
    ward = add_ward(
        name="小宝", born_on=None, relation="child", basis="spoken", by=rui, at=noon
    ).person
    client.force_login(rui)
    client.post("/zh-hans/self-check/hold/", FORM)
    page = client.get("/zh-hans/self-check/keep/").content.decode()
    assert "小宝" in page and str(sam.person_id) not in page
    assert client.post("/zh-hans/self-check/keep/", {"person": sam.person_id}).status_code == 404
    assert client.post("/zh-hans/self-check/keep/", {"person": "x"}).status_code == 404
    assert client.post("/zh-hans/self-check/keep/", {"person": ward.pk}).status_code == 302
    assert Check.objects.get().person == ward


def test_the_trend_says_how_it_goes_since_when(client, rui, kept):
    FEVER = {
        "age": "older",
        "signs": frozenset(),
        "ill": "yes",
        "symptoms": frozenset({"aches"}),
        "fever": "yes",
        "temperature": 379,
        "fever_days": 1,
        "oxygen": 97,
        "course": "same",
        "chronic": frozenset(),
        "test": "negative",
    }
    kept(rui, FEVER, days=3)  # 2026-… ask a doctor by video
    kept(rui, FEVER | {"temperature": 389, "oxygen": 96}, days=0)
    client.force_login(rui)
    address = f"/my/{rui.person_id}/self-checks/"
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    day = (Check.objects.earliest("at").at).strftime("%A")
    assert f"Since {day}: 2 steps more urgent." in page
    assert "Highest temperature: 37.9 → 38.9 °C." in page and "97 → 96 %" in page
    assert page.count('<svg class="tx-trend" role="img" aria-label=') == 3
    assert page.index("<table") < page.index("38.9 °C</td>")
    chinese = client.get(address, headers={"accept-language": "zh"}).content.decode()
    assert "紧急了2级" in chinese and "more urgent" not in chinese


def test_only_the_person_and_who_acts_for_them_open_the_page(client, rui, sam, dara, kept):
    row = kept(rui, DANGER)
    address = f"/my/{rui.person_id}/self-checks/"
    assert client.get(address).url.startswith("/my/sign-in/")
    for other in (sam, dara):
        client.force_login(other)
        assert client.get(address).status_code == 404
        assert client.post(f"{address}{row.pk}/delete/").status_code == 404
    assert Check.objects.exists()


def test_a_check_is_deleted_alone(client, rui, sam, kept, noon):
    first, second = kept(rui, DANGER, days=2), kept(rui, WELL, days=1)
    with pytest.raises(NoSuchCheck):
        delete_check(first.pk, by=sam, at=noon)
    client.force_login(rui)
    client.post(f"/my/{rui.person_id}/self-checks/{first.pk}/delete/")
    assert [*Check.objects.all()] == [second]
    assert Entry.objects.filter(deed="triage.check_deleted").exists() and verify().chain is None


def test_a_kept_check_stands_in_the_record_in_words_and_leaves_with_the_person(rui, kept):
    kept(rui, DANGER)
    from django.utils.translation import override

    for language, says in (("en", "Chest pain"), ("zh-hans", "胸口痛")):
        with override(language):
            (table,) = [one for one in held(rui.person) if one.label == "triage.Check"]
            told = str(table.rows)
            assert says in told and "chest" not in told.replace("Chest", "")
            assert "key" not in told.lower()
    assert exported(rui.person)["triage.Check"][0]["answers"]["signs"] == "chest"
    erase_person(rui.person, by=rui)
    assert not Check.objects.exists() and PackVersion.objects.exists()


def test_after_a_year_it_is_forgotten(rui, kept, noon):
    old, young = kept(rui, DANGER, days=366), kept(rui, WELL, days=364)
    assert forget_checks(by="worker", at=noon) == 1
    assert [*Check.objects.all()] == [young] != [old]
    assert forget_checks(by="worker", at=noon) == 0


@pytest.fixture
def consent(rui, noon):
    """Rui lets the hospital see her record for her care."""
    hospital = Organisation.objects.get(kind="hospital")
    until = noon + timedelta(days=30)
    return give_consent(rui.person, to=hospital, purpose=Purpose.CARE, until=until, by=rui, at=noon)


def test_a_clinician_sees_kept_checks_with_consent_and_leaves_a_line(
    client, rui, dara, kept, noon, request
):
    kept(rui, DANGER)
    client.force_login(dara)
    address = f"/desk/self-check/patients/{rui.person_id}/"
    assert client.get(address).status_code == 404
    assert not Entry.objects.filter(deed="people.record_read").exists()
    grant = request.getfixturevalue("consent")
    assert str(rui.person_id) in client.get("/desk/self-check/patients/").content.decode()
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "Call for emergency help now" in page and "Chest pain" in page
    line = Entry.objects.get(deed="people.record_read")
    assert line.target == f"people.Person:{rui.person_id}" and line.by == f"user:{dara.pk}"
    withdraw_consent(grant.pk, by=rui, at=noon)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["sam", "sato", "chen", "yan", "qing", "ola", "meng", "lin"])
def test_nobody_else_opens_a_patients_checks(client, cast, rui, kept, consent, name):
    kept(rui, DANGER)
    client.force_login(cast[name])
    for path in ("", f"{rui.person_id}/"):
        assert client.get(f"/desk/self-check/patients/{path}").status_code == 403


def test_a_community_officer_without_consent_for_care_sees_nobody(client, wei, rui, kept, consent):
    kept(rui, DANGER)
    client.force_login(wei)
    assert client.get(f"/desk/self-check/patients/{rui.person_id}/").status_code == 404
    assert str(rui.person_id) not in client.get("/desk/self-check/patients/").content.decode()


def test_strangers_come_to_no_kept_check_by_guessing(client, db):
    assert client.get("/my/00000000-0000-0000-0000-000000000001/self-checks/").status_code == 302
    assert not re.search("self-checks", client.get("/en/self-check/").content.decode())
    assert not User.objects.exists() and own
