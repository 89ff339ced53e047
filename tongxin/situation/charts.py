"""Epidemic curves as SVG drawn on the server: no script, no fixed width, both themes.

The picture stretches with the page while its letters keep their size: positions across are
per cent of the width, and the lines lie in an inner picture that may be stretched. Colours are
classes of the style sheet, because the content security policy refuses inline styles.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil, floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongxin.situation import wording
from tongxin.situation.shapes import CaveatText, Curve

HEIGHT, TOP, BOTTOM = 290, 36, 24  # pixels
UNITS = 1000  # height of the inner picture
SHORT_DAYS = 31  # caveats about more days are not marked on a curve
NOTE_MARK = "tx-note-mark"  # in a picture that marks a caveat
NEAR = 0.1  # of the width: marks closer than this would overlap
Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Axis:
    """Values to heights. ``ticks`` are the values that get a line; log where ``is_log``."""

    low: float
    high: float
    ticks: tuple[float, ...]
    is_log: bool = False

    def y(self, value: float) -> float:
        """Height in units of the inner picture, from the top."""
        if self.is_log:
            value = log10(max(value, self.low))
            return UNITS * (1 - (value - log10(self.low)) / (log10(self.high) - log10(self.low)))
        return UNITS * (1 - (value - self.low) / (self.high - self.low))


@dataclass(slots=True)
class Plot:
    """One picture: what it shows in words, its days, its axis and its marks."""

    name: str
    title: str
    says: str
    days: Sequence[date]
    axis: Axis
    language: str
    marks: list[SafeString] = field(default_factory=list)
    caveats: Sequence[tuple[int, CaveatText]] = ()
    height: int = HEIGHT
    reference: float | None = None  # a value that gets a strong line


def linear_axis(values: Iterable[float | None], *, at_least: float = 4, most: int = 5) -> Axis:
    """An axis from nought (or below, after a correction) to a round number above all values.

    >>> linear_axis([0, 37]).ticks
    (0.0, 10.0, 20.0, 30.0, 40.0)
    """
    known = [v for v in values if v is not None]
    top, bottom = max([at_least, *known]), min([0, *known])
    step = _round_step((top - bottom) / most)
    low, high = ceil(bottom / step), ceil(top / step)
    ticks = tuple(float(i * step) for i in range(low, high + 1))
    return Axis(min(ticks[0], bottom), ticks[-1], ticks)


def log_axis(values: Iterable[float | None], *, least: int = 0) -> Axis:
    """An axis of powers of ten from 1, or from as little as 10 to the power of ``least``.

    >>> log_axis([3, 45_000]).ticks
    (1.0, 10.0, 100.0, 1000.0, 10000.0, 100000.0)
    >>> log_axis([0, 0.04, 2], least=-3).ticks
    (0.01, 0.1, 1.0, 10.0)
    """
    above = [v for v in values if v is not None and v > 0]
    low = min(max(floor(log10(min(above, default=1)) + 1e-9), least), 0)
    top = ceil(log10(max([10, *above])) - 1e-9)
    ticks = tuple(10.0**power for power in range(low, top + 1))
    return Axis(ticks[0], ticks[-1], ticks, is_log=True)


def _round_step(rough: float) -> float:
    """The next of 1, 2, 5, 10, 20 … at or above; fractions only below one."""
    power = 10.0 ** floor(log10(rough))
    return next(power * m for m in (1, 2, 5, 10) if power * m >= rough * 0.999)


def new_cases(
    curve: Curve, language: str, caveats: Sequence[tuple[int, CaveatText]], *, name: str = "new"
) -> SafeString:
    """New cases a day as bars with their 7-day mean as a line."""
    plot = Plot(
        name,
        _("New confirmed cases a day"),
        _spoken(curve.days, curve.new, language, _("New cases a day")),
        curve.days,
        linear_axis([*curve.new, *curve.mean7]),
        language,
        caveats=caveats,
    )
    plot.marks = [bars(curve.new, plot.axis), line(curve.mean7, plot.axis, "tx-line")]
    return drawn(plot)


def totals(
    curve: Curve,
    language: str,
    caveats: Sequence[tuple[int, CaveatText]],
    *,
    is_log: bool = False,
) -> SafeString:
    """Confirmed and dead in all, on a linear or a logarithmic axis."""
    axis = log_axis(curve.confirmed) if is_log else linear_axis(curve.confirmed)
    title = (
        _("Confirmed and deaths in all, logarithmic scale")
        if is_log
        else _("Confirmed and deaths in all")
    )
    plot = Plot(
        "log" if is_log else "total",
        title,
        _spoken(curve.days, curve.confirmed, language, _("Confirmed in all")),
        curve.days,
        axis,
        language,
        caveats=caveats,
    )
    plot.marks = [
        line(curve.confirmed, axis, "tx-line"),
        line(curve.deaths, axis, "tx-line tx-line--deaths"),
    ]
    return drawn(plot)


def mean_only(curve: Curve, language: str, caveats: Sequence[tuple[int, CaveatText]]) -> SafeString:
    """The 7-day mean of new cases alone."""
    plot = Plot(
        "mean",
        _("New confirmed cases a day, mean of 7 days"),
        _spoken(curve.days, curve.mean7, language, _("7-day mean")),
        curve.days,
        linear_axis(curve.mean7),
        language,
        caveats=caveats,
    )
    plot.marks = [line(curve.mean7, plot.axis, "tx-line")]
    return drawn(plot)


def reproduction(curve: Curve, language: str) -> SafeString:
    """R(t) with its 95 % interval; empty where there is none."""
    if not any(v is not None for v in curve.r_mean):
        return SafeString()
    axis = linear_axis([min(v, 6) for v in curve.r_high if v is not None], at_least=2, most=4)
    plot = Plot(
        "r",
        _("Reproduction number R over time"),
        _spoken(curve.days, curve.r_mean, language, "R"),
        curve.days,
        axis,
        language,
        height=220,
        reference=1,
    )
    plot.marks = [
        band(curve.r_low, curve.r_high, axis),
        line(curve.r_mean, axis, "tx-line"),
    ]
    return drawn(plot)


def spark(curve: Curve, days: int = 90) -> SafeString:
    """A small curve without letters, for a tile: decoration beside the figures in words."""
    means = curve.mean7[-days:]
    if len(means) < 2:
        return SafeString()
    axis = linear_axis(means)
    return format_html(
        '<svg class="tx-spark" aria-hidden="true" focusable="false" viewBox="0 0 {} {}" '
        'preserveAspectRatio="none">{}{}</svg>',
        len(means),
        UNITS,
        area(means, axis),
        line(means, axis, "tx-line"),
    )


def bars(values: Values, axis: Axis) -> SafeString:
    """One bar a day, below nought for a correction."""
    zero = round(axis.y(max(axis.low, 0)))
    path = "".join(
        f"M{at}.1 {zero}V{round(axis.y(value))}h.8V{zero}z"
        for at, value in enumerate(values)
        if value
    )
    return format_html('<path class="tx-bars" d="{}"/>', path)


def line(values: Values, axis: Axis, css: str) -> SafeString:
    """A line with gaps where values are unknown (on a log axis also where they are nought)."""
    return format_html(
        '<path class="{}" vector-effect="non-scaling-stroke" d="{}"/>', css, _steps(values, axis)
    )


def area(values: Values, axis: Axis) -> SafeString:
    """The ground below a line without gaps."""
    known = [(at, v) for at, v in enumerate(values) if v is not None]
    if not known:
        return SafeString()
    zero = round(axis.y(axis.low))
    path = "".join(f"L{at}.5 {round(axis.y(v))}" for at, v in known)
    return format_html(
        '<path class="tx-band" d="M{}.5 {}{}L{}.5 {}z"/>',
        known[0][0],
        zero,
        mark_safe(path),
        known[-1][0],
        zero,
    )


def band(lows: Values, highs: Values, axis: Axis) -> SafeString:
    """The ground between two lines, in as many pieces as there are gaps."""
    pieces: list[list[tuple[int, float, float]]] = [[]]
    for at, (low, high) in enumerate(zip(lows, highs, strict=True)):
        if low is None or high is None:
            pieces.append([])
        else:
            pieces[-1].append((at, axis.y(low), axis.y(min(high, axis.high))))
    path = "".join(
        "M"
        + "L".join(f"{at}.5 {round(high)}" for at, _low, high in piece)
        + "L"
        + "L".join(f"{at}.5 {round(low)}" for at, low, _high in reversed(piece))
        + "z"
        for piece in pieces
        if len(piece) > 1
    )
    return format_html('<path class="tx-band" d="{}"/>', path)


def _steps(values: Values, axis: Axis) -> str:
    path, pen = [], "M"
    for at, value in enumerate(values):
        if value is None or (axis.is_log and value < axis.low):
            pen = "M"
            continue
        path.append(f"{pen}{at}.5 {round(min(max(axis.y(value), 0), UNITS))}")
        pen = "L"
    return "".join(path)


def drawn(plot: Plot) -> SafeString:
    """The whole picture with axes, marks, caveats and its words for a screen reader."""
    inner = plot.height - TOP - BOTTOM
    return format_html(
        '<svg class="tx-chart" id="chart-{name}" role="img" aria-labelledby="{name}-t {name}-d" '
        'width="100%" height="{height}" data-top="{top}" data-inner="{inner}">'
        '<title id="{name}-t">{title}</title><desc id="{name}-d">{says}</desc>{grid}'
        '<svg y="{top}" width="100%" height="{inner}" viewBox="0 0 {days} {units}" '
        'preserveAspectRatio="none">{marks}</svg>{across}{caveats}</svg>',
        name=plot.name,
        height=plot.height,
        top=TOP,
        inner=inner,
        title=plot.title,
        says=plot.says,
        grid=_grid(plot, inner),
        days=max(len(plot.days), 1),
        units=UNITS,
        marks=format_html_join("", "{}", ((mark,) for mark in plot.marks)),
        across=_across(plot),
        caveats=_caveats(plot),
    )


def _grid(plot: Plot, inner: int) -> SafeString:
    def lines():
        for tick in plot.axis.ticks:
            y = round(TOP + inner * plot.axis.y(tick) / UNITS) + 0.5
            strong = tick == plot.reference or (tick == 0 and plot.reference is None)
            digits = 0 if tick == int(tick) else max(1, ceil(-log10(abs(tick))))
            yield ("tx-grid tx-grid--zero" if strong else "tx-grid"), y, y - 5, tick, digits

    return format_html_join(
        "",
        '<line class="{}" x2="100%" y1="{}" y2="{}"/><text class="tx-tick" y="{}">{}</text>',
        (
            (css, y, y, label, wording.number(tick, digits))
            for css, y, label, tick, digits in lines()
        ),
    )


def _across(plot: Plot) -> SafeString:
    ticks = day_ticks(plot.days)
    return format_html_join(
        "",
        '<text class="tx-tick tx-tick--x{}" x="{}%" y="{}">{}</text>',
        (
            (
                ("" if at % 2 == 0 else " tx-tick--wide") + _anchor(share),
                _percent(share),
                plot.height - 6,
                wording.day(on, plot.language, style),
            )
            for at, (on, share, style) in enumerate(ticks)
        ),
    )


def day_ticks(days: Sequence[date], most: int = 8) -> list[tuple[date, float, str]]:
    """Days that get a label, how far across they stand (0 to 1), and the label's style."""
    if not days:
        return []
    first, count = days[0], len(days)
    if count > 200:
        months = [on for on in days if on.day == 1]
        every = ceil(len(months) / most)
        chosen, style = months[::every], "month"
    else:
        step = next(s for s in (1, 2, 7, 14, 28) if count / s <= most or s == 28)
        chosen, style = [first + timedelta(days=i) for i in range(0, count, step)], "short"
    return [(on, ((on - first).days + 0.5) / count, style) for on in chosen]


def _anchor(share: float) -> str:
    return " tx-tick--first" if share < 0.05 else " tx-tick--last" if share > 0.94 else ""


def _percent(share: float) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".")


def _caveats(plot: Plot) -> SafeString:
    """A dotted line on the first day of each caveat about some days; close ones share a number.

    Caveats about months are not marked: they stand with the notes below.
    """
    first = plot.days[0] if plot.days else None
    marked: dict[float, list[int]] = {}
    for number, caveat in sorted(plot.caveats, key=lambda pair: pair[1].from_on):
        is_short = (caveat.to_on - caveat.from_on).days <= SHORT_DAYS
        if first is None or not is_short or not first <= caveat.from_on <= plot.days[-1]:
            continue
        share = ((caveat.from_on - first).days + 0.5) / len(plot.days)
        near = next((at for at in marked if share - at < NEAR), share)
        if number not in marked.setdefault(near, []):
            marked[near].append(number)
    return format_html_join(
        "",
        '<line class="tx-note-line" x1="{}%" x2="{}%" y1="16" y2="{}"/>'
        '<text class="tx-note-mark" x="{}%" y="12">{}</text>',
        (
            (_percent(at), _percent(at), plot.height - BOTTOM, _percent(at), ", ".join(map(str, n)))
            for at, n in marked.items()
        ),
    )


def _spoken(days: Sequence[date], values: Values, language: str, what: str) -> str:
    """A sentence that says the beginning, the peak and the end of a line."""
    known = [(on, v) for on, v in zip(days, values, strict=True) if v is not None]
    if not known:
        return _("No figures yet.")
    (first, _first), (last, newest) = known[0], known[-1]
    peak_on, peak = max(known, key=lambda pair: pair[1])
    digits = 0 if all(float(v).is_integer() for _on, v in known) else 1
    return _(
        "%(what)s from %(first)s to %(last)s. Highest %(peak)s on %(peak_on)s; last %(newest)s."
    ) % {
        "what": what,
        "first": wording.day(first, language),
        "last": wording.day(last, language),
        "peak": wording.number(peak, digits),
        "peak_on": wording.day(peak_on, language),
        "newest": wording.number(newest, digits),
    }
