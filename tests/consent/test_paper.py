"""Grandmother Li has no telephone: what she signed on paper holds, and ends, as if she had one."""

from datetime import date, timedelta

import pytest

from tongxin.audit.models import Entry
from tongxin.consent.actions import (
    Allowed,
    KnownAlready,
    NoSuchRecord,
    NothingFound,
    NotYoursToEnter,
    Signature,
    enter_correction,
    enter_full_withdrawal,
    enter_person,
    enter_sheet,
    enter_withdrawal,
    erase_on_paper,
    read_record,
    search_people,
)
from tongxin.consent.actions.paper import BirthDateDiffers, NoSuchProxy, NothingSigned, SheetTooOld
from tongxin.consent.models import Grant, Proxy, Purpose, Sheet
from tongxin.consent.queries import ending_soon, left_alone, people_acted_for, people_visible_to
from tongxin.people.actions import correct_person, make_code, redeem_code
from tongxin.people.models import Person

PHONE = "+8613800138000"
NUMBER = "11010519491231002X"
TODAY = date(2020, 3, 20)
DAY = timedelta(days=1)


@pytest.fixture
def granddaughter(db, noon):
    """She has signed in with her telephone and written her name."""
    user = redeem_code(PHONE, make_code(PHONE, by="tests", at=noon), by="tests", at=noon)
    correct_person(user.person, by=user, at=noon, name="李瑞")
    return user


def sheet_of(wei, *purposes, **facts):
    """What the sheet allows the officer's own committee."""
    return Allowed(tuple(f"{one}:{wei.organisation_id}" for one in purposes), **facts)


def enter(by, at, *, wei=None, signed_on=TODAY, allowed=None, **facts):
    said = {"name": "李奶奶", "born_on": date(1949, 12, 31), "street": "新堤街3号", **facts}
    signature = Signature(signed_on, "家中", "A-17")
    allowed = allowed or sheet_of(wei or by, "monitoring")
    return enter_person(**said, allowed=allowed, signature=signature, by=by, at=at)


def withdraw(person, by, at, **facts):
    said = {"requests": (f"monitoring:{by.organisation_id}",), **facts}
    return enter_withdrawal(
        person.pk, signature=Signature(TODAY, "家中", "A-18"), by=by, at=at, **said
    )


def sees(officer, person, at):
    return person in people_visible_to(officer, purpose=Purpose.MONITORING, at=at)


def test_what_was_signed_lets_the_committee_see_her_and_says_on_what_basis(wei, dara, noon):
    person = enter(wei, noon)
    assert sees(wei, person, noon) and not sees(dara, person, noon)
    assert person.place_id == wei.organisation.place_id
    grant = Grant.objects.get()
    assert (grant.basis, grant.given_by, grant.sheet.kept_at) == ("paper", wei, "A-17")
    assert Entry.objects.filter(deed="consent.given_for", facts__basis="paper").count() == 1


@pytest.mark.parametrize("who", ["dara", "chen", "rui", "ola", "lin"])
def test_nobody_but_a_community_officer_enters(cast, who, wei, noon):
    person = enter(wei, noon)
    other = cast[who]
    for attempt in (
        lambda: enter(other, noon, wei=wei),
        lambda: search_people("李奶奶", by=other, at=noon),
        lambda: withdraw(person, other, noon),
        lambda: enter_correction(person.pk, name="x", by=other, at=noon),
        lambda: erase_on_paper(person.pk, by=other, at=noon),
    ):
        with pytest.raises(NotYoursToEnter):
            attempt()
    assert Person.objects.filter(name="李奶奶").count() == 1


def test_the_time_runs_from_the_signature_and_an_old_sheet_is_refused(wei, noon):
    person = enter(wei, noon, signed_on=TODAY - 30 * DAY)
    assert sees(wei, person, noon + 60 * DAY) and not sees(wei, person, noon + 61 * DAY)
    assert person in ending_soon(wei, at=noon + 50 * DAY)
    with pytest.raises(SheetTooOld):
        enter(wei, noon, signed_on=TODAY - 91 * DAY, name="王奶奶")
    assert not Person.objects.filter(name="王奶奶").exists()


def test_a_new_sheet_prolongs(wei, noon):
    person = enter(wei, noon, signed_on=TODAY - 80 * DAY)
    allowed, signature = sheet_of(wei, "monitoring"), Signature(TODAY, "家中", "A-19")
    enter_sheet(person.pk, allowed=allowed, signature=signature, by=wei, at=noon)
    assert sees(wei, person, noon + 80 * DAY) and person not in ending_soon(wei, at=noon)


def test_a_sheet_without_anything_ticked_or_named_is_refused(wei, noon):
    with pytest.raises(NothingSigned):
        enter(wei, noon, allowed=Allowed())


def test_who_acts_is_known_by_name_and_number_together(wei, granddaughter, noon):
    facts = {"proxy_phone": PHONE, "relation": "grandparent"}
    for name in ("李芳", ""):
        with pytest.raises(NoSuchProxy):
            enter(wei, noon, allowed=sheet_of(wei, proxy_name=name, **facts))
    person = enter(wei, noon, allowed=sheet_of(wei, proxy_name="李 瑞", **facts))
    assert person in people_acted_for(granddaughter, at=noon)
    assert Proxy.objects.get().basis == "paper" and Proxy.objects.get().sheet is not None
    assert not sees(wei, person, noon)  # she did not allow the committee anything


def test_a_child_is_entered_by_its_parent(wei, granddaughter, noon):
    facts = {"proxy_name": "李瑞", "proxy_phone": PHONE, "relation": "child"}
    enter(wei, noon, name="小宝", born_on=date(2015, 5, 1), allowed=sheet_of(wei, **facts))
    assert Proxy.objects.get().basis == "guardian"


def test_a_number_that_is_known_opens_no_record(wei, rui, noon):
    correct_person(rui.person, by=rui, at=noon, document="resident_id", document_number=NUMBER)
    with pytest.raises(KnownAlready):
        enter(wei, noon, document="resident_id", document_no=NUMBER)
    assert not sees(wei, rui.person, noon) and not Sheet.objects.exists()


def test_the_date_of_birth_is_that_of_the_card(wei, noon):
    facts = {"document": "resident_id", "document_no": NUMBER}
    with pytest.raises(BirthDateDiffers):
        enter(wei, noon, born_on=date(1949, 12, 30), **facts)
    assert enter(wei, noon, **facts).document_number == NUMBER


def test_a_search_finds_exactly_and_only_whom_the_officer_may_see(wei, rui, sam, noon):
    person = enter(wei, noon, document="resident_id", document_no=NUMBER)
    for text in ("李奶奶", " 11010519491231002x ", NUMBER):
        assert search_people(text, by=wei, at=noon) == [person]
    for text in ("李", rui.person.name, "", "13800138000"):
        assert search_people(text, by=wei, at=noon) == []
    lines = Entry.objects.filter(deed__in=["people.searched", "people.person_found"])
    assert lines.count() == 3 * 2 + 4
    assert "李奶奶" not in str([line.content for line in lines])


def test_she_withdraws_on_paper_and_is_no_longer_found(wei, granddaughter, noon):
    facts = {"proxy_name": "李瑞", "proxy_phone": PHONE, "relation": "grandparent"}
    person = enter(wei, noon, allowed=sheet_of(wei, "monitoring", **facts))
    assert withdraw(person, wei, noon + DAY) == 1
    assert not sees(wei, person, noon + DAY) and sees(wei, person, noon)
    assert Grant.objects.get().withdrawn_on.kind == "withdrawal"
    assert person in people_acted_for(granddaughter, at=noon + DAY)
    with pytest.raises(NoSuchRecord):
        withdraw(person, wei, noon + DAY)


def test_everything_can_be_withdrawn_without_seeing_the_record(wei, granddaughter, noon):
    facts = {"proxy_name": "李瑞", "proxy_phone": PHONE, "relation": "grandparent"}
    person = enter(wei, noon, allowed=sheet_of(wei, "monitoring", **facts))
    signature = Signature(TODAY, "家中", "A-18")
    said = {"signature": signature, "by": wei, "at": noon + DAY, "name": "李奶奶"}
    for other in (
        {"born_on": date(1950, 1, 1), "number": ""},
        {"born_on": None, "number": ""},
        {"born_on": person.born_on, "number": "13900139000"},
    ):
        with pytest.raises(NothingFound):
            enter_full_withdrawal(**{**said, **other})
    assert sees(wei, person, noon + DAY)
    assert enter_full_withdrawal(**said, born_on=person.born_on, number="") == 2
    assert not sees(wei, person, noon + DAY)
    assert person not in people_acted_for(granddaughter, at=noon + DAY)


def test_whom_nobody_acts_for_any_more_is_on_the_officers_list(wei, granddaughter, noon):
    facts = {"proxy_name": "李瑞", "proxy_phone": PHONE, "relation": "grandparent"}
    person = enter(wei, noon, allowed=sheet_of(wei, "monitoring", **facts))
    never = enter(wei, noon, name="王奶奶", born_on=date(1940, 1, 1))
    assert person not in left_alone(wei, at=noon)
    Proxy.objects.update(withdrawn_at=noon)
    assert set(left_alone(wei, at=noon)) == {person} and never not in left_alone(wei, at=noon)


def test_she_is_erased_on_paper_with_a_proof(wei, noon):
    person = enter(wei, noon)
    line = erase_on_paper(person.pk, by=wei, at=noon)
    assert line.deed == "people.person_erased" and not Sheet.objects.exists()
    assert not Person.objects.filter(pk=person.pk).exists() and not Grant.objects.exists()


def test_a_clinician_who_may_read_sees_what_was_signed_for_the_hospital(wei, dara, noon):
    allowed = Allowed((f"care:{dara.organisation_id}",))
    person = enter(wei, noon, allowed=allowed)
    assert read_record(person.pk, purpose=Purpose.CARE, by=dara, at=noon) == person
    assert not sees(wei, person, noon)
