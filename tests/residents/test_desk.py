"""The community officer's pages, and what the person and who acts for them see of it."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.residents.conftest import newest_code, own
from tongxin.audit.models import Entry
from tongxin.channels.models import TextMessage
from tongxin.consent.models import Grant, Proxy, Sheet
from tongxin.people.models import Person, User

SIGNED = {"signed_on": "2020-03-20", "signed_in": "家中", "kept_at": "A-17"}
LI = {"name": "李奶奶", "born_on": "1949-12-31", "street": "新堤街3号", **SIGNED}


@pytest.fixture
def desk(wei):
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(wei)
    return client


@pytest.fixture
def li(desk, wei):
    """Grandmother Li, entered from paper."""
    said = {**LI, "requests": [f"monitoring:{wei.organisation_id}"]}
    assert desk.post("/desk/people/enter/", said).status_code == 302
    return Person.objects.get(name="李奶奶")


def pages_of(person):
    parts = ("", "sheet/", "withdrawal/", "details/", "telephone/", "telephone/code/", "erase/")
    return [f"/desk/people/{person.pk}/{part}" for part in parts]


def test_an_officer_enters_a_person_and_opens_the_record(desk, li):
    page = desk.get(f"/desk/people/{li.pk}/").content.decode()
    assert "李奶奶" in page and "Signed on paper" in page and "A-17" in page
    assert Entry.objects.filter(deed="people.record_read", target=f"people.Person:{li.pk}").exists()


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(desk, db):
    page = desk.post("/desk/people/enter/", {**LI, "born_on": "2030-01-01"}).content.decode()
    assert "lies in the future" in page and "新堤街3号" in page
    page = desk.post("/desk/people/enter/", LI).content.decode()
    assert "Tick what was signed" in page and not Sheet.objects.exists()
    said = {**LI, "proxy_phone": "13800138000"}
    assert "belong together" in desk.post("/desk/people/enter/", said).content.decode()


def test_who_may_be_the_same_is_shown_before_a_second_record(desk, li, wei):
    said = {**LI, "requests": [f"monitoring:{wei.organisation_id}"]}
    page = desk.post("/desk/people/enter/", said).content.decode()
    assert "May be the same" in page and Person.objects.filter(name="李奶奶").count() == 1
    assert desk.post("/desk/people/enter/", {**said, "is_new": "yes"}).status_code == 302
    assert Person.objects.filter(name="李奶奶").count() == 2


def test_who_allowed_the_committee_nothing_is_entered_and_not_shown(desk, dara):
    said = {**LI, "requests": [f"care:{dara.organisation_id}"]}
    page = desk.post("/desk/people/enter/", said, follow=True)
    assert "does not let your committee see" in page.content.decode()
    for address in pages_of(Person.objects.get(name="李奶奶")):
        assert desk.get(address).status_code == 404, address


def test_a_search_shows_whom_the_officer_may_see(desk, li):
    assert "1949" in desk.post("/desk/people/", {"text": "李奶奶"}).content.decode()
    page = desk.post("/desk/people/", {"text": "瑞 Rui"}).content.decode()
    assert "Nobody of this name" in page


def test_a_withdrawal_on_paper_closes_every_page(desk, li, wei):
    said = {**SIGNED, "requests": [f"monitoring:{wei.organisation_id}"]}
    page = desk.post(f"/desk/people/{li.pk}/withdrawal/", said, follow=True).content.decode()
    assert "1 permission has ended" in page
    for address in pages_of(li):
        assert desk.get(address).status_code == 404, address
    page = desk.post("/desk/people/", {"text": "李奶奶"}).content.decode()
    assert "Nobody of this name" in page


def test_everything_is_withdrawn_from_a_record_that_is_not_shown(desk, dara):
    said = {**LI, "requests": [f"care:{dara.organisation_id}"]}
    desk.post("/desk/people/enter/", said)
    said = {"name": "李奶奶", "born_on": "1949-12-31", **SIGNED}
    page = desk.post("/desk/people/withdrawal/", {**said, "name": "李"}).content.decode()
    assert "There is no record of exactly this name" in page
    page = desk.post("/desk/people/withdrawal/", said, follow=True).content.decode()
    assert "1 permission has ended" in page and Grant.objects.get().withdrawn_at


@pytest.mark.parametrize("who", ["dara", "chen", "ola", "rui"])
def test_other_roles_open_none_of_it(cast, who, li):
    client = Client()
    client.force_login(cast[who])
    for address in ["/desk/people/", "/desk/people/enter/", *pages_of(li)]:
        assert client.get(address).status_code == 403, address


def test_details_are_corrected_until_she_signs_in_herself(desk, li):
    said = {"name": "李桂英", "born_on": "1949-12-31", "street": "新堤街5号"}
    assert desk.post(f"/desk/people/{li.pk}/details/", said).status_code == 302
    li.refresh_from_db()
    assert (li.name, li.street) == ("李桂英", "新堤街5号")


def test_who_acts_for_her_sees_the_paper_in_her_record(desk, li, sign_in, wei):
    rui = sign_in()
    rui.post(f"/my/{own(rui)}/details/", {"name": "李瑞"})
    said = {**SIGNED, "proxy_name": "李瑞", "proxy_phone": "13800138000"}
    said["relation"] = "grandparent"
    assert desk.post(f"/desk/people/{li.pk}/sheet/", said).status_code == 302
    assert "李奶奶" in rui.get("/my/").content.decode()
    page = rui.get(f"/my/{li.pk}/record/").content.decode()
    assert "Signed on paper" in page and "A-17" in page
    assert "Xindi Community Committee · Community officer" in page and "wei" not in page
    assert "The record was found" not in page


def link(desk, li, phone="13700137000"):
    """The officer enters the number; its owner reads the code out."""
    desk.post(f"/desk/people/{li.pk}/telephone/", {"phone": phone})
    return desk.post(f"/desk/people/{li.pk}/telephone/code/", {"code": newest_code()})


def test_she_gets_a_telephone_and_the_record_is_hers(desk, li, sign_in, monkeypatch, noon):
    assert link(desk, li).status_code == 302
    assert "links your record" in TextMessage.objects.latest("pk").text
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(minutes=2))
    assert own(sign_in("13700137000")) == str(li.pk)
    page = desk.post(f"/desk/people/{li.pk}/erase/", {"is_signed": "on"}).content.decode()
    assert "Only the person can erase" in page
    page = desk.post(f"/desk/people/{li.pk}/details/", LI).content.decode()
    assert "does it there" in page


def test_a_wrong_code_links_nothing(desk, li):
    desk.post(f"/desk/people/{li.pk}/telephone/", {"phone": "13700137000"})
    wrong = f"{(int(newest_code()) + 1) % 1_000_000:06}"
    page = desk.post(f"/desk/people/{li.pk}/telephone/code/", {"code": wrong}).content.decode()
    assert "wrong or too old" in page and not User.objects.filter(person=li).exists()


def test_a_telephone_with_an_empty_record_moves_over_and_a_used_one_does_not(
    desk, li, sign_in, wei, monkeypatch, noon
):
    empty = own(sign_in("13700137000"))
    used = sign_in("13600136000")
    used.post(
        "/my/people/add/",
        {"name": "x", "relation": "spouse", "basis": "spoken", "has_agreed": "on"},
    )
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(minutes=2))
    page = link(desk, li, "13600136000").content.decode()
    assert "already signs in to a record" in page
    assert link(desk, li).status_code == 302
    assert not Person.objects.filter(pk=empty).exists()
    assert User.objects.get(person=li).phone_key == Person.objects.get(pk=li.pk).phone_key


def test_the_record_is_erased_with_a_proof_to_print(desk, li, client):
    assert desk.post(f"/desk/people/{li.pk}/erase/", {}).status_code == 200
    page = desk.post(f"/desk/people/{li.pk}/erase/", {"is_signed": "on"}).content.decode()
    proof = re.search(r"[0-9a-f]{64}", page)[0]
    said = client.post("/my/proof/", {"proof": proof}, HTTP_ACCEPT_LANGUAGE="en")
    assert "This proof is in the trail" in said.content.decode()


def test_anybody_prints_the_sheet_in_both_languages(client, cast):
    for address in ("/en/consent-sheet/", "/zh-hans/consent-sheet/"):
        page = client.get(address).content.decode()
        assert "Xindi Community Committee may see" in page and "新堤街道社区居委会的社区" in page


def test_the_first_page_names_who_was_left_alone(desk, li, rui, noon):
    Proxy.objects.create(
        person=li,
        acts=rui.person,
        relation="grandparent",
        basis="spoken",
        starts_at=noon - timedelta(days=9),
        ends_at=noon + timedelta(days=9),
        withdrawn_at=noon,
    )
    assert "have nobody who acts for them" in desk.get("/desk/").content.decode()
    assert "Nobody acts for them any more" in desk.get("/desk/people/").content.decode()
