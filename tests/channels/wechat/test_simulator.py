"""WeChat's side itself: it holds to its rules, so that what passes here may pass there."""

import httpx
import pytest

from tests.channels.wechat.conftest import COUNTY
from tongxin.channels.wechat.simulator.phone import Phones
from tongxin.channels.wechat.simulator.world import World


@pytest.fixture
def ask(wechat, county):
    """One request to the simulated interface."""

    def asked(path, body=None, token=None):
        query = {"access_token": token} if token is not None else None
        if body is None:
            return httpx.get(wechat.url + path, params=query).json()
        return httpx.post(wechat.url + path, params=query, json=body).json()

    return asked


@pytest.fixture
def token(wechat, county, ask):
    path = f"/cgi-bin/token?grant_type=client_credential&appid={county.app_id}"
    return ask(f"{path}&secret={county.secret}")["access_token"]


def custom(openid="rui", content="x"):
    return {"touser": openid, "msgtype": "text", "text": {"content": content}}


SEND = "/cgi-bin/message/custom/send"


def test_tokens_run_out_and_an_old_one_holds_five_minutes(wechat, county, token, clock):
    world = wechat.world
    newer = world.give_token(county.app_id, county.secret)["access_token"]
    clock.passes(seconds=299)
    assert world.by_token(token) is world.by_token(newer)
    clock.passes(seconds=1)
    with pytest.raises(Exception, match="expired"):
        world.by_token(token)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"token": ""}, 41001),
        ({"token": "guess"}, 40001),
        ({"body": custom("nobody")}, 40003),
        ({"body": {"touser": "rui"}}, 45015),
        ({"body": custom(content="汉" * 700)}, 45002),
    ],
)
def test_what_is_wrong_gets_its_code(wechat, ask, token, given, code):
    wechat.phone("rui").contact.is_subscribed = True
    answer = ask(SEND, **({"body": custom(), "token": token} | given))
    assert answer["errcode"] in {code, 47001 if code == 45015 else code}


def test_a_window_lasts_two_days_and_holds_five(wechat, ask, token, clock, db):
    phone = wechat.phone("rui")
    phone.contact.is_subscribed = True
    assert ask(SEND, custom(), token)["errcode"] == 45015
    phone.says("hello")
    assert [ask(SEND, custom(), token)["errcode"] for _ in range(6)] == [0] * 5 + [45047]
    phone.contact.is_subscribed = False
    assert ask(SEND, custom(), token)["errcode"] == 43004


def test_an_address_that_wechat_lacks_is_no_address(wechat):
    assert httpx.get(f"{wechat.url}/cgi-bin/nothing").status_code == 404
    assert httpx.post(f"{wechat.url}/simulator/act", content=b"{").json()["errcode"] == 47001


def test_who_does_not_answer_is_asked_three_times(county, clock):
    heard = []

    def deaf(address, body):
        heard.append(address)
        raise OSError("timed out")

    phones = Phones(World([county], clock=clock), {county.app_id: COUNTY}, deaf)
    phone = phones.phone(county.app_id, "rui")
    turn = phone.says("hello")
    assert (turn.tries, turn.is_heard, len(heard)) == (3, False, 3)
    assert phone.contact.screen[-1]["way"] == "unavailable"


def test_an_answer_for_somebody_else_or_unsigned_is_not_shown_as_one(county, clock):
    answers = [b"<xml><Encrypt>QUJD</Encrypt></xml>", b"<html>", b"<xml/>"]
    phones = Phones(
        World([county], clock=clock), {county.app_id: COUNTY}, lambda a, b: (200, answers.pop())
    )
    said = [phones.phone(county.app_id, "rui").says("x").answer for _ in range(3)]
    assert said == [{"msgtype": "broken"}] * 3
