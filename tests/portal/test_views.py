from datetime import timedelta

import pytest

from tests.conftest import NOON
from tongxin.assistant import actions as questions
from tongxin.assistant.models import Question
from tongxin.releases.models import Publication, Release
from tongxin.work import actions as work

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("browser", "language"),
    [("en-GB,en;q=0.9", "en"), ("zh-CN", "zh-hans"), ("fr", "zh-hans"), ("", "zh-hans")],
)
def test_the_root_follows_the_browser(client, browser, language):
    response = client.get("/", headers={"accept-language": browser})
    assert response.status_code == 302
    assert response.url == f"/{language}/"
    assert "Accept-Language" in response.headers["Vary"]


def test_an_address_without_language_keeps_its_rest(client):
    response = client.get("/situation/CN-420000/?day=1", headers={"accept-language": "en"})
    assert response.url == "/en/situation/CN-420000/?day=1"


def test_the_chosen_language_is_remembered(client):
    response = client.get("/language/en/?next=/accounts/login/")
    assert response.url == "/accounts/login/"
    assert client.get("/", headers={"accept-language": "zh-CN"}).url == "/en/"


def test_the_language_switch_leads_nowhere_else(client):
    assert client.get("/language/en/?next=https://elsewhere.example/").url == "/"


def test_health_names_what_is_missing(client):
    report = client.get("/healthz").json()
    assert report["status"] == "degraded"
    assert report["database"]["status"] == "ok"
    assert report["database"]["age_seconds"] >= 0
    assert report["release"] == {"status": "none", "id": None, "age_seconds": None}
    assert report["worker"]["status"] == "late"


def test_health_tells_ages(client):
    work.beat("worker", at=NOON)
    release = Release.objects.create(
        id="a" * 64, built_at=NOON, as_of=NOON, manifest={}, files_count=0, bytes_count=0
    )
    Publication.objects.create(release=release, at=NOON, by="tests")
    report = client.get("/healthz").json()
    assert report["status"] == "ok"
    assert report["release"] == {"status": "ok", "id": "a" * 64, "age_seconds": 0}
    assert report["worker"]["age_seconds"] == 0


@pytest.mark.parametrize("name", ["rui", "sam"])
def test_residents_do_not_see_the_desk(client, cast, name):
    client.force_login(cast[name])
    assert client.get("/desk/").status_code == 403


def test_strangers_are_asked_to_sign_in(client):
    response = client.get("/desk/")
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def tile(client, url):
    return next((one for one in client.get("/desk/").context["waiting"] if one.url == url), None)


def test_the_desk_says_how_many_questions_wait_and_how_many_are_late(client, yan):
    for text, hours in (("地下室要消毒吗", 30), ("猫要隔离吗", 1)):
        questions.hand_over(text, language="zh-hans", by="tests", at=NOON - timedelta(hours=hours))
    client.force_login(yan)
    found = tile(client, "/desk/questions/")
    assert (found.number, found.is_urgent) == ("2", True) and "1" in found.text
    questions.close_question(Question.objects.order_by("due_at")[0], by=yan, at=NOON)
    found = tile(client, "/desk/questions/")
    assert (found.number, found.is_urgent) == ("1", False) and "0" in found.text


@pytest.mark.parametrize(
    ("name", "sees"), [("yan", True), ("qing", True), ("chen", False), ("ola", False)]
)
def test_only_who_answers_questions_sees_that_they_wait(client, cast, name, sees):
    client.force_login(cast[name])
    assert bool(tile(client, "/desk/questions/")) == sees
