"""Messages on their way to a push service on this machine."""

from datetime import timedelta
from time import monotonic

import pytest

from tests.channels.push_service import Browser, push_service, trickling
from tongxin import fetching
from tongxin.channels import actions, refusals
from tongxin.channels.models import Message, Subscription
from tongxin.channels.queries import receipts
from tongxin.channels.tasks import deliver
from tongxin.channels.words import Words

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    with push_service() as running:
        yield running


@pytest.fixture
def follow(service, noon):
    def made(name="rui", topic="place:CN-421083", language="zh-hans"):
        browser = Browser()
        browser.row = actions.subscribe(
            actions.Browser(f"{service.url}/{name}", **browser.keys, language=language),
            places=[topic],
            by="tests",
            at=noon,
        )
        return browser

    return made


@pytest.fixture
def tell(noon):
    def said(key="notice:1", *, topics=("place:CN-421083",), may_go_at=None, **more):
        telling = actions.Telling(
            kind="alert",
            about=key,
            key=key,
            words={"zh-hans": Words("警报", "请检测", "/zh-hans/"), "en": Words("A", "B", "/en/")},
            may_go_at=may_go_at or noon,
            expires_at=noon + timedelta(days=1),
        )
        return actions.tell(telling, topics=topics, by="tests", at=noon, **more)

    return said


def test_a_follower_reads_it_in_their_language(service, follow, tell, noon):
    zh, en, other = follow("rui"), follow("sam", language="en"), follow("x", topic="place:US")
    assert tell() == 2
    deliver(noon)
    bodies = {path: body for path, _, body in service.requests}
    assert zh.read(bodies["/rui"])["title"] == "警报"
    assert en.read(bodies["/sam"]) == {
        "title": "A", "body": "B", "url": "/en/", "tag": "notice:1", "lang": "en"
    }  # fmt: skip
    assert receipts("notice:1") == {"sent": 2, "given_up": 0, "waiting": 0}
    assert not other.row.messages.exists()


def test_nothing_is_said_twice(service, follow, tell, noon):
    follow()
    assert (tell(), tell()) == (1, 0)
    deliver(noon)
    deliver(noon)
    assert len(service.requests) == 1


def test_after_a_crash_between_sending_and_noting_it_goes_again_under_one_topic(
    service, follow, tell, noon
):
    follow()
    tell()
    deliver(noon)
    Message.objects.update(sent_at=None)  # as if the worker had died before it wrote this down
    deliver(noon + timedelta(minutes=3))
    topics = {headers["Topic"] for _, headers, _ in service.requests}
    assert len(service.requests) == 2 and len(topics) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(service, follow, tell, noon, status):
    follow()
    service.answers["/rui"] = (status, {})
    tell()
    deliver(noon)
    assert not Subscription.objects.exists() and not Message.objects.exists()


def test_a_service_that_is_down_is_asked_again_later_and_later(service, follow, tell, noon):
    follow()
    service.answers["/rui"] = (503, {})
    tell()
    at, waits = noon, []
    for _ in range(3):
        deliver(at)
        next_try = Message.objects.get().next_try_at
        waits.append((next_try - at).seconds)
        at = next_try
    assert waits == [30, 60, 120]
    service.answers.clear()
    deliver(at)
    assert receipts("notice:1")["sent"] == 1


def test_a_service_says_how_long_to_wait(service, follow, tell, noon):
    follow()
    service.answers["/rui"] = (429, {"Retry-After": "900"})
    tell()
    deliver(noon)
    assert Message.objects.get().next_try_at == noon + timedelta(seconds=900)


def test_what_a_service_refuses_is_given_up_with_the_reason(service, follow, tell, noon):
    follow()
    service.answers["/rui"] = (413, {})
    tell()
    deliver(noon)
    row = Message.objects.get()
    assert row.given_up_at == noon and row.reason == "HTTP 413"


def test_what_no_longer_matters_is_not_sent(service, follow, tell, noon):
    follow()
    tell()
    deliver(noon + timedelta(days=2))
    assert service.requests == [] and Message.objects.get().reason == "no longer matters"


def test_quiet_hours_are_waited_for(service, follow, tell, noon):
    follow()
    tell(may_go_at=noon + timedelta(hours=9))
    deliver(noon)
    assert service.requests == []
    deliver(noon + timedelta(hours=9))
    assert len(service.requests) == 1


def test_who_was_told_is_told_what_became_of_it(service, follow, tell, noon):
    follow()
    tell()
    deliver(noon)
    follow("sam")
    assert tell("notice:2", topics=[], also_told_of=["notice:1"]) == 1


def test_what_is_taken_back_reaches_nobody_who_was_not_told(service, follow, tell, noon):
    follow()
    tell(may_go_at=noon + timedelta(hours=9))
    assert actions.take_back("notice:1", by="tests", at=noon) == 1
    deliver(noon + timedelta(hours=9))
    assert service.requests == []
    assert tell("notice:2", topics=[], also_told_of=["notice:1"]) == 0


def test_outside_development_no_address_inside_a_network_is_written_to(
    service, follow, tell, noon, settings
):
    settings.DEVELOPMENT = False
    follow()
    tell()
    deliver(noon)
    assert service.requests == [] and "inside a network" in Message.objects.get().reason


def test_leaving_forgets_everything(service, follow, tell):
    follow()
    tell()
    assert actions.unsubscribe(f"{service.url}/rui", by="tests")
    assert not Subscription.objects.exists() and not Message.objects.exists()
    assert not actions.unsubscribe(f"{service.url}/rui", by="tests")


def test_a_browser_follows_what_it_said_last(follow):
    follow()
    row = follow(topic="place:US").row
    assert Subscription.objects.get() == row and row.topics == ["place:US"]


def test_keys_that_no_browser_made_are_refused(noon):
    with pytest.raises(refusals.NotAKey):
        actions.subscribe(
            actions.Browser("https://x.org/", key="A", secret="B", language="en"),
            places=[],
            by="t",
            at=noon,
        )


def test_a_service_that_asks_us_to_wait_for_ever_holds_up_nobody(service, follow, tell, noon):
    follow("endless")
    follow("rui")
    service.answers["/endless"] = (429, {"Retry-After": "9" * 5000})
    assert tell() == 2
    deliver(noon)
    assert Message.objects.filter(sent_at=noon).count() == 1
    assert Message.objects.get(sent_at=None).reason == "HTTP 429"


def test_a_service_that_trickles_its_answer_is_hung_up_on(follow, tell, noon, monkeypatch):
    monkeypatch.setattr(fetching, "POST_SECONDS", 0.5)
    follow("slow")
    with trickling() as url:
        Subscription.objects.update(endpoint=f"{url}/slow")
        tell()
        begun = monotonic()
        deliver(noon)
    assert monotonic() - begun < 5
    assert Message.objects.get().sent_at is None and Message.objects.get().next_try_at > noon


def test_what_was_corrected_meanwhile_does_not_arrive_late(service, follow, tell, noon):
    follow("rui")
    service.answers["/rui"] = (429, {})
    tell("first")
    deliver(noon)
    tell("second")
    Message.objects.update(about="claim:1")
    service.answers.clear()
    deliver(noon + timedelta(hours=1))
    assert Message.objects.get(key="first").reason == "overtaken"
    assert Message.objects.get(key="second").sent_at


def test_a_browser_that_waits_for_nothing_more_is_forgotten(service, follow, tell, noon):
    follow("rui")
    tell()
    Subscription.objects.update(topics=[])
    service.answers["/rui"] = (503, {})
    deliver(noon)
    assert Subscription.objects.exists()
    deliver(noon + timedelta(days=2))
    assert not Subscription.objects.exists()
