"""A resident with a telephone: a code, what one allows, a grandmother, who looked, and the end."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, faults

SAID = {
    "zh-CN": ("13800138000", "外婆", "撤回", "建立了记录"),
    "en-GB": ("13900139000", "Grandma", "Withdraw", "The record was begun"),
}


def newest_code(page) -> str:
    page.goto("/dev/phone/")
    return re.search(r"\b\d{6}\b", page.locator(".tx-wishes").inner_text())[0]


def sign_in(page, number) -> None:
    page.locator("[name=phone]").fill(number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/my/sign-in/code/")
    code = newest_code(page)
    page.goto("/my/sign-in/code/")
    page.locator("[name=code]").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/my/")


@pytest.mark.parametrize("locale", SAID)
def test_from_a_telephone_number_to_who_looked(town, visit, locale):
    number, grandmother, withdraw, begun = SAID[locale]
    page = visit("/my/", size=PHONE, language=locale)
    sign_in(page, number)
    assert faults(page) == []

    page.goto("/my/people/add/")
    page.locator("[name=name]").fill(grandmother)
    page.locator("[name=relation]").select_option("grandparent")
    page.locator("[name=has_agreed]").check()
    page.locator("main button[type=submit]").click()
    expect(page.locator(".tx-people")).to_contain_text(grandmother)

    page.locator("a[href$='/consent/']").first.click()
    page.locator(".tx-wish button").first.click()
    expect(page.locator(".tx-wish.is-allowed")).to_have_count(1)
    assert faults(page) == []
    page.locator(".tx-wish.is-allowed").get_by_role("button", name=withdraw).click()
    expect(page.locator(".tx-wish.is-allowed")).to_have_count(0)

    page.goto("/my/")
    page.locator("a[href$='/record/']").first.click()
    expect(page.locator(".tx-table").first).to_contain_text(begun)
    assert faults(page) == []
    page.locator("a[href$='/erase/']").click()
    page.locator("[name^=ward_]").select_option("hand over")
    page.locator("[name=is_sure]").check()
    page.locator("main button[type=submit]").click()
    proof = page.locator(".tx-code").inner_text()
    assert re.fullmatch(r"[0-9a-f]{64}", proof)
    page.goto("/my/")
    page.wait_for_url("**/my/sign-in/**")
