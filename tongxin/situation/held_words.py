"""Why a figure is held, in words for the officer who decides."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext

from tongxin.refusal import noop

# Short, for the filter and the tag; long, for the sentence. The facts are the importer's.
NAMES = {
    "unknown_place": noop("place unknown"),
    "ambiguous_place": noop("place not clear"),
    "not_a_place": noop("not a place"),
    "unknown_metric": noop("metric unknown"),
    "unreadable_value": noop("value unreadable"),
    "unreadable_date": noop("date unreadable"),
    "future_date": noop("about a day to come"),
    "duplicate_differs": noop("said twice, differently"),
    "total_fell": noop("a total fell"),
    "jump": noop("out of proportion"),
    "drift": noop("unit or column drifted"),
    "swapped": noop("areas exchanged"),
}
SENTENCES = {
    "unknown_place": noop("No place is called “{text}”{within}."),
    "ambiguous_place": noop("“{text}”{within} may be several places: {candidates}."),
    "not_a_place": noop("“{text}” is a group of people, not a place with figures of its own."),
    "unknown_metric": noop("Nothing that is counted here is called “{metric}”."),
    "unreadable_value": noop("“{value}” is not a whole number."),
    "unreadable_date": noop("The day of this figure cannot be read."),
    "future_date": noop("The figure is about {day}, which had not come when it was imported."),
    "duplicate_differs": noop("The same file says another figure for the same day."),
    "total_fell": noop("A total can only grow, but it falls from {before} to {after}."),
    "jump": noop("{new} new in a day, where {usual} a day were usual."),
    "drift": noop("The figure leaves its order of magnitude, or the columns are exchanged."),
    "swapped": noop("{text} and {other} seem to have changed places in this file."),
}


def reason_name(code: str) -> str:
    """The reason in a few words."""
    return gettext(NAMES[code]) if code in NAMES else code


def reason_words(
    reason: Mapping[str, Any], *, text: str, value: str, day: str, name_of: Callable[[str], str]
) -> str:
    """The reason as a sentence with its figures.

    Args:
        reason: as the importer stored it: ``code`` and facts.
        text: the place as the file has it.
        value: the figure as the file has it.
        day: the day it is about.
        name_of: a place's name by its code.
    """
    code = reason["code"]
    if code not in SENTENCES:
        return code
    within = reason.get("within") or ""
    facts = {name: _number(reason.get(name)) for name in ("before", "after", "new", "usual")} | {
        "text": text,
        "value": value,
        "day": day,
        "metric": reason.get("metric", value),
        "within": f" ({within})" if within else "",
        "candidates": gettext(", ").join(name_of(one) for one in reason.get("candidates") or ()),
        "other": name_of(reason.get("with", "")),
    }
    return gettext(SENTENCES[code]).format(**facts)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.10g}"
