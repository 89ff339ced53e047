"""What all posters have in common: our name at the head; sources, day and code at the foot."""

from tongxin.pictures.canvas import Canvas
from tongxin.pictures.colours import CURVE, LINE, QUIET, WHITE
from tongxin.pictures.fonts import short
from tongxin.pictures.lines import Laid, cleaned, fitted, is_cut
from tongxin.pictures.records import Size
from tongxin.pictures.wording import bare, sources, word

SIDE = {Size.PHONE: 72, Size.SCREEN: 88}  # nothing stands nearer to the left or right edge
FOOT = {Size.PHONE: 236, Size.SCREEN: 222}  # height of the foot, its margin included
CODE = {Size.PHONE: 180, Size.SCREEN: 164}


def canvas_of(language: str, size: Size | str) -> Canvas:
    """An empty sheet."""
    width, height = Size(size).pixels
    return Canvas(width, height, short(language))


def head(
    canvas: Canvas, x: float, y: float, width: float, *, kind: str, authority: str, ink: str = WHITE
) -> None:
    """Our mark and name, what kind of poster it is, and who publishes it."""
    canvas.mark(x, y, 64)
    name = f"{word('name', canvas.language)} · {word(kind, canvas.language)}"
    room = width * (0.55 if authority else 1) - 80
    canvas.short(name, x + 80, y + 12, ink, size=36, width=room, weight="bold")
    if authority:
        canvas.short(authority, x + width, y + 16, ink, size=28, width=width * 0.43, align="right")


def foot(
    canvas: Canvas,
    x: float,
    right: float,
    *,
    size: Size,
    names: tuple[str, ...],
    dated: str,
    address: str,
    quiet: str = QUIET,
    link: str = CURVE,
) -> None:
    """Sources and day on the left, the code on the right, the address under both."""
    code = CODE[size]
    top = canvas.height - FOOT[size]
    canvas.line(x, top, right - x, LINE)
    room = right - x - code - 40
    shown = _address(address, room)
    bottom = top + 22 + code - shown.height - 2
    named = _named(canvas, names, (room, bottom - top - 24 - (54 if dated else 12)))
    end = canvas.words(named, x, top + 24, quiet) if named.lines else top + 14
    if dated:
        canvas.short(dated, x, end + 9, quiet, size=int(named.size), width=room)
    canvas.words(shown, x, bottom, link)
    canvas.code(address, right - code, top + 22, code)


def _address(address: str, room: float) -> Laid:
    """In one line where it can be read so, else in two."""
    for high, sizes in ((32, (27, 21)), (50, (22, 20))):
        laid = fitted(
            bare(address), box=(room, high), sizes=sizes, weight="bold", language="en", leading=1.2
        )
        if not is_cut(laid):
            break
    return laid


def _named(canvas: Canvas, names: tuple[str, ...], box: tuple[float, float]) -> Laid:
    """As many sources as there is room for, and never none."""
    kept = [cleaned(name) for name in dict.fromkeys(names)]
    while True:
        laid = fitted(
            sources(kept, canvas.language),
            box=box,
            sizes=(27, 23),
            language=canvas.language,
            leading=1.3,
        )
        if len(kept) < 2 or not is_cut(laid):
            return laid
        kept.pop()
