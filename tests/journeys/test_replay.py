"""The outbreak shown again, day by day, as it was known; then the present is back."""

import json
import re

from playwright.sync_api import expect

from tests.journeys.conftest import DESK, get

DAYS = ["2020-02-10", "2020-02-11", "2020-02-12", "2020-02-13", "2020-02-14"]
HUBEI = {"2020-02-12": "33,366", "2020-02-13": "48,206"}


def shown(town, path):
    return json.loads(get(f"{town.url}/{path}")[2])


def test_the_outbreak_is_shown_again_as_it_was_known_and_the_present_comes_back(town, visit):
    present = shown(town, "release.json")["id"]
    open_page = visit("/en/situation/CN-420000/", size=DESK)
    done = town.command(
        "replay", "--from", DAYS[0], "--to", DAYS[-1], "--speed", "9days/s", "--place", "CN-420000"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = {line[:10]: line for line in done.stdout.splitlines() if line[:4] == "2020"}
    assert list(lines) == DAYS
    for day, confirmed in HUBEI.items():
        assert confirmed in lines[day]
    assert "The present release is shown again." in done.stdout
    assert shown(town, "release.json")["id"] == present
    open_page.evaluate("dispatchEvent(new Event('online'))")
    expect(open_page.locator("[data-metric=confirmed] [data-value]")).to_have_text("68,128")


def test_each_day_of_a_replay_is_a_release_that_knows_no_later_day(town, visit):
    done = town.command(
        "replay", "--from", DAYS[2], "--to", DAYS[3], "--speed", "9days/s", "--stay"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    releases = re.findall(r"^2020-\S+\s+([0-9a-f]{12})", done.stdout, flags=re.MULTILINE)
    manifest = shown(town, "release.json")
    assert manifest["id"].startswith(releases[-1])
    assert manifest["as_of"].startswith(DAYS[3])
    page = visit("/en/situation/CN-420000/")
    expect(page.locator("[data-metric=confirmed]")).to_contain_text("+14,840")
    expect(page.locator(".tx-notes")).to_contain_text("clinically diagnosed")
    page.goto("/en/situation/CN/")
    hubei = page.locator(".tx-map__svg [data-code=CN-420000]")
    expect(hubei).to_have_class(re.compile(r"\bm[1-9]"))  # no longer without figures
    assert town.command("publish").returncode == 0
    assert shown(town, "release.json")["as_of"] > DAYS[-1]
