"""Real glyphs: how wide a text is, and the outlines to draw it with.

The fonts are Noto Sans CJK (SIL Open Font License 1.1) out of two wheels that the installation
names. Their default forms are those of Taiwan; asking for zh-Hans gives the forms of the
mainland, whose comma stands in the corner and not in the middle.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Literal

import uharfbuzz as hb

Weight = Literal["regular", "bold"]
Language = Literal["zh", "en"]

WHEELS = {"regular": "cvttf_NotoSansCJK_Regular", "bold": "cvttf_NotoSansCJK_Bold"}
TAGS = {"zh": "zh-Hans", "en": "en"}
EM = 1000  # units of the fonts
ASCENT, DESCENT = 0.88, 0.12  # of a Chinese character, in ems
GAP = 0.14  # em between a Chinese character and a Latin letter or digit
MISSING = "□"  # stands for what the fonts cannot draw


class FontsMissing(RuntimeError):
    """The fonts that come with the installation are not there."""


@dataclass(frozen=True, slots=True)
class Run:
    """A line shaped: which glyphs, where each begins, and how wide the whole is, in ems."""

    glyphs: tuple[tuple[int, float], ...]
    width: float


def short(language: str) -> Language:
    """The language of a poster from a code.

    >>> short("zh-hans"), short("en"), short("fr")
    ('zh', 'en', 'en')
    """
    return "zh" if language.lower().startswith("zh") else "en"


def font_file(weight: Weight) -> Path:
    """Where a font lies.

    Raises:
        FontsMissing: the wheel is not installed.
    """
    try:
        module = import_module(WHEELS[weight])
    except ImportError as error:
        package = WHEELS[weight].lower().replace("_", "-")
        raise FontsMissing(f"install the package {package}: it holds the fonts") from error
    return next(Path(str(module.__file__)).parent.glob("*.otf"))


@lru_cache(maxsize=2)
def _font(weight: Weight) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(font_file(weight)))))


@lru_cache(maxsize=20_000)
def can_draw(character: str) -> bool:
    """Whether both fonts hold a character.

    >>> can_draw("疫"), can_draw("ا")
    (True, False)
    """
    return all(_font(weight).get_nominal_glyph(ord(character)) for weight in ("regular", "bold"))


def is_wide(character: str) -> bool:
    """A Chinese character or a full-width sign.

    >>> is_wide("疫"), is_wide("，"), is_wide("a")
    (True, True, False)
    """
    return unicodedata.east_asian_width(character) in "WF"


def _wants_gap(left: str, right: str) -> bool:
    pair = (left, right) if is_wide(left) else (right, left)
    return (
        is_wide(left) != is_wide(right)
        and unicodedata.category(pair[0]) == "Lo"
        and (pair[1].isalnum() or pair[1] in "%℃")
    )


@lru_cache(maxsize=4_096)
def shaped(text: str, weight: Weight, language: Language) -> Run:
    """A line as glyphs."""
    glyphs = []
    at = 0.0
    for cluster, glyph, offset, advance in _clusters(text, weight, language):
        if cluster and _wants_gap(text[cluster - 1], text[cluster]):
            at += GAP
        glyphs.append((glyph, round(at + offset, 3)))
        at += advance
    return Run(tuple(glyphs), at)


@lru_cache(maxsize=1_024)
def positions(text: str, weight: Weight, language: Language) -> tuple[float, ...]:
    """Where each character begins, in ems, and where the text ends: one more than characters.

    >>> positions("疫情", "regular", "zh")
    (0.0, 1.0, 2.0)
    """
    widths = [0.0] * len(text)
    for cluster, _glyph, _offset, advance in _clusters(text, weight, language):
        widths[cluster] += advance
    begins = [0.0]
    for at, width in enumerate(widths):
        gap = GAP if at and _wants_gap(text[at - 1], text[at]) else 0.0
        begins[-1] += gap
        begins.append(begins[-1] + width)
    return tuple(begins)


def _clusters(text: str, weight: Weight, language: Language) -> list[tuple[int, int, float, float]]:
    """Character index, glyph, offset and advance (ems), from left to right."""
    if not text:
        return []
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.direction = "ltr"
    buffer.script = "Hani" if language == "zh" else "Latn"
    buffer.language = TAGS[language]
    # In English, quotation marks are as narrow as its letters.
    hb.shape(_font(weight), buffer, {"pwid": language == "en", "liga": False})
    return [
        (info.cluster, info.codepoint, place.x_offset / EM, place.x_advance / EM)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]


@lru_cache(maxsize=8_192)
def outline(glyph: int, weight: Weight) -> str:
    """A glyph as path data in units of the font, y upwards; empty for a space."""
    pen = _Pen()
    _font(weight).draw_glyph(glyph, _drawing(), pen)
    return "".join(pen.parts)


class _Pen:
    """Writes outlines with steps from where it stands: half as long as with places."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.x = self.y = self.from_x = self.from_y = 0

    def step(self, letter: str, *points: float) -> None:
        """A command with its points; ``m``, ``l`` or ``c``."""
        places = [round(value) for value in points]
        steps = [v - (self.y if at % 2 else self.x) for at, v in enumerate(places)]
        if letter == "l" and 0 in steps:
            letter, steps = ("v", steps[1:]) if steps[0] == 0 else ("h", steps[:1])
        text = " ".join(str(step) for step in steps).replace(" -", "-")
        self.parts.append(f"{letter}{text}")
        self.x, self.y = places[-2:]
        if letter == "m":
            self.from_x, self.from_y = self.x, self.y

    def close(self) -> None:
        """Back to where the outline began."""
        self.parts.append("z")
        self.x, self.y = self.from_x, self.from_y


@lru_cache(maxsize=1)
def _drawing() -> hb.DrawFuncs:
    draw = hb.DrawFuncs()
    draw.set_move_to_func(lambda x, y, pen: pen.step("m", x, y))
    draw.set_line_to_func(lambda x, y, pen: pen.step("l", x, y))
    draw.set_cubic_to_func(lambda a, b, c, d, x, y, pen: pen.step("c", a, b, c, d, x, y))
    draw.set_quadratic_to_func(lambda a, b, x, y, pen: pen.step("q", a, b, x, y))
    draw.set_close_path_func(lambda pen: pen.close())
    return draw
