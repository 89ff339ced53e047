"""Who erases themselves says what becomes of those for whom only they act."""

from datetime import timedelta

import pytest

from tests.residents.conftest import own
from tongxin.audit.models import Entry
from tongxin.consent.models import Grant, Proxy
from tongxin.consent.queries import left_alone
from tongxin.people.models import Person
from tongxin.tracing.actions import Told, report_case
from tongxin.tracing.models import Report


@pytest.fixture
def leaving(sign_in, cast):
    """Rui, who alone acts for her grandmother."""
    client = sign_in()
    said = {"name": "外婆", "relation": "grandparent", "basis": "spoken", "has_agreed": "on"}
    client.post("/my/people/add/", said)
    return client


def erase(client, fate=None):
    ward = Proxy.objects.get().person
    said = {"is_sure": "on"} | ({f"ward_{ward.pk}": fate} if fate else {})
    return ward, client.post(f"/my/{own(client)}/erase/", said)


def test_nobody_is_left_behind_unsaid(leaving):
    page = leaving.get(f"/my/{own(leaving)}/erase/").content.decode()
    assert "Only you act for" in page and "外婆" in page
    for fate in (None, "", "forget"):
        ward, answer = erase(leaving, fate)
        assert answer.status_code == 200 and "line" not in answer.context
    assert Person.objects.filter(pk=ward.pk).exists() and leaving.get("/my/").status_code == 200


def test_the_committee_takes_over_and_finds_her_on_its_list(leaving, wei, dara, noon):
    ward, answer = erase(leaving, "hand over")
    assert answer.context["line"].deed == "people.person_erased"
    grant = Grant.objects.get()
    assert (grant.person, grant.to, grant.basis) == (ward, wei.organisation, "spoken")
    assert list(left_alone(wei, at=noon)) == [ward] and not left_alone(dara, at=noon)
    assert Proxy.objects.get().acts is None


def test_her_record_is_erased_too_where_that_is_said(leaving):
    ward, answer = erase(leaving, "erase")
    assert not Person.objects.filter(pk=ward.pk).exists()
    assert Entry.objects.filter(deed="people.person_erased").count() == 2


def test_who_has_somebody_else_is_not_asked_about(leaving, rui, noon):
    ward = Proxy.objects.get().person
    facts = {"relation": "relative", "basis": "spoken", "starts_at": noon}
    Proxy.objects.create(person=ward, acts=rui.person, ends_at=noon + timedelta(days=9), **facts)
    answer = leaving.post(f"/my/{own(leaving)}/erase/", {"is_sure": "on"})
    assert answer.context["line"] and Person.objects.filter(pk=ward.pk).exists()


def test_who_stops_acting_is_told_that_nobody_does_now(leaving):
    page = leaving.post(f"/my/people/{Proxy.objects.get().pk}/end/", follow=True).content.decode()
    assert "Nobody acts for this person now" in page


def test_a_report_outlives_its_reporter_without_name_and_number(leaving, noon):
    person = Person.objects.get(phone_key__gt="")
    Proxy.objects.all().delete()
    said = Told("other", "CN-421083", "3号楼", noon.date(), ("fever",), contact="+8613800138000")
    report_case(said, person=person, by="tests", at=noon)
    page = leaving.get(f"/my/{person.pk}/erase/")
    assert [one.label for one in page.context["stays"]] == ["tracing.Report"]
    assert "These stay, without your name" in page.content.decode()
    leaving.post(f"/my/{person.pk}/erase/", {"is_sure": "on"})
    report = Report.objects.get()
    assert (report.person, report.contact, report.where) == (None, "", "3号楼")
