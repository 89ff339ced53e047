"""Text into lines: where Chinese and English may break, and how big it may be in a box."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import rjieba

from tongxin.pictures.fonts import MISSING, Language, Weight, can_draw, is_wide, positions

NEVER_FIRST = frozenset("，。、！？；：）》」』】〉〕”’…—·～%‰℃°,.!?;:)]}»›")
NEVER_LAST = frozenset("（《「『【〈〔“‘([{«‹¥￥$#№第约近")
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# What is counted stays with its number.
MEASURES = frozenset("个名例岁年月日天周时分秒次人度点米层元只片粒种条号项位期版届毫厘升克千百万亿")
OPENING = frozenset("（《「『【〈“‘")
CLOSING = frozenset("，。、；：）》」』】〉”’")
MUCH_SMALLER = 0.86  # no further is a title made smaller to break better
HALF = 0.46  # em of a full-width bracket, quotation mark or comma that is white
PAUSES = frozenset("，。、！？；：,.!?;:")
SMALL = frozenset("的了吗呢吧")  # words that lean on the one before
LONGEST_TITLE = 160  # characters; beyond it nobody looks for the best breaks
MOST = 1_200  # characters looked at; no poster holds more
SAFE = 0.995  # of a line's width: kerning across a break is not foreseen


@dataclass(frozen=True, slots=True)
class Laid:
    """A text laid out: its lines, their size in pixels and the distance between them.

    ``measure`` is the width in pixels to which Chinese running text is spread, 0 for ragged.
    """

    text: str
    lines: tuple[str, ...]
    size: float
    leading: float
    weight: Weight
    language: Language
    measure: float = 0.0

    @property
    def height(self) -> float:
        """From the top of the first line to the foot of the last."""
        return self.size + self.leading * (len(self.lines) - 1) if self.lines else 0.0


PILED = r"[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]"


def tidy(text: str) -> str:
    """A text without control, bidirectional or zero-width characters, with single spaces.

    Marks that pile up on one letter are cut to two.

    >>> tidy("a\\u202eb \\u200b\\n c")
    'ab c'
    """
    text = unicodedata.normalize("NFC", text[:MOST])
    text = re.sub(r"\s+", " ", text)
    text = "".join(c for c in text if unicodedata.category(c) not in UNSEEN)
    text = re.sub(f"({PILED}{{2}}){PILED}+", r"\1", text)
    return re.sub(" +", " ", text).strip()


def cleaned(text: str) -> str:
    """A tidy text of characters that can be drawn; what the fonts do not hold becomes "□".

    >>> cleaned("5 < 6 ا"), cleaned("اهلا")
    ('5 < 6 □', '□□')
    """
    text = "".join(c if c == " " or can_draw(c) else MISSING for c in tidy(text))
    return re.sub(f"{MISSING}{{3,}}", MISSING * 2, text)


def may_break(left: str, right: str) -> bool:
    """Whether a line may end after ``left`` and the next begin with ``right``.

    >>> may_break("冠", "病"), may_break("毒", "。"), may_break("（", "一"), may_break("3", "天")
    (True, False, False, False)
    >>> may_break("9", "疫"), may_break("-", "1")
    (True, False)
    >>> may_break("a", "b"), may_break(" ", "b"), may_break("-", "b"), may_break("a", " ")
    (False, True, True, False)
    """
    if right in NEVER_FIRST or left in NEVER_LAST or right == " ":
        return False
    if left in " -/":
        return left == " " or not right.isdecimal()
    if left.isdecimal() and right in MEASURES:
        return False
    return is_wide(left) or is_wide(right)


@lru_cache(maxsize=512)
def breaks(text: str, *, keeps_words: bool = False) -> tuple[int, ...]:
    """Where a line may begin, as indexes into ``text``; ``keeps_words``: not inside Chinese words.

    >>> breaks("戴口罩，勤洗手")
    (1, 2, 4, 5, 6)
    """
    found = tuple(at for at in range(1, len(text)) if may_break(text[at - 1], text[at]))
    if not keeps_words:
        return found
    begins, at = set(), 0
    for word in rjieba.cut(text):
        begins.add(at)
        at += len(word)
    return tuple(at for at in found if at in begins)


def wrapped(
    text: str, width: float, weight: Weight, language: Language, *, keeps_words: bool = False
) -> list[str]:
    """Lines no wider than ``width`` ems. A word too long for a line is broken with a hyphen."""
    return _wrapped(
        text, width, positions(text, weight, language), breaks(text, keeps_words=keeps_words)
    )


def _wrapped(text: str, width: float, begins: Sequence[float], found: Sequence[int]) -> list[str]:
    width *= SAFE
    lines: list[str] = []
    start, last = 0, 0
    for at in [*found, len(text)]:
        if _width(text, begins, start, at) <= width:
            last = at
            continue
        if last > start:
            lines.append(text[start:last].rstrip())
            start = last
        while _width(text, begins, start, at) > width:
            cut = _hard(text, begins, start, at, width)
            lines.append(text[start:cut] + _hyphen(text, cut))
            start = cut
        last = at
    lines.append(text[start:].rstrip())
    return [line for line in lines if line]


def _width(text: str, begins: Sequence[float], start: int, stop: int) -> float:
    """How wide the ink of a line is: the white half of a sign at either end does not count."""
    while stop > start and text[stop - 1] == " ":
        stop -= 1
    if stop <= start:
        return 0.0
    left, right = _white(text, begins, start, stop)
    return begins[stop] - begins[start] - left - right


def _white(text: str, begins: Sequence[float], start: int, stop: int) -> tuple[float, float]:
    """The white, in ems, before an opening sign and after a closing one of full width."""
    opens = text[start] in OPENING and begins[start + 1] - begins[start] > 0.9
    closes = text[stop - 1] in CLOSING and begins[stop] - begins[stop - 1] > 0.9
    return (HALF if opens else 0.0, HALF if closes else 0.0)


def inked(line: str, weight: Weight, language: Language) -> tuple[float, float]:
    """The white before a line's first ink, and how wide the ink is; both in ems.

    >>> inked("“疫情。", "bold", "zh")
    (0.46, 3.08)
    """
    begins = positions(line, weight, language)
    left, _right = _white(line, begins, 0, len(line))
    return left, round(_width(line, begins, 0, len(line)), 4)


def _hard(text: str, begins: Sequence[float], start: int, stop: int, width: float) -> int:
    """Where to cut a piece that no line holds: leaving room for a hyphen."""
    cut = start + 1
    while cut < stop - 1 and begins[cut + 1] - begins[start] <= width - 0.4:
        cut += 1
    kept = cut
    while kept > start + 1 and text[kept] in NEVER_FIRST:
        kept -= 1
    return cut if text[kept] in NEVER_FIRST else kept


def _hyphen(text: str, cut: int) -> str:
    return "-" if text[cut - 1].isalpha() and text[cut].isalpha() and not is_wide(text[cut]) else ""


def balanced(text: str, width: float, weight: Weight, language: Language) -> list[str]:
    """As many lines as needed and no more, all about as long; rather after a comma than before
    a small word, and never inside a Chinese one.

    >>> balanced("年轻人猝死变多，都是打新冠疫苗造成的", 12, "bold", "zh")
    ['年轻人猝死变多，', '都是打新冠疫苗造成的']
    """
    begins = positions(text, weight, language)
    found = breaks(text, keeps_words=True)
    plain = _wrapped(text, width, begins, found)
    if len(plain) < 2 or _breaks_words(text, plain) or len(text) > LONGEST_TITLE:
        return plain
    target = min(width, begins[-1] / len(plain) * 1.04)
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for line in range(len(plain)):
        is_last = line == len(plain) - 1
        ends = [len(text)] if is_last else found
        best = {
            end: min(ways)
            for end in ends
            if (
                ways := [
                    (cost + _ragged(text, begins, start, end, target, is_last), (*path, start))
                    for start, (cost, path) in best.items()
                    if start < end and _width(text, begins, start, end) <= width * SAFE
                ]
            )
        }
    if len(text) not in best:
        return plain
    cuts = [*best[len(text)][1], len(text)]
    return [text[a:b].strip() for a, b in pairwise(cuts)]


def _ragged(
    text: str, begins: Sequence[float], start: int, end: int, target: float, is_last: bool
) -> float:
    """How much a line disturbs: its difference from the others, and where it is broken."""
    off = (_width(text, begins, start, end) - target) / target
    if is_last:
        return off * off * (0.6 if off < 0 else 1.0)
    before, after = text[:end].rstrip()[-1], text[end]
    return off * off + (0.0 if before in PAUSES else 0.12) + (0.15 if after in SMALL else 0.0)


def fitted(
    text: str,
    *,
    box: tuple[float, float],
    sizes: tuple[int, int],
    weight: Weight = "regular",
    language: Language,
    leading: float = 1.4,
    is_title: bool = False,
    most: int = 1_000,
) -> Laid:
    """The text as big as its box (width and height in pixels) lets it be.

    Args:
        box: width and height.
        sizes: the biggest and the smallest allowed. What does not fit at the smallest is cut
            with "…"; the whole stands in the poster's description.
        leading: distance of lines as a multiple of the size.
        is_title: whether lines are balanced and Chinese words kept whole.
        most: lines at most.
    """
    text = cleaned(text)
    lines: list[str] = []
    size = sizes[0]
    for size in range(sizes[0], sizes[1] - 1, -2):
        lines = _lines(text, box[0] / size, weight, language, is_title)
        fits = len(lines) <= most and _height(lines, size, leading) <= box[1]
        if fits and not _breaks_words(text, lines):
            break
    if is_title:
        size, lines = _smoother(text, box[0], size, lines, weight, language, sizes[1])
    room = max(1, int((box[1] - size) / (size * leading)) + 1) if box[1] >= size else 0
    room = min(room, most)
    if len(lines) > room:
        lines = _shortened(lines[:room], box[0] / size, weight, language)
    measure = 0.0 if is_title or language == "en" else box[0]
    return Laid(text, tuple(lines), size, size * leading, weight, language, measure)


def _lines(
    text: str, width: float, weight: Weight, language: Language, is_title: bool
) -> list[str]:
    if is_title:
        return balanced(text, width, weight, language)
    lines = wrapped(text, width, weight, language)
    if len(lines) > 1 and len(lines[-1]) <= 2:
        narrower = wrapped(text, width * 0.93, weight, language)
        return narrower if len(narrower) == len(lines) else lines
    return lines


def _smoother(
    text: str,
    width: float,
    size: int,
    lines: list[str],
    weight: Weight,
    language: Language,
    smallest: int,
) -> tuple[int, list[str]]:
    """A title a little smaller, where then more of its lines end at a comma."""
    best = (_runs_on(lines), -size, lines)
    for less in range(size - 2, max(smallest, int(size * MUCH_SMALLER)) - 1, -2):
        found = balanced(text, width / less, weight, language)
        if len(found) == len(lines):
            best = min(best, (_runs_on(found), -less, found))
    return -best[1], best[2]


def _runs_on(lines: Sequence[str]) -> int:
    """How many lines break off within a phrase."""
    return sum(line[-1] not in PAUSES for line in lines[:-1])


def _height(lines: Sequence[str], size: float, leading: float) -> float:
    return size * (1 + leading * (len(lines) - 1)) if lines else 0.0


def _breaks_words(text: str, lines: Sequence[str]) -> bool:
    """Whether a hyphen had to be put in: then a smaller size is tried first."""
    return "".join(lines).count("-") > text.count("-")


def _shortened(lines: list[str], width: float, weight: Weight, language: Language) -> list[str]:
    """The last line ends in "…", at a place where one may."""
    if not lines:
        return []
    last = lines[-1]
    while last and positions(last + "…", weight, language)[-1] > width * SAFE:
        last = last[:-1]
    return [*lines[:-1], last.rstrip(" ，。、；：,.;:") + "…"]


def is_cut(laid: Laid) -> bool:
    """Whether some of the text is left out."""
    return bool(laid.lines) and laid.lines[-1].endswith("…") and not laid.text.endswith("…")


def widest(laid: Laid) -> float:
    """The widest of the lines in pixels."""
    return max(
        (inked(line, laid.weight, laid.language)[1] * laid.size for line in laid.lines),
        default=0.0,
    )


def has_bad_line(lines: Sequence[str]) -> bool:
    """Whether a line begins or ends with what may not stand there.

    >>> has_bad_line(["病毒", "。"]), has_bad_line(["病", "毒。"])
    (True, False)
    """
    return any(b[0] in NEVER_FIRST or a[-1] in NEVER_LAST for a, b in pairwise(lines))
