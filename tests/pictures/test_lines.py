"""Where lines break, how wide they are, and what is done to text that should not be."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tongxin.pictures.canvas import Canvas
from tongxin.pictures.fonts import can_draw, font_file, shaped
from tongxin.pictures.lines import (
    balanced,
    cleaned,
    fitted,
    has_bad_line,
    inked,
    is_cut,
    tidy,
    wrapped,
)
from tongxin.pictures.raster import png

MIXED = st.text(st.sampled_from("疫情防控口罩病毒，。、！？（）《》“” abcXYZ-019%"), max_size=80)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("戴口罩，勤洗手。", 3.2, ["戴口", "罩，勤", "洗手。"]),
        ("体温38.5℃以上", 4, ["体温", "38.5℃", "以上"]),
        ("每天100元补贴", 3.2, ["每天", "100元", "补贴"]),
        ("参见《方案》执行", 3.2, ["参见", "《方案》", "执行"]),
        ("用COVID-19疫苗", 6, ["用COVID-19", "疫苗"]),
        ("wear a mask indoors", 6, ["wear a mask", "indoors"]),
        ("等等……再说", 3.2, ["等", "等……", "再说"]),
    ],
)
def test_lines_break_where_readers_expect(text, width, lines):
    assert wrapped(text, width, "regular", "zh") == lines


def test_a_word_longer_than_a_line_is_hyphenated():
    lines = wrapped("Pneumonoultramicroscopicsilicovolcanoconiosis", 6, "regular", "en")
    assert len(lines) > 2 and all(line.endswith("-") for line in lines[:-1])
    assert "".join(line.removesuffix("-") for line in lines).startswith("Pneumonoultra")


@given(MIXED, st.floats(2.5, 20))
@settings(max_examples=60, deadline=None)
def test_wrapping_keeps_every_character_and_the_width(text, width):
    text = tidy(text)
    lines = wrapped(text, width, "bold", "zh")
    assert "".join(lines).replace(" ", "").replace("-", "") == text.replace(" ", "").replace(
        "-", ""
    )
    assert all(inked(line, "bold", "zh")[1] <= max(width, 1.0) + 0.01 for line in lines)


def test_a_title_breaks_after_its_comma_and_not_inside_a_word():
    lines = balanced("新冠疫苗会改变人的基因，打了就不能生孩子", 14, "bold", "zh")
    assert lines == ["新冠疫苗会改变人的基因，", "打了就不能生孩子"]
    lines = "|".join(balanced("板蓝根能预防新冠病毒", 6, "bold", "zh"))
    assert all(word in lines for word in ("板蓝根", "预防", "病毒"))


def test_a_text_is_as_big_as_its_box_lets_it_be():
    small, big = (
        fitted("勤洗手" * n, box=(400, 200), sizes=(80, 20), language="zh") for n in (12, 2)
    )
    assert big.size > small.size and big.height <= 200 and small.height <= 200


def test_what_cannot_fit_is_cut_with_a_sign_of_it():
    laid = fitted("疫" * 900, box=(300, 120), sizes=(40, 30), language="zh")
    assert is_cut(laid) and laid.height <= 120
    assert not is_cut(fitted("疫情", box=(300, 120), sizes=(40, 30), language="zh"))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        ("新\u200d冠\u0000", "新冠"),
        ("e" + "\u0301" * 50 + "x", "e\u0301\u0301"),
        ("one\n\n two\t", "one two"),
        ("\ud800x", "x"),
    ],
)
def test_unseen_characters_are_taken_out(text, kept):
    assert tidy(text).startswith(kept) or len(tidy(text)) <= 4


def test_letters_the_fonts_do_not_hold_are_boxes_and_not_nothing():
    assert cleaned("😀 ok") == "□ ok" and cleaned("שלום") == "□□"


def test_the_mainlands_comma_stands_in_the_corner():
    drawn = {language: shaped("，", "regular", language).glyphs for language in ("zh", "en")}
    assert drawn["zh"] != drawn["en"]
    assert all(can_draw(c) for c in "疫情防控，。％℃①—…")


@pytest.mark.parametrize(
    ("text", "language"), [("“新冠，疫情。", "zh"), ("Wear a mask", "en"), ("口罩 N95", "zh")]
)
def test_ink_lies_where_it_was_measured(text, language):
    canvas = Canvas(900, 200, language)
    laid = fitted(text, box=(800, 100), sizes=(80, 80), weight="bold", language=language)
    canvas.words(laid, 40, 50, "#000000")
    image = Image.open(BytesIO(png(canvas.svg(title="", description="", ground="#ffffff"))))
    left, top, right, bottom = image.convert("L").point(lambda v: 255 * (v < 128)).getbbox()
    box = canvas.boxes[0]
    assert box.left - 2 <= left <= box.left + 16 and box.right - 18 <= right <= box.right + 2
    assert box.top - 8 <= top and bottom <= box.bottom + 16


def test_bad_lines_are_seen():
    assert has_bad_line(["病毒", "，口罩"]) and has_bad_line(["见（", "一）"])


def test_the_fonts_come_with_the_installation():
    assert {font_file(weight).suffix for weight in ("regular", "bold")} == {".otf"}
