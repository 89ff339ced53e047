"""A rumour is reported on a phone, matched or queued, answered, corrected; the reporter knows."""

import json
import re
import time

from playwright.sync_api import expect

from tests.channels.push_service import Browser
from tests.journeys.conftest import faults

NEW = "Night buses are sprayed with garlic water by order of the mayor"


def a_push_service(browser: Browser) -> str:
    """In the browser: its push service, which is out of reach here, has given it an address."""
    keys = {"p256dh": browser.keys["key"], "auth": browser.keys["secret"]}
    given = json.dumps({"endpoint": "http://127.0.0.1:9/phone", "keys": keys})
    return f"""{{
        const given = {given};
        const made = {{ ...given, toJSON: () => given, unsubscribe: async () => true }};
        PushManager.prototype.subscribe = async () => made;
        PushManager.prototype.getSubscription = async () => made;
    }}"""


def places_are_followed_beside_it(page):
    page.goto("/en/follow/")
    state = page.locator("[data-follow-state]")
    expect(state).to_have_text(re.compile("told of no alerts.*receipts"))
    page.get_by_role("button", name="Tell me").click()
    expect(state).to_have_text(re.compile("is told of alerts.*receipts"))
    page.get_by_role("button", name="Stop telling me", exact=True).click()
    expect(state).to_have_text(re.compile("told of no alerts.*receipts"))


def test_a_known_rumour_is_answered_on_the_phone_without_javascript(visit):
    page = visit("/zh-hans/myths/", java_script_enabled=False)
    claim = page.locator(".tx-claim__title a").first.inner_text()
    page.locator("#rumour").fill(claim)
    page.get_by_role("button", name="查一查").click()
    expect(page.locator("h1")).to_have_text("这一说法已有结论")
    expect(page.locator(".tx-verdict").first).to_be_visible()
    expect(page.locator(".tx-receipt-code")).to_have_text(re.compile(r"(\w{4}-){3}\w{4}"))
    page.locator(".tx-claim__title a").click()
    expect(page.locator("h1")).to_have_text(claim)


def test_the_list_is_narrowed_by_words_and_verdict(visit):
    page = visit("/en/myths/", language="en-GB")
    all_of_them = page.locator(".tx-claim:visible").count()
    page.get_by_label("Words to look for").fill("garlic")
    expect(page.locator("[data-claims-count]")).to_have_text(re.compile(r"^\d+ rumours?$"))
    assert 0 < page.locator(".tx-claim:visible").count() < all_of_them
    page.get_by_label("Verdict").select_option("true")
    expect(page).to_have_url(re.compile(r"words=garlic&verdict=true"))


def test_a_new_rumour_is_queued_and_answered_and_its_receipt_tells(visit, sign_in):
    page = visit("/en/myths/report/", language="en-GB", permissions=["notifications"])
    page.add_init_script(a_push_service(Browser()))
    page.get_by_label("What people tell").fill(NEW)
    page.get_by_role("button", name="Check it").click()
    expect(page.locator("h1")).to_have_text(re.compile("An editor will look at it|Is it this?"))
    receipt = page.url
    page.get_by_role("button", name="Tell me here when it is answered").press("Enter")
    expect(page.locator("[data-receipt-state]")).to_have_text("This device will be told.")
    expect(page.get_by_role("button", name="Stop telling me of it")).to_be_focused()
    assert faults(page) == []
    places_are_followed_beside_it(page)

    desk = sign_in("yan")
    for _ in range(30):
        desk.goto("/desk/rumours/")
        if desk.get_by_role("link", name=NEW).count():
            break
        time.sleep(1)  # until the worker has gathered it
    desk.get_by_role("link", name=NEW).click()
    desk.get_by_label("Claim that answers it").select_option(index=1)
    desk.get_by_role("button", name="Answer all who wait").click()
    expect(desk.locator(".tx-messages")).to_contain_text("1 receipts now say so")

    page.goto(receipt)
    expect(page.locator("h1")).to_have_text("This is known")
    expect(page.locator(".tx-myth__why")).to_be_visible()
    page.get_by_role("button", name="Stop telling me of it").press("Enter")
    expect(page.locator("[data-receipt-state]")).to_have_text(re.compile("nothing more of it"))
    expect(page.get_by_role("button", name="when the answer is corrected")).to_be_focused()


def test_the_pages_are_accessible(visit):
    for path in ("/en/myths/", "/en/myths/report/", "/en/myths/measures/"):
        assert faults(visit(path, language="en-GB")) == [], path
