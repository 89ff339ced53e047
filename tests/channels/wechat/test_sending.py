"""What is sent, by which way, and what it costs; WeChat's own counting has the last word."""

import threading

import pytest
from django.db import connections

from tests.channels.wechat.conftest import told_back
from tongxin.audit.models import Entry
from tongxin.channels.wechat.ledger import Way
from tongxin.channels.wechat.models import Day, Follower, Grant, Spending
from tongxin.channels.wechat.refusals import NotAffordable, Reason, RefusedByWeChat, Unreachable
from tongxin.channels.wechat.replies import TextReply
from tongxin.channels.wechat.sending import PATHS, Outgoing, Template, fate_of, send

pytestmark = pytest.mark.django_db
FORM = Template("T-visit", {"thing1": "上门检测", "time2": "2020-03-20"}, url="https://a/")


def text(key, **given):
    return Outgoing(key=key, reply=TextReply(f"text {key}"), **given)


def say(follower, outgoing, clock):
    return send(follower.pk, outgoing, by="tests", at=clock())


def refused(follower, outgoing, clock):
    with pytest.raises(NotAffordable) as refusal:
        say(follower, outgoing, clock)
    return refusal.value.reason


@pytest.fixture
def rui(follower, wechat):
    return wechat.phone("rui")


def test_within_two_days_of_what_was_written_it_costs_nothing(rui, follower, clock):
    rui.says("help")
    assert say(follower, text("a"), clock).way == Way.CUSTOMER
    assert rui.contact.screen[-1]["text"]["content"] == "text a"
    assert Spending.objects.get().state == "went"


def test_four_go_and_the_fifth_is_kept_for_a_red_flag(rui, follower, clock):
    rui.says("help")
    for key in "abcd":
        say(follower, text(key), clock)
    assert refused(follower, text("e"), clock) == Reason.RESERVED
    assert say(follower, text("f", is_urgent=True), clock).way == Way.CUSTOMER
    assert refused(follower, text("g", is_urgent=True), clock) == Reason.NO_WINDOW
    clock.passes(seconds=1)
    rui.says("again")
    assert say(follower, text("e"), clock).way == Way.CUSTOMER


def test_out_of_the_window_the_form_goes_and_its_receipt_is_kept(rui, follower, clock, wechat):
    assert say(follower, text("a", template=FORM), clock).way == Way.TEMPLATE
    assert rui.contact.screen[-1]["data"]["thing1"]["value"] == "上门检测"
    assert fate_of(follower.pk, "a") == "went" and Day.objects.get().spent == 1
    told_back(wechat)
    assert fate_of(follower.pk, "a") == "arrived"


def test_a_consent_is_spent_once(rui, follower, clock, wechat):
    rui.allows("T-visit")
    outgoing = Outgoing(key="a", one_time=FORM)
    assert say(follower, outgoing, clock).way == Way.ONE_TIME
    told_back(wechat)
    assert fate_of(follower.pk, "a") == "arrived"
    assert refused(follower, Outgoing(key="b", one_time=FORM), clock) == Reason.NO_CONSENT


def test_the_same_key_is_said_once(rui, follower, clock):
    rui.says("help")
    first, second = (say(follower, text("a"), clock) for _ in range(2))
    assert (first.is_new, second.is_new) == (True, False)
    assert Spending.objects.count() == 1


def test_who_can_be_reached_in_no_way_is_refused_with_the_reason(rui, follower, clock):
    assert refused(follower, text("a"), clock) == Reason.NO_WINDOW
    rui.unsubscribes()
    assert refused(follower, text("a", template=FORM), clock) == Reason.UNSUBSCRIBED
    assert not Spending.objects.exists()


def test_three_go_within_a_minute_of_a_touch(rui, follower, clock):
    rui.clicks("help")
    for key in "abc":
        say(follower, text(key), clock)
    assert refused(follower, text("d"), clock) == Reason.NO_WINDOW
    rui.clicks("help2")
    clock.passes(seconds=61)
    assert refused(follower, text("d"), clock) == Reason.NO_WINDOW


@pytest.mark.parametrize("code", [45015, 45047])
def test_when_wechat_says_the_window_is_over_the_next_way_is_taken(
    rui, follower, clock, wechat, code
):
    rui.says("help")
    wechat.world.faults[PATHS[Way.CUSTOMER]] = [code]
    assert say(follower, text("a", template=FORM), clock).way == Way.TEMPLATE
    assert refused(follower, text("b"), clock) == Reason.NO_WINDOW, "it is remembered"
    rui.post(rui.xml({"MsgType": "text", "Content": "x", "MsgId": "9",
                      "CreateTime": str(int(clock.passes(seconds=1).timestamp()))}))  # fmt: skip
    assert say(follower, text("b"), clock).way == Way.CUSTOMER


def test_a_way_that_the_account_lacks_is_tried_once_a_day(rui, follower, clock, wechat, county):
    wechat.world.service(county.app_id).denied.add(PATHS[Way.TEMPLATE])
    rui.allows("T-visit")
    outgoing = Outgoing(key="a", template=FORM, one_time=FORM)
    assert say(follower, outgoing, clock).way == Way.ONE_TIME
    assert Entry.objects.get(deed="channels.wechat_way_closed").facts["code"] == 48001
    assert refused(follower, Outgoing(key="b", template=FORM), clock) == Reason.CLOSED
    assert wechat.world.calls[PATHS[Way.TEMPLATE]] == 1
    wechat.world.service(county.app_id).denied.clear()
    clock.passes(days=1)
    assert say(follower, Outgoing(key="b", template=FORM), clock).way == Way.TEMPLATE


def test_who_has_left_without_our_hearing_is_marked(rui, follower, clock):
    rui.says("help")
    rui.contact.is_subscribed = False
    assert refused(follower, text("a"), clock) == Reason.UNSUBSCRIBED
    assert not Follower.objects.get(pk=follower.pk).is_subscribed
    assert Spending.objects.get().state == "returned"


def test_a_consent_that_wechat_denies_is_gone(rui, follower, clock):
    for _ in range(5):
        rui.allows("T-visit")
        clock.passes(seconds=1)
    rui.contact.grants.clear()
    assert refused(follower, Outgoing(key="a", one_time=FORM), clock) == Reason.NO_CONSENT
    assert Grant.objects.count() == 5 and not Grant.objects.filter(ended_at=None).exists()
    assert Spending.objects.count() == 1, "WeChat is asked once"


def test_what_wechat_was_too_busy_for_costs_nothing_and_may_go_later(rui, follower, clock, wechat):
    rui.allows("T-visit")
    wechat.world.faults[PATHS[Way.ONE_TIME]] = [-1]
    with pytest.raises(Unreachable) as refusal:
        say(follower, Outgoing(key="a", one_time=FORM), clock)
    assert refusal.value.is_unsent and Grant.objects.get().ended_at is None
    assert say(follower, Outgoing(key="a", one_time=FORM), clock).way == Way.ONE_TIME


def test_an_error_that_no_rule_settles_is_said(rui, follower, clock, wechat, county):
    wechat.world.service(county.app_id).templates.add("another")
    with pytest.raises(RefusedByWeChat) as refusal:
        say(follower, Outgoing(key="a", template=FORM), clock)
    assert refusal.value.code == 40037 and Spending.objects.get().state == "returned"


def test_where_nobody_answers_nothing_is_spent(rui, follower, clock, settings):
    rui.says("help")
    settings.WECHAT_API = "http://127.0.0.1:9"
    with pytest.raises(Unreachable) as refusal:
        say(follower, text("a"), clock)
    assert refusal.value.is_unsent and Spending.objects.get().state == "returned"


def test_the_day_has_its_cap_and_a_reserve(rui, follower, clock, monkeypatch, county):
    from dataclasses import replace

    from tongxin.channels.wechat import accounts

    small = replace(county, templates_a_day=3)
    monkeypatch.setattr(accounts, "simulated", lambda: small)
    for key in "ab":
        say(follower, Outgoing(key=key, template=FORM), clock)
    assert refused(follower, Outgoing(key="c", template=FORM), clock) == Reason.RESERVED
    say(follower, Outgoing(key="d", template=FORM, is_urgent=True), clock)
    last = Outgoing(key="e", template=FORM, is_urgent=True)
    assert refused(follower, last, clock) == Reason.DAILY_CAP
    clock.passes(hours=13)  # after midnight in China
    assert say(follower, last, clock).way == Way.TEMPLATE


def at_once(count, work):
    """What each of so many threads got, all let go at the same moment."""
    start, got = threading.Barrier(count), []

    def run(number):
        start.wait()
        try:
            got.append(work(number))
        except (NotAffordable, Unreachable, RefusedByWeChat) as refusal:
            got.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def went(got):
    return [one for one in got if not isinstance(one, Exception)]


@pytest.mark.django_db(transaction=True)
def test_one_consent_pays_one_of_many_at_once(rui, follower, clock):
    rui.allows("T-visit")
    got = at_once(8, lambda n: say(follower, Outgoing(key=f"k{n}", one_time=FORM), clock))
    assert len(went(got)) == 1
    shown = [line for line in rui.contact.screen if line.get("way") == "one_time"]
    assert len(shown) == Spending.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_window_pays_no_more_than_it_holds_however_many_ask(rui, follower, clock):
    rui.says("help")
    urgent = at_once(10, lambda n: say(follower, text(f"k{n}", is_urgent=n % 2 == 0), clock))
    assert len(went(urgent)) == 5
    assert Spending.objects.filter(way="customer", state="went").count() == 5


@pytest.mark.django_db(transaction=True)
def test_of_many_with_one_key_one_is_sent(rui, follower, clock):
    rui.says("help")
    got = at_once(8, lambda n: say(follower, text("same"), clock))
    assert [one.is_new for one in went(got)].count(True) == 1 and len(went(got)) == 8
    assert len([line for line in rui.contact.screen if line.get("way") == "customer"]) == 1
