"""Chen brings the evening's figures in, decides, previews, publishes, and takes it back."""

import gzip
import json
import re

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from tests.journeys.conftest import faults, get

COUNTY = "/zh-hans/situation/CN-421083/"
DAYS = range(20, 31)
HONGHU = [f"洪湖市,confirmed,2020-04-{day},{160 + day}" for day in DAYS]
GONGAN = [f"公安县,confirmed,2020-04-{day},{100 + day}" for day in range(20, 30)]
FIGURES = [
    "place,metric,date,value",
    *HONGHU[:9],
    "洪湖市,confirmed,2020-04-29,150",  # a fall
    HONGHU[10],
    *GONGAN,
    "公安县,confirmed,2020-04-30,1700",  # a jump, and more than its city has
    "石首城区,confirmed,2020-04-30,87",  # no place of that name
    "监利县,confirmed,2020-04-30,约五",  # not a number
    ",confirmed,2020-04-30,3",  # no place at all: line 26
]
PATIENCE = 120_000  # ms for building a release on a busy machine
REASON = "The county has confirmed the figure in writing; the city's follows tomorrow."
TAKEN_BACK = "The figure of Gong'an was a slip of the pen after all."


def upload(page, path, *, kind="csv", note=""):
    page.goto("/desk/figures/imports/")
    page.locator("#id_file").set_input_files(path)
    page.locator("#id_format").select_option(kind)
    page.locator("#id_note").fill(note)
    page.get_by_role("button", name="Import", exact=True).click()


def fact(page, name):
    """What a summary list says under a name."""
    row = page.locator(".nhsuk-summary-list__row").filter(
        has=page.locator("dt").get_by_text(name, exact=True)
    )
    return row.locator("dd").inner_text()


def held(page, words):
    """The one decision that waits about this file and says these words."""
    return page.locator(".tx-held__one", has_text="evening.csv").filter(has_text=words)


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    """The file that the county sent."""
    path = tmp_path_factory.mktemp("county") / "evening.csv"
    path.write_text("\n".join(FIGURES), encoding="utf-8")
    return path


def test_1_an_upload_ends_in_a_report_that_accounts_for_every_line(sign_in, evening):
    page = sign_in("chen")
    upload(page, evening, note="As the county says")
    expect(page.locator("h1")).to_contain_text("evening.csv")
    assert [fact(page, name) for name in ("Held", "Refused")] == ["4", "1"]
    assert int(fact(page, "Read")) == len(FIGURES) - 1
    expect(page.locator("tbody tr", has_text=str(len(FIGURES)))).to_be_visible()
    assert faults(page) == []
    page.locator("main").get_by_role("link", name="Decide").click()
    for words in ("falls from 188 to 150", "No place is called “石首城区”", "not a whole number"):
        expect(held(page, words)).to_be_visible()
    expect(held(page, "new in a day")).to_contain_text("→ 1,700")
    assert faults(page) == []


def test_2_an_officer_accepts_one_figure_and_rejects_another(sign_in):
    page = sign_in("chen")
    page.goto("/desk/figures/held/?place=洪湖")
    held(page, "falls from").get_by_role("checkbox").check()
    page.locator("#id_note").last.fill("The hospital says 189")
    page.get_by_role("button", name="Reject what is chosen").click()
    expect(page.get_by_text("1 figure rejected.")).to_be_visible()
    page.goto("/desk/figures/held/?place=公安")
    held(page, "new in a day").get_by_role("checkbox").check()
    page.get_by_role("button", name="Accept what is chosen").click()
    expect(page.get_by_text("1 figure accepted.")).to_be_visible()


def test_3_an_officer_says_which_place_was_meant(sign_in):
    page = sign_in("chen")
    page.goto("/desk/figures/held/?place=石首")
    held(page, "石首城区").get_by_role("link", name="Choose the place").click()
    page.locator("#id_q").press_sequentially("shishou")
    page.locator("#choice a", has_text="Shishou").first.click()
    expect(page.locator("#choice h2").last).to_contain_text("CN-421081")
    assert faults(page) == []
    page.get_by_role("button", name="Accept for this place").click()
    expect(held(page, "石首城区")).to_have_count(0)
    page.goto("/desk/figures/held/?reason=unreadable_value")
    held(page, "not a whole number").get_by_role("link", name="Look closer").click()
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("1 figure rejected.")).to_be_visible()
    page.goto("/desk/figures/held/")
    expect(held(page, "")).to_have_count(0)


def build(page):
    page.goto("/desk/releases/")
    page.get_by_role("button", name="Build a release now").click()
    page.wait_for_url(re.compile(r"/desk/releases/[0-9a-f]{64}/"), timeout=PATIENCE)


def test_4_the_gate_stops_what_cannot_be_and_the_preview_marks_what_changes(sign_in):
    page = sign_in("chen")
    build(page)
    stopped = page.locator(".tx-findings li", has_text="more than its own 1,580")
    expect(stopped).to_contain_text("Jingzhou")
    expect(stopped).to_contain_text("its areas sum to 1,977")
    expect(stopped).to_contain_text("Stops")
    expect(page.get_by_role("button", name="Publish now")).to_have_count(0)
    change = page.locator("tr", has_text="Honghu").filter(has_text="Confirmed")
    expect(change).to_contain_text("190")
    expect(change).to_contain_text("new series")
    beside = page.frame_locator("iframe[title='This release']").locator("h1")
    expect(beside).to_contain_text("Honghu")
    expect(page.locator("iframe[title=Current]")).to_have_count(1)
    assert faults(page) == []


def test_5_a_second_person_lets_it_out_and_the_public_reads_why(sign_in, visit, town):
    chen = sign_in("chen")
    build(chen)
    chen.get_by_role("link", name="Ask for an override").click()
    chen.locator("#id_reason").fill(REASON)
    assert faults(chen) == []
    chen.get_by_role("button", name="Ask").click()
    expect(chen.get_by_text("An override was asked for by")).to_be_visible()
    expect(chen.get_by_role("button", name="Grant the override")).to_have_count(0)
    lin = sign_in("lin")
    lin.goto(chen.url)
    lin.get_by_role("button", name="Grant the override").click()
    lin.get_by_role("button", name="Publish now").click()
    expect(lin.get_by_text("The public sees this release now.")).to_be_visible(timeout=PATIENCE)
    (override,) = json.loads(get(f"{town.url}/release.json")[2])["overrides"]
    assert REASON in json.dumps(override, ensure_ascii=False)
    page = visit(COUNTY)
    expect(page.locator("[data-metric=confirmed] [data-value]")).to_have_text("190")
    expect(page.locator(".tx-lede")).to_contain_text("洪湖市累计确诊190例")


def test_6_what_was_published_is_rolled_back_with_its_reason(sign_in, visit):
    page = sign_in("chen")
    page.goto("/desk/releases/")
    assert faults(page) == []
    published = page.get_by_role("table", name="Published", exact=True).locator("tbody tr")
    expect(published.first).to_contain_text("current")
    published.nth(1).get_by_role("link").click()
    page.get_by_role("link", name="Roll back to this release").click()
    page.locator("#id_reason").fill(TAKEN_BACK)
    assert faults(page) == []
    page.get_by_role("button", name="Roll back").click()
    expect(page.get_by_text("Rolled back. The public sees this release now.")).to_be_visible()
    public = visit(COUNTY)
    expect(public.locator("[data-metric=confirmed] [data-value]")).to_have_text("1,580")
    public.goto("/en/releases/")
    expect(public.get_by_text(TAKEN_BACK)).to_be_visible()


def test_7_the_slip_is_corrected_with_our_own_sheet_and_goes_out(sign_in, visit, tmp_path):
    page = sign_in("chen")
    page.goto("/desk/figures/imports/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download our empty sheet (.xlsx)").click()
    sheet = tmp_path / "corrected.xlsx"
    download.value.save_as(sheet)
    book = load_workbook(sheet)
    book.worksheets[0].append(["公安县", "421022", "confirmed", "2020-04-30", 130])
    book.save(sheet)
    upload(page, sheet, kind="xlsx", note="A slip of the pen: 130, not 1,700")
    assert fact(page, "Revised") == "1"
    build(page)
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("The public sees this release now.")).to_be_visible(timeout=PATIENCE)
    public = visit("/en/situation/CN-421022/")
    expect(public.locator("[data-metric=confirmed] [data-value]")).to_have_text("130")
    expect(public.get_by_text("A slip of the pen: 130, not 1,700")).to_be_visible()


def formula(path):
    book = Workbook()
    book.active.append(["place", "metric", "date", "value"])
    book.active.append(["洪湖市", "confirmed", "2020-05-01", "=190+1"])
    book.save(path)


def truncated(path):
    path.write_bytes(gzip.compress("\n".join(FIGURES).encode())[:-20])


def web_page(path):
    path.write_text("<!doctype html><html><body><h1>503 Service Unavailable</h1></body></html>")


HOSTILE = {
    "formula": (formula, "figures.xlsx", "xlsx", "formula in"),
    "truncated": (truncated, "figures.csv.gz", "csv", "figures.csv.gz"),
    "web page": (web_page, "figures.csv", "csv", "figures.csv"),
    "another format": (web_page, "figures.xlsx", "xlsx", "figures.xlsx"),
}


@pytest.mark.parametrize("trouble", HOSTILE)
def test_a_file_that_cannot_be_used_is_refused_whole(sign_in, tmp_path, trouble):
    write, name, kind, words = HOSTILE[trouble]
    write(tmp_path / name)
    page = sign_in("chen")
    page.goto("/desk/figures/imports/")
    imported = page.get_by_role("table", name="Imported").locator("tbody tr")
    before = imported.count()
    upload(page, tmp_path / name, kind=kind)
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("alert")).not_to_contain_text("Traceback")
    assert imported.count() == before


DESK_PAGES = [
    "",
    "figures/imports/",
    "figures/held/",
    "figures/disagreements/",
    "figures/pulls/",
    "releases/",
]


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_every_page_of_the_desk_is_accessible(sign_in, language):
    page = sign_in("lin", language=language)
    for path in [*DESK_PAGES, "audit/"]:
        page.goto(f"/desk/{path}")
        assert faults(page) == [], path
        assert "– –" not in page.title()


def test_the_desk_fits_a_phone(sign_in):
    page = sign_in("chen", size={"width": 390, "height": 844})
    for path in DESK_PAGES:
        page.goto(f"/desk/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_resident_and_a_stranger_see_nothing_of_the_desk(sign_in, visit):
    rui, stranger = sign_in("rui"), visit("/en/")
    for path in DESK_PAGES:
        assert rui.goto(f"/desk/{path}").status == 403, path
        expect(rui.locator("h1")).to_have_text("You may not see this page")
        stranger.goto(f"/desk/{path}")
        expect(stranger).to_have_url(re.compile("/accounts/login/"))
