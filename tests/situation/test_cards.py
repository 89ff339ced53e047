"""Share cards: words that fit, a picture of the right size, in both languages."""

import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from tests.situation.sample_pages import HONGHU, area, bare, curve_of
from tests.situation.test_pages import LONG
from tongxin.situation import cards
from tongxin.situation.freshness import Age

SVG = "{http://www.w3.org/2000/svg}"
PAGES = {
    "everything": area(HONGHU),
    "no figures": bare(),
    "one day": area(curve=curve_of([3])),
    "long name": area(LONG),
    "old": area(LONG, age=Age("months", 11)),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_word_of_a_card_stays_on_it(name, language):
    card = ElementTree.fromstring(cards.card_svg(PAGES[name], language))
    for text in card.iter(f"{SVG}text"):
        x, size = int(text.get("x")), int(text.get("font-size"))
        wide = cards.text_width(text.text or "", size)
        left = x - wide if text.get("text-anchor") == "end" else x
        assert left >= 0 and left + wide <= cards.WIDTH - 40, text.text
        assert 0 < int(text.get("y")) < cards.HEIGHT


def test_a_card_becomes_a_picture_that_is_not_empty():
    picture = Image.open(BytesIO(cards.card_png(cards.card_svg(area(HONGHU), "zh-hans"))))
    assert picture.size == (cards.WIDTH, cards.HEIGHT)
    assert len(picture.convert("RGB").getcolors(1 << 20)) > 50


def test_chinese_letters_are_drawn_from_the_fonts_that_come_along():
    blank = cards.card_svg(area(HONGHU), "zh-hans")
    other = blank.replace("洪湖市", "荆州市")
    assert cards.card_png(blank) != cards.card_png(other)


@pytest.mark.parametrize("text", ["", "同心" * 40, "word " * 40, "x" * 100])
def test_wrapping_loses_nothing(text):
    lines = cards.wrapped(text, 20, 300)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_punctuation_does_not_begin_a_line():
    lines = cards.wrapped("湖北省累计确诊。" * 9, 10, 80)
    assert not [line for line in lines if line.startswith("。")]


@pytest.mark.parametrize(
    ("language", "age", "level"),
    [
        ("en", "more than 6 years ago", "Medium risk on 20 March 2020"),
        ("zh-hans", "已超过6年", "中风险（2020年3月20日）"),
    ],
)
def test_a_card_of_old_figures_says_their_age_and_alarms_nobody(language, age, level):
    fresh = cards.card_svg(area(), language)
    old = cards.card_svg(area(age=Age("years", 6)), language)
    words = " ".join(re.findall(r"<text[^>]*>([^<]*)", old))
    assert age in words and level in words
    ink, ground = cards.LEVELS["medium"]
    assert ink in fresh and ground in fresh
    assert ink not in old and ground not in old
