"""A household's day: by keyboard in half a minute, without a network, and danger to its visit."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, faults
from tests.journeys.test_my_page import sign_in as sign_in_by_phone

BREATH = "267036007"
WORDS = {
    "zh-CN": ("13500135000", "李奶奶", "魏强", "处理中", "已上门"),
    "en-GB": ("13600136000", "Grandma Li", "Wei Qiang", "On it", "Visited at home"),
}


@pytest.fixture
def at_home(visit):
    """Somebody with a telephone, for whose grandmother they act; both allow everybody."""

    def live(locale, number, grandmother):
        page = visit("/my/", size=PHONE, language=locale)
        sign_in_by_phone(page, number)
        page.goto("/my/people/add/")
        page.locator("[name=name]").fill(grandmother)
        page.locator("[name=born_on]").fill("1940-05-01")
        page.locator("[name=relation]").select_option("grandparent")
        for box in page.locator("main input[type=checkbox]").all():
            box.check(force=True)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/my/")
        addresses = [a.get_attribute("href") for a in page.locator("a[href*='/consent/']").all()]
        for address in addresses:
            page.goto(address)
            while page.locator("form[action*='/allow/'] button").count():
                form = page.locator("form[action*='/allow/']").first
                if form.locator("[name=said_on]").count():
                    today = page.evaluate("new Date().toLocaleDateString('sv')")
                    form.locator("[name=said_on]").fill(today)
                form.locator("button").first.click()
                page.wait_for_load_state()
        return page

    return live


def log_by_keyboard(page) -> None:
    """She is well; her grandmother is short of breath. No pointer is used."""
    page.goto("/my/log/")
    assert faults(page) == []
    began = page.evaluate("performance.now()")
    page.locator("[name$=-how]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("36.5")
    hers = page.locator("section.tx-log").nth(1)
    hers.locator("[name$=-how]").first.focus()
    page.keyboard.press("ArrowDown")
    hers.locator("summary").first.focus()
    page.keyboard.press("Enter")
    hers.locator(f"[name$=-symptoms][value='{BREATH}']").focus()
    page.keyboard.press("Space")
    page.locator(".tx-log__send button").focus()
    assert page.evaluate("performance.now()") - began < 30_000
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/my/log/taken/$"), timeout=20_000)
    assert faults(page) == []


def visit_her(desk, grandmother: str, on_it: str) -> None:
    """The officer takes the task, goes there, and says what came of it."""
    desk.goto("/desk/log/")
    assert faults(desk) == []
    desk.get_by_role("link", name=grandmother, exact=True).first.click()
    desk.locator("button[name=take]").click()
    expect(desk.locator("main h1")).to_contain_text(on_it)
    assert faults(desk) == []
    desk.locator("[name=outcome]").select_option("visited")
    desk.locator("main form button").last.click()
    desk.wait_for_url("**/desk/log/")
    desk.goto("/desk/log/?state=reported")
    desk.get_by_role("link", name=grandmother, exact=True).first.click()
    expect(desk.locator("main")).to_contain_text("1940")
    assert faults(desk) == []


@pytest.mark.parametrize("locale", WORDS)
def test_a_household_by_keyboard_then_from_danger_to_the_visit(at_home, sign_in, locale):
    number, grandmother, officer, on_it, visited = WORDS[locale]
    page = at_home(locale, number, grandmother)
    log_by_keyboard(page)
    for word in ("120", officer):
        expect(page.locator("main")).to_contain_text(word)
    visit_her(sign_in("wei", language=locale), grandmother, on_it)

    page.goto("/my/log/")
    hers = page.locator("a[href$='/log/']").filter(has_text=grandmother).get_attribute("href")
    page.goto(hers.replace("/log/", "/record/"))
    expect(page.locator("main")).to_contain_text(visited)
    assert faults(page) == []
    stranger = sign_in("sam")
    assert stranger.goto(hers).status == 404
    assert stranger.goto("/desk/log/").status == 403


def test_a_log_without_a_network_waits_on_the_phone_and_is_taken_once(visit):
    page = visit("/my/", size=PHONE, language="en-GB")
    sign_in_by_phone(page, "13700137001")
    page.goto("/my/log/")
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.context.set_offline(True)
    page.locator("[name$=-how][value=well]").check(force=True)
    page.locator("[name$=-degrees]").fill("36.9")
    page.locator(".tx-log__send button").click()
    expect(page.locator("main")).to_contain_text("Kept on this phone")
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("main")).to_contain_text(re.compile("arrived|Thank you"), timeout=40_000)
    page.goto("/my/log/")
    history = page.locator("a[href$='/log/']").last.get_attribute("href")
    page.goto(history)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("36.9")
