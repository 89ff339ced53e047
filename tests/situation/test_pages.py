"""Pages drawn without a request: what a reader sees, and what every page must have."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from tests.situation.sample_pages import (
    CHINA,
    HONGHU,
    HUBEI,
    JINGZHOU,
    WORLD,
    area,
    bare,
    child,
    curve_of,
    headline,
)
from tongxin.releases.site import site
from tongxin.situation import pages
from tongxin.situation.freshness import Age
from tongxin.situation.models import Source
from tongxin.situation.shapes import PlaceName

LANGUAGES = ("zh-hans", "en")
VOID = {"meta", "link", "input", "br", "line", "path", "rect", "circle", "img"}
LONG = PlaceName(
    "CN-422800", "prefecture", "恩施土家族苗族自治州", "Enshi Tujia and Miao Autonomous Prefecture"
)
PAGES = {
    "everything": area(),
    "no figures": bare(),
    "one day": area(curve=curve_of([5])),
    "nothing but gaps": area(curve=curve_of([None, None, None])),
    "a total that fell": area(curve=curve_of([10, 30, 20, 25])),
    "three years": area(curve=curve_of([i * 1000 for i in range(1143)])),
    "withheld": area(headlines=[headline("confirmed", None, is_suppressed=True)]),
    "no boundary": area(map=None),
    "long name": area(LONG),
    "figures of the place above": area(HONGHU, figures_from=JINGZHOU, parts_of=HUBEI),
    "the world": area(WORLD, ancestors=[], risk=None),
}


class Outline(HTMLParser):
    """The tags of a page, checked to be opened and closed in turn."""

    def __init__(self, text: str):
        super().__init__()
        self.open, self.tags, self.ids = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def every_page(language):
    for name, page in PAGES.items():
        yield name, pages.render_area(page, language=language)
        yield f"{name}, embedded", pages.render_area(page, language=language, mode="embed")
        yield f"{name}, as of a day", pages.render_area(page, language=language, mode="as_of")
    yield "home", pages.render_home([area(HONGHU), area(), bare(CHINA)], language=language)
    yield "compare", pages.render_compare([area(), bare()], language=language, asked=["XX"])
    yield "compare nothing", pages.render_compare([], language=language)
    source = Source(code="x", name_zh="甲", name_en="A", tier=1)
    yield "about", pages.render_about([source], language=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_and_has_what_a_screen_reader_needs(language):
    for name, text in every_page(language):
        page = Outline(text)
        assert page.all("html")[0]["lang"] == site(language, "/")["language_tag"], name
        assert re.search(r"<title>\s*\S", text), name
        assert [len(page.all(tag)) for tag in ("main", "h1", "title")][:2] == [1, 1], name
        assert 'class="nhsuk-skip-link" href="#main"' in text, name
        assert sorted(page.ids) == sorted(set(page.ids)), name
        references = {a[k] for _, a in page.tags for k in ("aria-labelledby", "for") if k in a}
        assert {one for many in references for one in many.split()} <= set(page.ids), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_style_or_script_inside(language):
    for name, text in every_page(language):
        page = Outline(text)
        assert not [a for _, a in page.tags if "style" in a or any(k[:2] == "on" for k in a)], name
        assert not page.all("style"), name
        assert all("src" in a or a["type"] == "application/json" for a in page.all("script")), name


def test_chinese_pages_are_chinese_and_english_ones_english():
    chinese, english = (pages.render_area(area(), language=x) for x in LANGUAGES)
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", chinese, flags=re.S)
    assert not re.findall(r"\b(?:the|of|and|with|cases)\b", words)
    assert "湖北省累计确诊67,800例" in chinese
    assert "67,800 people had been confirmed ill in Hubei" in english


def test_the_language_switch_keeps_the_page():
    text = pages.render_area(area(), language="en")
    assert 'href="/zh-hans/situation/CN-420000/" lang="zh-Hans"' in text
    asked = pages.render_area(area(), language="en", mode="as_of")
    assert 'href="/zh-hans/situation/CN-420000/as-of/2020-03-20/"' in asked


def test_a_release_links_within_itself_and_a_day_within_its_day():
    assert 'href="../../../en/situation/CN-420100/"' in pages.render_area(area(), language="en")
    asked = pages.render_area(area(), language="en", mode="as_of")
    assert 'href="/en/situation/CN-420100/as-of/2020-03-20/"' in asked
    world = pages.render_area(
        PAGES["the world"], language="en", release_path="en/situation/index.html"
    )
    assert 'href="../../en/situation/CN-420100/"' in world


def test_a_withheld_figure_is_said_to_be_withheld_and_never_shown_as_nought():
    text = pages.render_area(PAGES["withheld"], language="en")
    assert "Withheld: too few people" in text
    row = re.search(r'<tr data-code="CN-421000".*?</tr>', text, re.S).group()
    assert '<td class="n">withheld</td>' in row


def test_a_place_without_figures_says_whose_figures_it_shows():
    text = pages.render_area(PAGES["figures of the place above"], language="en")
    assert "Nobody publishes figures for Honghu itself; these are for Jingzhou." in text
    assert "Areas of Hubei" in text


def test_a_place_nobody_reports_on_still_has_a_page():
    text = pages.render_area(bare(), language="en")
    assert "No source has published figures for Honghu so far." in text
    assert "<table" not in text


def test_the_page_of_a_past_day_says_so_and_what_changed_since():
    text = pages.render_area(area(), language="en", mode="as_of", changed_since=area().revisions)
    assert "This page shows what was known at the end of 20 March 2020." in text
    assert "A mistake" in text and "withdrawn" in text
    assert "data-live" not in text


def test_the_risk_says_why_and_what_it_does_not_know():
    page = area()
    text = pages.render_area(page, language="en")
    assert "12 confirmed in all" in text
    assert "the level can fall in 10 days" in text
    assert "The figures do not reach back 14 days" in text
    assert "new in the 14 days" not in text  # nobody can tell which of them are new
    sure = replace(page, risk=replace(page.risk, facts={**page.risk.facts, "unknown": []}))
    said = pages.render_area(sure, language="en")
    assert "3 new in the 14 days to then; last new case on 16 March 2020." in said


def test_names_from_outside_cannot_write_into_the_page():
    evil = replace(HUBEI, en="<script>x</script>", zh="</script><i>")
    rows = [child(evil, 1, 1)]
    for language in LANGUAGES:
        text = pages.render_area(area(evil, children=rows), language=language)
        assert "<script>x" not in text
        assert "<i>" not in text


def test_comparing_per_head_leaves_out_a_place_whose_population_is_unknown():
    unknown = area(PlaceName("XX", "country", "某国", "Somewhere"))
    text = pages.render_compare([area(), unknown], language="en", unit="per_100k")
    assert text.count('class="tx-line tx-line--') == 2  # one place, on each of two scales


def test_the_sentence_says_how_many_which_way_and_since_when():
    text = pages.render_area(area(curve=curve_of([0, 0, 5, *[5] * 20])), language="en")
    assert "No new case was confirmed in the 7 days to 20 March." in text
    assert "figures of 22 January 2020, the last new one on 22 January 2020" in text


def test_the_site_knows_its_sections_and_its_twin_in_the_other_language():
    facts = site("en", "/en/situation/compare/")
    assert facts["section"] == "compare"
    assert [x["url"] for x in facts["languages"]][0] == "/zh-hans/situation/compare/"
    desk = site("en", "/desk/figures/")
    assert [x["url"] for x in desk["languages"]][0] == "/language/zh-hans/?next=/desk/figures/"


def test_a_caveat_is_marked_on_the_curve_on_its_day():
    text = pages.render_area(area(), language="en")
    days = (date(2020, 2, 12) - date(2020, 1, 20)).days
    at = f"{(days + 0.5) / 61 * 100:.2f}"
    assert f'class="tx-note-line" x1="{at}%"' in text


OLD = area(age=Age("years", 6), is_trial=True)


@pytest.mark.parametrize(
    ("language", "age", "trial"),
    [
        ("en", "The newest figure is of 20 March 2020, more than 6 years ago.", "For trial:"),
        ("zh-hans", "最新数据为2020年3月20日的数据，距今已超过6年。", "试用数据："),
    ],
)
def test_every_page_with_old_figures_says_so_at_its_head(language, age, trial):
    texts = [
        pages.render_area(OLD, language=language),
        pages.render_area(OLD, language=language, mode="embed"),
        pages.render_home([OLD, area()], language=language),
        pages.render_compare([OLD], language=language),
    ]
    for text in texts:
        assert f"<strong data-age-says>{age}</strong>" in text
        assert not re.search(r"<div class=\"tx-age\"[^>]* hidden", text)
        assert trial in text


def test_a_fresh_page_keeps_the_sentence_for_the_day_it_gets_old():
    text = pages.render_area(area(), language="en")
    notice = re.search(r'<div class="tx-age".*?>', text).group()
    assert notice.endswith(" hidden>")
    assert 'data-newest="2020-03-20" data-fresh-days="14"' in notice
    assert 'data-weeks="The newest figure is of 20 March 2020, more than {} weeks ago."' in notice
    assert "For trial" not in text


def test_a_level_of_long_ago_is_no_alarm():
    text = pages.render_area(OLD, language="en")
    assert 'class="is-old"' in text
    assert 'Medium risk <span class="tx-risk__on">on 20 March 2020</span>' in text
    assert "the level can fall" not in text
    assert 'class="is-old"' not in pages.render_area(area(), language="en")


def test_cases_counted_all_at_once_cast_doubt_on_the_level():
    review = replace(area().caveats[0], from_on=date(2020, 3, 17), to_on=date(2020, 3, 18))
    words = "older cases were counted all at once"
    assert words in pages.render_area(area(caveats=[review]), language="en")
    assert words not in pages.render_area(area(), language="en")  # its caveat is of February


def test_what_is_said_of_the_same_days_of_a_place_is_one_note():
    first = area().caveats[0]
    second = replace(first, metric="deaths", en="Deaths too.")
    text = pages.render_area(area(caveats=[first, second]), language="en")
    notes = re.findall(r'<li id="note-\d">', text)
    assert len(notes) == 1 and "Deaths too." in text
    assert ">1</text>" in text and ">1, 1</text>" not in text


def test_parts_that_nobody_reports_on_are_listed_with_their_pages():
    text = pages.render_area(area(JINGZHOU, silent=[HONGHU]), language="en")
    assert '<a href="../../../en/situation/CN-421083/">Honghu</a>' in text
    assert "no figures published" in text


@pytest.mark.parametrize("kind", ["home", "embed"])
def test_marks_on_a_curve_away_from_its_notes_link_to_them(kind):
    text = (
        pages.render_home([area()], language="en")
        if kind == "home"
        else pages.render_area(area(), language="en", mode="embed")
    )
    assert 'class="tx-note-mark"' in text
    assert re.search(r'href="[^"]*/en/situation/CN-420000/#notes"', text)
