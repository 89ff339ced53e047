"""Rui in WeChat, on the simulated phone: she follows, asks, checks herself, and signs in."""

import re
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
    page.locator(".tx-phone__menu summary").click()
    page.locator(".tx-phone__menu button").last.click()
    expect(talk.locator("li").last).to_contain_text(advice)
    assert faults(page) == []
    page.get_by_role("button", name=leave).click()
    expect(page.locator(".tx-phone__write")).to_have_count(0)


SIGN_IN = {
    "zh-CN": ("微信登录", "给我发验证码", "可以，关联", "怎样联系我", "解除关联"),
    "en": (
        "Sign in by WeChat",
        "Send me a code",
        "Yes, link it",
        "How I am reached",
        "End the link",
    ),
}


def link_rui(visit, language):
    """Rui signs in by WeChat, with the code of her telephone, and links the two; her page."""
    by_wechat, send_code, link, *_ = SIGN_IN[language]
    phone = "13800138000" if language == "en" else "13900139000"
    page = visit("/my/sign-in/", language=language)
    page.get_by_role("link", name=by_wechat).click()
    page.get_by_role("textbox", name=re.compile("手机号码|Mobile number")).fill(phone)
    page.get_by_role("button", name=send_code).click()
    other = page.context.new_page()
    other.goto("/dev/phone/")
    code = re.search(r"\b\d{6}\b", other.locator(".tx-card").first.inner_text())[0]
    other.close()
    page.get_by_role("textbox", name=re.compile("验证码|Code from")).fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=link)).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name=link).click()
    page.wait_for_url(re.compile(r"/my/(#|$)"))
    return page


@pytest.mark.parametrize("language", SIGN_IN)
def test_rui_signs_in_by_wechat_and_is_asked_once_and_logs_in_the_conversation(
    visit, simulator, language
):
    by_wechat, _, _, reach, end = SIGN_IN[language]
    link_rui(visit, language)
    talk = visit("/dev/wechat/", language=language)
    if talk.locator(".tx-phone__write").count() == 0:
        talk.get_by_role("button", name=WORDS[language][0], exact=True).click()
    talk.get_by_role("textbox").last.fill("log 36.4 ok" if language == "en" else "打卡 36.6 正常")
    talk.get_by_role("textbox").last.press("Enter")
    expect(talk.locator(".tx-phone__lines li").last).to_contain_text(
        re.compile(r"(Taken|已收到).*36\.[46] °C", re.DOTALL)
    )
    again = visit("/my/sign-in/", language=language)
    again.get_by_role("link", name=by_wechat).click()
    again.wait_for_url(re.compile(r"/my/(#|$)"))
    again.goto("/my/log/")
    expect(again.locator("main")).to_contain_text(re.compile(r"36\.[46] °C"))
    again.goto("/my/")
    again.get_by_role("link", name=reach).click()
    assert faults(again) == []
    again.get_by_role("button", name=end).click()
    expect(again.get_by_role("button", name=end)).to_have_count(0)


TALK = {
    "zh-CN": ("中文", "胸口剧痛，喘不上气", "地下室返潮要不要消毒", "转交", "自查", "停止"),
    "en": ("English", "my chest hurts and I cannot breathe", "do damp cellars need bleach?",
           "hand over", "self-check", "stop"),
}  # fmt: skip


@pytest.mark.parametrize("language", TALK)
def test_rui_asks_keeps_a_receipt_and_checks_herself(visit, simulator, language):
    speak, danger, question, hand_over, check, stop = TALK[language]
    page = visit("/dev/wechat/", language=language)
    if page.locator(".tx-phone__write").count() == 0:
        page.get_by_role("button", name=WORDS[language][0], exact=True).click()
    last = page.locator(".tx-phone__lines li").last

    def say(text, *answers):
        page.get_by_role("textbox").last.fill(text)
        page.get_by_role("textbox").last.press("Enter")
        for one in answers:
            expect(last).to_contain_text(one)

    say(speak, "120")
    say(danger, "120", "⚠")
    say(question, hand_over)
    say(hand_over, re.compile(r"([A-Z2-9]{4}-){3}"))
    code = re.search(r"([A-Z2-9]{4}-){3}[A-Z2-9]{4}", last.inner_text())[0]
    say(f"receipt {code.lower()}", question)
    say(check, "A.")
    say("A", "✓")
    assert faults(page) == []
    say(stop)
    expect(last).not_to_contain_text("A.")
