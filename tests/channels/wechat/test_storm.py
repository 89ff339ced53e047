"""Who follows is greeted in one statement, and is then known exactly as by the long way."""

import pytest
from django.conf import settings as real
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongxin.channels.models import Follower, Received
from tongxin.channels.tasks import answer_wechat
from tongxin.channels.wechat import storm

pytestmark = pytest.mark.django_db
FACTS = ("is_subscribed", "subscription_said_at", "scene", "touched_at", "wrote_at", "language")


def test_it_takes_one_statement(wechat):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        turn = wechat.phone("rui").subscribes("poster")
    assert len(asked) == 1 and "120" in turn.answer["text"]["content"]


@pytest.mark.parametrize("act", ["subscribes", "scans"])
def test_the_short_and_the_long_way_know_the_same(wechat, monkeypatch, act):
    getattr(wechat.phone("rui"), act)("poster")
    with monkeypatch.context() as patched:
        patched.setattr(storm, "is_greeted", lambda posted: False)
        getattr(wechat.phone("sam"), act)("poster")
    short, long = Follower.objects.order_by("pk").values(*FACTS)
    assert short == long
    assert set(Received.objects.values_list("state", flat=True)) == {"answered"}


def test_a_repeat_is_greeted_again_and_acts_once(wechat, clock):
    phone = wechat.phone("rui")
    first = phone.subscribes("poster")
    clock.passes(seconds=5)
    assert phone.post(first.body).answer == first.answer
    assert Received.objects.count() == 1 and answer_wechat(clock.passes(minutes=1)) is None
    assert Received.objects.get().state == "answered"


def test_who_leaves_and_a_late_repeat_of_coming_stays_away(wechat, clock):
    phone = wechat.phone("rui")
    first = phone.subscribes()
    clock.passes(seconds=5)
    phone.unsubscribes()
    phone.post(first.body)
    assert not Follower.objects.get().is_subscribed


def test_an_app_that_wants_the_first_word_gets_it(wechat, settings):
    settings.WECHAT_ANSWERS = ["tests.channels.wechat.answers.slow", *settings.WECHAT_ANSWERS]
    assert wechat.phone("rui").subscribes().answer["text"]["content"] == "after a while"


def test_the_door_stands_before_pages_and_opens_nothing_else(client, wechat):
    assert real.MIDDLEWARE[0].endswith("WeChatDoor")
    answer = client.get("/wechat/county/")
    assert answer.status_code == 403 and "Content-Security-Policy" not in answer.headers
    for path in ("/wechat/", "/wechat/county", "/wechat/county/x/", "/wechat//"):
        assert client.get(path).status_code in (301, 403, 404), path
