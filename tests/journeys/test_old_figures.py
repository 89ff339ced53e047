"""A resident opens, years later, a page that nobody has drawn again."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

LABELS = """svg => ["tx-tick--x", "tx-note-mark"].map(kind =>
    [...svg.querySelectorAll("." + kind)]
        .map(one => one.getBoundingClientRect())
        .filter(box => box.width)
        .map(box => [box.left, box.right])
        .sort((a, b) => a[0] - b[0]))"""
PAGES = ["", "situation/", "situation/CN-420000/", "situation/CN-421083/"]


@pytest.mark.parametrize("path", PAGES)
def test_the_age_of_the_figures_is_told_without_scripts(visit, path):
    page = visit(f"/en/{path}", java_script_enabled=False)
    expect(page.locator("[data-age-says]")).to_contain_text("30 April 2020, more than 6 years ago")
    expect(page.locator(".tx-trial")).to_be_visible()


def test_the_age_grows_on_a_page_that_stays_as_it_was(visit):
    page = visit("/zh-hans/situation/CN-421083/")
    says = page.locator("[data-age-says]")
    for year, age in ((2031, "已超过11年"), (2021, "已超过12个月")):
        page.clock.set_fixed_time(datetime(year, 5, 10, tzinfo=UTC))
        page.reload()
        expect(says).to_contain_text(age)


def test_a_finger_reads_the_map_before_it_opens_a_page(visit):
    page = visit("/en/situation/CN-420000/", has_touch=True)
    wuhan = page.locator("[data-map] [data-code=CN-420100]")
    wuhan.tap()
    tip = page.locator("[data-map-tip]")
    expect(tip).to_contain_text("Wuhan")
    expect(tip).to_contain_text("50,333")
    expect(tip).to_contain_text("Tap again to open")
    wuhan.tap()
    page.wait_for_url("**/situation/CN-420100/")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_table_of_areas_needs_no_way_to_the_side(visit, language, width):
    page = visit(f"/{language}/situation/CN-420000/", size={"width": width, "height": 800})
    frame = page.locator(".tx-areas .tx-table-frame")
    wide, seen = frame.evaluate("one => [one.scrollWidth, one.clientWidth]")
    assert wide <= seen
    expect(frame.locator("thead th").last).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 820, 1280])
@pytest.mark.parametrize("path", ["", "situation/CN-420000/", "situation/"])
def test_no_two_labels_of_a_curve_touch(visit, path, width):
    page = visit(f"/en/{path}", size={"width": width, "height": 800})
    boxes = page.locator(".tx-chart").first.evaluate(LABELS)
    for row in boxes:
        for (_, right), (left, _) in zip(row, row[1:], strict=False):
            assert left - right >= 2
