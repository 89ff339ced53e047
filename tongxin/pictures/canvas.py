"""The sheet a poster is drawn on: shapes and words in the order in which they are read."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

import segno

from tongxin.pictures.colours import ACCENT, INK, WHITE
from tongxin.pictures.fonts import ASCENT, EM, Language, Weight, outline, shaped
from tongxin.pictures.lines import Laid, fitted, inked, widest

Align = Literal["left", "middle", "right"]

# Signs in a square of 100: octagon, triangle, diamond, disc. Shape says what colour says.
SIGNS = {
    "false": (
        "M31 4H69L96 31V69L69 96H31L4 69V31Z",
        "M35 35L65 65M65 35L35 65",
    ),
    "misleading": ("M50 6L97 91H3Z", "M50 38V62M50 76.5V77"),
    "unproven": (
        "M50 2L98 50L50 98L2 50Z",
        "M38 42A12.5 12.5 0 1 1 54 52.5Q50 54.5 50 60M50 73.5V74",
    ),
    "true": ("M50 3A47 47 0 1 1 49.99 3Z", "M29 52L44 67L72 37"),
}
MARK = (
    "M22 37.5C13.5 31 9 25.6 9 19.5A7.7 7.7 0 0 1 24 17.3",
    "M26 37.5C34.5 31 39 25.6 39 19.5A7.7 7.7 0 0 0 28.5 12.6",
)


SHARES: dict[Align, float] = {"left": 0.0, "middle": 0.5, "right": 1.0}
LOOSEST = 1.09  # how far apart the letters of a Chinese line may be drawn to fill it


@dataclass(frozen=True, slots=True)
class Box:
    """Where a text was put, in pixels: for whoever checks that nothing leaves its place."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    fill: str
    lines: tuple[str, ...]


@dataclass(slots=True)
class Canvas:
    """Collects what is drawn; `svg` gives the whole."""

    width: int
    height: int
    language: Language
    parts: list[str] = field(default_factory=list)
    glyphs: dict[str, str] = field(default_factory=dict)
    boxes: list[Box] = field(default_factory=list)

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        *,
        radius: float = 0,
        stroke: str = "",
    ) -> None:
        """A filled rectangle, with round corners or an edge where asked."""
        more = f' rx="{_n(radius)}"' if radius else ""
        more += f' stroke="{stroke}" stroke-width="2"' if stroke else ""
        self.parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" '
            f'fill="{fill}"{more}/>'
        )

    def line(self, x: float, y: float, width: float, colour: str, thickness: float = 2) -> None:
        """A level line."""
        self.rectangle(x, y, width, thickness, colour)

    def words(self, laid: Laid, x: float, y: float, fill: str, *, align: Align = "left") -> float:
        """A text with the top of its first line at ``y``; gives where it ends."""
        if not laid.lines:
            return y
        shown = " ".join(laid.lines) if laid.language == "en" else "".join(laid.lines)
        parts = [f"<g aria-label={quoteattr(shown)} fill={quoteattr(fill)}>"]
        for at, text in enumerate(laid.lines):
            white, wide = inked(text, laid.weight, laid.language)
            spread = _spread(laid, at, wide)
            left = x - (SHARES[align] * wide * spread + white) * laid.size
            base = y + at * laid.leading + ASCENT * laid.size
            parts.append(self._run(text, laid, (left, base), spread))
        self.parts.append("".join([*parts, "</g>"]))
        self._note(laid, x, y, fill, align)
        return y + laid.height

    def _run(self, text: str, laid: Laid, at: tuple[float, float], spread: float) -> str:
        scale = laid.size / EM
        uses = "".join(
            f'<use href="#{self._glyph(glyph, laid.weight)}" x="{place * EM * spread:.0f}"/>'
            for glyph, place in shaped(text, laid.weight, laid.language).glyphs
            if outline(glyph, laid.weight)
        )
        matrix = f"{_n(scale, 4)} 0 0 {_n(-scale, 4)} {_n(at[0])} {_n(at[1])}"
        return f'<g transform="matrix({matrix})">{uses}</g>'

    def _glyph(self, glyph: int, weight: Weight) -> str:
        name = f"{weight[0]}{glyph}"
        self.glyphs.setdefault(name, outline(glyph, weight))
        return name

    def _note(self, laid: Laid, x: float, y: float, fill: str, align: Align) -> None:
        wide = max(widest(laid), laid.measure if len(laid.lines) > 1 else 0.0)
        left = x - SHARES[align] * wide
        self.boxes.append(
            Box(laid.text, left, y, left + wide, y + laid.height, laid.size, fill, laid.lines)
        )

    def short(
        self,
        text: str,
        x: float,
        y: float,
        fill: str,
        *,
        size: int,
        width: float,
        weight: Weight = "regular",
        align: Align = "left",
        smallest: int = 22,
    ) -> float:
        """One line, made smaller and at last cut where it is too long; gives how wide it is."""
        laid = fitted(
            text,
            box=(width, size * 1.2),
            sizes=(size, min(size, smallest)),
            weight=weight,
            language=self.language,
            most=1,
        )
        if laid.lines:
            self.words(laid, x, y + (size - laid.size) * ASCENT, fill, align=align)
        return widest(laid)

    def sign(self, name: str, x: float, y: float, size: float, ground: str, ink: str) -> None:
        """A verdict's sign: its shape alone says which."""
        shape, stroke = SIGNS[name]
        self.parts.append(
            f'<g transform="translate({_n(x)} {_n(y)}) scale({_n(size / 100, 4)})">'
            f'<path fill="{ground}" d="{shape}"/><path fill="none" stroke="{ink}" '
            f'stroke-width="11" stroke-linecap="round" stroke-linejoin="round" d="{stroke}"/></g>'
        )

    def mark(self, x: float, y: float, size: float, one: str = WHITE, two: str = ACCENT) -> None:
        """Our mark: two halves of a heart around a person."""
        self.parts.append(
            f'<g transform="translate({_n(x)} {_n(y)}) scale({_n(size / 48, 4)})" fill="none" '
            f'stroke-width="5" stroke-linecap="round"><path stroke="{one}" d="{MARK[0]}"/>'
            f'<path stroke="{two}" d="{MARK[1]}"/>'
            f'<circle cx="24" cy="25" r="3.2" fill="{one}"/></g>'
        )

    def code(self, address: str, x: float, y: float, size: float) -> None:
        """The address as a QR code with the white edge that scanners need."""
        modules, path = _modules(address)
        scale = size / (modules + 8)
        self.rectangle(x, y, size, size, WHITE, radius=10)
        self.parts.append(
            f'<path transform="translate({_n(x + 4 * scale)} {_n(y + 4 * scale)}) '
            f'scale({_n(scale, 4)})" shape-rendering="crispEdges" fill="{INK}" d="{path}"/>'
        )

    def raw(self, part: str) -> None:
        """A shape of one's own."""
        self.parts.append(part)

    def svg(self, *, title: str, description: str, ground: str) -> str:
        """The whole poster. ``title`` and ``description`` are what a screen reader says."""
        tag = "zh-Hans" if self.language == "zh" else "en"
        glyphs = "".join(f'<path id="{name}" d="{d}"/>' for name, d in sorted(self.glyphs.items()))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}" xml:lang="{tag}" lang="{tag}" role="img" '
            f'aria-labelledby="poster-title poster-text">'
            f'<title id="poster-title">{escape(title)}</title>'
            f'<desc id="poster-text">{escape(description)}</desc>'
            f"<defs>{glyphs}</defs>"
            f'<rect width="{self.width}" height="{self.height}" fill="{ground}"/>'
            f"{''.join(self.parts)}</svg>"
        )


def _spread(laid: Laid, at: int, wide: float) -> float:
    """By how much a line of Chinese running text is drawn apart to end where the others end."""
    if not laid.measure or at == len(laid.lines) - 1:
        return 1.0
    loose = laid.measure / (wide * laid.size)
    return loose if 1.0 < loose <= LOOSEST else 1.0


def _n(value: float, places: int = 1) -> str:
    """A number without needless zeros.

    >>> _n(2.0), _n(2.25), _n(0.04321, 4)
    ('2', '2.2', '0.0432')
    """
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4_096)
def _modules(address: str) -> tuple[int, str]:
    """How many modules wide the code of an address is, and their path: one piece a row's run.

    Any mask can be read; choosing the best of eight costs more than the rest of the poster.
    """
    matrix = segno.make_qr(address, error="m", mask=4).matrix
    path = []
    for row, line in enumerate(matrix):
        at = 0
        while at < len(line):
            wide = 0
            while at + wide < len(line) and line[at + wide]:
                wide += 1
            if wide:
                path.append(f"M{at} {row}h{wide}v1h-{wide}z")
            at += wide or 1
    return len(matrix), "".join(path)
