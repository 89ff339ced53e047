"""Rui acts for her grandmother, and the grandmother can end it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tongxin.audit.models import Entry
from tongxin.consent.actions import (
    NeedsTheirCode,
    NeedsTheirYes,
    NotGrownUp,
    NotYourProxy,
    NotYoursToCorrect,
    NotYoursToGrant,
    OwnProxy,
    SaidLongAgo,
    TooManyProxies,
    add_ward,
    correct_details,
    end_proxy,
    give_consent,
    give_consent_by_code,
    join_by_code,
    withdraw_consent,
)
from tongxin.consent.asked import asked
from tongxin.consent.code_uses import consent_use
from tongxin.consent.models import Grant, Purpose
from tongxin.consent.proxy_rules import MOST
from tongxin.consent.queries import people_acted_for, people_visible_to
from tongxin.people.actions import WrongCode, make_code, redeem_code

PHONE = "+8613800138000"
DAY = timedelta(days=1)
TODAY = date(2020, 3, 20)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def ward(by, at, **facts):
    said = {"name": "外婆", "born_on": None, "relation": "grandparent", "basis": "spoken", **facts}
    return add_ward(**said, by=by, at=at)


@pytest.fixture
def grandmother(db, noon):
    """She has a telephone of her own and has signed in with it."""
    code = make_code(PHONE, by="tests", at=noon - DAY)
    return redeem_code(PHONE, code, by="tests", at=noon - DAY)


@pytest.fixture
def joined(rui, grandmother, noon):
    code = make_code(PHONE, use="proxy", by="tests", at=noon)
    return join_by_code(PHONE, code, relation="grandparent", by=rui, at=noon)


def test_a_ward_is_somebody_one_acts_for(rui, sam, noon):
    proxy = ward(rui, noon)
    assert set(people_acted_for(rui, at=noon)) == {rui.person, proxy.person}
    assert set(people_acted_for(sam, at=noon)) == {sam.person}
    assert proxy.person.place == rui.person.place


def test_it_ends_by_itself_after_a_year(rui, noon):
    proxy = ward(rui, noon)
    assert proxy.person in people_acted_for(rui, at=noon + 364 * DAY)
    assert proxy.person not in people_acted_for(rui, at=noon + 365 * DAY)


def test_a_parent_decides_until_the_eighteenth_birthday(rui, noon):
    born_on = date(2002, 4, 1)
    proxy = ward(rui, noon, basis="guardian", relation="child", born_on=born_on)
    assert timezone.localdate(proxy.ends_at) == date(2020, 4, 1)
    for grown in (date(2002, 3, 20), None):
        with pytest.raises(NotGrownUp):
            ward(rui, noon, basis="guardian", relation="child", born_on=grown)


def test_one_account_acts_for_so_many_and_no_more(rui, noon):
    for _ in range(MOST):
        ward(rui, noon)
    with pytest.raises(TooManyProxies):
        ward(rui, noon)
    assert people_acted_for(rui, at=noon).count() == MOST + 1


def test_who_has_a_telephone_agrees_by_reading_out_the_code(joined, rui, grandmother, noon):
    assert joined.basis == "code"
    assert grandmother.person in people_acted_for(rui, at=noon)
    assert rui.person not in people_acted_for(grandmother, at=noon)


def test_a_wrong_code_joins_nobody_and_counts(rui, grandmother, noon):
    code = make_code(PHONE, use="proxy", by="tests", at=noon)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(5):
        with pytest.raises(WrongCode):
            join_by_code(PHONE, wrong, relation="grandparent", by=rui, at=noon)
    with pytest.raises(WrongCode):
        join_by_code(PHONE, code, relation="grandparent", by=rui, at=noon)
    assert grandmother.person not in people_acted_for(rui, at=noon)


def test_nobody_joins_themselves(grandmother, noon):
    code = make_code(PHONE, use="proxy", by="tests", at=noon)
    with pytest.raises(OwnProxy):
        join_by_code(PHONE, code, relation="spouse", by=grandmother, at=noon)


def test_either_of_the_two_ends_it_and_nobody_else(joined, rui, sam, dara, grandmother, noon):
    for stranger in (sam, dara):
        with pytest.raises(NotYourProxy):
            end_proxy(joined.pk, by=stranger, at=noon)
    end_proxy(joined.pk, by=grandmother, at=noon)
    assert grandmother.person not in people_acted_for(rui, at=noon)
    with pytest.raises(NotYourProxy):
        end_proxy(joined.pk, by=rui, at=noon)


def test_a_proxy_withdraws_but_allows_nothing_new_without_the_adults_yes(
    joined, rui, dara, grandmother, sam, noon
):
    facts = {"to": dara.organisation, "purpose": Purpose.CARE, "until": noon + DAY, "at": noon}
    with pytest.raises(NotYoursToGrant):
        give_consent(grandmother.person, **facts, by=sam)
    for said_on in (None, TODAY):
        with pytest.raises(NeedsTheirCode):  # she has a telephone: that is where she says it
            give_consent(grandmother.person, **facts, by=rui, said_on=said_on)
    assert not Grant.objects.exists()
    grant = give_consent(grandmother.person, **facts, by=grandmother)
    assert grant.basis == "self"
    withdraw_consent(grant.pk, by=rui, at=noon)
    assert grandmother.person not in people_visible_to(dara, purpose=Purpose.CARE, at=noon)


def test_an_adult_with_a_telephone_agrees_by_the_code_that_came_to_it(
    joined, rui, dara, sam, grandmother, noon
):
    facts = {"to": dara.organisation, "purpose": Purpose.CARE}
    given = {**facts, "until": noon + DAY}
    later = noon + timedelta(minutes=2)
    use = consent_use(grandmother.person, **facts)
    code = make_code(PHONE, use=use, by="tests", at=later)
    for by, typed, refusal in ((sam, code, NotYoursToGrant), (rui, wrong(code), WrongCode)):
        with pytest.raises(refusal):
            give_consent_by_code(grandmother.person, typed, **given, by=by, at=later)
    other = {**given, "purpose": Purpose.TRACING}
    with pytest.raises(WrongCode):  # she agreed to one thing, not to another
        give_consent_by_code(grandmother.person, code, **other, by=rui, at=later)
    grant = give_consent_by_code(grandmother.person, code, **given, by=rui, at=later)
    assert (grant.basis, grant.given_by) == ("code", rui)


def test_who_has_no_telephone_is_asked_and_the_day_is_written_down(rui, dara, noon):
    person = ward(rui, noon).person
    facts = {"to": dara.organisation, "purpose": Purpose.CARE, "until": noon + DAY, "at": noon}
    with pytest.raises(NeedsTheirYes):
        give_consent(person, **facts, by=rui)
    for day in (TODAY + DAY, TODAY - 31 * DAY):
        with pytest.raises(SaidLongAgo):
            give_consent(person, **facts, by=rui, said_on=day)
    grant = give_consent(person, **facts, by=rui, said_on=TODAY - DAY)
    assert (grant.basis, grant.said_on, grant.given_by) == ("spoken", TODAY - DAY, rui)


@pytest.mark.parametrize(("born_on", "is_small"), [((2006, 3, 21), True), ((2006, 3, 20), False)])
def test_below_fourteen_a_parents_word_is_enough(rui, dara, noon, born_on, is_small):
    person = ward(rui, noon, basis="guardian", relation="child", born_on=date(*born_on)).person
    facts = {"to": dara.organisation, "purpose": Purpose.CARE, "until": noon + DAY, "at": noon}
    if is_small:
        assert give_consent(person, **facts, by=rui).basis == "guardian"
    else:
        with pytest.raises(NeedsTheirYes):
            give_consent(person, **facts, by=rui)
        assert give_consent(person, **facts, by=rui, said_on=TODAY).basis == "spoken"


def test_a_proxy_corrects_where_an_adult_lives_and_not_who_they_are(rui, sam, noon):
    person = ward(rui, noon, born_on=None).person
    correct_details(person, by=rui, at=noon, street="新堤街9号", born_on=date(1949, 12, 31))
    for said in ({"name": "别人"}, {"born_on": date(1949, 12, 30)}, {"born_on": None}):
        with pytest.raises(NotYoursToCorrect):
            correct_details(person, by=rui, at=noon, **said)
    with pytest.raises(NotYoursToGrant):
        correct_details(person, by=sam, at=noon, street="x")
    child = ward(rui, noon, basis="guardian", relation="child", born_on=date(2012, 1, 1)).person
    assert correct_details(child, by=rui, at=noon, name="大宝").name == "大宝"


def test_how_the_other_agreed_is_in_the_trail(joined, grandmother):
    line = Entry.objects.get(
        deed="consent.proxy_begun", target=f"people.Person:{grandmother.person_id}"
    )
    assert line.facts == {"basis": "code"}


def test_everything_that_is_asked_is_one_sentence_in_both_languages():
    for one in asked("covid-19"):
        assert one.may_en.endswith(".") and one.may_zh.endswith("。")
        assert one.may_en.count(".") == one.may_zh.count("。") == 1
