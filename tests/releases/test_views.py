import gzip

import brotli
import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from tests.conftest import NOON
from tests.releases.conftest import PAGE
from tongxin.people.actions import add_account
from tongxin.people.roles import Role
from tongxin.releases.serving import serve_current
from tongxin.releases.store import store
from tongxin.releases.views import past

PATH = "/en/situation/CN-421083/"


def ask(path, method="get", **headers):
    request = getattr(RequestFactory(), method)(path, headers=headers)
    return serve_current(request, request.path)


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def ask_past(release, path, user=None, **headers) -> HttpResponse:
    request = RequestFactory().get(f"/releases/{release.pk}/{path}", headers=headers)
    request.user = user or AnonymousUser()
    return past(request, release.pk, path)


def test_a_folder_is_its_index(publish):
    publish("12")
    response = ask(PATH)
    assert body(response) == PAGE + b"12"
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-cache"


def test_nothing_is_served_before_the_first_publication(build):
    build()
    assert ask(PATH) is None


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [("gzip, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("", None, bytes)],
)
def test_a_browser_gets_the_smallest_it_takes(publish, accepted, encoding, unpack):
    publish("12")
    response = ask(PATH, **{"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert unpack(body(response)) == PAGE + b"12"
    assert response.headers["Vary"] == "Accept-Encoding"


def test_what_the_browser_knows_is_not_sent_again(publish):
    publish("12")
    etag = ask(PATH).headers["ETag"]
    assert ask(PATH, **{"If-None-Match": f'"other", W/{etag}'}).status_code == 304
    publish("13", day=1)
    assert ask(PATH, **{"If-None-Match": etag}).status_code == 200


def test_head_has_the_length_and_no_body(publish):
    publish("12")
    response = ask(PATH, "head")
    assert (response.content, response.headers["Content-Length"]) == (b"", str(len(PAGE) + 2))


def test_a_missing_slash_is_redirected_with_the_query(publish):
    publish("12")
    response = ask("/en/situation/CN-421083?x=1")
    assert (response.status_code, response.url) == (301, "/en/situation/CN-421083/?x=1")


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere/",
        "/en/situation/",
        "/search.json/",
        "/../objects",
        "/..%2f..%2fetc/passwd",
        "/en/../../../.lock",
        "//etc/passwd",
        "/en/situation/CN-421083/index.html.br",
        "/.lock",
        "/en\x00",
    ],
)
def test_nothing_outside_the_release_is_served(publish, path):
    publish("12")
    secret = store().root / "secret.json"
    secret.write_text("{}")
    request = RequestFactory().get("/")
    assert serve_current(request, path) is None
    assert serve_current(request, "../../secret.json") is None


def test_an_embedded_page_may_be_framed_and_others_not(publish):
    publish("12")
    embed, page = ask("/en/embed/CN-421083/"), ask(PATH)
    assert embed.xframe_options_exempt and embed._csp_update == {"frame-ancestors": ["*"]}
    assert not hasattr(page, "xframe_options_exempt")


def test_a_past_release_stays_where_it_was(publish):
    first = publish("12")
    publish("13", day=1)
    response = ask_past(first, "situation/CN-421083/series.json")
    assert b"12]" in body(response)
    assert "immutable" in response.headers["Cache-Control"]


def test_a_draft_is_only_for_those_who_may_preview(build, cast):
    draft = build("12")
    path = "en/situation/CN-421083/"
    for name in ("chen", "lin", "yan"):
        response = ask_past(draft, path, cast[name])
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    for user in (None, *(cast[n] for n in ("rui", "sam", "dara", "sato", "wei", "meng", "ola"))):
        with pytest.raises(Http404):
            ask_past(draft, path, user)


def test_a_password_alone_shows_no_draft(build, ola):
    draft = build("12")
    password = "a long enough phrase 7"
    zhao = add_account(username="zhao", role=Role.DUTY_OFFICER, one_time_password=password, by=ola)
    for is_one_time in (True, False):
        zhao.has_one_time_password = is_one_time
        with pytest.raises(Http404):
            ask_past(draft, "en/situation/CN-421083/", zhao)


def test_a_pruned_release_says_that_it_is_gone(publish, client):
    release = publish("12")
    release.pruned_at = NOON
    release.save()
    response = client.get(
        f"/releases/{release.pk}/en/index.html", headers={"accept-language": "en"}
    )
    assert response.status_code == 410
    assert "removed" in response.content.decode()


@pytest.mark.parametrize("path", ["nowhere.html", "", "../../x"])
def test_a_past_release_has_no_more_than_it_had(publish, path):
    release = publish("12")
    with pytest.raises(Http404):
        ask_past(release, path)
