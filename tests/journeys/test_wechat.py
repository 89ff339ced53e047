"""Rui in WeChat, on the simulated phone: she follows the county, asks, and is answered."""

import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import environment, faults

WORDS = {
    "zh-CN": ("关注", "发送", "该怎么做", "取消关注"),
    "en": ("Follow", "Send", "What should I do?", "Stop following"),
}


@pytest.fixture(scope="module")
def simulator(town):
    """WeChat's side, started beside the site as a developer would."""
    port = urlsplit(town.url).port
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "tongxin", "wechat", "simulate"],
        env=environment(town.home, PORT=str(port)),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert "dev/wechat" in process.stdout.readline()
    yield process
    process.terminate()
    process.wait(30)
    process.stdout.close()


@pytest.mark.parametrize("language", WORDS)
def test_rui_asks_the_county_in_wechat(visit, simulator, language):
    follow, send, advice, leave = WORDS[language]
    page = visit("/dev/wechat/", language=language)
    assert faults(page) == []
    page.get_by_role("button", name=follow, exact=True).click()
    talk = page.locator(".tx-phone__lines")
    expect(talk).to_contain_text("120")
    page.get_by_role("textbox").last.fill("English" if language == "en" else "中文")
    page.get_by_role("textbox").last.press("Enter")
    expect(talk.locator("li").last).to_contain_text(advice)
    page.get_by_role("textbox").last.fill("<b>38.2</b> 咳嗽")
    page.get_by_role("button", name=send).click()
    expect(talk).to_contain_text("<b>38.2</b> 咳嗽")
    page.locator(".tx-phone__menu button").click()
    expect(talk.locator("li").last).to_contain_text(advice)
    assert faults(page) == []
    page.get_by_role("button", name=leave).click()
    expect(page.locator(".tx-phone__write")).to_have_count(0)
