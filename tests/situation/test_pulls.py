import http.server
import ipaddress
import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest

from tests.situation.tidy_files import AT, line_of
from tongxin import fetching
from tongxin.audit.models import Entry
from tongxin.refusal import Refusal
from tongxin.situation.actions import pulls
from tongxin.situation.models import Batch, Pull

pytestmark = pytest.mark.django_db
HEAD = "place,metric,date,value\n"


class Publisher(http.server.BaseHTTPRequestHandler):
    """A server whose next answer a test sets: status, headers, body."""

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        status, headers, body = self.server.answers.get(self.path, (404, {}, b""))
        if headers.get("ETag") and headers["ETag"] == self.headers.get("If-None-Match"):
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *facts):
        """Stay silent."""


@pytest.fixture
def publisher():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    server.asked, server.answers = [], {}
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def says(publisher, *rows, status=200, path="/figures.csv", **headers):
    publisher.answers[path] = (status, headers, (HEAD + "\n".join(rows) + "\n").encode())


def pull_of(publisher, **facts):
    facts = {"name": "city", "url": publisher.url + "/figures.csv", "format": "csv"} | facts
    return pulls.add_pull(source="own", by="tests", at=AT, **facts)


def test_a_due_pull_brings_figures_in_and_waits_its_time(publisher):
    says(publisher, "荆州市,confirmed,2020-02-01,5")
    pull = pull_of(publisher, every_seconds=600)
    assert pulls.run_due(AT) == 1
    pull.refresh_from_db()
    assert line_of("CN-421000") == {1: 5}
    assert (pull.next_at, pull.last_ok_at) == (AT + timedelta(minutes=10), AT)
    assert Batch.objects.get().by == "worker"
    assert pulls.run_due(AT + timedelta(minutes=9)) == 0


def test_an_unchanged_file_is_not_sent_again(publisher):
    says(publisher, "荆州市,confirmed,2020-02-01,5", ETag='"one"')
    pull = pull_of(publisher)
    assert pulls.run_pull(pull.pk, by="tests", at=AT).new == 1
    later = AT + timedelta(hours=2)
    assert pulls.run_pull(pull.pk, by="tests", at=later) is None
    pull.refresh_from_db()
    assert publisher.asked[1][1]["If-None-Match"] == '"one"'
    assert (pull.last_ok_at, pull.last_changed_at, pull.failures) == (later, AT, 0)
    assert Batch.objects.count() == 1


def test_failures_wait_twice_as_long_up_to_a_day(publisher):
    pull = pull_of(publisher, every_seconds=3600)
    waits = []
    for _ in range(6):
        with pytest.raises(fetching.NotFetched, match="HTTP 404"):
            pulls.run_pull(pull.pk, by="tests", at=AT)
        pull.refresh_from_db()
        waits.append((pull.next_at - AT).total_seconds() / 3600)
    assert waits == [2, 4, 8, 16, 24, 24]
    assert "404" in pull.last_error
    assert Entry.objects.filter(deed="situation.pull_failed").count() == 1
    says(publisher, "荆州市,confirmed,2020-02-01,5")
    pulls.run_pull(pull.pk, by="tests", at=AT)
    pull.refresh_from_db()
    assert (pull.failures, pull.last_error) == (0, "")


def test_a_broken_file_changes_no_figure_and_is_asked_for_again(publisher):
    says(publisher, "荆州市,confirmed", ETag='"broken"')
    pull = pull_of(publisher)
    pulls.run_due(AT)
    pull.refresh_from_db()
    assert (pull.failures, pull.etag, Batch.objects.count()) == (1, "", 0)
    assert "Line 2" in pull.last_error


def test_silence_sounds_the_alarm_once_and_change_ends_it(publisher):
    says(publisher, "荆州市,confirmed,2020-02-01,5")
    pull = pull_of(publisher, stale_after_seconds=7200)
    for hours in (0, 1, 3, 4):
        pulls.run_due(AT + timedelta(hours=hours))
    pull.refresh_from_db()
    assert pull.stale_alarm_at == AT + timedelta(hours=3)
    assert Entry.objects.filter(deed="situation.pull_is_stale").count() == 1
    says(publisher, "荆州市,confirmed,2020-02-01,5", "荆州市,confirmed,2020-02-02,6")
    pulls.run_due(AT + timedelta(hours=6))
    pull.refresh_from_db()
    assert pull.stale_alarm_at is None


def test_a_paused_pull_rests_until_it_is_resumed(publisher):
    says(publisher, "荆州市,confirmed,2020-02-01,5")
    pull = pull_of(publisher)
    pulls.pause_pull(pull.pk, by="tests", at=AT)
    assert pulls.run_due(AT + timedelta(days=9)) == 0
    pulls.resume_pull(pull.pk, by="tests", at=AT)
    assert pulls.run_due(AT) == 1


def test_redirects_are_followed_a_few_times(publisher):
    says(publisher, "荆州市,confirmed,2020-02-01,5", path="/new.csv")
    publisher.answers["/figures.csv"] = (302, {"Location": "/new.csv"}, b"")
    assert pulls.run_pull(pull_of(publisher).pk, by="tests", at=AT).new == 1
    publisher.answers["/figures.csv"] = (302, {"Location": "/figures.csv"}, b"")
    with pytest.raises(fetching.TooManyRedirects):
        pulls.run_pull(Pull.objects.get().pk, by="tests", at=AT)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://localhost:5432/",
        "http://10.1.2.3/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/x",
        "http://[::ffff:127.0.0.1]/x",
        "http://[::127.0.0.1]/x",
        "http://[64:ff9b::10.0.0.1]/x",
        "http://[64:ff9b::169.254.169.254]/x",
        "http://[64:ff9b:1::8.8.8.8]/x",
        "http://[2002:7f00:1::]/x",
        "http://[2002:a9fe:a9fe::1]/x",
        "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/x",
        "http://[fec0::1]/x",
        "http://[fe80::1]/x",
        "http://[fc00::1]/x",
        "http://[ff02::1]/x",
        "http://0.0.0.0/x",
        "http://0x7f000001/x",
        "http://2130706433/x",
    ],
)
def test_addresses_inside_a_network_are_not_asked(tmp_path, url):
    with pytest.raises(fetching.PrivateAddress):
        fetching.fetch(url, tmp_path, may_be_private=False)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("64:ff9b::8.8.8.8", True),
        ("2002:808:808::1", True),
        ("::ffff:8.8.8.8", True),
        ("::ffff:10.0.0.1", False),
        ("2002:a00:1::1", False),
        ("224.0.0.1", False),
    ],
)
def test_an_address_is_as_public_as_the_one_it_wraps(address, expected):
    assert fetching.is_public(ipaddress.ip_address(address)) is expected


@pytest.mark.parametrize(
    "url", ["ftp://example.org/x", "file:///etc/passwd", "http://me:pass@example.org/", "//x"]
)
def test_only_web_addresses_without_passwords_are_asked(tmp_path, url):
    with pytest.raises(fetching.BadAddress):
        fetching.fetch(url, tmp_path, may_be_private=True)


def test_a_redirect_into_the_network_is_not_followed(publisher, tmp_path, monkeypatch):
    publisher.answers["/x"] = (302, {"Location": "http://10.0.0.1/secret"}, b"")
    monkeypatch.setattr(fetching, "is_public", lambda address: str(address) == "127.0.0.1")
    with pytest.raises(fetching.PrivateAddress, match="10.0.0.1"):
        fetching.fetch(publisher.url + "/x", tmp_path, may_be_private=False)


def test_settings_decide_about_addresses_inside(publisher, settings):
    settings.PULL_ALLOW_PRIVATE = False
    says(publisher, "荆州市,confirmed,2020-02-01,5")
    with pytest.raises(fetching.PrivateAddress):
        pulls.run_pull(pull_of(publisher).pk, by="tests", at=AT)


def test_a_file_without_end_is_not_kept(publisher, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 10_000)
    publisher.answers["/x"] = (200, {}, b"0" * 20_000)
    with pytest.raises(fetching.TooLarge):
        fetching.fetch(publisher.url + "/x", tmp_path, may_be_private=True)


@pytest.mark.parametrize(
    "facts", [{"format": "doc"}, {"url": "ftp://x"}, {"every_seconds": 1}, {"name": "taken"}]
)
def test_a_pull_that_cannot_work_is_not_added(publisher, facts):
    pull_of(publisher, name="taken")
    with pytest.raises(Refusal):
        pull_of(publisher, **facts)
    assert Pull.objects.count() == 1


def test_a_packed_answer_is_not_unpacked(publisher):
    says(publisher, "荆州市,confirmed,2020-02-01,5", **{"Content-Encoding": "br"})
    with pytest.raises(Refusal, match="Content-Encoding: br"):
        pulls.run_pull(pull_of(publisher).pk, by="tests", at=AT)
    assert publisher.asked[0][1]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("path", ["/%2e%2e", "/a%00b.csv", f"/{'%E7%97%85' * 90}.csv"])
def test_no_name_of_a_file_leads_out_of_the_folder_or_breaks_it(publisher, tmp_path, path):
    publisher.answers[path] = (200, {}, b"figures")
    found = fetching.fetch(publisher.url + path, tmp_path, may_be_private=True).path
    assert (found.parent, found.read_bytes()) == (tmp_path, b"figures")


def test_a_server_that_sends_us_on_without_saying_where_is_refused(publisher, tmp_path):
    publisher.answers["/x"] = (302, {}, b"")
    with pytest.raises(fetching.NotFetched, match="HTTP 302"):
        fetching.fetch(publisher.url + "/x", tmp_path, may_be_private=True)
    assert fetching.status_of(publisher.url + "/x", may_be_private=True) == 302


def test_headers_that_trickle_are_hung_up_on(tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_SECONDS", 0.5)
    server = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def trickle():
        line, _ = server.accept()
        line.sendall(b"HTTP/1.1 200 OK\r\n")
        with suppress(OSError):
            while not done.wait(0.1):
                line.sendall(b"X")
        line.close()

    thread = threading.Thread(target=trickle, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.getsockname()[1]}/figures.csv"
    started = time.monotonic()
    with pytest.raises(Refusal):
        fetching.fetch(url, tmp_path, may_be_private=True)
    done.set()
    thread.join()
    server.close()
    assert time.monotonic() - started < 20
