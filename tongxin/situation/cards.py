"""The share card of a place: one tall picture, made to be read on a phone in a chat.

Drawn as SVG (1080 by 1350), turned into PNG without a browser and with fonts that come with the
installation, so that it looks the same everywhere.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path

import resvg_py
import segno
from django.conf import settings
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongxin.situation import age_text, area_text, charts, risk_text, sentence, wording
from tongxin.situation.links import path_of
from tongxin.situation.pages import disease_name
from tongxin.situation.shapes import AreaPage, Curve

WIDTH, HEIGHT, SIDE = 1080, 1350, 72
FONT = "Noto Sans CJK TC"  # the family's name in the wheels; it holds all of CJK
FONT_WHEELS = ("cvttf_NotoSansCJK_Regular", "cvttf_NotoSansCJK_Bold")
INK, QUIET, BRAND, ACCENT, PAPER, LINE = (
    "#14242c",
    "#495e6a",
    "#0b4a58",
    "#ff9d76",
    "#f3f6f6",
    "#d3dddf",
)
TONES = {"worse": "#a3260f", "better": "#0b6b4f"}
LEVELS = {
    "low": ("#0b6b4f", "#dff0e8"),
    "medium": ("#7a4a00", "#fdeccb"),
    "high": ("#9d1c2e", "#fbe1e1"),
}
MARK = (
    '<g transform="translate(72 52) scale(1.6)" fill="none" stroke-width="5" '
    'stroke-linecap="round"><path stroke="#ffffff" d="M22 37.5C13.5 31 9 25.6 9 19.5A7.7 7.7 0 0 '
    '1 24 17.3"/><path stroke="#ff9d76" d="M26 37.5C34.5 31 39 25.6 39 19.5A7.7 7.7 0 0 0 28.5 '
    '12.6"/>'
    '<circle cx="24" cy="25" r="3.2" fill="#ffffff"/></g>'
)


def card_svg(page: AreaPage, language: str) -> str:
    """The card of a place in a language."""
    with translation.override(language):
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" '
            'viewBox="0 0 {w} {h}" xml:lang="{lang}" font-family="{font}"><title>{title}</title>'
            '<rect width="{w}" height="{h}" fill="{paper}"/>'
            "{head}{words}{numbers}{curve}{foot}</svg>",
            w=WIDTH,
            h=HEIGHT,
            lang="zh-Hans" if language.startswith("zh") else "en",
            font=FONT,
            title=page.place.in_language(language),
            paper=PAPER,
            head=_head(page, language),
            words=_words(page, language),
            numbers=_numbers(page, language),
            curve=_curve(page.curve, language),
            foot=_foot(page, language),
        )


def card_png(svg: str) -> bytes:
    """The card as a picture.

    Raises ValueError where ``svg`` is no picture.
    """
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            skip_system_fonts=True,
            font_files=[str(path) for path in font_files()],
            font_family=FONT,
            languages=["zh-Hans", "en"],
        )
    )


def font_files() -> list[Path]:
    """The fonts of the wheels, regular and bold."""
    folders = (Path(str(import_module(name).__file__)).parent for name in FONT_WHEELS)
    return [next(folder.glob("*.otf")) for folder in folders]


def text_width(text: str, size: float) -> float:
    """About how wide a text is: a Chinese character is one em, a Latin letter a good half.

    >>> text_width("同心", 10), text_width("ab", 10)
    (20.0, 10.8)
    """
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return size * (wide + 0.54 * (len(text) - wide))


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Lines no wider than ``width``, broken between words or Chinese characters.

    >>> wrapped("one two three", 10, 45), wrapped("湖北省累计确诊", 10, 40)
    (['one two', 'three'], ['湖北省累', '计确诊'])
    """
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def _pieces(text: str) -> Iterator[str]:
    """Words with the space before them; Chinese characters one by one, punctuation kept behind."""
    piece = ""
    for c in text:
        is_wide = unicodedata.east_asian_width(c) in "WF"
        closes = c in "，。；：、！？）"
        if piece and not closes and (is_wide or c == " " or _ends_wide(piece)):
            yield piece
            piece = ""
        piece += c
    yield piece


def _ends_wide(piece: str) -> bool:
    return unicodedata.east_asian_width(piece[-1]) in "WF"


def _text(x: float, y: float, size: int, text: str, fill: str = INK, more: str = "") -> SafeString:
    return format_html(
        '<text x="{}" y="{}" font-size="{}" fill="{}" {}>{}</text>',
        round(x),
        round(y),
        size,
        fill,
        SafeString(more),
        text,
    )


def _joined(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


BOLD = 'font-weight="700"'
RIGHT = 'text-anchor="end"'
HALO = f'stroke="{PAPER}" stroke-width="6" stroke-linejoin="round" paint-order="stroke"'


def _head(page: AreaPage, language: str) -> SafeString:
    name = page.place.in_language(language)
    size = min(88, int(88 * 936 / max(text_width(name, 88), 1)))
    about = f"{disease_name(page.disease, language)} · " + _("as of %(moment)s") % {
        "moment": wording.moment(page.as_of, language)
    }
    return _joined(
        [
            format_html('<rect width="{}" height="330" fill="{}"/>', WIDTH, BRAND),
            SafeString(MARK),
            _text(164, 104, 40, _("Tongxin"), "#ffffff", BOLD),
            *(
                [_text(WIDTH - SIDE, 102, 30, settings.AUTHORITY, "#b9d4d8", RIGHT)]
                if getattr(settings, "AUTHORITY", "")
                else []
            ),
            _text(SIDE, 226, size, name, "#ffffff", BOLD),
            _text(SIDE, 288, 32, about, "#d5e6e8"),
        ]
    )


def _words(page: AreaPage, language: str) -> SafeString:
    """The age of old figures, then the answer in words: as much as fits."""
    gap = "" if language.startswith("zh") else " "
    size, leading, room = (32, 46, 5) if page.age else (36, 54, 4)
    aged = wrapped(_age(page, language), size, WIDTH - 2 * SIDE) if page.age else []
    room -= len(aged)
    lines: list[str] = []
    said = ""
    for text in sentence.in_words(page, language):
        longer = wrapped(f"{said}{gap if said else ''}{text}", size, WIDTH - 2 * SIDE)
        if len(longer) > room:
            break
        said, lines = f"{said}{gap if said else ''}{text}", longer
    weights = [BOLD] * len(aged) + [""] * len(lines)
    return _joined(
        [
            _text(SIDE, 390 + at * leading, size, line, more=weight)
            for at, (line, weight) in enumerate(zip(aged + lines, weights, strict=True))
        ]
    )


def _age(page: AreaPage, language: str) -> str:
    if page.age is None or page.last_day is None:
        return ""
    return age_text.said(page.last_day, page.age.unit, page.age.count, language)


def _numbers(page: AreaPage, language: str) -> SafeString:
    """Up to four big numbers in a row of tiles."""
    cards = area_text.headline_cards(page, language)[:4]
    if not cards:
        return SafeString()
    width = (WIDTH - 2 * SIDE + 16) / max(len(cards), 2) - 16
    parts = []
    for at, card in enumerate(cards):
        x = SIDE + at * (width + 16)
        value = _("withheld") if card["is_suppressed"] else card["value"]
        size = min(54, int(54 * (width - 36) / max(text_width(value, 54), 1)))
        tone = TONES.get("" if page.age else card["tone"], QUIET)
        parts += [
            format_html(
                '<rect x="{}" y="610" width="{}" height="180" rx="14" fill="#ffffff" stroke="{}"/>',
                round(x),
                round(width),
                LINE,
            ),
            _text(
                x + 18,
                656,
                min(28, int(28 * (width - 30) / text_width(card["name"], 28))),
                card["name"],
                QUIET,
            ),
            _text(x + 18, 722, size, value, INK, BOLD),
            _text(
                x + 18,
                766,
                26,
                _on_the_day(card["change"]) if card["change"] else "",
                tone,
            ),
        ]
    return _joined(parts)


def _on_the_day(change: str) -> str:
    # The card's own fonts have no minus sign. The call stands alone, for the collector of
    # messages does not look into f-strings.
    words = {"change": change.replace(wording.MINUS, "–")}
    return _("%(change)s on the day") % words


def _curve(curve: Curve | None, language: str) -> SafeString:
    """New cases a day as bars with the 7-day mean, the last hundred days."""
    if curve is None or not curve.days:
        return SafeString()
    new, mean, days = curve.new[-100:], curve.mean7[-100:], curve.days[-100:]
    axis = charts.linear_axis([*new, *mean], most=3)
    left, top, wide, high = SIDE, 870, WIDTH - 2 * SIDE, 220
    parts = [_text(SIDE, 842, 28, _("New confirmed cases a day"), INK, BOLD)]
    for tick in axis.ticks:
        y = top + high * axis.y(tick) / charts.UNITS
        parts += [
            format_html(
                '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="2"/>',
                left,
                left + wide,
                round(y),
                round(y),
                LINE,
            ),
        ]
    parts.append(
        format_html(
            '<g transform="translate({} {}) scale({} {})"><g fill="#9cc6cb">{}</g>'
            '<g fill="none" stroke="#0b5a6a" stroke-width="4">{}</g></g>',
            left,
            top,
            round(wide / len(days), 4),
            round(high / charts.UNITS, 4),
            charts.bars(new, axis),
            SafeString(),
        )
    )
    points = " ".join(
        f"{left + wide * (at + 0.5) / len(days):.0f},{top + high * axis.y(v) / charts.UNITS:.0f}"
        for at, v in enumerate(mean)
        if v is not None
    )
    parts.append(
        format_html(
            '<polyline points="{}" fill="none" stroke="#0b5a6a" stroke-width="5" '
            'stroke-linejoin="round"/>',
            points,
        )
    )
    parts += [
        _text(
            left + wide,
            top + high * axis.y(tick) / charts.UNITS - 6,
            22,
            wording.number(tick),
            QUIET,
            f"{RIGHT} {HALO}",
        )
        for tick in axis.ticks
    ]
    parts += [
        _text(left, top + high + 36, 24, wording.day(days[0], language, "short"), QUIET),
        _text(
            left + wide, top + high + 36, 24, wording.day(days[-1], language, "short"), QUIET, RIGHT
        ),
    ]
    return _joined(parts)


def _foot(page: AreaPage, language: str) -> SafeString:
    """The level, the source, and where the page stands, also as a code to scan."""
    address = f"{settings.PUBLIC_URL.rstrip('/')}{path_of(page.place.code, language)}"
    confirmed = sentence.headline(page, "confirmed")
    source = sentence.source_name(page, confirmed.source, language) if confirmed else ""
    lines = wrapped(_("Source: %(source)s") % {"source": source}, 28, 690)[:2] if source else []
    parts = [_text(SIDE, 1224 + at * 40, 28, line, QUIET) for at, line in enumerate(lines)]
    parts.append(_text(SIDE, 1308, 24, address.split("//", 1)[-1], "#0a5f73"))
    if page.risk:
        ink, ground = (QUIET, LINE) if page.age else LEVELS[page.risk.level]
        name = _level(page, language)
        parts += [
            format_html(
                '<rect x="{}" y="1146" width="{}" height="46" rx="10" fill="{}"/>',
                SIDE,
                round(text_width(name, 30) + 36),
                ground,
            ),
            _text(SIDE + 18, 1180, 30, name, ink, BOLD),
        ]
    return _joined([*parts, _code(address, WIDTH - SIDE - 166, 1152, 166)])


def _level(page: AreaPage, language: str) -> str:
    """The level, with its day where that is long past."""
    said = risk_text.risk_card(page, language)
    if said is None:
        return ""
    on = _("on %(day)s") % {"day": said["on"]} if page.age else ""
    gap = " " if on and language == "en" else ""
    return f"{said['name']}{gap}{on}"


def _code(address: str, x: int, y: int, size: int) -> SafeString:
    """The address as a QR code."""
    modules, path = _modules(address)
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="10" fill="#ffffff"/>'
        '<path transform="translate({} {}) scale({})" shape-rendering="crispEdges" '
        'fill="{}" d="{}"/>',
        x - 12,
        y - 12,
        size + 24,
        size + 24,
        x,
        y,
        round(size / modules, 4),
        INK,
        path,
    )


@lru_cache(maxsize=8192)
def _modules(address: str) -> tuple[int, str]:
    """How many modules wide the code of an address is, and their path; the same at each release.

    Any mask can be read; choosing the best of eight costs more than the rest of the card.
    """
    matrix = segno.make_qr(address, error="m", mask=4).matrix
    path = "".join(
        f"M{column} {row}h1v1h-1z"
        for row, line in enumerate(matrix)
        for column, is_dark in enumerate(line)
        if is_dark
    )
    return len(matrix), path
