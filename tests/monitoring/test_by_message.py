"""The same log by WeChat and as a text: taken once, answered in words, danger first."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from tongxin.channels.models import TextMessage
from tongxin.channels.wechat import talks
from tongxin.channels.wechat.linking import link_follower
from tongxin.channels.wechat.messages import Clicked, Text
from tongxin.channels.wechat.models import Follower
from tongxin.channels.wechat.registry import Inbound
from tongxin.monitoring import by_message, wechat
from tongxin.monitoring.models import Entry, Task
from tongxin.people.sealing import match_key

PHONE = "+8613800138000"


@pytest.fixture
def write(rui, noon):
    """Rui writes inside WeChat, which she has linked."""
    follower = Follower.objects.create(account="county", openid_hash="x", openid=b"x", made_at=noon)
    link_follower(follower.pk, rui.person, by=rui, at=noon)

    def written(text, *, after=0, content=None):
        at = noon + timedelta(seconds=after)
        said = content or Text(text)
        with override("en"):
            answer = wechat.answer(Inbound("county", follower.pk, "en", at, at, said))
        return answer and answer.text

    written.follower = follower
    return written


def test_a_message_is_a_day_and_a_repeat_is_the_same(rui, write):
    said = write("打卡 36.5")
    assert "瑞 Rui 36.5 °C Nothing unusual" in said
    assert write("打卡 36.5") == said and Entry.objects.get().via == "wechat"


def test_a_household_in_one_message(rui, grandmother, street, write, wei):
    said = write("log 36.5 ok\n李奶奶 37.8 咳嗽")
    assert "李奶奶 37.8 °C Cough" in said
    assert "魏强 Wei Qiang of Xindi Community Committee has been told" in said
    assert Entry.objects.count() == 2


def test_danger_comes_first_in_the_answer(rui, street, write):
    assert write("打卡 38.5 喘不上气").startswith("This can be dangerous. Call 120 now.")
    assert Task.objects.get().kind == "danger"


@pytest.mark.parametrize("text", ["打卡 外婆 37.8", "打卡 blah", "打卡 36.5; 头", "log 不发烧"])
def test_what_is_not_surely_understood_is_asked_again_and_nothing_is_taken(
    rui, grandmother, write, text
):
    said = write(text)
    assert "was not understood" in said and "For 李奶奶" in said
    assert not Entry.objects.exists()


def test_own_words_after_what_is_known_are_kept(rui, write):
    write("打卡 36.5 头晕")
    entry = Entry.objects.get()
    assert entry.level == 1 and "头晕" in str(entry.response.answers)


@pytest.mark.parametrize("text", ["今天洪湖多少例？", "36 people came", "发烧怎么办", ""])
def test_what_is_no_log_is_left_to_the_others(write, text):
    assert write(text) is None


def test_a_bare_temperature_is_a_log_but_not_within_a_self_check(rui, write, noon):
    assert "37.1 °C" in write("37.1")
    talks.hold(write.follower.pk, "self-check", {"code": ""}, at=noon)
    assert write("38度9", after=5) is None
    assert "38.9 °C" in write("打卡 38度9", after=9)


def test_danger_that_cannot_be_read_as_a_log_is_left_to_the_assistant(write):
    assert write("打卡 我爸喘不上气，嘴唇发紫，叫不醒") is None


def test_who_has_not_linked_is_told_how(rui, write, noon):
    Follower.objects.filter(pk=write.follower.pk).update(person=None, linked_at=None)
    assert "/my/log/" in write("打卡 36.5") and not Entry.objects.exists()


def test_the_button_says_how(rui, grandmother, write):
    assert "For 李奶奶" in write("", content=Clicked("log"))


@pytest.fixture
def gateway(settings):
    """The operator's gateway, with its token."""
    settings.SMS_TOKEN = "s" * 20
    client = Client(headers={"Authorization": f"Bearer {settings.SMS_TOKEN}"})

    def posted(text, *, number="1", phone=PHONE):
        body = json.dumps({"id": number, "from": phone, "text": text})
        return client.post("/sms/in/", body, content_type="application/json")

    return posted


@pytest.fixture
def telephone(rui):
    rui.phone_key = match_key("phone", PHONE)
    rui.save()


def answers():
    return [row.text for row in TextMessage.objects.filter(kind="answer").order_by("pk")]


def test_a_text_is_a_day_and_is_answered_once(rui, telephone, gateway):
    assert [gateway("打卡 37.0 正常").json() for _ in range(2)] == [{"new": True}, {"new": False}]
    assert Entry.objects.get().via == "sms"
    assert len(answers()) == 1 and "已收到" in answers()[0] and "37.0 °C" in answers()[0]


def test_a_strangers_text_takes_nothing_but_danger_is_answered(rui, gateway):
    gateway("log 36.5 ok", phone="+8613900139000")
    gateway("log my father cannot breathe, blue lips", number="2", phone="+8613900139000")
    assert "Nobody has signed in" in answers()[0] and "Call 120" in answers()[1]
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [("", 422), ("[]", 422), ('{"id":"1","from":"x","text":"y"}', 422), ('{"id":1}', 422),
     ('{"id":"1","from":"+8613800138000","text":"' + "x" * 20_000 + '"}', 422)],
)  # fmt: skip
def test_what_is_no_text_is_refused(settings, db, body, status):
    settings.SMS_TOKEN = "s" * 20
    client = Client(headers={"Authorization": "Bearer " + "s" * 20})
    assert client.post("/sms/in/", body, content_type="application/json").status_code == status


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer wrong"])
def test_the_door_is_closed_without_the_token(settings, db, token):
    for own in ("", "s" * 20):
        settings.SMS_TOKEN = own
        client = Client(headers={"Authorization": token})
        assert client.post("/sms/in/", "{}", content_type="application/json").status_code == 403


def test_one_number_is_not_answered_without_end(rui, telephone, gateway):
    for number in range(22):
        gateway("log 36.5 ok", number=str(number))
    assert len(answers()) == 20


def test_the_keyword_may_stand_alone(rui, write):
    assert by_message.log_in("打卡") == "" and "log 36.5 well" in write("打卡")
