"""What should I do: a mother at night, a man who tested positive, an editor's one edit."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESK, PHONE, REPOSITORY, environment, faults

PAGES = ["", "going-out/", "positive-at-home/", "block/baby-fever-doctor/", "for-me/"]
SAME_FOR_EVERYONE = {
    "/guidance/blocks.json",
    "/notices/notices.json",
    "/release.json",
    "/search.json",
    "/situation/risk.json",
}
NEXT = {"zh-hans": "下一题", "en": "Next"}


def asked(page) -> str:
    return page.locator("fieldset[data-question]:not([hidden])").get_attribute("data-question")


def answer(page, answers: dict[str, str], *, language: str = "zh-hans") -> None:
    """Answer as asked; what is not named, as most people do."""
    result = page.locator("[data-mine]")
    while not result.is_visible():
        step, axis = page.locator("[data-step]").inner_text(), asked(page)
        usual = page.locator(f"[data-question={axis}]").get_attribute("data-usual") or "you"
        page.locator(f"input[name={axis}][value={answers.get(axis, usual)}]").check()
        page.get_by_role("button", name=NEXT[language], exact=True).click()
        page.wait_for_function(
            "said => document.querySelector('[data-step]').innerText !== said"
            " || !document.querySelector('[data-mine]').hidden",
            arg=step,
        )


def told(page) -> set[str]:
    items = page.locator("[data-mine] [data-block]")
    return set(items.evaluate_all("all => all.map(one => one.dataset.block)"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_guidance_is_accessible_and_fits_a_phone(visit, language, path):
    """Each page is seen in both languages and in both themes."""
    scheme = "dark" if language == "zh-hans" else "light"
    page = visit(f"/{language}/guidance/{path}", color_scheme=scheme)
    size = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert size[0] <= size[1], f"wider than the phone: {size}"
    assert faults(page) == []


def test_a_mother_learns_in_a_minute_what_a_feverish_baby_needs_and_nobody_hears_of_it(visit):
    page = visit("/zh-hans/", size=PHONE)
    page.locator(".tx-todo").get_by_role("link", name=re.compile("只看与您有关的")).click()
    heard = []
    page.on("request", lambda request: heard.append((request.method, request.url)))
    answer(page, {"who": "they", "symptoms": "mild", "age": "baby"})
    expect(page.get_by_role("heading", name="适用于此人的建议")).to_be_focused()
    assert {"baby-fever-doctor", "baby-no-fever-medicine"} <= told(page)
    assert not {"symptoms-stay-home", "symptoms-fever-medicine"} & told(page)
    expect(page.locator("[data-mine-first] li").first).to_contain_text("三个月内婴儿发热马上看医生")
    assert faults(page) == []
    assert {method for method, _ in heard} <= {"GET"}
    files = {re.sub(r"^https?://[^/]+", "", url) for _, url in heard}
    assert {url for url in files if not url.startswith("/static/")} <= SAME_FOR_EVERYONE


def test_danger_needs_no_further_answers(visit):
    page = visit("/en/guidance/for-me/", language="en-GB")
    answer(page, {"symptoms": "danger"}, language="en")
    box = page.locator("[data-mine] .tx-danger")
    expect(box).to_contain_text("call for emergency help now")
    expect(box.get_by_role("link", name="120")).to_have_attribute("href", "tel:120")
    assert told(page) == set()


def test_a_man_who_tested_positive_and_lives_with_his_grandmother_comes_back(visit):
    page = visit("/en/guidance/for-me/", language="en-GB")
    answers = {"symptoms": "mild", "state": "positive", "household": "with-vulnerable"}
    answer(page, answers, language="en")
    first = told(page)
    assert any(slug.startswith("positive-") for slug in first)
    assert "go-to-school-when-well" not in first
    page.fill("#isolate-until", "2030-01-05")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save reminders (.ics)").click()
    calendar = saved.value.path().read_text(encoding="utf-8")
    assert "BEGIN:VCALENDAR" in calendar and "DTSTART;VALUE=DATE:20300105" in calendar
    assert "RRULE:FREQ=DAILY;COUNT=10" in calendar
    page.reload()
    expect(page.locator("[data-forme]")).to_be_visible()  # nothing is kept unasked
    answer(page, answers, language="en")
    page.locator("[data-remember]").check()
    page.evaluate(
        """() => {
            const kept = JSON.parse(localStorage.getItem("tongxin.guidance"));
            const [slug] = Object.keys(kept.shown);
            delete kept.shown[slug];
            kept.shown["no-more"] = { words: "0", title: "An advice of yesterday" };
            localStorage.setItem("tongxin.guidance", JSON.stringify(kept));
        }"""
    )
    page.reload()
    changes = page.locator("[data-mine-changes]")
    expect(changes).to_contain_text("An advice of yesterday")
    expect(changes.locator("li")).to_have_count(2)
    assert told(page) == first
    page.get_by_role("button", name="Forget my answers").click()
    assert page.evaluate("localStorage.getItem('tongxin.guidance')") is None


def test_a_place_is_set_behind_the_hash_and_found_by_name(visit):
    page = visit("/en/situation/CN-421083/", language="en-GB")
    page.get_by_role("link", name="What should I do here?").click()
    expect(page.locator("#forme-place")).to_have_value(re.compile("Honghu"))
    for _ in range(12):
        if asked(page) == "risk":
            break
        axis = asked(page)
        usual = page.locator(f"[data-question={axis}]").get_attribute("data-usual") or "you"
        page.locator(f"input[name={axis}][value={usual}]").check()
        page.get_by_role("button", name="Next", exact=True).click()
        expect(page.locator(f"[data-question={axis}]")).to_be_hidden()
    expect(page.locator("[data-risk-said]")).to_contain_text("too old to go by")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.locator("[data-mine-who]")).to_contain_text("Honghu")


def test_the_guidance_is_searched_by_words_within_the_page(visit):
    page = visit("/zh-hans/guidance/")
    page.get_by_label("在指南中查找").fill("孩子可以出门吗")
    expect(page.locator("[data-words-found] li").first).to_contain_text("孩子")
    page.get_by_label("在指南中查找").fill("zzz")
    expect(page.locator("[data-words-found]")).to_contain_text("没有找到")


def test_without_scripts_the_circumstances_are_listed(visit):
    page = visit("/en/guidance/for-me/", language="en-GB", java_script_enabled=False)
    expect(page.get_by_text("The questions need JavaScript")).to_be_visible()
    page.get_by_role("link", name="Positive at home").click()
    expect(page.get_by_role("heading", name="Don't")).to_be_visible()


def test_a_sheet_takes_two_pages_of_paper_at_most(visit):
    page = visit("/en/guidance/", size=DESK)
    links = page.locator(".tx-circumstance")
    for path in links.evaluate_all("all => all.map(one => one.getAttribute('href'))"):
        page.goto(f"/en/guidance/{path.split('guidance/')[-1]}")
        sheet = page.pdf(format="A4", margin=dict.fromkeys(["top", "bottom"], "12mm"))
        assert len(re.findall(rb"/Type\s*/Page\b", sheet)) <= 2, path


def test_one_edit_reaches_page_and_for_me_after_the_next_look_of_the_worker(visit, town):
    words = "Get tested within a day of falling ill"
    edit = (
        "import django; django.setup(); from tongxin.guidance.models import AdviceBlock as A;"
        f"row = A.objects.get(slug='symptoms-test'); row.title_en = {words!r}; row.save()"
    )
    settings = environment(town.home, DJANGO_SETTINGS_MODULE="tongxin.settings")
    subprocess.run([sys.executable, "-c", edit], env=settings, cwd=REPOSITORY, check=True)
    page = visit("/en/guidance/for-me/", language="en-GB")
    for _ in range(30):
        page.goto("/en/guidance/block/symptoms-test/")
        if words in page.locator("h1").inner_text():
            break
        page.wait_for_timeout(1000)
    expect(page.locator("h1")).to_have_text(words)
    page.goto("/en/guidance/for-me/")
    answer(page, {"symptoms": "mild"}, language="en")
    expect(page.locator("[data-block=symptoms-test] h4")).to_contain_text(words)
