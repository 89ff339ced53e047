"""The assistant, from the keyboard alone: danger, a quote, what it does not know, a receipt."""

import re

import pytest

from tests.journeys.conftest import PHONE

ASKED = {
    "zh-hans": ("我爸喘不上气了", "马上拨打120", "谁会赢得明年的足球冠军"),
    "en": ("my father can't breathe", "Call 120 now", "Who wins the football cup next year?"),
}


def answered(page, number: int) -> str:
    turn = page.locator(".tx-ask-turn").nth(2 * number - 1)
    turn.locator(".tx-ask-reply").wait_for()
    return turn.inner_text()


@pytest.mark.parametrize("language", ASKED)
def test_asking_from_the_keyboard_and_handing_over(town, visit, language):
    danger, call, strange = ASKED[language]
    page = visit(f"/{language}/ask/", size=PHONE)
    page.locator("#question").focus()
    page.keyboard.type(danger)
    page.keyboard.press("Enter")
    assert call in answered(page, 1)
    assert page.evaluate("document.activeElement.id") == "question"
    page.keyboard.type(strange)
    page.keyboard.press("Enter")
    answered(page, 2)
    page.locator(".tx-ask-hand button").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/ask/receipt/[0-9A-Z]{16}/"))
    assert page.locator(".tx-ask-asked").inner_text() == strange
