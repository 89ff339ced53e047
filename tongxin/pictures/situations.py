"""The poster of a place today: the answer in words, its figures, the curve."""

from tongxin.pictures.alternatives import alt_text, title
from tongxin.pictures.canvas import Canvas
from tongxin.pictures.colours import (
    BAR,
    BRAND,
    CURVE,
    INK,
    LEVELS,
    LINE,
    ON_BRAND,
    PAPER,
    QUIET,
    TONES,
    WHITE,
)
from tongxin.pictures.frame import FOOT, SIDE, canvas_of, foot, head
from tongxin.pictures.lines import Laid, fitted, is_cut
from tongxin.pictures.memory import remembered
from tongxin.pictures.records import Figure, SituationPoster, Size
from tongxin.pictures.wording import word


@remembered
def situation_poster(poster: SituationPoster, language: str, size: Size = Size.PHONE) -> str:
    """The poster as SVG; the same record gives the same bytes.

    Raises:
        FontsMissing: the fonts of the installation are not there.
    """
    canvas = drawn(poster, language, size)
    return canvas.svg(
        title=title(poster, canvas.language), description=alt_text(poster, language), ground=PAPER
    )


def drawn(poster: SituationPoster, language: str, size: Size | str = Size.PHONE) -> Canvas:
    """The sheet with everything on it."""
    canvas, size = canvas_of(language, size), Size(size)
    side = SIDE[size]
    top = _head(canvas, poster, size)
    bottom = canvas.height - FOOT[size] - 30
    if size is Size.PHONE:
        _tall(canvas, poster, top, bottom)
    else:
        _wide(canvas, poster, top, bottom)
    foot(
        canvas,
        side,
        canvas.width - side,
        size=size,
        names=poster.sources,
        dated="",
        address=poster.address,
    )
    return canvas


def _head(canvas: Canvas, poster: SituationPoster, size: Size) -> float:
    side = SIDE[size]
    width = canvas.width - 2 * side
    name = fitted(
        poster.place,
        box=(width, 132),
        sizes=(92, 46),
        weight="bold",
        language=canvas.language,
        is_title=True,
    )
    end = 136 + name.height + 24 + 36 + 40
    canvas.rectangle(0, 0, canvas.width, end, BRAND)
    head(canvas, side, 44, width, kind="situation", authority=poster.authority)
    y = canvas.words(name, side, 136, WHITE)
    canvas.short(poster.about, side, y + 24, ON_BRAND, size=34, width=width)
    return end


def _tall(canvas: Canvas, poster: SituationPoster, top: float, bottom: float) -> None:
    side = SIDE[Size.PHONE]
    width = canvas.width - 2 * side
    height = (310 if poster.aged else 270) if poster.figures or poster.curve else bottom - top - 80
    y = _words(canvas, poster, side, top + 34, width, height)
    y = _figures(canvas, poster, side, y + 28, width, 4)
    _curve(canvas, poster, (side, y + 30, width, bottom - y - 30))


def _wide(canvas: Canvas, poster: SituationPoster, top: float, bottom: float) -> None:
    side = SIDE[Size.SCREEN]
    width = (canvas.width - 2 * side - 72) / 2
    tiles = bottom - 170 if poster.figures else bottom
    _words(canvas, poster, side, top + 40, width, tiles - top - 40 - 24)
    _figures(canvas, poster, side, tiles, width, 4)
    right = side + width + 72
    _curve(canvas, poster, (right, top + 44, width, bottom - top - 44))


def _words(
    canvas: Canvas, poster: SituationPoster, x: float, y: float, width: float, height: float
) -> float:
    """The level, the age of old figures, then as many whole sentences as fit."""
    end = y + height
    if poster.risk:
        y = _level(canvas, poster, x, y, width) + 24
    if poster.aged:
        aged = fitted(
            poster.aged,
            box=(width, 110),
            sizes=(34, 28),
            weight="bold",
            language=canvas.language,
        )
        y = canvas.words(aged, x, y, INK) + 28
    said = _said(canvas, poster, width, end - y)
    return canvas.words(said, x, y, INK) if said else y


def _said(canvas: Canvas, poster: SituationPoster, width: float, height: float) -> Laid | None:
    """As many whole sentences as fit, as big as they can be; no half of one."""
    gap = word("gap", canvas.language)
    for count in range(len(poster.said), 0, -1):
        laid = fitted(
            gap.join(poster.said[:count]),
            box=(width, height),
            sizes=(40 if poster.figures else 64, 30),
            language=canvas.language,
            leading=1.44,
        )
        if laid.lines and not is_cut(laid):
            return laid
    return None


def _level(canvas: Canvas, poster: SituationPoster, x: float, y: float, width: float) -> float:
    ink, ground = LEVELS.get(poster.risk.level if poster.risk else "", (QUIET, LINE))
    name = fitted(
        poster.risk.name if poster.risk else "",
        box=(width - 48, 40),
        sizes=(34, 26),
        weight="bold",
        language=canvas.language,
    )
    before = len(canvas.parts)
    canvas.words(name, x + 24, y + 11, ink)
    box = canvas.boxes[-1]
    panel = Canvas(canvas.width, canvas.height, canvas.language)
    panel.rectangle(x, y, box.right - x + 24, name.height + 24, ground, radius=12)
    canvas.parts.insert(before, panel.parts[0])
    return y + name.height + 24


def _figures(
    canvas: Canvas, poster: SituationPoster, x: float, y: float, width: float, most: int
) -> float:
    """Tiles side by side; gives where they end."""
    figures = poster.figures[:most]
    if not figures:
        return y
    gap, height = 16, 168
    wide = (width + gap) / max(len(figures), 2) - gap
    for at, figure in enumerate(figures):
        _tile(canvas, figure, (x + at * (wide + gap), y, wide, height))
    return y + height


def _tile(canvas: Canvas, figure: Figure, place: tuple[float, float, float, float]) -> None:
    x, y, width, height = place
    canvas.rectangle(x, y, width, height, WHITE, radius=14, stroke=LINE)
    room = width - 36
    canvas.short(figure.name, x + 18, y + 16, QUIET, size=28, width=room, smallest=20)
    canvas.short(figure.value, x + 18, y + 56, INK, size=54, width=room, weight="bold", smallest=26)
    if figure.change:
        tone = TONES.get(figure.tone, QUIET)
        canvas.short(figure.change, x + 18, y + 127, tone, size=26, width=room, smallest=20)


def _curve(
    canvas: Canvas, poster: SituationPoster, place: tuple[float, float, float, float]
) -> None:
    """Bars a day and the mean of seven days over them."""
    x, y, width, height = place
    known = [value for value in poster.curve if value is not None]
    if not known or height < 150:
        return
    canvas.short(poster.curve_name, x, y, INK, size=30, width=width, weight="bold")
    top, high = y + 56, height - 56 - 42
    most = max(max(known), 1)
    canvas.line(x, top, width, LINE)
    canvas.short(f"{most:,.0f}", x + width, y + 8, QUIET, size=26, width=width / 2, align="right")
    each = width / len(poster.curve)
    bars = "".join(
        f"M{x + at * each:.1f} {top + high:.1f}v{-high * max(value, 0) / most:.1f}"
        f"h{each * 0.82:.1f}V{top + high:.1f}z"
        for at, value in enumerate(poster.curve)
        if value
    )
    canvas.raw(f'<path fill="{BAR}" d="{bars}"/>')
    points = " ".join(
        f"{x + (at + 0.41) * each:.1f},{top + high * (1 - mean / most):.1f}"
        for at, mean in _means(poster.curve)
    )
    canvas.raw(
        f'<polyline fill="none" stroke="{CURVE}" stroke-width="5" stroke-linejoin="round" '
        f'points="{points}"/>'
    )
    canvas.line(x, top + high, width, LINE, 3)
    canvas.short(poster.first_day, x, top + high + 12, QUIET, size=26, width=width / 2)
    canvas.short(
        poster.last_day, x + width, top + high + 12, QUIET, size=26, width=width / 2, align="right"
    )


def _means(curve: tuple[float | None, ...]) -> list[tuple[int, float]]:
    """The mean of each day and the six before it, where all seven are known."""
    found = []
    for at in range(6, len(curve)):
        week = [value for value in curve[at - 6 : at + 1] if value is not None]
        if len(week) == 7:
            found.append((at, max(sum(week) / 7, 0.0)))
    return found
