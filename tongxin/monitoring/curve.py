"""A person's temperature over the last two weeks as a picture."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tongxin.monitoring.models import Entry
from tongxin.monitoring.packs import pack
from tongxin.monitoring.queries import SHOWN_DAYS
from tongxin.situation.charts import UNITS, Axis, Plot, drawn, line

LOW, HIGH = 35.0, 41.0
TICKS = (35.0, 36.0, 37.3, 39.0, 41.0)


def temperature_curve(entries: Sequence[Entry], *, until: date, language: str) -> SafeString:
    """The picture, or nothing where no temperature was given. °C, one value a day: the highest."""
    days = [until - timedelta(days=back) for back in range(SHOWN_DAYS - 1, -1, -1)]
    highest: dict[date, float] = {}
    for entry in entries:
        if entry.celsius is not None:
            highest[entry.on] = max(highest.get(entry.on, 0.0), float(entry.celsius))
    values = [highest.get(day) for day in days]
    known = [(day, value) for day, value in zip(days, values, strict=True) if value is not None]
    if not known:
        return SafeString()
    axis = Axis(min(LOW, *highest.values()), max(HIGH, *highest.values()), TICKS)
    said = gettext("Highest {highest} °C on {day}; last {last} °C.").format(
        highest=max(value for _, value in known),
        day=max(known, key=lambda one: one[1])[0].strftime("%m-%d"),
        last=known[-1][1],
    )
    plot = Plot(
        name="temperature",
        title=gettext("Temperature, the last 14 days (°C)"),
        says=said,
        days=days,
        axis=axis,
        language=language,
        reference=pack().fever.celsius,
        height=220,
    )
    plot.marks = [line(values, axis, "tx-line"), _dots(values, axis)]
    return drawn(plot)


def _dots(values: Sequence[float | None], axis: Axis) -> SafeString:
    """A short stroke for each day: a lone day is no line."""
    path = "".join(
        f"M{at}.25 {round(min(max(axis.y(value), 0), UNITS))}h.5"
        for at, value in enumerate(values)
        if value is not None
    )
    return format_html('<path class="tx-line" vector-effect="non-scaling-stroke" d="{}"/>', path)
