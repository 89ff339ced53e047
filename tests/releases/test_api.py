from datetime import timedelta

import pytest

from tests.conftest import NOON
from tests.releases.conftest import STOP
from tongxin.people.access import anyone
from tongxin.releases.api import router


@pytest.fixture
def ask(client):
    """ask("?limit=1") -> status and JSON of /api/releases."""

    def one(rest=""):
        response = client.get(f"/api/releases{rest}")
        return response.status_code, response.json()

    return one


def test_the_list_is_newest_first_and_pages_by_cursor(publish, build, ask):
    shown = [publish(str(n), day=n, at=NOON + timedelta(hours=n)).pk for n in range(5)]
    build("draft", day=9)
    seen, cursor = [], ""
    while cursor is not None:
        _, page = ask(f"?limit=2&cursor={cursor}")
        seen += [row["id"] for row in page["releases"]]
        cursor = page["next"]
    assert seen == shown[::-1]
    assert [row["is_current"] for row in ask()[1]["releases"]] == [True] + [False] * 4


def test_one_release_shows_its_manifest_and_findings(publish, ask):
    release = publish("1", findings=[STOP | {"severity": "warns"}])
    status, body = ask(f"/{release.pk}")
    assert status == 200 and body["manifest"]["id"] == release.pk
    assert body["findings"][0]["place"] == "CN-421000"
    assert body["url"] == f"/releases/{release.pk}/"


def test_the_changes_are_against_the_release_before(publish, ask):
    first, second = publish("1"), publish("2", day=1)
    _, body = ask(f"/{second.pk}/changes")
    assert body["before"] == first.pk and body["is_known"]
    assert {"path": "situation/CN-421083/series.json", "what": "changed"} in body["files"]
    assert ask(f"/{first.pk}/changes")[1]["before"] is None


def test_the_changes_of_a_pruned_release_are_not_guessed(publish, ask):
    first, second = publish("1"), publish("2", day=1)
    first.pruned_at = NOON
    first.save()
    body = ask(f"/{second.pk}/changes")[1]
    assert (body["is_known"], body["files"]) == (False, [])


@pytest.mark.parametrize("rest", ["/nothing", "/nothing/changes", "/%00", "/" + "0" * 64])
def test_what_was_never_published_is_not_found(ask, build, rest):
    assert ask(rest)[0] == ask(f"/{build().pk}")[0] == 404


@pytest.mark.parametrize("rest", ["?cursor=x", "?limit=0", "?limit=x", "?cursor=%00"])
def test_a_question_that_cannot_be_read_is_422(ask, db, rest):
    assert ask(rest)[0] == 422


def test_every_operation_is_open_to_everyone_and_only_reads():
    operations = [o for view in router.path_operations.values() for o in view.operations]
    assert {anyone} == {auth for o in operations for auth in o.auth_callbacks}
    assert {method for o in operations for method in o.methods} == {"GET", "HEAD", "OPTIONS"}


def test_releases_are_read_from_any_page_and_not_sent_twice(client, build):
    first = client.get("/api/releases")
    assert first["Access-Control-Allow-Origin"] == "*"
    assert client.get("/api/releases", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.head("/api/releases")["ETag"] == first["ETag"]
    assert client.options("/api/releases").status_code == 204
