"""The officer's desk of alerts and agencies."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from tests.myths.test_claims import a_claim
from tongxin.notices import part
from tongxin.notices.forms import words_of
from tongxin.notices.models import Agency, Notice
from tongxin.notices.pages import render_notice
from tongxin.notices.queries import board

pytestmark = pytest.mark.django_db
WORDS = {
    "title_zh": "自来水请煮沸",
    "title_en": "Boil tap water",
    "text_zh": "请煮沸再喝。",
    "text_en": "Boil before drinking.",
    "places": "洪湖市",
    "severity": "Severe",
    "urgency": "Immediate",
    "certainty": "Observed",
    "effective_at": "2020-03-20T12:00",
    "expires_at": "2020-03-21T12:00",
}


def at_desk(user):
    client = Client()
    client.force_login(user)
    return client


def test_an_officer_writes_an_alert_and_sees_it(chen):
    desk = at_desk(chen)
    answer = desk.post("/desk/alerts/new/", WORDS)
    row = Notice.objects.get()
    assert answer.url == f"/desk/alerts/{row.code}/" and row.places == ["CN-421083"]
    assert "自来水请煮沸" in desk.get(answer.url).content.decode()
    assert "自来水请煮沸" in desk.get("/desk/alerts/").content.decode()


@pytest.mark.parametrize(
    "changed",
    [
        {"places": "不存在的地方"},
        {"expires_at": "2020-03-19T12:00"},
        {"title_en": ""},
        {"severity": "Gravest"},
        {"blocks": ["no-such-advice"]},
        {"claims": ["no-such-claim"]},
        {"link": "javascript:alert(1)"},
    ],
)
def test_what_cannot_be_said_stays_on_the_form(chen, changed):
    answer = at_desk(chen).post("/desk/alerts/new/", WORDS | changed)
    assert answer.status_code == 200 and not Notice.objects.exists()
    assert "nhsuk-error-summary" in answer.content.decode()


def test_the_second_person_lets_the_gravest_out(chen, lin):
    at_desk(chen).post("/desk/alerts/new/", WORDS | {"severity": "Extreme"})
    row = Notice.objects.get()
    for officer, is_out in ((chen, False), (lin, True)):
        at_desk(officer).post(f"/desk/alerts/{row.code}/let-out/")
        row.refresh_from_db()
        assert bool(row.published_at) == is_out
    assert row.published_by == lin


def test_the_desk_of_a_second_person_says_what_waits(chen, lin):
    at_desk(chen).post("/desk/alerts/new/", WORDS | {"severity": "Extreme"})
    assert "/desk/alerts/" in [t.url for t in at_desk(lin).get("/desk/").context["waiting"]]
    assert "/desk/alerts/" not in [t.url for t in at_desk(chen).get("/desk/").context["waiting"]]


def test_an_alert_is_updated_and_ended(chen):
    desk = at_desk(chen)
    desk.post("/desk/alerts/new/", WORDS)
    first = Notice.objects.get()
    assert desk.get(f"/desk/alerts/{first.code}/update/").status_code == 200
    desk.post(f"/desk/alerts/{first.code}/update/", WORDS | {"title_en": "Still boil it"})
    second = first.followers.get()
    end = {"step": "all-clear", "text_zh": "解除", "text_en": "Over"}
    desk.post(f"/desk/alerts/{second.code}/end/", end)
    assert second.followers.get().step == "all-clear"
    late = desk.post(f"/desk/alerts/{first.code}/end/", end)
    assert late.status_code == 200 and first.followers.count() == 1


def test_a_grave_alert_is_dropped(chen, lin):
    at_desk(chen).post("/desk/alerts/new/", WORDS | {"severity": "Extreme"})
    at_desk(lin).post(f"/desk/alerts/{Notice.objects.get().code}/drop/")
    assert not Notice.objects.exists()


def test_an_agency_is_added_paused_and_resumed(chen):
    desk = at_desk(chen)
    facts = {"name_zh": "省卫健委", "name_en": "Hubei", "url": "https://wjw.example.cn/feed"}
    facts |= {"format": "feed", "tier": "2", "place": "湖北省", "language": "zh-hans"}
    facts |= {"every_minutes": "10", "stale_after_hours": "24"}
    assert desk.post("/desk/alerts/agencies/", facts).status_code == 302
    row = Agency.objects.get()
    assert (row.place_id, row.every_seconds) == ("CN-420000", 600)
    for deed, paused in (("pause", True), ("resume", False)):
        desk.post(f"/desk/alerts/agencies/{row.pk}/", {"deed": deed})
        row.refresh_from_db()
        assert row.is_paused == paused
    again = desk.post("/desk/alerts/agencies/", facts)
    assert again.status_code == 200 and Agency.objects.count() == 1


def test_a_certificate_that_is_none_is_refused(chen):
    facts = {"name_zh": "省", "name_en": "H", "url": "https://x.cn/f", "format": "cap", "tier": "2"}
    facts |= {"place": "CN-420000", "language": "en", "certificate": "-----BEGIN-----"}
    facts |= {"every_minutes": "10", "stale_after_hours": "24"}
    assert at_desk(chen).post("/desk/alerts/agencies/", facts).status_code == 200
    assert not Agency.objects.exists()


def test_an_alert_names_the_rumour_it_speaks_to(chen):
    a_claim()
    desk = at_desk(chen)
    desk.post("/desk/alerts/new/", WORDS | {"claims": ["tea-cures"]})
    row = Notice.objects.get()
    assert row.claims == ["tea-cures"]
    page = render_notice(board(at=timezone.now()), row, "en")
    assert 'myths/tea-cures/">False: Strong tea cures COVID-19</a>' in page
    assert "不实：喝浓茶能治好新冠" in desk.get(f"/desk/alerts/{row.code}/").content.decode()
    desk.post(f"/desk/alerts/{row.code}/update/", words_of(row) | {"title_en": "Boil all water"})
    assert Notice.objects.latest("pk").claims == ["tea-cures"], "an update keeps what it names"


@pytest.mark.parametrize(
    "change",
    [{"verdict": "unproven"}, {"claim_en": "Tea cures"}, {"withdrawn_on": date(2020, 4, 1)}],
)
def test_a_page_is_drawn_again_when_what_is_said_of_its_rumour_changes(chen, change):
    claim = a_claim()
    at_desk(chen).post("/desk/alerts/new/", WORDS | {"claims": ["tea-cures"]})
    before = part.state(timezone.now())
    for name, value in change.items():
        setattr(claim, name, value)
    claim.save()
    assert part.state(timezone.now()) != before
