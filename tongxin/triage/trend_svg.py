"""The trend of kept checks as SVG drawn on the server: no script, no fixed width, both themes.

Positions across are per cent, so that a picture stretches while its letters keep their size. What
a picture shows stands in a table beside it; its label says the change in a sentence.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext

from tongxin.triage.answers import reading
from tongxin.triage.keeping_rules import Measured, Point
from tongxin.triage.packs import Pack

STEP, TOP, FOOT = 46, 30, 26  # pixels: between rungs, above the first, below the last
TALL = 120  # pixels of a curve between its highest and lowest reading
LEFT, RIGHT = 6.0, 94.0  # per cent
MOST_LABELS = 8


def ladder(points: Sequence[Point], pack: Pack, language: str, *, says: str) -> SafeString:
    """Each check on the ladder of urgency, the most urgent rung above; empty with none on it."""
    known = [(p.at, p.rung) for p in points if p.rung is not None]
    if not known:
        return SafeString()
    rungs = pack.disposition
    lines = [(TOP + at * STEP, one.name(language)) for at, one in enumerate(rungs)]
    places = across([at for at, _ in known])
    marks = [
        (x, TOP + (len(rungs) - 1 - rung) * STEP)
        for x, (_, rung) in zip(places, known, strict=True)
    ]
    points_drawn = (
        (rungs[len(rungs) - 1 - rung].key, x, y)
        for (x, y), (_, rung) in zip(marks, known, strict=True)
    )
    drawn = [
        format_html_join(
            "",
            '<line class="tx-trend__rung" x1="0" x2="100%" y1="{0}" y2="{0}"/>',
            ((y,) for y, _ in lines),
        ),
        _path(marks),
        format_html_join(
            "",
            '<text class="tx-trend__name" x="0" y="{}">{}</text>',
            ((y - 7, n) for y, n in lines),
        ),
        format_html_join(
            "",
            '<circle class="tx-trend__point tx-trend__point--{}" cx="{}%" cy="{}" r="8"/>',
            points_drawn,
        ),
    ]
    height = TOP + (len(rungs) - 1) * STEP + FOOT
    title = gettext("Outcomes over time") + (f". {says}" if says else "")
    return _picture(title, [*drawn, _ends([at for at, _ in known], height)], height)


def curve(one: Measured, name: str, language: str) -> SafeString:
    """A number over time, each reading written beside its point; empty with fewer than two."""
    if len(one.values) < 2:
        return SafeString()
    step = one.question.step or 1
    numbers = [value for _, value in one.values]
    low, high = min(numbers), max(numbers)
    span = max(high - low, 5 * step)
    places = across([at for at, _ in one.values])
    marks = [
        (x, round(TOP + TALL * (1 - (value - low) / span)))
        for x, value in zip(places, numbers, strict=True)
    ]
    texts = [reading(one.question, round(value / step)) for value in numbers]
    shown = range(len(texts)) if len(texts) <= MOST_LABELS else _telling(numbers)
    unit = one.question.unit_en if language == "en" else one.question.unit_zh
    height = TOP + TALL + FOOT + 8
    drawn = [
        _path(marks),
        format_html_join("", '<circle class="tx-trend__point" cx="{}%" cy="{}" r="6"/>', marks),
        format_html_join(
            "",
            '<text class="tx-trend__value" x="{}%" y="{}">{}</text>',
            ((marks[at][0], marks[at][1] - 12, texts[at]) for at in shown),
        ),
        _ends([at for at, _ in one.values], height),
    ]
    title = f"{name}: {' → '.join(texts)} {unit}"
    return format_html(
        '<figure class="tx-trend__figure"><figcaption>{} ({})</figcaption>{}</figure>',
        name,
        unit,
        _picture(title, drawn, height),
    )


def across(moments: Sequence[datetime]) -> list[float]:
    """Where moments stand across the picture, in per cent; alone, one stands in the middle.

    Two thirds by time and one third by order, so that two checks of one evening stay apart.

    >>> from datetime import timedelta
    >>> start = datetime(2026, 11, 30)
    >>> across([start, start + timedelta(days=1), start + timedelta(days=4)])
    [6.0, 35.33, 94.0]
    """
    whole = (moments[-1] - moments[0]).total_seconds()
    if len(moments) < 2:
        return [50.0] * len(moments)
    width = RIGHT - LEFT
    return [
        round(LEFT + width * (_share(at - moments[0], whole) * 2 / 3 + order / 3), 2)
        for at, order in ((at, place / (len(moments) - 1)) for place, at in enumerate(moments))
    ]


def _share(passed: timedelta, whole: float) -> float:
    """The share of the whole time; of none at all, nothing has passed."""
    return passed.total_seconds() / whole if whole else 0.0


def _telling(numbers: Sequence[float]) -> list[int]:
    """The places of the first, the last, the lowest and the highest."""
    ends = {0, len(numbers) - 1, numbers.index(min(numbers)), numbers.index(max(numbers))}
    return sorted(ends)


def _path(marks: Sequence[tuple[float, int]]) -> SafeString:
    pairs = zip(marks, marks[1:], strict=False)
    return format_html_join(
        "",
        '<line class="tx-trend__line" x1="{}%" y1="{}" x2="{}%" y2="{}"/>',
        ((x1, y1, x2, y2) for (x1, y1), (x2, y2) in pairs),
    )


def _ends(moments: Sequence[datetime], height: int) -> SafeString:
    """The first and the last day, below."""
    first, last = (date_format(localtime(moments[at]), "MONTH_DAY_FORMAT") for at in (0, -1))
    if first == last:
        return format_html(
            '<text class="tx-trend__day tx-trend__day--alone" x="50%" y="{}">{}</text>',
            height - 4,
            first,
        )
    return format_html(
        '<text class="tx-trend__day" x="0" y="{0}">{1}</text>'
        '<text class="tx-trend__day tx-trend__day--last" x="100%" y="{0}">{2}</text>',
        height - 4,
        first,
        last,
    )


def _picture(title: str, drawn: Sequence[SafeString], height: int) -> SafeString:
    return format_html(
        '<svg class="tx-trend" role="img" aria-label="{}" width="100%" height="{}">{}</svg>',
        title,
        height,
        format_html_join("", "{}", ((one,) for one in drawn)),
    )
