"""Words are published at their hour and looked after: translations, reviews, links."""

import http.server
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from tests.guidance.editing import ADVICE, HERE, sent
from tongxin.audit.models import Entry
from tongxin.guidance import tasks
from tongxin.guidance.forms import hints
from tongxin.guidance.models import AdviceBlock, CheckedLink
from tongxin.guidance.upkeep import hard_to_read, lagging, stale

pytestmark = pytest.mark.real_clock  # what ships is in force today, not in the cast's 2020
DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def approved(client, yan, qing, **more) -> AdviceBlock:
    client.force_login(yan)
    client.post(f"{HERE}add/", {**ADVICE, **more, "action-submit": "1"})
    words = AdviceBlock.objects.get(slug=ADVICE["slug"])
    client.force_login(qing)
    decision = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    client.post(f"{HERE}edit/{words.pk}/", {**sent(words), **decision})
    return words


def in_hours(hours: int) -> str:
    return f"{timezone.localtime() + timedelta(hours=hours):%Y-%m-%d %H:%M}"


def test_approved_words_come_out_at_their_hour_and_go_at_their_end(
    client, yan, qing, guidance, monkeypatch
):
    now = timezone.now()
    words = approved(client, yan, qing, go_live_at=in_hours(1), expire_at=in_hours(3))
    lives = []
    for hours in (0, 2, 4):
        later = now + timedelta(hours=hours)
        monkeypatch.setattr("django.utils.timezone.now", lambda later=later: later)
        tasks.keep_hours(later)
        lives.append(AdviceBlock.objects.get(pk=words.pk).live)
    assert lives == [False, True, False]
    deeds = Entry.objects.filter(target=f"guidance.AdviceBlock:{words.pk}", by="worker")
    assert {line.deed for line in deeds} == {"guidance.published_at_its_hour", "guidance.expired"}


def test_an_hour_that_has_come_does_not_publish_a_contradiction(client, yan, qing, guidance):
    words = approved(client, yan, qing, go_live_at=in_hours(1))
    version = words.get_latest_revision()
    live = AdviceBlock.objects.filter(polarity="should", places=[], live=True).first()
    version.content |= {"action": live.action, "polarity": "must-not", "when": live.when}
    version.content |= {"layer": "world", "places": [], "go_live_at": None}
    version.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    version.save()
    tasks.keep_hours(timezone.now())
    tasks.keep_hours(timezone.now())
    assert not AdviceBlock.objects.get(pk=words.pk).live
    assert Entry.objects.filter(deed="guidance.hour_refused").count() == 1


@pytest.mark.parametrize(
    ("zh", "en", "behind"),
    [
        (NOW, NOW, None),
        (NOW, NOW - timedelta(seconds=59), None),
        (NOW, NOW - timedelta(days=1), ("en", NOW)),
        (NOW - timedelta(days=1), NOW, ("zh", NOW)),
        (None, NOW, None),
    ],
)
def test_the_language_that_changed_first_lags(zh, en, behind):
    assert lagging(zh, en) == behind


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({}, []),
        ({"review_by": DAY - timedelta(days=1)}, ["overdue"]),
        ({"review_by": DAY + timedelta(days=30)}, ["due"]),
        ({"review_by": DAY + timedelta(days=31)}, []),
        ({"expires_on": DAY - timedelta(days=1)}, ["expired"]),
        ({"expires_on": DAY}, []),
        ({"source_on": date(2021, 11, 21)}, ["old_source"]),
        ({"source_on": date(2021, 11, 22)}, []),
    ],
)
def test_words_are_stale_from_a_day_on(facts, reasons):
    fresh = {"review_by": date(2027, 5, 1), "expires_on": None, "source_on": date(2025, 1, 1)}
    assert list(stale(**{**fresh, **facts}, today=DAY)) == reasons


@pytest.mark.parametrize(
    ("text", "language", "why"),
    [
        ("出门戴口罩。回家洗手。", "zh", []),
        ("出门的时候" * 10 + "。", "zh", ["long_sentence"]),
        ("Wear a mask in a crowd. Wash your hands.", "en", []),
        ("word " * 23 + ".", "en", ["long_sentence"]),
        ("Immunocompromised individuals: pharmaceutical prophylaxis.", "en", ["long_words"]),
        ("", "zh", []),
    ],
)
def test_a_text_that_is_hard_to_read_says_why(text, language, why):
    assert [reason for reason, _ in hard_to_read(text, language)] == why


def test_a_title_too_long_for_a_poster_is_said_to_be():
    with translation.override("en"):
        assert "a poster has room for 18" in " ".join(hints("title", "zh", "口" * 19))


def test_the_page_and_the_list_show_what_to_look_after(client, yan, guidance):
    lags, due = AdviceBlock.objects.filter(live=True)[:2]
    later = lags.changed_en_at + timedelta(days=1)
    AdviceBlock.objects.filter(pk=lags.pk).update(changed_zh_at=later)
    AdviceBlock.objects.update(review_by=timezone.localdate() + timedelta(days=90))
    AdviceBlock.objects.filter(pk=due.pk).update(review_by=timezone.localdate())
    client.force_login(yan)
    client.cookies["django_language"] = "en"
    page = client.get("/cms/words/").content.decode()
    assert page.count(f"edit/{lags.pk}/") >= 1 <= page.count("review due within 30 days")
    for needs, row, other in (("en", lags, due), ("review", due, lags)):
        listed = client.get(f"{HERE}?needs={needs}").content.decode()
        assert f"edit/{row.pk}/" in listed
        assert f"edit/{other.pk}/" not in listed


@pytest.mark.parametrize("name", ["chen", "ola", "rui"])
def test_others_do_not_see_that_page(client, cast, name):
    client.force_login(cast[name])
    assert client.get("/cms/words/").status_code in {302, 403}


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status = int(self.path.strip("/"))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/200")
        self.end_headers()

    def log_message(self, *facts):
        """Stay silent."""


@pytest.fixture
def elsewhere():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_links_are_asked_and_the_broken_are_named(client, yan, guidance, elsewhere, settings):
    settings.PULL_ALLOW_PRIVATE = True
    rows = list(AdviceBlock.objects.filter(live=True)[:4])
    AdviceBlock.objects.exclude(pk__in=[row.pk for row in rows]).update(live=False)
    for row, status in zip(rows, (200, 302, 403, 404), strict=True):
        AdviceBlock.objects.filter(pk=row.pk).update(source_url=f"{elsewhere}/{status}")
    tasks.check_links(NOW)
    found = CheckedLink.objects.order_by("url")
    assert [link.failing_since for link in found] == [None, None, None, NOW]
    client.force_login(yan)
    assert f"{elsewhere}/404" in client.get("/cms/words/").content.decode()
    tasks.check_links(NOW + timedelta(days=2))
    again = CheckedLink.objects.order_by("url")
    assert [link.checked_at > NOW for link in again] == [False, False, False, True]
    assert again.last().failing_since == NOW


def test_a_link_into_our_own_network_is_not_asked(guidance, elsewhere, settings):
    settings.PULL_ALLOW_PRIVATE = False
    AdviceBlock.objects.exclude(pk=guidance[0].pk).update(live=False)
    AdviceBlock.objects.filter(pk=guidance[0].pk).update(source_url=f"{elsewhere}/200")
    tasks.check_links(NOW)
    assert "inside a network" in CheckedLink.objects.get().trouble


def test_the_preview_is_the_public_page_in_both_languages(client, yan, guidance):
    client.force_login(yan)
    client.post(f"{HERE}preview/", ADVICE)
    for language, title in (("zh-hans", ADVICE["title_zh"]), ("en", ADVICE["title_en"])):
        page = client.get(f"{HERE}preview/?mode={language}").content.decode()
        assert f"<title>{title}" in page
        assert f'<base href="/{language}/guidance/block/open-a-window/">' in page
