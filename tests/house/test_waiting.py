"""What a start says while it waits, in words that tell which part is not there yet."""

import http.server
import threading
from pathlib import Path

import pytest

from tests.house.running import free_port
from tongxin.runner import health
from tongxin.runner.children import Child
from tongxin.runner.plan import Plan


@pytest.fixture
def answering():
    """A server that answers every question with the status and the type it is given."""

    class Handler(http.server.BaseHTTPRequestHandler):
        status, kind = 200, "application/json"

        def do_GET(self):
            self.send_response(self.status)
            self.send_header("Content-Type", self.kind)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Handler, Plan(Path("unused"), "127.0.0.1", server.server_port, "production")
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (200, "application/json", ""),
        (503, "application/json", "its database does not answer"),
        (503, "text/html", "still being loaded"),
        (502, "text/html", "still being loaded"),
    ],
)
def test_the_answer_tells_what_is_awaited(answering, status, kind, words):
    handler, plan = answering
    handler.status, handler.kind = status, kind
    told = health.awaited(plan)
    assert words in told and bool(told) == bool(words)


def test_no_answer_is_a_web_server_that_is_awaited():
    plan = Plan(Path("unused"), "127.0.0.1", free_port(), "production")
    assert f"does not answer at {plan.url}" in health.awaited(plan)


def test_nobody_else_reads_the_logs_not_even_old_ones(tmp_path):
    log = tmp_path / "part.log"
    log.touch(0o644)
    child = Child("part", ["/bin/true"], {}, log)
    child.start()
    assert child.ended_within(10) == 0
    assert log.stat().st_mode & 0o777 == 0o640
