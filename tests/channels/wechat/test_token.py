"""One token for all callers and processes; one refresh, whoever asks and however many."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from tests.channels.wechat.test_sending import at_once, went
from tongxin.channels.wechat import token
from tongxin.channels.wechat.models import Token
from tongxin.channels.wechat.refusals import RefusedByWeChat, Unreachable
from tongxin.channels.wechat.token import ACCESS, Fresh, access_token, page_ticket, with_token

pytestmark = pytest.mark.django_db
ASKED = "/cgi-bin/token"
MENU = "/cgi-bin/menu/create"
BODY = {"button": [{"name": "x", "type": "click", "key": "x"}]}


def test_it_is_asked_for_once_and_held(wechat, county, clock):
    values = {access_token(county, at=clock()).value for _ in range(5)}
    assert len(values) == 1 and wechat.world.calls[ASKED] == 1
    assert next(iter(values)).encode() not in bytes(Token.objects.get().value), "sealed"


def test_it_is_renewed_before_it_runs_out(wechat, county, clock):
    first = access_token(county, at=clock())
    second = access_token(county, at=clock.passes(seconds=7200 - 299))
    assert second.version == first.version + 1 and wechat.world.calls[ASKED] == 2
    assert with_token(county, MENU, BODY, at=clock())["errcode"] == 0


@pytest.mark.parametrize("code", [40001, 42001, 40014])
def test_a_refused_token_is_renewed_and_the_call_made_again(wechat, county, clock, code):
    with_token(county, MENU, BODY, at=clock())
    wechat.world.faults[MENU] = [code]
    assert with_token(county, MENU, BODY, at=clock())["errcode"] == 0
    assert wechat.world.calls[ASKED] == 2


def test_an_expired_token_at_wechat_is_noticed(wechat, county, clock):
    access_token(county, at=clock())
    Token.objects.update(expires_at=clock() + timedelta(days=9))  # we believe it holds
    clock.passes(hours=3)
    assert with_token(county, MENU, BODY, at=clock())["errcode"] == 0


def test_a_token_refused_twice_is_not_asked_for_again_and_again(wechat, county, clock):
    wechat.world.faults[MENU] = [40001] * 9
    assert with_token(county, MENU, BODY, at=clock())["errcode"] == 40001
    assert wechat.world.calls[ASKED] == 2


def test_while_one_asks_the_others_go_on_with_the_old(wechat, county, clock):
    old = access_token(county, at=clock())
    at = clock.passes(seconds=7200 - 200)
    Token.objects.update(asked_until=at + token.TURN)  # somebody is asking
    assert access_token(county, at=at) == old and wechat.world.calls[ASKED] == 1
    assert with_token(county, MENU, BODY, at=at)["errcode"] == 0


def test_who_died_while_asking_holds_up_nobody_for_long(wechat, county, clock):
    Token.objects.create(
        account="county", kind=ACCESS, turn=1, asked_until=clock() + timedelta(seconds=0.2)
    )
    assert access_token(county, at=clock()).version == 1


def test_a_slow_one_does_not_overwrite_what_a_later_one_got(wechat, county, clock):
    Token.objects.create(account="county", kind=ACCESS, turn=2, version=7)
    newer = token._keep(county, ACCESS, Fresh("newer", 7200), turn=2, at=clock())
    slow = token._keep(county, ACCESS, Fresh("older", 7200), turn=1, at=clock())
    assert slow == newer and access_token(county, at=clock()).value == "newer"


def test_a_wrong_secret_is_said_and_the_next_may_ask_at_once(wechat, county, clock):
    from dataclasses import replace

    for _ in range(2):
        with pytest.raises(RefusedByWeChat, match="40125"):
            access_token(replace(county, secret="wrong-secret"), at=clock())
    assert access_token(county, at=clock()).version == 1


def test_no_refusal_names_the_token_or_the_secret(county, clock, settings, db):
    settings.WECHAT_API = "http://127.0.0.1:9"
    with pytest.raises(Unreachable) as refusal:
        access_token(county, at=clock())
    assert county.secret not in repr(refusal.getrepr(style="long")) and county.secret not in repr(
        county
    )


def test_the_ticket_of_pages_is_held_alike(wechat, county, clock):
    assert page_ticket(county, at=clock()) == page_ticket(county, at=clock())
    assert wechat.world.calls["/cgi-bin/ticket/getticket"] == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_asks(wechat, county, clock):
    got = at_once(10, lambda n: access_token(county, at=clock()))
    assert len({one.value for one in went(got)}) == 1 and wechat.world.calls[ASKED] == 1


@pytest.mark.django_db(transaction=True)
def test_many_refused_at_once_renew_it_once(wechat, county, clock):
    held = access_token(county, at=clock())
    wechat.world.forget_tokens()
    got = at_once(10, lambda n: with_token(county, MENU, BODY, at=clock()))
    assert [one["errcode"] for one in went(got)] == [0] * 10
    assert wechat.world.calls[ASKED] == 2
    assert access_token(county, at=clock()).version == held.version + 1


@pytest.mark.django_db(transaction=True)
def test_one_that_hangs_does_not_win_over_one_that_came_after(wechat, county, clock):
    """It took its turn, slept beyond it, and comes back with a token that is worthless by now."""
    asked, goes_on = threading.Event(), threading.Event()

    def hang():
        asked.set()
        goes_on.wait(10)
        return Fresh("stale", 7200)

    def slow():
        try:
            found.append(token._held(county, ACCESS, hang, at=clock(), unlike=0))
        finally:
            connections.close_all()

    found = []
    thread = threading.Thread(target=slow)
    thread.start()
    asked.wait(10)
    fresh = access_token(county, at=clock() + token.TURN)
    goes_on.set()
    thread.join()
    assert found == [fresh] and access_token(county, at=clock()).value == fresh.value
