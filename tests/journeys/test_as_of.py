"""What was known on the days around 12 February 2020, when Hubei changed what it counted."""

import json
import re
import urllib.error

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESK, get

HUBEI = "CN-420000"
CONFIRMED = {"2020-02-11": 31728, "2020-02-12": 33366, "2020-02-13": 48206}


def shown(page) -> int:
    """The confirmed cases that the page's first figure says."""
    text = page.locator("[data-metric=confirmed] [data-value]").inner_text()
    return int(text.replace(",", ""))


@pytest.mark.parametrize(("day", "confirmed"), CONFIRMED.items())
def test_a_page_shows_what_was_known_that_day_and_the_api_agrees(visit, town, day, confirmed):
    page = visit(f"/en/situation/{HUBEI}/as-of/{day}/")
    expect(page.get_by_role("region", name="Date of this page")).to_contain_text("what was known")
    assert shown(page) == confirmed
    _, _, body = get(
        f"{town.url}/api/situation/series?place={HUBEI}&metric=confirmed&disease=covid-19&as_of={day}"
    )
    answer = json.loads(body)
    assert answer["points"][-1] == {"date": day, "value": confirmed}
    assert all(point["date"] <= day for point in answer["points"])


def test_the_leap_of_the_13th_has_its_reason_beside_it(visit):
    page = visit(f"/en/situation/{HUBEI}/as-of/2020-02-13/")
    expect(page.locator("[data-metric=confirmed]")).to_contain_text("+14,840")
    notes = page.locator("section[aria-labelledby=notes]")
    expect(notes).to_contain_text("clinically diagnosed cases")
    expect(notes).to_contain_text("13,332")


def test_the_day_before_the_leap_says_what_changed_since_and_why(visit):
    for language, words in {"en": "clinically diagnosed", "zh-hans": "临床诊断病例"}.items():
        page = visit(f"/{language}/situation/{HUBEI}/as-of/2020-02-12/")
        since = page.locator("section[aria-labelledby=since]")
        expect(since).to_contain_text(words)
        expect(page.locator("section[aria-labelledby=notes]")).not_to_contain_text("13332")


def test_a_figure_that_was_corrected_shows_was_is_and_why(visit):
    page = visit(f"/en/situation/{HUBEI}/as-of/2020-02-21/")
    row = page.locator("section[aria-labelledby=since] tbody tr", has_text=", 20 February")
    for words in ("62,031", "62,457", "+426", "put back"):
        expect(row).to_contain_text(words)
    expect(row).not_to_contain_text("全部加回")  # the reader's language alone


def test_another_day_is_one_form_away(visit):
    page = visit(f"/zh-hans/situation/{HUBEI}/as-of/2020-02-11/", size=DESK)
    page.locator("#as-of-on").fill("2020-02-13")
    page.locator("#as-of-on").press("Enter")
    expect(page).to_have_url(re.compile("/as-of/2020-02-13/$"))
    assert shown(page) == CONFIRMED["2020-02-13"]
    page.get_by_role("link", name="查看当前数据").click()
    expect(page).to_have_url(re.compile(f"/zh-hans/situation/{HUBEI}/$"))
    assert shown(page) == 68128


def test_a_day_before_anything_was_known_is_said_so(visit):
    page = visit(f"/en/situation/{HUBEI}/as-of/2019-12-01/")
    expect(page.locator("h1")).to_contain_text("Hubei")
    expect(page.locator("[data-metric]")).to_have_count(0)


def test_a_past_release_stays_readable_after_a_new_one(visit, town):
    _, _, before = get(f"{town.url}/release.json")
    past = json.loads(before)["id"]
    town.say("CN-420200,recovered,2020-05-01,976")
    assert town.command("publish").returncode == 0
    assert json.loads(get(f"{town.url}/release.json")[2])["id"] != past
    page = visit(f"/releases/{past}/en/situation/{HUBEI}/index.html")
    assert shown(page) == 68128
    banner = page.get_by_role("region", name="Date of this page")
    expect(banner).to_contain_text("past release")
    banner.get_by_role("link", name="Go to the current figures").click()
    expect(page).to_have_url(re.compile(f"/en/situation/{HUBEI}/$"))
    page.goto("/en/releases/")
    expect(page.get_by_role("link", name=past[:12])).to_be_visible()


def test_a_release_that_never_was_is_not_found(town):
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        get(f"{town.url}/releases/{'0' * 64}/en/index.html")
    refused.value.close()
