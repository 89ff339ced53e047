import json

import numpy as np
from django.utils import timezone

from tongxin.assistant.rules import clusters, due, state_of_wait


def lines(response):
    return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]


def test_the_page_answers_without_javascript(client, words):
    page = client.post("/en/ask/", {"question": "my father can't breathe"}).content.decode()
    assert 'href="tel:120"' in page
    assert "/en/guidance/block/danger-call-emergency/" in page


def test_the_conversation_arrives_in_lines(client, words):
    told = lines(client.post("/en/ask/stream/", {"question": "我爸喘不上气了"}))
    assert [line["event"] for line in told] == ["heard", "reply", "end"]
    assert "马上拨打120" in told[1]["html"]


def test_the_language_of_the_question_counts_not_that_of_the_page(client, words):
    told = lines(client.post("/zh-hans/ask/stream/", {"question": "my father can't breathe"}))
    assert "Call 120 now" in told[1]["html"]


def test_what_was_asked_is_shown_as_text(client, words):
    page = client.post("/en/ask/", {"question": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert(1)" not in page


def test_ten_megabytes_are_refused_unread(client, words):
    huge = "why " * 2_500_000
    assert client.post("/en/ask/", {"question": huge}).status_code == 413
    assert client.post("/en/ask/stream/", {"question": huge}).status_code == 413
    body = {"question": huge, "language": "en"}
    sent = client.post("/api/assistant/ask", body, content_type="application/json")
    assert sent.status_code in (400, 413, 422)


def test_one_character_too_many_is_refused(client, words):
    assert client.post("/en/ask/", {"question": "病" * 501}).status_code == 413


def test_forms_of_other_sites_are_refused(client, words):
    sent = client.post("/en/ask/", {"question": "masks"}, headers={"origin": "https://evil.test"})
    assert sent.status_code == 422


def test_a_flood_from_one_address_is_slowed_and_others_are_not(client, words):
    ask = {"question": "我喘不上气"}
    answers = [
        client.post("/en/ask/stream/", ask, headers={"x-forwarded-for": "10.0.0.1"}).status_code
        for _ in range(31)
    ]
    assert answers == [200] * 30 + [429]
    other = client.post("/en/ask/stream/", ask, headers={"x-forwarded-for": "10.0.0.2"})
    assert other.status_code == 200


def test_no_cookie_is_set(client, words):
    assert not client.get("/en/ask/").cookies
    assert not client.post("/en/ask/", {"question": "masks"}).cookies


def test_clusters_agree_with_pairs():
    rows = np.eye(4)[[0, 1, 0, 2]]
    assert clusters(rows) == [[0, 2], [1], [3]]


def test_a_day_is_promised_and_counted():
    now = timezone.now()
    assert state_of_wait(due(now), at=now) == "fine"
    assert state_of_wait(now, at=due(now)) == "late"
