"""A page that is open while a release is published renews itself."""

import json

from playwright.sync_api import expect

from tests.journeys.conftest import DESK, get


def test_an_open_page_renews_itself_and_stays_where_its_reader_was(visit, town):
    page = visit("/en/situation/CN-420100/", size=DESK)
    page.wait_for_event("requestfinished", lambda request: "release.json" in request.url)
    page.evaluate("window.sameDocument = true")
    page.get_by_role("tab", name="In all").click()
    page.get_by_text("The curve as a table").click()
    page.locator("details tbody tr").nth(3).scroll_into_view_if_needed()
    scroll = page.evaluate("scrollY")
    confirmed = page.locator("[data-metric=confirmed] [data-value]")
    before = int(confirmed.inner_text().replace(",", ""))
    town.say(f"CN-420100,confirmed,2020-05-01,{before + 1}")
    done = town.command("publish")
    assert done.returncode == 0, done.stdout
    page.evaluate("dispatchEvent(new Event('online'))")  # what a phone says back from a tunnel
    expect(confirmed).to_have_text(f"{before + 1:,}")
    said = page.locator("#announcer")
    expect(said).to_have_attribute("aria-live", "polite")
    expect(said).to_contain_text(f"Confirmed cases {before + 1:,} (+1)")
    assert page.evaluate("window.sameDocument") is True
    assert abs(page.evaluate("scrollY") - scroll) < 60
    expect(page.locator("details").first).to_have_attribute("open", "")
    expect(page.get_by_role("tab", name="In all")).to_have_attribute("aria-selected", "true")


def test_a_page_that_nothing_changes_is_left_alone(visit, town):
    page = visit("/zh-hans/")
    page.wait_for_event("requestfinished", lambda request: "release.json" in request.url)
    page.evaluate("document.querySelector('main').dataset.mark = 'mine'")
    with page.expect_response("**/release.json"):
        page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("main")).to_have_attribute("data-mark", "mine")
    expect(page.locator("#announcer")).to_be_empty()
    assert json.loads(get(f"{town.url}/release.json")[2])["home_place"] == "CN-421083"
