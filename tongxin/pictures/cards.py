"""The do and don't card of a circumstance, or of advice somebody chose."""

from collections.abc import Sequence
from dataclasses import dataclass

from tongxin.pictures.alternatives import alt_text, title
from tongxin.pictures.canvas import Canvas
from tongxin.pictures.colours import (
    BAD,
    BAD_GROUND,
    BRAND,
    GOOD,
    GOOD_GROUND,
    INK,
    ON_BRAND,
    PAPER,
    QUIET,
    WHITE,
)
from tongxin.pictures.frame import FOOT, SIDE, canvas_of, foot, head
from tongxin.pictures.lines import Laid, fitted, is_cut
from tongxin.pictures.memory import remembered
from tongxin.pictures.records import CardPoster, Point, Size
from tongxin.pictures.wording import day, word

BAR_HIGH = 70.0  # of a panel's heading
COLUMN = 6  # points one panel can carry
MOST = {Size.PHONE: 6, Size.SCREEN: 10}  # points a poster can carry and still be read


@dataclass(frozen=True, slots=True)
class Kind:
    """Do or don't: its words, sign and colours."""

    name: str
    sign: str
    ink: str
    ground: str


Section = tuple[Kind, tuple[Point, ...]]
Place = tuple[float, float, float, float]  # left, top, width, height

DO = Kind("do", "true", GOOD, GOOD_GROUND)
DONT = Kind("dont", "false", BAD, BAD_GROUND)


@remembered
def card_poster(poster: CardPoster, language: str, size: Size = Size.PHONE) -> str:
    """The card as SVG; the same record gives the same bytes.

    Raises:
        FontsMissing: the fonts of the installation are not there.
    """
    canvas = drawn(poster, language, size)
    return canvas.svg(
        title=title(poster, canvas.language), description=alt_text(poster, language), ground=PAPER
    )


def drawn(poster: CardPoster, language: str, size: Size | str = Size.PHONE) -> Canvas:
    """The sheet with everything on it."""
    canvas, size = canvas_of(language, size), Size(size)
    top = _head(canvas, poster, size)
    bottom = canvas.height - FOOT[size] - 28
    do, dont = shares(poster, MOST[size])
    left_out = len(poster.do) + len(poster.dont) - len(do) - len(dont)
    if left_out:
        bottom -= 44
    sections = [(kind, points) for kind, points in ((DO, do), (DONT, dont)) if points]
    _panels(canvas, sections, _places(canvas, sections, top, bottom, size))
    side = SIDE[size]
    if left_out:
        text = word("more", canvas.language, count=str(left_out))
        canvas.short(text, side, bottom + 26, QUIET, size=30, width=canvas.width - 2 * side)
    foot(
        canvas,
        side,
        canvas.width - side,
        size=size,
        names=poster.sources,
        dated=word("in_force", canvas.language, day=day(poster.as_of, canvas.language)),
        address=poster.address,
    )
    return canvas


def shares(poster: CardPoster, most: int) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Which points go on: as many of both kinds as there is room for, a fair share of each."""
    half = most // 2
    dont = min(len(poster.dont), max(half, most - len(poster.do)))
    do = min(len(poster.do), max(half, most - dont))
    do, dont = min(do, COLUMN), min(dont, COLUMN)
    return poster.do[:do], poster.dont[:dont]


def _head(canvas: Canvas, poster: CardPoster, size: Size) -> float:
    """The band with the circumstance; gives where it ends."""
    side = SIDE[size]
    width = canvas.width - 2 * side
    name = fitted(
        poster.title,
        box=(width, 100),
        sizes=(84, 44),
        weight="bold",
        language=canvas.language,
        is_title=True,
    )
    intro = fitted(
        poster.intro,
        box=(width, 132),
        sizes=(34, 28),
        language=canvas.language,
        leading=1.42,
        is_title=True,
    )
    if is_cut(intro):
        intro = fitted("", box=(width, 1), sizes=(34, 34), language=canvas.language)
    y = 140.0
    end = y + name.height + (26 + intro.height if intro.lines else 0) + 44
    canvas.rectangle(0, 0, canvas.width, end, BRAND)
    head(canvas, side, 44, width, kind="advice", authority=poster.authority)
    y = canvas.words(name, side, y, WHITE)
    canvas.words(intro, side, y + 26, ON_BRAND)
    return end


def _places(
    canvas: Canvas, sections: Sequence[Section], top: float, bottom: float, size: Size
) -> list[Place]:
    """Where the panels stand: one over the other on a phone, side by side on a screen."""
    side = SIDE[size]
    width = canvas.width - 2 * side
    if size is Size.SCREEN:
        wide = (width + 40) / max(1, len(sections)) - 40
        return [
            (side + at * (wide + 40), top + 30, wide, bottom - top - 30)
            for at in range(len(sections))
        ]
    count = sum(len(points) for _, points in sections)
    y = top + 26
    room = bottom - y - 22 * (len(sections) - 1) - (BAR_HIGH + 26) * len(sections)
    places = []
    for _, points in sections:
        height = BAR_HIGH + 26 + room * len(points) / count
        places.append((side, y, width, height))
        y += height + 22
    return places


def _panels(canvas: Canvas, sections: Sequence[Section], places: Sequence[Place]) -> None:
    """All panels, their points in one size: the biggest at which every one fits."""
    biggest = 50
    while True:
        laid = [
            [_point(canvas, point, place, len(points), biggest) for point in points]
            for (_, points), place in zip(sections, places, strict=True)
        ]
        smallest = min((int(one.size) for lines in laid for one in lines), default=biggest)
        if smallest >= biggest:
            break
        biggest = smallest
    for (kind, _), place, lines in zip(sections, places, laid, strict=True):
        _panel(canvas, kind, place, lines)


def _point(canvas: Canvas, point: Point, place: Place, count: int, biggest: int) -> Laid:
    _x, _y, width, height = place
    return fitted(
        point.title,
        box=(width - 116, (height - BAR_HIGH - 20) / count - 10),
        sizes=(biggest, min(28, biggest)),
        weight="bold",
        language=canvas.language,
        leading=1.24,
        is_title=True,
    )


def _panel(canvas: Canvas, kind: Kind, place: Place, lines: Sequence[Laid]) -> None:
    """A tinted panel with a heading and its points."""
    x, y, width, height = place
    canvas.rectangle(x, y, width, height, kind.ground, radius=22)
    canvas.rectangle(x, y, width, BAR_HIGH, kind.ink, radius=22)
    canvas.rectangle(x, y + BAR_HIGH / 2, width, BAR_HIGH / 2, kind.ink)
    canvas.sign(kind.sign, x + 26, y + 11, 48, WHITE, kind.ink)
    heading = word(kind.name, canvas.language)
    canvas.short(heading, x + 92, y + 14, WHITE, size=40, width=width - 120, weight="bold")
    row = (height - BAR_HIGH - 20) / len(lines)
    for at, line in enumerate(lines):
        middle = y + BAR_HIGH + 10 + row * (at + 0.5)
        canvas.sign(kind.sign, x + 28, middle - 18, 36, kind.ink, kind.ground)
        canvas.words(line, x + 88, middle - line.height / 2, INK)
