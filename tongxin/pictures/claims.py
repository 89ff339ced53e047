"""The poster of a claim: what people say, whether it is so, and why.

The verdict comes first and is the biggest, so that a glance at the picture does not leave the
rumour behind.
"""

from tongxin.pictures.alternatives import alt_text, claim_dates, title
from tongxin.pictures.canvas import Canvas
from tongxin.pictures.colours import INK, PAPER, VERDICTS, WHITE
from tongxin.pictures.frame import FOOT, SIDE, canvas_of, foot, head
from tongxin.pictures.lines import Laid, fitted, is_cut
from tongxin.pictures.memory import remembered
from tongxin.pictures.records import ClaimPoster, Size
from tongxin.pictures.wording import word

COMFORTABLE = 34  # the claim is drawn smaller rather than the facts smaller than this


@remembered
def claim_poster(poster: ClaimPoster, language: str, size: Size = Size.PHONE) -> str:
    """The poster as SVG; the same record gives the same bytes.

    Raises:
        KeyError: the verdict is none of the four.
        FontsMissing: the fonts of the installation are not there.
    """
    canvas = drawn(poster, language, size)
    return canvas.svg(
        title=title(poster, canvas.language), description=alt_text(poster, language), ground=PAPER
    )


def drawn(poster: ClaimPoster, language: str, size: Size | str = Size.PHONE) -> Canvas:
    """The sheet with everything on it."""
    canvas, size = canvas_of(language, size), Size(size)
    if size is Size.PHONE:
        _tall(canvas, poster)
    else:
        _wide(canvas, poster)
    return canvas


def _claim(canvas: Canvas, poster: ClaimPoster, width: float, height: float) -> Laid:
    marks = ("“", "”")
    text = poster.claim.strip()
    quoted = text if text[:1] in "“\"'「《" else f"{marks[0]}{text}{marks[1]}"
    return fitted(
        quoted,
        box=(width, height),
        sizes=(92, 40),
        weight="bold",
        language=canvas.language,
        leading=1.26,
        is_title=True,
    )


def _why(canvas: Canvas, poster: ClaimPoster, width: float, height: float) -> Laid:
    return fitted(
        poster.why, box=(width, height), sizes=(50, 30), language=canvas.language, leading=1.5
    )


def _verdict(canvas: Canvas, poster: ClaimPoster, x: float, y: float, width: float) -> None:
    """The sign and the word."""
    ground, _tint = VERDICTS[poster.verdict]
    canvas.sign(poster.verdict, x, y, 148, WHITE, ground)
    canvas.short(
        word(f"verdict_{poster.verdict}", canvas.language),
        x + 182,
        y + 18,
        WHITE,
        size=108,
        width=width - 182,
        weight="bold",
    )


def _tall(canvas: Canvas, poster: ClaimPoster) -> None:
    side, (ground, tint) = SIDE[Size.PHONE], VERDICTS[poster.verdict]
    width = canvas.width - 2 * side
    bottom = canvas.height - FOOT[Size.PHONE]
    for height in (330, 280, 230, 180):
        claim = _claim(canvas, poster, width, height)
        why = _why(canvas, poster, width, bottom - (420 + claim.height + 50 + 44 + 64 + 34))
        if not is_cut(why) and why.size >= COMFORTABLE:
            break
    spare = max(0.0, bottom - (420 + claim.height + 56 + 44 + 64 + why.height + 44))
    air = spare / 5
    split = 420 + air * 2 + claim.height + 56
    canvas.rectangle(0, 0, canvas.width, split, ground)
    head(canvas, side, 48, width, kind="myth", authority=poster.authority)
    _verdict(canvas, poster, side, 160 + air * 0.6, width)
    says = word("says", canvas.language)
    canvas.short(says, side, 350 + air, tint, size=38, width=width, weight="bold")
    canvas.words(claim, side, 414 + air * 1.2, WHITE)
    y = split + 44 + air
    canvas.short(word("why", canvas.language), side, y, ground, size=40, width=width, weight="bold")
    canvas.words(why, side, y + 68, INK)
    _foot(canvas, poster, side, canvas.width - side, Size.PHONE)


def _wide(canvas: Canvas, poster: ClaimPoster) -> None:
    side, (ground, tint) = SIDE[Size.SCREEN], VERDICTS[poster.verdict]
    split = 920
    width = split - side - 72
    canvas.rectangle(0, 0, split, canvas.height, ground)
    head(canvas, side, 60, width, kind="myth", authority="")
    claim = _claim(canvas, poster, width, 470)
    top = 190 + max(0.0, (canvas.height - 190 - 72 - (270 + claim.height)) / 2)
    _verdict(canvas, poster, side, top, width)
    says = word("says", canvas.language)
    canvas.short(says, side, top + 200, tint, size=38, width=width, weight="bold")
    canvas.words(claim, side, top + 266, WHITE)
    left, right = split + 80, canvas.width - side
    if poster.authority:
        canvas.short(poster.authority, right, 76, INK, size=28, width=right - left, align="right")
    bottom = canvas.height - FOOT[Size.SCREEN]
    why = _why(canvas, poster, right - left, bottom - 190 - 90 - 40)
    y = 150 + max(0.0, (bottom - 150 - 70 - why.height) / 2)
    canvas.short(
        word("why", canvas.language), left, y, ground, size=40, width=right - left, weight="bold"
    )
    canvas.words(why, left, y + 70, INK)
    _foot(canvas, poster, left, right, Size.SCREEN)


def _foot(canvas: Canvas, poster: ClaimPoster, left: float, right: float, size: Size) -> None:
    foot(
        canvas,
        left,
        right,
        size=size,
        names=poster.sources,
        dated=claim_dates(poster, canvas.language),
        address=poster.address,
    )
