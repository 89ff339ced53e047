from datetime import timedelta

import pytest

from tongxin.releases import actions
from tongxin.releases.models import Appointment, Override, Publication, Release

STOP = {
    "rule": "cumulative_fell",
    "severity": "stops",
    "place": "CN-421083",
    "metric": "confirmed",
    "on": "2020-02-13",
    "figures": {"before": 70.0, "after": 50.0},
    "other": "",
    "excused": False,
}
REASON = "The county has confirmed both figures"


@pytest.fixture
def build(chen, noon):
    """A release of one page, built by Chen; with the gate's findings where given."""

    def built(text="first", findings=(), at=noon):
        facts = {"disease": "covid-19"}
        files = [("zh-hans/index.html", text.encode()), ("en/index.html", text.encode())]
        return actions.build(files, facts=facts, findings=list(findings), as_of=at, by=chen, at=at)

    return built


@pytest.fixture
def desk(client, chen):
    """Chen at the desk."""
    client.force_login(chen)
    client.cookies["django_language"] = "en"
    return client


def test_the_preview_names_the_rule_the_place_and_the_figures(desk, build):
    release = build(findings=[STOP])
    html = desk.get(f"/desk/releases/{release.pk}/").content.decode()
    assert "cumulative_fell" in html and "Honghu" in html
    assert "fell from 70 to 50" in html
    assert "Publish now" not in html and "Ask for an override" in html


def test_a_release_is_published_from_its_preview(desk, build):
    release = build()
    assert "Publish now" in desk.get(f"/desk/releases/{release.pk}/").content.decode()
    desk.post(f"/desk/releases/{release.pk}/publish/", {"seen": ""})
    assert Publication.objects.get().release == release
    assert "current" in desk.get("/desk/releases/").content.decode()


def test_a_second_click_publishes_nothing_more(desk, build):
    release = build()
    for _ in range(2):
        page = desk.post(f"/desk/releases/{release.pk}/publish/", {"seen": ""}, follow=True)
    assert Publication.objects.count() == 1
    assert "tx-message--error" in page.content.decode()


def test_a_stopped_release_needs_a_second_person(desk, client, build, lin, chen):
    release = build(findings=[STOP])
    desk.post(f"/desk/releases/{release.pk}/publish/", {"seen": ""})
    assert not Publication.objects.exists()
    page = desk.post(f"/desk/releases/{release.pk}/override/", {"reason": "short"})
    assert "error-summary" in page.content.decode() and "short" in page.content.decode()
    assert page.context["form"].errors.keys() == {"reason"}  # beside the field
    desk.post(f"/desk/releases/{release.pk}/override/", {"reason": REASON})
    override = Override.objects.get()
    page = desk.post(f"/desk/releases/override/{override.pk}/grant/", follow=True)
    assert "second person" in page.content.decode()
    client.force_login(lin)
    assert "Grant the override" in client.get(f"/desk/releases/{release.pk}/").content.decode()
    client.post(f"/desk/releases/override/{override.pk}/grant/")
    client.force_login(chen)
    client.post(f"/desk/releases/{release.pk}/publish/", {"seen": ""})
    (printed,) = Publication.objects.get().release.manifest["overrides"]
    assert printed["reason"] == REASON


def test_an_hour_is_chosen_and_cancelled(desk, build):
    release = build()
    page = desk.post(f"/desk/releases/{release.pk}/appoint/", {"on": "2020-03-20", "hour": "08:00"})
    assert page.context["form"].errors.keys() == {"hour"}
    assert all(words in page.content.decode() for words in ("passed", "2020-03-20", "08:00"))
    desk.post(f"/desk/releases/{release.pk}/appoint/", {"on": "2020-03-20", "hour": "16:00"})
    row = Appointment.objects.get()
    assert row.due_at.isoformat() == "2020-03-20T08:00:00+00:00"
    assert "16:00" in desk.get("/desk/releases/").content.decode()
    desk.post(f"/desk/releases/appointment/{row.pk}/cancel/")
    row.refresh_from_db()
    assert row.done_at


def test_a_past_release_comes_back_for_a_reason(desk, build, noon):
    first, second = build("one"), build("two", at=noon + timedelta(minutes=5))
    for release, seen in ((first, ""), (second, first.pk)):
        desk.post(f"/desk/releases/{release.pk}/publish/", {"seen": seen})
    page = desk.post(f"/desk/releases/{first.pk}/roll-back/", {"reason": ""})
    assert "error-summary" in page.content.decode()
    desk.post(f"/desk/releases/{first.pk}/roll-back/", {"reason": REASON})
    newest = Publication.objects.order_by("-pk").first()
    assert (newest.release, newest.kind, newest.reason) == (first, "roll_back", REASON)
    assert REASON in desk.get("/desk/releases/").content.decode()


def test_an_editor_looks_but_does_not_publish(client, yan, build):
    release = build()
    client.force_login(yan)
    assert "Publish now" not in client.get(f"/desk/releases/{release.pk}/").content.decode()
    assert client.post(f"/desk/releases/{release.pk}/publish/").status_code == 403
    assert Release.objects.count() == 1


def test_the_list_says_who_published_in_the_readers_language(desk, build, noon):
    actions.publish(build().pk, by="first run", at=noon)
    assert "the first run" in desk.get("/desk/releases/").content.decode()
    desk.cookies["django_language"] = "zh-hans"
    html = desk.get("/desk/releases/").content.decode()
    assert "首次运行" in html and "first run" not in html
