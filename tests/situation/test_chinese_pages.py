"""A Chinese page is Chinese: Latin letters only where the thing itself is called so."""

import html
import re
from dataclasses import replace

import pytest

from tests.situation.sample_pages import CHINA, HONGHU, area, bare
from tongxin.places import boundary_sources
from tongxin.situation import pages
from tongxin.situation.actions.sources import shipped_sources
from tongxin.situation.freshness import Age
from tongxin.situation.models import Source

# Names, units, licences and codes that a Chinese reader meets in Latin letters elsewhere too.
NAMED_SO = """
    AA AGPL API Apache Atom CC BY COVID CSV DXY GCJ GNU Affero IgG IgM JSON JavaScript MIT PNG
    Parquet R RT PCR WCAG WGS nCoV Tongxin CN XX
    npm echarts map json world atlas Natural Earth m BlankerL Data canghailan Wuhan
    Huang Cori American Journal of Epidemiology
"""
ALLOWED = set(NAMED_SO.split())
FOREIGN = re.compile(r'<(\w+)[^>]*\blang="en"[^>]*>.*?</\1>', re.S)
UNSEEN = re.compile(r"<(script|style|textarea|title)\b.*?</\1>", re.S)


def latin(text: str) -> set[str]:
    """Words in Latin letters that a reader of the page sees."""
    seen = FOREIGN.sub(" ", UNSEEN.sub(" ", text))
    spoken = re.findall(r'(?:aria-label|placeholder| title|data-\w+)="([^"]* [^"]*)"', seen)
    spoken = [text for text in spoken if not text.startswith("#")]  # not colours
    shown = " ".join([re.sub(r"<[^>]+>", " ", seen), *spoken])
    return set(re.findall(r"[A-Za-z]+", html.unescape(shown)))


def boundaries(*sources):
    return replace(area().map, attribution="; ".join(sources))


CHINA_MAP = f"{boundary_sources.ECHARTS} (Apache-2.0)"
WORLD_MAP = f"{boundary_sources.WORLD_ATLAS} (Public domain)"
# What sources said in their own words is left out: it is shown as they said it.
PLAIN = {
    "map": boundaries(CHINA_MAP, WORLD_MAP),
    "revisions": [],
    "disagreements": [],
    "caveats": [replace(area().caveats[0], source="")],
}
PAGES = {
    "old": lambda: pages.render_area(
        area(age=Age("years", 6), is_trial=True, silent=[HONGHU], **PLAIN), language="zh-hans"
    ),
    "as of a day": lambda: pages.render_area(area(**PLAIN), language="zh-hans", mode="as_of"),
    "embedded": lambda: pages.render_area(area(**PLAIN), language="zh-hans", mode="embed"),
    "no figures": lambda: pages.render_area(bare(), language="zh-hans"),
    "home": lambda: pages.render_home([area(**PLAIN), bare(CHINA)], language="zh-hans"),
    "compare": lambda: pages.render_compare([area()], language="zh-hans", asked=["XX"]),
    "about": lambda: pages.render_about(
        [
            Source(name_zh=s.name_zh, name_en=s.name_en, licence=s.licence, tier=s.tier)
            for s in shipped_sources()
        ],
        language="zh-hans",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_no_english_is_left_on_a_chinese_page(name):
    said = PAGES[name]().replace(CHINA.en, "").replace("简体中文", "")
    assert latin(said) - ALLOWED == set()


def test_a_forgotten_word_would_be_found():
    text = '<p title="Close this">数据 <b>first run</b> <i lang="en">Hubei</i></p>'
    assert latin(text) == {"Close", "this", "first", "run"}
