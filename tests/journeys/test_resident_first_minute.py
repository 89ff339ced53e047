"""A resident asks, on a phone: how bad is it here, since when, and who says so?"""

import functools
import http.server
import re
import struct
import threading

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESK, faults, get

PAGES = [
    "",
    "situation/",
    "situation/CN/",
    "situation/CN-420000/",
    "situation/CN-421083/",
    "situation/about/",
    "situation/compare/?place=CN-420000&place=CN-440000",
    "situation/CN-420000/as-of/2020-02-12/",
    "search/?q=wuhan",
    "releases/",
    "embed/CN-420000/",
    "no-such-page/",
]
BROWSERS_OF_READERS = {"zh-CN": "zh-hans", "zh-TW": "zh-hans", "en-GB": "en"}
FIRST_MINUTE = {
    "zh-hans": ("洪湖市", "累计确诊1,580例", "2020年1月", "来源："),
    "en": ("Honghu", "1,580 people had been confirmed", "January 2020", "Source: "),
}
TYPED = {"hubei": "湖北", "湖北": "湖北", "hb": "湖北", "wuhan": "武汉", "Wuhan": "武汉"}
TAKEN_AWAY = {
    "series.csv": "text/csv",
    "series.json": "application/json",
    "series.parquet": "application/vnd.apache.parquet",
}


@pytest.mark.parametrize("language", FIRST_MINUTE)
def test_how_bad_is_it_here_since_when_and_who_says_so(visit, language):
    name, how_bad, since, who = FIRST_MINUTE[language]
    page = visit("/", language="zh-CN" if language == "zh-hans" else "en-GB")
    page.locator("main h1 a").click()
    page.wait_for_url(f"**/{language}/situation/CN-421083/")
    expect(page.locator("h1")).to_contain_text(name)
    for words in (how_bad, since):
        expect(page.locator(".tx-lede")).to_contain_text(words)
    expect(page.locator(".tx-top__who")).to_contain_text(who)
    expect(page.locator(".tx-top time")).to_be_visible()


@pytest.mark.parametrize("browser_speaks", BROWSERS_OF_READERS)
def test_the_root_follows_the_language_of_the_browser(visit, browser_speaks):
    page = visit("/", language=browser_speaks)
    expect(page).to_have_url(re.compile(f"/{BROWSERS_OF_READERS[browser_speaks]}/$"))


@pytest.mark.parametrize("path", ["situation/CN-420000/", "situation/CN-420000/as-of/2020-02-12/"])
def test_switching_the_language_keeps_the_page(visit, path):
    page = visit(f"/zh-hans/{path}")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(f"/en/{path}$"))
    expect(page.locator("h1")).to_have_text(re.compile("^Hubei"))
    page.get_by_role("link", name="简体中文").click()
    expect(page).to_have_url(re.compile(f"/zh-hans/{path}$"))


def test_the_theme_that_was_chosen_is_remembered(visit):
    page = visit("/zh-hans/")
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/en/situation/CN-420000/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Light")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_and_fits_a_phone(visit, language, path):
    """Each page is seen in both languages and in both themes."""
    page = visit(f"/{language}/{path}", color_scheme="dark" if language == "zh-hans" else "light")
    size = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert size[0] <= size[1], f"wider than the phone: {size}"
    assert faults(page) == []
    assert "{" not in page.title() and "– –" not in page.title()


def tab_to(page, target):
    """Press Tab until the target has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"no Tab leads to {target}")


def test_the_keyboard_alone_leads_into_the_page_and_to_a_place_of_the_map(visit):
    page = visit("/zh-hans/situation/CN-420000/", size=DESK)
    page.keyboard.press("Tab")
    expect(page.locator(".nhsuk-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, page.locator("[data-sortable] tbody tr", has_text="荆州").get_by_role("link"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/situation/CN-421000/")


@pytest.mark.parametrize(("typed", "found"), TYPED.items())
def test_a_place_is_found_in_either_language_pinyin_or_initials(visit, typed, found):
    page = visit("/zh-hans/")
    box = page.get_by_role("combobox", name="查找地区")
    tab_to(page, box)
    page.keyboard.type(typed)
    option = page.get_by_role("option", name=re.compile(f"^{found}")).first
    expect(option).to_be_visible()
    for _ in range(8):
        page.keyboard.press("ArrowDown")
        if option.get_attribute("aria-selected") == "true":
            break
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(found)


def test_a_name_that_is_no_place_is_said_to_be_none(visit):
    page = visit("/en/")
    page.get_by_role("combobox").fill("Xyzzy")
    expect(page.get_by_role("option", name="No place of that name")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("No place is called “Xyzzy”")).to_be_visible()


def test_an_area_of_the_map_leads_to_its_page(visit):
    page = visit("/zh-hans/situation/CN/", size=DESK)
    page.locator("[data-map] [data-code=CN-510000]").click()
    page.wait_for_url("**/situation/CN-510000/")
    expect(page.locator("h1")).to_contain_text("四川")


def test_the_map_is_zoomed_by_keys(visit):
    page = visit("/en/situation/CN-420000/", size=DESK)
    page.locator("[data-map-frame]").focus()
    page.keyboard.press("+")
    expect(page.locator(".tx-map__svg")).to_have_class(re.compile("is-zoomed"))
    page.keyboard.press("0")
    expect(page.locator(".tx-map__svg")).not_to_have_class(re.compile("is-zoomed"))


def test_the_table_is_sorted_by_a_key(visit):
    page = visit("/en/situation/CN-420000/", size=DESK)
    heads, first = (
        page.locator("[data-sortable] thead th"),
        page.locator("[data-sortable] tbody th"),
    )
    expect(first.first).to_contain_text("Wuhan")
    button = heads.nth(1).get_by_role("button")
    button.focus()
    for order in ("descending", "ascending"):
        page.keyboard.press("Enter")
        expect(heads.nth(1)).to_have_attribute("aria-sort", order)
    expect(first.first).to_contain_text("Shennongjia")


def test_the_curve_is_shown_four_ways_and_as_a_table(visit):
    page = visit("/en/situation/CN-420000/")
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_text(["New", "7-day mean", "In all", "Logarithmic"])
    tabs.first.focus()
    for number in range(1, 4):
        page.keyboard.press("ArrowRight")
        expect(tabs.nth(number)).to_have_attribute("aria-selected", "true")
        expect(page.locator("[data-tab-panel]:visible")).to_have_count(1)
    expect(page.locator("#curve-log")).to_be_visible()
    page.get_by_text("The curve as a table").click()
    row = page.locator("details tbody tr").first
    expect(row).to_contain_text("68,128")


def test_the_days_of_the_map_slide_and_play(visit):
    page = visit("/en/situation/CN-420000/")
    slider, day = page.locator("#time-day"), page.locator("[data-time-day]")
    wuhan = page.locator("[data-map] [data-code=CN-420100]")
    darkest = wuhan.get_attribute("class")
    with page.expect_response("**/slider.json"):
        slider.focus()
    expect(slider).not_to_have_attribute("max", "1000")
    page.keyboard.press("Home")
    expect(day).to_contain_text("January 2020")
    expect(page.locator("[data-map-day]")).to_contain_text("January 2020")
    assert wuhan.get_attribute("class") != darkest
    first = day.inner_text()
    page.locator("[data-time-play]").click()
    expect(page.locator("[data-time-play]")).to_have_text("Pause")
    expect(day).not_to_have_text(first)
    page.locator("[data-time-play]").click()
    expect(page.locator("[data-time-play]")).to_have_text("Play")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_without_scripts_everything_is_readable(visit, language):
    page = visit(f"/{language}/situation/CN-420000/", java_script_enabled=False)
    expect(page.locator("svg.tx-chart").first).to_be_visible()
    expect(page.locator("[data-map] svg")).to_be_visible()
    expect(page.locator("[data-tab-panel]:visible")).to_have_count(4)
    expect(page.locator("[data-sortable] tbody tr")).to_have_count(17)
    for control in ("[data-time]", "[data-map-zoom]", "[data-theme-switch]", "[data-past-release]"):
        expect(page.locator(control)).to_be_hidden()


def test_without_scripts_search_and_past_days_are_forms(visit):
    page = visit("/zh-hans/", java_script_enabled=False)
    page.locator("#site-search").fill("hubei")
    page.keyboard.press("Enter")
    page.locator("main").get_by_role("link", name="湖北省", exact=True).first.click()
    page.locator("#as-of-on").fill("2020-02-12")
    page.get_by_role("button", name="前往").click()
    expect(page).to_have_url(re.compile("/zh-hans/situation/CN-420000/as-of/2020-02-12/$"))
    expect(page.locator(".tx-lede")).to_contain_text("33,366")


def test_the_figures_are_taken_away_in_three_forms(visit):
    page = visit("/en/situation/CN-420000/")
    for name, kind in TAKEN_AWAY.items():
        link = page.locator(f"main a[href$='{name}']").evaluate("a => a.href")
        status, headers, body = get(link)
        assert (status, headers.get_content_type()) == (200, kind)
        assert body[:4] == b"PAR1" if name.endswith("parquet") else b"68128" in body


def test_the_picture_for_a_phone_is_made_for_one(visit):
    page = visit("/zh-hans/situation/CN-420000/")
    link = page.locator("a[href$='.png']").evaluate("a => a.href")
    status, headers, picture = get(link)
    assert (status, headers.get_content_type()) == (200, "image/png")
    assert struct.unpack(">II", picture[16:24]) == (1080, 1350)


@pytest.fixture
def other_site(tmp_path):
    """Somebody else's web site; its address, and the folder that it shows."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    handler.log_message = lambda *words: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", tmp_path
        server.shutdown()


def test_another_site_frames_a_place_but_not_the_desk(visit, town, other_site):
    address, folder = other_site
    code = visit("/en/situation/CN-420000/").locator("#embed-code").input_value()
    frame = re.sub(r'src="[^"]*(/en/embed/)', rf'src="{town.url}\1', code)
    (folder / "county.html").write_text(frame)
    page = visit(f"{address}/county.html")
    expect(page.frame_locator("iframe").locator("h1")).to_contain_text("Hubei")
    status, headers, _ = get(f"{town.url}/accounts/login/")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
