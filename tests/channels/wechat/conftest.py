"""WeChat on this machine: the simulator, its phones, and our callback as they reach it."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from tongxin.channels.wechat.accounts import simulated
from tongxin.channels.wechat.calling import client_of
from tongxin.channels.wechat.followers import known
from tongxin.channels.wechat.models import Follower
from tongxin.channels.wechat.simulator.phone import Phones
from tongxin.channels.wechat.simulator.serving import running
from tongxin.channels.wechat.simulator.world import World

COUNTY = "/wechat/county/"
ANSWERS = "tests.channels.wechat.answers"


class Clock:
    """The time at WeChat, which a test moves."""

    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at

    def passes(self, **lengths):
        self.at += timedelta(**lengths)
        return self.at


@pytest.fixture
def clock(noon, monkeypatch):
    one = Clock(noon)
    monkeypatch.setattr(timezone, "now", one)
    return one


@pytest.fixture
def county():
    return simulated()


@pytest.fixture
def wechat(clock, county, settings):
    """The simulator; what its phones send goes to our views without a server between."""
    client = Client(raise_request_exception=False)

    def deliver(address, body):
        try:
            answer = client.post(address, body, content_type="text/xml")
        finally:
            if threading.current_thread() is not threading.main_thread():
                connections.close_all()
        return answer.status_code, answer.content

    reports = []
    phones = Phones(World([county], clock=clock), {county.app_id: COUNTY}, deliver, reports.append)
    with running(phones) as one:
        phones.reports = reports
        # What apps above answer is tested there.
        settings.WECHAT_ANSWERS = ["tongxin.channels.wechat.greeting.answer"]
        settings.WECHAT_ANSWERS_LATER = []
        settings.WECHAT_API = settings.WECHAT_OPEN = settings.WECHAT_SIMULATOR = one.url
        yield one
        client_of(one.url).close()  # each test has a simulator of its own
        client_of.cache_clear()


@pytest.fixture
def follower(db, wechat, clock):
    """Rui's row: she follows the county and has said nothing yet."""
    wechat.phone("rui").contact.is_subscribed = True
    row = known("county", "rui", at=clock())
    Follower.objects.filter(pk=row.pk).update(is_subscribed=True)
    return row


def told_back(wechat):
    """WeChat now tells us what became of the messages it took."""
    while wechat.phones.reports:
        wechat.phones.reports.pop(0)()


def texts(phone):
    """What the account has said on this phone, in order."""
    shown = [line for line in phone.contact.screen if line["from"] == "account"]
    return [line["text"]["content"] for line in shown if line.get("msgtype") == "text"]
