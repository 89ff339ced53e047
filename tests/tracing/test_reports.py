"""From somebody who reports a neighbour's fever to what came of it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tongxin.audit.models import Entry
from tongxin.people.actions import add_account, add_organisation
from tongxin.people.roles import Role
from tongxin.residents.holdings import held
from tongxin.tracing import actions, queries
from tongxin.tracing.actions import Told
from tongxin.tracing.models import Report
from tongxin.tracing.refusals import (
    BeganTooLongAgo,
    CannotFollow,
    NoPlaceOfThatKind,
    NothingReported,
    NotYoursToHandle,
    ReasonMissing,
)

SAID = {
    "about": "other",
    "symptoms": ["fever", "cough"],
    "since_on": "2020-03-18",
    "place": "洪湖",
    "where": "新堤街道3号楼2单元",
    "what": "咳得厉害，一个人住",
}


def told(noon, **facts):
    said = {
        "about": "other",
        "place": "CN-421083",
        "where": SAID["where"],
        "since_on": noon.date(),
        "symptoms": ("fever",),
        **facts,
    }
    return Told(**said)


@pytest.fixture
def report(db, noon):
    return actions.report_case(told(noon), by="tests", at=noon)[0]


@pytest.fixture
def elsewhere(cast, ola):
    """A duty officer of another county."""
    body = add_organisation(
        kind="health_authority", name_zh="监利", name_en="Jianli", place="CN-421023", by=ola
    )
    return add_account(
        username="jian", role=Role.DUTY_OFFICER, organisation=body, is_cast=True, by=ola
    )


def test_anybody_reports_and_follows_it_to_its_end(client, cast, chen, noon):
    sent = client.post("/en/report-case/", SAID)
    assert re.fullmatch(r"/en/report-case/receipt/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/", sent.url)
    assert "Nobody has read it yet" in client.get(sent.url).content.decode()
    number = Report.objects.get().pk
    officer = Client()
    officer.force_login(chen)
    assert SAID["where"] in officer.get(f"/desk/cases/{number}/").content.decode()
    officer.post(f"/desk/cases/{number}/step/", {"state": "looking"})
    assert "An officer has read it" in client.get(sent.url).content.decode()
    officer.post(f"/desk/cases/{number}/step/", {"state": "closed", "reason": "in_care"})
    page = client.get(sent.url).content.decode()
    assert "already in care" in page and SAID["where"] not in page
    found = client.post("/en/report-case/receipt/", {"code": sent.url.split("/")[-2].lower()})
    assert found.url == sent.url


@pytest.mark.parametrize(
    "wrong",
    [
        {"symptoms": []},
        {"symptoms": ["plague"]},
        {"since_on": "2020-03-21"},
        {"since_on": "2019-01-01"},
        {"where": ""},
        {"about": "the king"},
        {"contact": "12"},
        {"where": "x" * 201},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, db, wrong):
    page = client.post("/en/report-case/", {**SAID, **wrong})
    assert page.status_code == 422
    assert "nhsuk-error" in page.content.decode() and SAID["what"] in page.content.decode()
    assert not Report.objects.exists()


def test_a_receipt_that_is_not_there_is_said(client, db):
    page = client.post("/en/report-case/receipt/", {"code": "AAAA-BBBB-CCCC-DDDD"})
    assert page.status_code == 404 and "no receipt with this code" in page.content.decode()
    assert client.get("/en/report-case/receipt/AAAA-BBBB-CCCC-DDDD/").status_code == 404


def test_one_network_does_not_flood_the_officers(client, db):
    pages = [client.post("/en/report-case/", SAID).status_code for _ in range(21)]
    assert pages == [302] * 20 + [422]
    assert Report.objects.count() == 20


def test_a_form_of_another_site_is_refused(client, db):
    page = client.post("/en/report-case/", SAID, headers={"Origin": "https://evil.example"})
    assert page.status_code == 422 and not Report.objects.exists()


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"symptoms": ()}, NothingReported),
        ({"symptoms": ("x",)}, NothingReported),
        ({"place": "XX"}, NoPlaceOfThatKind),
        ({"since_on": None}, BeganTooLongAgo),
    ],
)
def test_the_action_refuses_too(db, noon, facts, refusal):
    if "since_on" in facts:
        facts = {"since_on": noon.date() + timedelta(days=1)}
    with pytest.raises(refusal):
        actions.report_case(told(noon, **facts), by="tests", at=noon)


def test_only_officers_of_the_place_see_it(report, cast, elsewhere, chen, lin, wei):
    for officer in (chen, lin, wei):
        assert list(queries.waiting_for(officer)) == [report]
    others = [cast[name] for name in ("yan", "qing", "ola", "dara", "sato", "meng", "rui", "sam")]
    for stranger in (*others, elsewhere):
        assert not queries.reports_for(stranger).exists()
        with pytest.raises(NotYoursToHandle):
            actions.read_report(report.pk, by=stranger)


def test_an_officer_of_another_county_finds_no_page(report, elsewhere, client):
    client.force_login(elsewhere)
    assert client.get(f"/desk/cases/{report.pk}/").status_code == 404
    assert client.post(f"/desk/cases/{report.pk}/step/", {"state": "case"}).status_code == 404
    report.refresh_from_db()
    assert report.state == "received"


def test_steps_go_their_way_and_no_other(report, chen, lin, noon):
    with pytest.raises(ReasonMissing):
        actions.settle_report(report.pk, state="closed", by=chen, at=noon)
    actions.look_at(report.pk, by=chen, at=noon)
    with pytest.raises(CannotFollow):
        actions.look_at(report.pk, by=lin, at=noon)
    actions.settle_report(report.pk, state="case", by=lin, at=noon)
    for state in ("closed", "looking", "nonsense"):
        with pytest.raises(CannotFollow):
            actions.settle_report(report.pk, state=state, reason="well", by=chen, at=noon)


def test_a_closed_report_can_be_opened_again(report, chen, noon):
    actions.settle_report(report.pk, state="closed", reason="not_found", by=chen, at=noon)
    again = actions.look_at(report.pk, by=chen, at=noon)
    assert (again.state, again.reason, again.settled_at) == ("looking", "", None)


def test_nobody_looking_in_time_is_seen_on_the_first_page(cast, chen, noon, client):
    actions.report_case(told(noon, symptoms=("breath",)), by="tests", at=noon - timedelta(hours=2))
    client.force_login(chen)
    page = client.get("/desk/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "to be looked at, 1 late" in page
    assert "late" in client.get("/desk/cases/", HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_what_may_be_the_same_is_shown_before_it_is_entered_twice(report, chen, client):
    client.force_login(chen)
    again = {**SAID, "where": "3号楼2单元，王大爷家"}
    page = client.post("/desk/cases/enter/", again)
    assert f"/desk/cases/{report.pk}/" in page.content.decode()
    assert Report.objects.count() == 1
    assert client.post("/desk/cases/enter/", {**again, "is_new": "yes"}).status_code == 302
    assert Report.objects.count() == 2
    other = {**SAID, "where": "汉河路菜市场", "what": ""}
    assert client.post("/desk/cases/enter/", other).status_code == 302


def test_words_and_numbers_lie_encrypted_and_not_in_the_trail(client, db):
    client.post("/en/report-case/", {**SAID, "contact": "13800138000"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT tracing_report::text FROM tracing_report")
        stored = cursor.fetchone()[0]
    trail = " ".join(f"{entry.target} {entry.facts}" for entry in Entry.objects.all())
    for secret in (SAID["where"], SAID["what"], "13800138000"):
        assert secret not in stored and secret not in trail


def test_who_reported_under_their_name_sees_who_read_it(cast, rui, chen, noon):
    report, _ = actions.report_case(told(noon), by=rui, at=noon, person=rui.person)
    actions.read_report(report.pk, by=chen)
    assert Entry.objects.filter(
        deed="people.record_read", target=f"people.Person:{rui.person_id}"
    ).exists()
    assert any(one.label == "tracing.Report" for one in held(rui.person))


def test_a_settled_report_is_forgotten_after_a_year_and_an_open_one_is_not(wei, noon):
    open_one, _ = actions.report_case(told(noon), by="tests", at=noon)
    settled, _ = actions.report_case(told(noon), by="tests", at=noon)
    actions.settle_report(settled.pk, state="closed", reason="well", by=wei, at=noon)
    forget = actions.forget_settled_reports
    assert forget(by="worker", at=noon + timedelta(days=365)) == 0
    assert forget(by="worker", at=noon + timedelta(days=366)) == 1
    assert Report.objects.get() == open_one
