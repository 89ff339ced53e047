"""Kept checks over time, as pages show them: in a sentence, as pictures, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from tongxin.triage import trend_svg
from tongxin.triage.answers import reading
from tongxin.triage.keeping_rules import Measured, Point, measured, rung, steps
from tongxin.triage.models import Check
from tongxin.triage.packs import Pack, in_language

A_WEEK = 7


@dataclass(frozen=True)
class Trend:
    """All that is shown of a person's kept checks.

    Attributes:
        sentences: what changed since the check before; empty with fewer than two.
        rows: the newest first.
        columns: the names of the numbers in the rows.
    """

    sentences: tuple[str, ...]
    ladder: SafeString
    curves: tuple[SafeString, ...]
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]


def trend(checks: Sequence[Check], pack: Pack, language: str, *, today: date) -> Trend:
    """The trend over kept checks, which stand in the order of time."""
    points = [Point(c.at, c.disposition, rung(pack, c.disposition)) for c in checks]
    numbers = measured(pack, [(check.at, check.given) for check in checks])
    names = [in_language(one.question, "name", language) for one in numbers]
    sentences = _sentences(points, numbers, language, today=today)
    curves = [
        trend_svg.curve(one, name, language) for one, name in zip(numbers, names, strict=True)
    ]
    return Trend(
        tuple(sentences),
        trend_svg.ladder(points, pack, language, says=" ".join(sentences)),
        tuple(curve for curve in curves if curve),
        tuple(names),
        tuple(_row(check, numbers, pack, language) for check in reversed(checks)),
    )


def since(at: datetime, *, today: date) -> str:
    """A moment as one speaks of it: the hour of today, the day of this week, else the date."""
    day = localtime(at).date()
    if day == today:
        return date_format(localtime(at), "TIME_FORMAT")
    if (today - day).days < A_WEEK:
        return date_format(day, "l")
    return date_format(day, "DATE_FORMAT")


def _sentences(
    points: Sequence[Point], numbers: Sequence[Measured], language: str, *, today: date
) -> list[str]:
    """What changed since the check before the last."""
    found = []
    moved = steps(points)
    if moved is not None:
        when = since(points[-2].at, today=today)
        if moved > 0:
            text = ngettext(
                "Since %(when)s: %(steps)d step more urgent.",
                "Since %(when)s: %(steps)d steps more urgent.",
                moved,
            )
        elif moved < 0:
            text = ngettext(
                "Since %(when)s: %(steps)d step less urgent.",
                "Since %(when)s: %(steps)d steps less urgent.",
                -moved,
            )
        else:
            text = gettext("Since %(when)s: no change in urgency.")
        found.append(text % {"when": when, "steps": abs(moved)})
    for one in numbers:
        if one.change and one.values[-1][0] == points[-1].at:
            name = in_language(one.question, "name", language)
            unit = in_language(one.question, "unit", language)
            text = gettext("%(name)s: %(before)s → %(after)s %(unit)s.")
            facts = {"name": name, "before": one.change[0], "after": one.change[1], "unit": unit}
            found.append(text % facts)
    return found


def _row(check: Check, numbers: Sequence[Measured], pack: Pack, language: str) -> dict[str, Any]:
    """A kept check in words."""
    return {
        "check": check,
        "number": check.pk,
        "at": check.at,
        "name": check.end_name(language),
        "severity": check.disposition,
        "reason": check.reason(language),
        "clause": check.clause,
        "version": check.rules.version,
        "answers": check.told(language),
        "numbers": [_reading(check, one, language) for one in numbers],
        "now": _told_again(check, pack, language),
    }


def _reading(check: Check, one: Measured, language: str) -> str:
    """The number of a check; a dash where it was not measured."""
    for at, value in one.values:
        if at == check.at:
            unit = in_language(one.question, "unit", language)
            return f"{reading(one.question, round(value / (one.question.step or 1)))} {unit}"
    return "–"


def _told_again(check: Check, pack: Pack, language: str) -> dict[str, Any] | None:
    """What the rules of now say of it, where they say something else and it was told."""
    for row in check.reassessments.all():
        if row.rules.digest == pack.digest:
            return {"name": row.end_name(language), "is_more_urgent": row.is_more_urgent}
    return None
