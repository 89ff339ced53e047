"""Texts through a gateway that speaks HTTP, and what becomes of them."""

import http.server
import json
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from tongxin.channels.models import TextMessage
from tongxin.channels.sms.actions import forget_texts, send_text
from tongxin.channels.sms.tasks import send_texts

TO, TEXT = "+8613800138000", "【同心】登录验证码 123456"
HOUR = timedelta(hours=1)


@contextmanager
def gateway(settings, *statuses):
    """An operator's gateway that answers these in turn, the last one for ever."""
    heard = []

    class Door(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((dict(self.headers), json.loads(body)))
            self.send_response(statuses[min(len(heard), len(statuses)) - 1])
            self.send_header("Message-Id", f"m-{len(heard)}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_URL, settings.SMS_TOKEN = f"http://127.0.0.1:{server.server_port}/send", "hush"
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def text(db, noon):
    return send_text(TO, TEXT, kind="code", holds_for=HOUR, by="tests", at=noon)


def test_a_text_is_handed_to_the_gateway_once(text, settings, noon):
    with gateway(settings, 202) as heard:
        send_texts(noon)
        send_texts(noon)
    [(headers, body)] = heard
    assert body == {"id": str(text.pk), "to": TO, "text": TEXT}
    assert headers["Authorization"] == "Bearer hush"
    assert headers["Idempotency-Key"] == f"tongxin-{text.pk}"
    text.refresh_from_db()
    assert (text.sent_at, text.receipt) == (noon, "m-1")


def test_a_gateway_that_is_down_is_asked_again_later(text, settings, noon):
    with gateway(settings, 503, 429, 200) as heard:
        for minutes in range(0, 10):
            send_texts(noon + timedelta(minutes=minutes))
    text.refresh_from_db()
    assert len(heard) == 3 and text.sent_at
    assert {body["id"] for _, body in heard} == {str(text.pk)}


def test_a_number_that_the_gateway_refuses_is_given_up(text, settings, noon):
    with gateway(settings, 400) as heard:
        send_texts(noon)
        send_texts(noon + HOUR / 2)
    text.refresh_from_db()
    assert len(heard) == 1 and text.given_up_at == noon and text.reason == "HTTP 400"


def test_a_text_that_no_longer_matters_is_not_sent(text, settings, noon):
    with gateway(settings, 200) as heard:
        send_texts(noon + HOUR)
    text.refresh_from_db()
    assert heard == [] and text.given_up_at


def test_number_and_words_lie_encrypted_and_are_forgotten(text, noon):
    with connection.cursor() as cursor:
        cursor.execute("SELECT channels_textmessage::text FROM channels_textmessage")
        stored = cursor.fetchone()[0]
    assert "123456" not in stored and TO[3:] not in stored
    assert forget_texts(by="tests", at=noon + timedelta(hours=23)) == 0
    assert forget_texts(by="tests", at=noon + timedelta(hours=25)) == 1
    assert not TextMessage.objects.exists()
