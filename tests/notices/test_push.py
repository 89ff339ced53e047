"""From an officer's alert to a phone."""

from datetime import timedelta

import pytest

from tests.channels.push_service import Browser, ask_to_follow, push_service
from tongxin.channels.models import Message
from tongxin.channels.tasks import deliver
from tongxin.notices.actions import alerts
from tongxin.notices.models import Step

pytestmark = pytest.mark.django_db
NIGHT = timedelta(hours=11)  # 23:00 in Honghu


@pytest.fixture
def service():
    with push_service() as running:
        yield running


@pytest.fixture
def follow(client, service):
    def asked(place="CN-421083", name="rui", **changed):
        wish = {"name": name, "places": [place]} | changed
        return ask_to_follow(client, service, "/api/push/subscription", **wish)

    return asked


@pytest.mark.parametrize("place", ["CN-421083", "CN-420000", "CN"])
def test_who_follows_the_place_or_one_above_is_told(chen, said, noon, follow, service, place):
    browser = follow(place)
    row = alerts.raise_alert(said(), by=chen, at=noon)
    deliver(noon)
    ((_, _, body),) = service.requests
    assert browser.read(body)["title"] == row.title_zh
    assert browser.read(body)["url"] == f"/zh-hans/notices/{row.code}/"


def test_who_lives_inside_is_told_and_who_lives_elsewhere_is_not(chen, said, noon, follow):
    follow("CN-421083")
    follow("CN-310000", name="sam")
    alerts.raise_alert(said(places=["CN-420000"]), by=chen, at=noon)
    assert Message.objects.count() == 1


@pytest.mark.parametrize(("severity", "rings"), [("Severe", True), ("Moderate", False)])
def test_at_night_only_what_is_severe_rings(chen, said, noon, follow, service, severity, rings):
    follow()
    night = noon + NIGHT
    alerts.raise_alert(said(severity=severity), by=chen, at=night)
    deliver(night)
    assert bool(service.requests) == rings
    deliver(night + timedelta(hours=8))
    assert len(service.requests) == 1


def test_nobody_is_told_before_the_second_person_has_looked(chen, lin, said, noon, follow):
    follow()
    row = alerts.raise_alert(said(severity="Extreme"), by=chen, at=noon)
    assert not Message.objects.exists()
    alerts.let_out(row.code, by=lin, at=noon)
    assert Message.objects.get().is_urgent


def test_whoever_was_told_is_told_that_it_was_wrong(chen, said, noon, follow, service):
    browser = follow()
    row = alerts.raise_alert(said(), by=chen, at=noon)
    deliver(noon)
    follow(name="later")
    end = {"text_zh": "误报", "text_en": "Wrong", "by": chen, "at": noon}
    alerts.end_alert(row.code, step=Step.CANCEL, **end)
    deliver(noon)
    assert [path for path, _, _ in service.requests] == ["/rui", "/rui"]
    assert browser.read(service.requests[1][2])["title"].startswith("已取消")


def test_what_is_cancelled_in_the_night_rings_for_nobody(chen, said, noon, follow, service):
    follow()
    night = noon + NIGHT
    row = alerts.raise_alert(said(), by=chen, at=night)
    end = {"text_zh": "误报", "text_en": "Wrong", "by": chen, "at": night}
    alerts.end_alert(row.code, step=Step.CANCEL, **end)
    deliver(night + timedelta(hours=9))
    assert service.requests == []


@pytest.mark.parametrize(
    "changed",
    [
        {"places": ["CN-999999"]},
        {"places": []},
        {"places": ["CN"] * 21},
        {"language": "fr"},
        {"subscription": {"endpoint": "ftp://x/", "keys": {"p256dh": "A", "auth": "B"}}},
    ],
)
def test_what_cannot_be_followed_is_refused(follow, changed):
    assert follow(**changed).answer.status_code in {409, 422}


@pytest.mark.parametrize(
    "endpoint",
    ["http://push.example.org/", "https://10.0.0.1/", "https://localhost/", "https://[::1]/",
     "https://user@push.example.org/", "https://push.example.org/\0", "https://[x/", "https://printer.local/"],
)  # fmt: skip
def test_outside_development_only_public_services_are_taken(follow, settings, endpoint):
    settings.DEVELOPMENT = False
    keys = {"p256dh": Browser().keys["key"], "auth": "MDEyMzQ1Njc4OWFiY2RlZg"}
    answer = follow(subscription={"endpoint": endpoint, "keys": keys}).answer
    assert answer.status_code == 422 and answer.json()["code"] == "NotAPushService"


def test_a_flood_from_one_address_is_stopped(follow):
    statuses = [follow(name=str(n)).answer.status_code for n in range(62)]
    assert statuses[:60] == [200] * 60 and statuses[60:] == [409, 409]


def test_a_browser_leaves_without_an_account(client, follow, service):
    follow()
    wish = {"endpoint": f"{service.url}/rui"}
    for _ in range(2):
        answer = client.delete("/api/push/subscription", wish, "application/json")
        assert answer.status_code == 204


def test_the_key_that_a_browser_needs_is_public(client):
    assert len(client.get("/api/push/key").json()["key"]) == 87
