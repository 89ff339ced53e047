"""Fever at night, on a phone: self-check, hand-over at the fever clinic, and how it goes after."""

import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, faults

FIRST = {
    "age": "older",
    "signs": "nothing",
    "ill": "yes",
    "symptoms": "aches",
    "fever": "yes",
    "temperature": "38.9",
    "fever_days": "1",
    "oxygen": "96",
    "course": "same",
    "chronic": "nothing",
    "test": "negative",
}
NEXT_DAY = FIRST | {"temperature": "37.6", "oxygen": "98", "course": "better"}
WORDS = {
    "zh-hans": {
        "browser": "zh-CN",
        "begin": "开始",
        "clinic": "现在就去发热门诊",
        "sign in": "登录并保存这次结果",
        "keep": "保存这次结果",
        "yes": "保存",
        "mine": "我自己的",
        "trend": "缓和了2级",
        "numbers": "38.9 → 37.6",
        "say": "我发烧了",
        "offer": "做自查",
        "number": "13800138031",
        "typed": ["70岁", "都没有", "有点难受", "浑身酸痛", "发烧了", "40度", "97"],
    },
    "en": {
        "browser": "en-GB",
        "begin": "Begin",
        "clinic": "Go to a fever clinic now",
        "sign in": "Sign in and keep this result",
        "keep": "Keep this result",
        "yes": "Keep it",
        "mine": "Mine",
        "trend": "2 steps less urgent",
        "numbers": "38.9 → 37.6",
        "say": "I have a fever",
        "offer": "Do the self-check",
        "number": "13800138032",
        "typed": ["70 years old", "none of these", "yes", "aches", "yes, a fever", "40", "97"],
    },
}


def answered(page: Page, language: str, answers: dict[str, str]) -> None:
    """Answer one question after the other with the thumb, to the end."""
    page.goto(f"/{language}/self-check/")
    page.get_by_role("button", name=WORDS[language]["begin"], exact=True).click()
    while page.locator("input[name=question]").count():
        answer = answers[page.locator("input[name=question]").input_value()]
        if page.locator("#answer").count():
            page.locator("#answer").fill(answer)
            page.locator("form.tx-check-form .nhsuk-button").first.click()
        elif page.locator("input[type=checkbox]").count() and answer != "nothing":
            page.locator(f"input[type=checkbox][value={answer}]").check()
            page.locator("form.tx-check-form .nhsuk-button").first.click()
        else:
            page.locator(f"button[name=answer][value={answer}]").click()
    expect(page.locator(".tx-check-end")).to_be_visible()


def scanned(page: Page) -> str:
    """What the clinic's scanner reads off the screen."""
    picture = page.locator(".tx-check-code__picture").screenshot()
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"))
    return found.text


def by_phone(page: Page, visit, number: str) -> None:
    """Sign in with the code that the telephone was sent."""
    page.fill("[name=phone]", number)
    page.locator("main form button").click()
    texts = visit("/dev/phone/").locator("main").inner_text()
    page.fill("[name=code]", re.search(r"\b\d{6}\b", texts)[0])
    page.locator("main form button").first.click()


@pytest.mark.parametrize("language", WORDS)
def test_fever_at_night_to_the_fever_clinic_and_better_the_next_day(visit, sign_in, language):
    say = WORDS[language]
    page = visit("/", language=say["browser"], size=PHONE)
    answered(page, language, FIRST)
    expect(page.locator("h1")).to_have_text(say["clinic"])
    assert faults(page) == [] and "38.9" not in page.url
    code = scanned(page)

    desk = sign_in("dara", language=say["browser"])
    desk.goto("/desk/self-check/")
    desk.fill("[name=code]", code)
    desk.keyboard.press("Enter")
    expect(desk.locator("main")).to_contain_text("38.9 °C" if language == "en" else "38.9 ℃")
    expect(desk.locator("h2#end")).to_have_text(say["clinic"])
    assert faults(desk) == []

    page.get_by_role("button", name=say["sign in"]).click()
    by_phone(page, visit, say["number"])
    expect(page).to_have_url(re.compile(f"/{language}/self-check/keep/$"))
    expect(page.locator("main")).to_contain_text(say["clinic"])
    assert faults(page) == []
    page.get_by_role("button", name=say["yes"], exact=True).click()
    expect(page).to_have_url(re.compile(r"/my/[0-9a-f-]{36}/self-checks/$"))

    answered(page, language, NEXT_DAY)
    page.get_by_role("button", name=say["keep"]).click()
    page.get_by_role("button", name=say["yes"], exact=True).click()
    expect(page.locator(".tx-trend-says")).to_contain_text(say["trend"])
    expect(page.locator(".tx-trend-says")).to_contain_text(say["numbers"])
    expect(page.locator("svg.tx-trend")).to_have_count(3)
    expect(page.locator("table tbody tr")).to_have_count(2)
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1] and faults(page) == []


@pytest.mark.parametrize("language", WORDS)
def test_the_same_in_the_conversation_by_keyboard_alone(visit, language):
    say = WORDS[language]
    page = visit(f"/{language}/ask/", language=say["browser"], size=PHONE)
    page.locator("#question").focus()
    page.keyboard.type(say["say"])
    page.keyboard.press("Enter")
    offer = page.locator("form[data-check]").get_by_role("button", name=say["offer"])
    offer.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-check-asks]")).to_be_focused()
    for at, typed in enumerate(say["typed"], 1):
        page.locator("#question").focus()
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(page.locator(".tx-ask-check__heard")).to_have_count(at)
    assert faults(page) == []
    expect(page.locator(".tx-check-end__name")).to_have_text(say["clinic"])
    assert scanned(page).startswith("TX1-")
    page.locator(".tx-check-end ~ form button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(say["clinic"])
