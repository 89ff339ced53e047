"""The risk level of a place in words: the clause that gives it, why, and what lets it fall."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxin.situation import wording
from tongxin.situation.queries.overview import AT_ONCE_DAYS
from tongxin.situation.risk import load_notice
from tongxin.situation.shapes import AreaPage

_DOUBTS = {
    "clusters": lambda: _("No source reports cluster outbreaks here; with one, it would be high."),
    "history": lambda: _(
        "The figures do not reach back 14 days; the first total counts as new, so the level may"
        " be lower."
    ),
    "at-once": lambda: _(
        "On one of these days older cases were counted all at once (see the notes below), so the"
        " level may be lower."
    ),
    "late": lambda: _("There is no figure for the newest day yet."),
    "cluster-without-cases": lambda: _(
        "A cluster is reported, but no new case: the sources differ."
    ),
}


def risk_card(page: AreaPage, language: str) -> dict[str, Any] | None:
    """The level with its day, the clause of the notice that gives it, and the facts behind it.

    Of a day long past nothing is said of when the level can fall.
    """
    found = page.risk
    if found is None:
        return None
    notice, chinese = load_notice(), language.startswith("zh")
    clause = next(c for c in notice.clause if c.code == found.clause)
    on = _day_of(page)
    return {
        "level": found.level,
        "name": wording.level_name(found.level),
        "on": wording.day(on, language) if on else "",
        "clause": clause.says_zh if chinese else clause.says_en,
        "why": _why(found.facts, on, language),
        "falls": "" if page.age else _falls(found.can_fall_in_days),
        "doubts": [_DOUBTS[code]() for code in _doubted(page, on) if code in _DOUBTS],
        "is_for_larger": found.facts.get("level") == "prefecture",
        "notice": notice.title_zh if chinese else notice.title_en,
        "issuer": notice.issuer_zh if chinese else notice.issuer_en,
        "issued_on": wording.day(notice.issued_on, language),
    }


def _doubted(page: AreaPage, on: date | None) -> list[str]:
    """What is not known, and whether cases counted as new in the window are older ones."""
    facts = page.risk.facts if page.risk else {}
    codes = list(facts.get("unknown", []))
    first = on - timedelta(days=load_notice().window_days - 1) if on else date.max
    is_at_once = any(
        c.metric in ("", "confirmed")
        and (c.to_on - c.from_on).days < AT_ONCE_DAYS
        and c.to_on >= first
        for c in page.caveats
    )
    return [*codes, "at-once"] if is_at_once and facts.get("new_in_window") else codes


def _day_of(page: AreaPage) -> date | None:
    """The day the level is of."""
    said = page.risk.facts.get("on") if page.risk else None
    return date.fromisoformat(said) if said else page.last_day


def _falls(days: int | None) -> str:
    if days is None:
        return ""
    text = ngettext(
        "If no new case is confirmed, the level can fall in %(days)s day.",
        "If no new case is confirmed, the level can fall in %(days)s days.",
        days,
    )
    return text % {"days": days}


def _why(facts: dict[str, Any], on: date | None, language: str) -> list[str]:
    total = _("%(count)s confirmed in all") % {"count": wording.number(facts.get("cumulative"))}
    if "history" in facts.get("unknown", []):
        return [total]  # which of them are new cannot be told
    new = wording.number(facts.get("new_in_window"))
    said = [total, _("%(count)s new in the 14 days to then") % {"count": new}]
    since = facts.get("days_since_new")
    if since is not None and on is not None:
        day = wording.day(on - timedelta(days=since), language)
        said.append(_("last new case on %(day)s") % {"day": day})
    return said
