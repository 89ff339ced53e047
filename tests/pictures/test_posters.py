"""Posters of everything that ships: nothing leaves its place, all can be read and scanned."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import combinations
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image

from tests.pictures import shipped
from tongxin import pictures
from tongxin.pictures import ClaimPoster, Figure, Point, Risk, SituationPoster, Size, fonts
from tongxin.pictures import cards as card_sheets
from tongxin.pictures import claims as claim_sheets
from tongxin.pictures import situations as situation_sheets
from tongxin.pictures.canvas import SIGNS, Box, Canvas
from tongxin.pictures.colours import contrast
from tongxin.pictures.frame import SIDE
from tongxin.pictures.lines import has_bad_line, tidy

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2020, 2, 8)
CLAIM = ClaimPoster(
    claim="喝白酒能杀死新冠病毒",
    verdict="false",
    why="酒精喝下去到不了病毒所在的地方。喝酒还会伤身。",
    sources=("世界卫生组织：流言终结者",),
    answered_on=DAY,
    true_as_of=date(2026, 11, 1),
    address="https://example.org/zh-hans/myths/alcohol/",
    authority="洪湖市卫生健康局",
)
PLACE = SituationPoster(
    place="洪湖市",
    about="新冠 · 截至2020年2月17日 24:00",
    said=("截至2月17日累计确诊217例。", "近7天新增64例，比前7天少。", "首例见于1月20日。"),
    figures=(Figure("累计确诊", "217", "较前一日 +3", "worse"), Figure("治愈", "31")),
    risk=Risk("high", "高风险"),
    curve_name="每日新增确诊",
    curve=(None, 0, 3, 8, 20, 14, 9, 9, 3, 1),
    first_day="1月20日",
    last_day="2月17日",
    sources=("湖北省卫健委",),
    address="https://example.org/zh-hans/situation/CN-421083/",
)


def sheet(poster: object, language: str, size: Size) -> Canvas:
    """The sheet of any poster."""
    if isinstance(poster, ClaimPoster):
        return claim_sheets.drawn(poster, language, size)
    if isinstance(poster, SituationPoster):
        return situation_sheets.drawn(poster, language, size)
    return card_sheets.drawn(poster, language, size)


def faults(canvas: Canvas, size: Size) -> list[str]:
    """What stands where it must not: over the edge, over other words, bad line ends."""
    right, bottom = canvas.width - SIDE[size] + 1, canvas.height - 30
    found = [
        f"leaves the sheet: {box.text}"
        for box in canvas.boxes
        if box.left < SIDE[size] - 1 or box.right > right or box.top < 40 or box.bottom > bottom
    ]
    found += [f"bad line: {box.lines}" for box in canvas.boxes if has_bad_line(box.lines)]
    found += [
        f"lies over: {a.text} / {b.text}" for a, b in combinations(canvas.boxes, 2) if over(a, b)
    ]
    return found + [f"too small: {box.text}" for box in canvas.boxes if box.size < 20]


def over(a: Box, b: Box) -> bool:
    """Whether two texts share a place."""
    across = a.left < b.right and b.left < a.right
    return across and a.top < b.bottom and b.top < a.bottom


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_claim_that_ships_fits_its_poster(language, size):
    wrong = []
    for poster in shipped.claims(language):
        canvas = sheet(poster, language, size)
        wrong += [f"{poster.address} {fault}" for fault in faults(canvas, size)]
        drawn = {box.text for box in canvas.boxes if not box.lines[-1].endswith("…")}
        whole = {tidy(poster.why), tidy(poster.address.split("//")[1].rstrip("/"))}
        wrong += [f"cut: {text}" for text in whole - drawn]
    assert wrong == []


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_card_that_ships_fits(language, size):
    wrong = []
    for poster in shipped.cards(language):
        canvas = sheet(poster, language, size)
        wrong += [f"{poster.title}: {fault}" for fault in faults(canvas, size)]
        wrong += [f"cut: {box.text}" for box in canvas.boxes[:-3] if box.lines[-1][-1] == "…"]
    assert wrong == []


@pytest.mark.parametrize("size", Size)
def test_a_situation_fits_whatever_is_known(size):
    bare = replace(PLACE, figures=(), risk=None, curve=(), sources=())
    long = replace(
        PLACE,
        place="克孜勒苏柯尔克孜自治州阿合奇县",
        aged="最新数据为一年以前。",
        said=PLACE.said * 5,
    )
    four = replace(PLACE, figures=(Figure("累计确诊病例", "1,234,567,890", "较前一日 +3"),) * 4)
    for poster in (PLACE, bare, long, four):
        assert faults(sheet(poster, "zh", size), size) == []


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("poster", [CLAIM, next(shipped.cards("zh")), PLACE])
def test_words_stand_out_from_what_lies_under_them(poster, size):
    canvas = sheet(poster, "zh", size)
    svg = canvas.svg(title="", description="", ground="#f6f8f8")
    image = Image.open(BytesIO(pictures.png(svg))).convert("RGB")
    for box in canvas.boxes:
        part = image.crop((int(box.left), int(box.top), int(box.right), int(box.bottom)))
        colours = sorted(part.getcolors(1 << 22), reverse=True)
        grounds = ["#{:02x}{:02x}{:02x}".format(*colour) for _, colour in colours[:2]]
        ground = next(colour for colour in grounds if colour != box.fill)
        assert contrast(ground, box.fill) >= 4.5, (box.text, ground, box.fill)


def test_a_verdict_is_told_by_shape_and_word_not_by_colour_alone():
    assert len({shape for shape, _ in SIGNS.values()}) == 4
    words = {
        sheet(replace(CLAIM, verdict=verdict), "zh", Size.PHONE).boxes[2].text for verdict in SIGNS
    }
    assert words == {"假的", "误导", "没有证据", "真的"}


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("poster", [CLAIM, next(shipped.cards("zh")), PLACE])
def test_the_code_leads_to_the_page(poster, size):
    svg = sheet(poster, "zh", size).svg(title="", description="", ground="#f6f8f8")
    for width in (None, 720):
        image = Image.open(BytesIO(pictures.png(svg, width=width)))
        assert [code.text for code in zxingcpp.read_barcodes(image)] == [poster.address]


def test_a_reader_who_does_not_see_it_hears_all_of_it_in_order():
    svg = ElementTree.fromstring(pictures.claim_poster(CLAIM, "zh-hans"))
    title, said = svg.find(f"{SVG}title").text, svg.find(f"{SVG}desc").text
    assert title == "假的：喝白酒能杀死新冠病毒" and said == pictures.alt_text(CLAIM, "zh-hans")
    heard = [group.get("aria-label") for group in svg.iter(f"{SVG}g") if group.get("aria-label")]
    told = ["假的", CLAIM.claim, CLAIM.why, CLAIM.sources[0]]
    assert sorted(said.index(text) for text in told) == [said.index(text) for text in told]
    places = [next(at for at, text in enumerate(heard) if part in text) for part in told]
    assert places == sorted(places)


def test_a_card_in_words_names_even_what_the_picture_leaves_out():
    poster = replace(next(shipped.cards("zh")), do=tuple(Point(f"第{n}条") for n in range(1, 30)))
    assert "第29条" in pictures.alt_text(poster, "zh")
    assert any("扫码" in box.text for box in sheet(poster, "zh", Size.PHONE).boxes)


@pytest.mark.parametrize("size", Size)
def test_a_poster_is_the_size_it_says(size):
    image = Image.open(BytesIO(pictures.png(pictures.claim_poster(CLAIM, "zh-hans", size))))
    assert image.size == size.pixels


def test_the_same_record_gives_the_same_bytes():
    first = pictures.claim_poster.__wrapped__(CLAIM, "en", Size.PHONE)
    for remembered in (fonts.outline, fonts.shaped, fonts.positions):
        remembered.cache_clear()
    assert pictures.claim_poster.__wrapped__(CLAIM, "en", Size.PHONE) == first
    assert pictures.claim_poster(replace(CLAIM), "en", "phone") == first


HOSTILE = [
    "<script>alert(1)</script>&amp;\"'><svg onload=x>",
    "]]></desc><image href='file:///etc/passwd'/>",
    "\u202eevil\u2066\u200b\u0000\ufffe" + "e" + "\u0301" * 3000,
    "x" * 10_000,
    "疫" * 10_000,
    "，。！" * 2000,
    "مرحبا بالعالم 😀" * 50,
    " ",
    "",
]


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_only_words(text, size):
    poster = replace(
        CLAIM, claim=text, why=text, sources=(text,), authority=text[:100], address="https://a.org/"
    )
    svg = pictures.claim_poster(poster, "zh-hans", size)
    tree = ElementTree.fromstring(svg)
    allowed = {"svg", "title", "desc", "defs", "path", "rect", "g", "use", "circle"}
    assert {part.tag.removeprefix(SVG) for part in tree.iter()} <= allowed
    assert not {"\u202e", "\u2066", "\u200b"} & set(svg) and len(svg) < 400_000
    placed = faults(sheet(poster, "zh", size), size)
    assert [fault for fault in placed if not fault.startswith("bad line")] == []


def test_an_unknown_verdict_is_no_poster():
    with pytest.raises(KeyError):
        pictures.claim_poster(replace(CLAIM, verdict="perhaps"), "en")


def test_missing_fonts_are_named(monkeypatch):
    monkeypatch.setitem(fonts.WHEELS, "bold", "no_such_font")
    with pytest.raises(pictures.FontsMissing, match="no-such-font"):
        fonts.font_file("bold")
