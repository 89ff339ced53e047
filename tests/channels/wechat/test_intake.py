"""What people write is kept once, answered once, and never lost; nobody unsigned is heard."""

import threading
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connections
from django.test import Client

from tests.channels.wechat.conftest import ANSWERS, COUNTY, texts
from tongxin.channels import tasks
from tongxin.channels.models import Subscription
from tongxin.channels.wechat import crypto, intake
from tongxin.channels.wechat.messages import read
from tongxin.channels.wechat.models import Follower, Grant, Received

pytestmark = pytest.mark.django_db


def answered_by(settings, *names, later=()):
    own = ["tongxin.channels.wechat.greeting.answer"]
    settings.WECHAT_ANSWERS = [f"{ANSWERS}.{name}" for name in names] + own
    settings.WECHAT_ANSWERS_LATER = [f"{ANSWERS}.{name}" for name in later]


def event(phone, name, at, **fields):
    when = str(int(at.timestamp()))
    return phone.xml({"MsgType": "event", "Event": name, "CreateTime": when, **fields})


def signed(county, at, *parts, token=None, **more):
    stamp = str(int(at.timestamp()))
    seal = crypto.signature(token or county.token, stamp, "n", *parts)
    return urlencode({"signature": seal, "timestamp": stamp, "nonce": "n", **more})


def test_who_follows_is_greeted_with_what_can_be_done_here(wechat):
    turn = wechat.phone("rui").subscribes("poster-7")
    assert turn.tries == 1 and "120" in turn.answer["text"]["content"]
    row = Follower.objects.get()
    assert (row.is_subscribed, row.scene) == (True, "poster-7")


def test_a_text_is_answered_by_the_first_who_has_something_to_say(wechat, settings):
    answered_by(settings, "clinic", "log_fever")
    phone = wechat.phone("rui")
    assert phone.says("38.2").answer["text"]["content"] == "logged 1"
    assert phone.clicks("clinic").answer["text"]["content"] == "the nearest fever clinic"


def test_a_text_that_nobody_understands_gets_the_menu_and_a_picture_gets_silence(wechat):
    phone = wechat.phone("rui")
    assert "/zh-hans/guidance/" in phone.says("？？？什么").answer["text"]["content"]
    assert phone.sends({"MsgType": "image", "PicUrl": "u", "MediaId": "m"}).answer is None


def test_one_word_changes_the_language(wechat):
    phone = wechat.phone("rui")
    assert "您可以" not in phone.says("English").answer["text"]["content"]
    assert "What should I do?" in phone.says("help").answer["text"]["content"]
    assert "/zh-hans/" in phone.says("中文").answer["text"]["content"]


def test_a_message_sent_again_is_answered_alike_and_acts_once(wechat, settings, clock):
    answered_by(settings, "log_fever")
    phone = wechat.phone("rui")
    turn = phone.says("38.2")
    for seconds in (1, 5, 10):
        clock.passes(seconds=seconds)
        assert phone.post(turn.body).answer == turn.answer
    assert Subscription.objects.count() == Received.objects.count() == 1


def test_an_event_sent_again_acts_once_and_another_one_acts_again(wechat, settings, clock):
    phone = wechat.phone("rui")
    first = event(phone, "CLICK", clock(), EventKey="help")
    assert phone.post(first).answer == phone.post(first).answer
    assert Received.objects.count() == 1
    phone.post(event(phone, "CLICK", clock() + timedelta(seconds=1), EventKey="help"))
    assert Received.objects.count() == 2


def test_an_answer_that_breaks_undoes_what_it_wrote_and_is_tried_again(wechat, settings, clock):
    answered_by(settings, "log_fever_and_break")
    phone = wechat.phone("rui")
    phone.contact.is_subscribed = True
    turn = phone.says("38.2")
    assert turn.is_heard and turn.answer is None
    assert not Subscription.objects.exists() and Received.objects.get().state == "waiting"
    answered_by(settings, "log_fever")
    tasks.answer_wechat(clock.passes(seconds=7))
    assert texts(phone) == ["logged 1"] and Received.objects.get().state == "sent"
    tasks.answer_wechat(clock.passes(seconds=7))
    assert texts(phone) == ["logged 1"] and Subscription.objects.count() == 1


def test_what_never_works_is_given_up_and_holds_up_nobody(wechat, settings, clock):
    answered_by(settings, "log_fever_and_break")
    phone = wechat.phone("rui")
    phone.contact.is_subscribed = True
    phone.says("38.2")
    phone.post(phone.xml({"MsgType": "text", "Content": "help", "MsgId": "1"}))
    for _ in range(10):
        tasks.answer_wechat(clock.passes(hours=2))
    assert set(Received.objects.values_list("state", flat=True)) == {"given_up"}


def test_a_slow_answer_comes_later_as_a_message_of_its_own(wechat, settings, clock):
    answered_by(settings, later=["assistant"])
    phone = wechat.phone("rui")
    phone.contact.is_subscribed = True
    turn = phone.says("may I go out?")
    assert turn.is_heard and turn.answer is None and turn.tries == 1
    tasks.answer_wechat(clock.passes(seconds=1))
    assert texts(phone) == ["you asked: may I go out?"]
    assert phone.post(turn.body).answer is None and texts(phone) == ["you asked: may I go out?"]


def test_an_answer_that_missed_the_five_seconds_is_sent_not_lost(
    wechat, settings, clock, monkeypatch
):
    answered_by(settings, "slow")
    monkeypatch.setattr(intake, "BUDGET", 0.1)
    phone = wechat.phone("rui")
    phone.contact.is_subscribed = True
    assert phone.says("help").answer is None
    tasks.answer_wechat(clock())
    assert texts(phone) == ["after a while"]


def test_a_message_of_a_process_that_died_is_answered_by_the_worker(wechat, clock):
    """Stored, then nothing: as after a kill between the first commit and the second."""
    phone = wechat.phone("rui")
    phone.contact.is_subscribed = True
    phone.contact.open_window((timedelta(hours=48), 5), clock())
    body = phone.xml({"MsgType": "text", "Content": "help", "MsgId": "1"})
    intake.store("county", body, read(body), at=clock())
    tasks.answer_wechat(clock.passes(seconds=2))
    assert texts(phone) == [], "whoever took the request may still be at it"
    tasks.answer_wechat(clock.passes(seconds=5))
    assert len(texts(phone)) == 1


def test_what_an_answer_refuses_is_said_to_the_person(wechat, settings):
    answered_by(settings, "refuses")
    assert "x" in wechat.phone("rui").says("1").answer["text"]["content"]


@pytest.mark.parametrize("newer_first", [True, False])
def test_leaving_and_coming_settle_by_their_own_time(wechat, clock, newer_first):
    phone = wechat.phone("rui")
    left = event(phone, "unsubscribe", clock())
    back = event(phone, "subscribe", clock() + timedelta(seconds=3), EventKey="")
    for body in (back, left) if newer_first else (left, back):
        phone.post(body)
    assert Follower.objects.get().is_subscribed


def test_within_one_second_leaving_is_the_last_word(wechat, clock):
    phone = wechat.phone("rui")
    both = [event(phone, name, clock()) for name in ("unsubscribe", "subscribe")]
    for body in both:
        phone.post(body)
    assert not Follower.objects.get().is_subscribed


def test_a_consent_is_one_grant_however_often_it_is_told(wechat):
    phone = wechat.phone("rui")
    turn = phone.allows("T-visit", "T-result")
    phone.post(turn.body)
    assert sorted(Grant.objects.values_list("template", flat=True)) == ["T-result", "T-visit"]


def test_nothing_that_tells_who_wrote_or_what_stands_in_the_tables(wechat, settings):
    answered_by(settings, later=["assistant"])
    wechat.phone("openid-of-rui").says("I have a fever")
    kept = [list(model.objects.values()) for model in (Follower, Received)]
    assert "openid-of-rui" not in str(kept) and "fever" not in str(kept)
    assert b"openid-of-rui" not in bytes(Follower.objects.get().openid)


def test_what_is_settled_is_not_kept(wechat, clock):
    wechat.phone("rui").says("help")
    assert bytes(Received.objects.get().body) == b""
    tasks.forget_wechat(clock.passes(days=4))
    assert not Received.objects.exists()


def test_wechat_gets_its_echo_and_nobody_else_does(client, county, clock):
    answer = client.get(f"{COUNTY}?{signed(county, clock(), echostr='5927')}")
    assert answer.content == b"5927" and answer["Content-Type"].startswith("text/plain")
    forged = signed(county, clock(), token="guess", echostr="<script>")
    assert client.get(f"{COUNTY}?{forged}").status_code == 403


def test_whatever_is_not_signed_learns_nothing(client, county, clock, db):
    """The same answer to a wrong signature, an unknown account, an old time, an open message."""
    old = signed(county, clock() - timedelta(minutes=11))
    doors = [COUNTY, f"{COUNTY}?{old}", "/wechat/unknown/", f"{COUNTY}?signature=%00&timestamp=%ff"]
    doors += [f"{COUNTY}?{signed(county, clock())}"]  # rightly signed, but not sealed
    said = {(a.status_code, a.content) for a in (client.post(door, b"x", "a/b") for door in doors)}
    assert said == {(403, b"")} and not Received.objects.exists()


def test_the_door_asks_for_no_cookie_and_sets_none(county, clock, db):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.get(f"{COUNTY}?{signed(county, clock(), echostr='1')}")
    assert answer.status_code == 200 and not answer.cookies
    assert strict.put(f"{COUNTY}?{signed(county, clock())}").status_code == 405


def test_a_signed_message_that_is_none_is_refused_and_not_kept(client, county, clock, db):
    sealed = crypto.encrypt(b"<xml>", key=county.key, app_id=county.app_id)
    seal = crypto.signature(county.token, str(int(clock().timestamp())), "n", sealed)
    query = signed(county, clock(), encrypt_type="aes", msg_signature=seal)
    body = f"<xml><Encrypt>{sealed}</Encrypt></xml>"
    assert client.post(f"{COUNTY}?{query}", body, "text/xml").status_code == 422
    huge = client.post(f"{COUNTY}?{query}", b"a" * 300_000, "text/xml")
    assert huge.status_code == 422 and not Received.objects.exists()


def test_an_account_may_take_open_messages(client, tmp_path, settings, clock, county):
    settings.WECHAT_FILE = str(tmp_path / "wechat.toml")
    names = ["name", "kind", "title_zh", "title_en", "app_id", "original_id"]
    names += ["secret", "token", "aes_key"]
    lines = [f'{name} = "{getattr(county, name)}"' for name in names]
    text = "\n".join(["[[account]]", *lines])
    (tmp_path / "wechat.toml").write_text(f"{text}\nmust_encrypt = false\n", encoding="utf-8")
    body = "<xml><FromUserName>rui</FromUserName><CreateTime>1584676800</CreateTime>"
    body += "<MsgType>text</MsgType><Content>help</Content><MsgId>1</MsgId></xml>"
    answer = client.post(f"{COUNTY}?{signed(county, clock())}", body, "text/xml")
    assert b"<Content>" in answer.content and b"Encrypt" not in answer.content


@pytest.mark.django_db(transaction=True)
def test_of_many_who_bring_the_same_message_at_once_one_acts(wechat, settings):
    answered_by(settings, "log_fever")
    phone = wechat.phone("rui")
    body = phone.xml({"MsgType": "text", "Content": "38.2", "MsgId": "1"})
    start, turns = threading.Barrier(8), []

    def post():
        start.wait()
        turns.append(phone.post(body, tries=1))
        connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(turn.is_heard for turn in turns)
    assert Subscription.objects.count() == Received.objects.count() == 1
    assert phone.post(body).answer["text"]["content"] == "logged 1"
