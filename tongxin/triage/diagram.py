"""The pack as a printed ladder: from the top, the first rung that fits decides.

Drawn like the posters: letters are paths, so that it looks the same everywhere.
"""

from functools import lru_cache

from tongxin.pictures.canvas import Canvas
from tongxin.pictures.colours import BRAND, INK, LINE, QUIET, WHITE
from tongxin.pictures.fonts import Weight
from tongxin.pictures.lines import Laid, fitted
from tongxin.triage.description import TEXTS, description, reviewed
from tongxin.triage.packs import Clause, Pack, in_language
from tongxin.triage.wording import conditions, short

WIDTH, HEIGHT = 1240, 1754  # A4 upright
EDGE, GAP = 56, 18
LEFT = 720  # width of the conditions
RIGHT = EDGE + LEFT + 70
# Ground of each disposition, the most urgent first; words on it are white.
GROUNDS = ("#8f1526", "#a3460a", "#5c4a00", "#0b4a58", "#0b5a45", "#3f4d55")


class Sheet:
    """One page while it is drawn: how far down, and in which language."""

    def __init__(self, pack: Pack, language: str) -> None:
        self.pack = pack
        self.language = short(language)
        self.canvas = Canvas(WIDTH, HEIGHT, self.language)
        self.y = float(EDGE)

    def laid(self, text: str, width: float, size: int, weight: Weight = "regular") -> Laid:
        """A text in lines of one size, never cut."""
        return fitted(
            text,
            box=(width, 10_000),
            sizes=(size, size),
            weight=weight,
            language=self.language,
            leading=1.35,
        )

    def head(self) -> None:
        """Title, version, how to read it."""
        for text, size, colour, weight in (
            (in_language(self.pack, "title", self.language), 40, BRAND, "bold"),
            (reviewed(self.pack, self.language), 19, QUIET, "regular"),
            (TEXTS[self.language]["head"], 22, INK, "regular"),
        ):
            laid = self.laid(text, WIDTH - 2 * EDGE, size, weight)
            self.y = self.canvas.words(laid, EDGE, self.y, colour) + 8
        self.y += GAP

    def foot(self, number: int, of: int) -> None:
        """Which page this is."""
        text = f"{self.pack.key} {self.pack.version} · {number}/{of}"
        laid = self.laid(text, WIDTH, 18)
        self.canvas.words(laid, WIDTH / 2, HEIGHT - EDGE + 12, QUIET, align="middle")


class Rung:
    """One clause: its cases at the left, where it leads at the right."""

    def __init__(self, sheet: Sheet, clause: Clause) -> None:
        pack, language = sheet.pack, sheet.language
        end = pack.dispositions[clause.disposition]
        place = pack.disposition.index(end)
        wide = WIDTH - EDGE - RIGHT - 40
        self.ground = GROUNDS[min(place, len(GROUNDS) - 1)]
        self.is_last = not clause.when
        self.cases = [sheet.laid(t, LEFT - 60, 20) for t in conditions(pack, clause, language)]
        self.name = sheet.laid(end.name(language), wide, 23, "bold")
        self.why = sheet.laid(in_language(clause, "reason", language), wide, 16)
        self.left = sum(case.height for case in self.cases) + 6 * (len(self.cases) - 1)
        self.right = self.name.height + 4 + self.why.height
        self.height = max(self.left, self.right) + 24

    def draw(self, sheet: Sheet) -> None:
        """Put it where the sheet stands, and move the sheet on."""
        canvas, top = sheet.canvas, sheet.y
        canvas.rectangle(EDGE, top, LEFT, self.height, WHITE, radius=10, stroke=LINE)
        wide = WIDTH - EDGE - RIGHT
        canvas.rectangle(RIGHT, top, wide, self.height, self.ground, radius=10)
        self._arrows(canvas, top)
        y = top + (self.height - self.left) / 2
        for case in self.cases:
            canvas.rectangle(EDGE + 22, y + 9, 10, 10, self.ground, radius=5)
            y = canvas.words(case, EDGE + 44, y, INK) + 6
        y = top + (self.height - self.right) / 2
        y = canvas.words(self.name, RIGHT + 20, y, WHITE) + 4
        canvas.words(self.why, RIGHT + 20, y, WHITE)
        sheet.y += self.height + GAP

    def _arrows(self, canvas: Canvas, top: float) -> None:
        middle, begin = top + self.height / 2, EDGE + LEFT
        canvas.raw(
            f'<path d="M{begin} {middle:.1f}H{RIGHT - 14}" stroke="{self.ground}" '
            f'stroke-width="4"/><path d="M{RIGHT - 18} {middle - 9:.1f}L{RIGHT - 3} {middle:.1f}'
            f'L{RIGHT - 18} {middle + 9:.1f}Z" fill="{self.ground}"/>'
        )
        if not self.is_last:
            canvas.raw(
                f'<path d="M{EDGE + 27} {top + self.height:.1f}v{GAP}" stroke="{QUIET}" '
                f'stroke-width="3"/>'
            )


@lru_cache(maxsize=8)
def sheets(pack: Pack, language: str) -> tuple[str, ...]:
    """The ladder as SVG, a page each; the first one's description says all of it in words."""
    pages = [Sheet(pack, language)]
    pages[0].head()
    for clause in pack.clause:
        rung = Rung(pages[-1], clause)
        if pages[-1].y + rung.height > HEIGHT - EDGE - 10:
            pages.append(Sheet(pack, language))
        rung.draw(pages[-1])
    title = in_language(pack, "title", language)
    for number, page in enumerate(pages, 1):
        page.foot(number, len(pages))
    return tuple(
        page.canvas.svg(
            title=f"{title} {number}/{len(pages)}",
            description=description(pack, language) if number == 1 else title,
            ground=WHITE,
        )
        for number, page in enumerate(pages, 1)
    )
