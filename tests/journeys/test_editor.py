"""One writes, another lets out, and the public reads it within seconds."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESK, PHONE, get

ADVICE = "/cms/snippets/guidance/adviceblock/"
NEW = "Air the classroom in every break"


def press(page, name: str):
    """A button of the menu at the foot of the form."""
    page.locator("footer [data-w-dropdown-target='toggle']").click()
    page.locator("footer").get_by_text(name).last.click()


def test_an_editor_writes_a_reviewer_lets_out_and_everyone_reads_it(sign_in, visit, town):
    writer = sign_in("yan")
    writer.goto(f"{ADVICE}?q=windows")
    writer.locator("a[href*='/adviceblock/edit/']", has_text="教室课间开窗").first.click()
    writer.locator("[name=title_en]").fill(NEW)
    expect(writer.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    press(writer, "Submit to")
    expect(writer.get_by_text(re.compile("submitted for moderation")).first).to_be_visible(
        timeout=20_000
    )

    reviewer = sign_in("qing")
    reviewer.goto("/cms/")
    reviewer.locator("a[href*='/adviceblock/edit/']").first.click()
    expect(reviewer.locator("[name=title_en]")).to_have_value(NEW)
    reviewer.locator("footer").get_by_text("Approve").first.click()
    expect(reviewer.get_by_text(re.compile("is approved")).first).to_be_visible(timeout=20_000)

    for _ in range(120):
        _, _, page = get(f"{town.url}/en/guidance/block/air-classrooms/")
        if NEW in page.decode():
            break
        reviewer.wait_for_timeout(500)
    reader = visit("/en/guidance/block/air-classrooms/", language="en")
    expect(reader.get_by_role("heading", level=1)).to_have_text(NEW)
    reader.goto("/en/guidance/school/")
    expect(reader.get_by_text(NEW).first).to_be_visible()


@pytest.mark.parametrize(("language", "size"), [("zh-CN", PHONE), ("en", DESK)])
def test_the_form_fits_and_breaks_nothing(sign_in, language, size):
    page = sign_in("yan", language=language, size=size)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for address in (ADVICE, f"{ADVICE}add/", "/cms/words/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert errors == []
