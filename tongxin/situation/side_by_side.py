"""The curves of several places in one picture, on a linear and on a logarithmic scale."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongxin.situation.charts import Plot, Values, drawn, line, linear_axis, log_axis

LEAST = -3  # a logarithmic scale begins at a thousandth of a person per 100,000, if need be


def tabs(days: Sequence[date], series: Sequence[Values], language: str) -> list[dict[str, Any]]:
    """The same means of each place twice; without scripts one picture below the other."""
    every = [value for values in series for value in values]
    title = _("New confirmed cases a day, mean of 7 days")
    linear = linear_axis(every, at_least=1)
    in_logs = _("New confirmed cases a day, mean of 7 days, logarithmic scale")
    log = log_axis(every, least=LEAST)
    return [
        {
            "id": "mean",
            "label": _("7-day mean"),
            "svg": several(Plot("compare", title, title, days, linear, language), series),
        },
        {
            "id": "log",
            "label": _("Logarithmic"),
            "svg": several(Plot("compare-log", in_logs, in_logs, days, log, language), series),
        },
    ]


def several(plot: Plot, series: Sequence[Values]) -> SafeString:
    """Up to six places in one picture, each with a line style of its own."""
    plot.marks = [
        line(values, plot.axis, f"tx-line tx-line--{at}") for at, values in enumerate(series)
    ]
    return drawn(plot)
