"""What the template of a place's page shows: every figure as text, in the page's language."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tongxin.places.models import WORLD
from tongxin.refusal import noop
from tongxin.situation import charts, maps_svg, wording
from tongxin.situation.links import Links
from tongxin.situation.map_classes import LIGHT
from tongxin.situation.metrics import metrics
from tongxin.situation.sentence import source_name
from tongxin.situation.shapes import (
    AreaPage,
    CaveatText,
    ChildRow,
    Curve,
    Disagreement,
    Headline,
    Revision,
    SourceLine,
)

DAYS_IN_TABLE = 60


def metric_name(code: str, language: str) -> str:
    """A metric's name; its code where no definition is known."""
    known = metrics().get(code)
    return known.name(language) if known else code


def crumbs(page: AreaPage, links: Links, language: str) -> list[dict[str, str]]:
    """The places above, outermost first."""
    return [
        {"name": above.in_language(language), "url": links.place(above.code)}
        for above in page.ancestors
    ]


def headline_cards(page: AreaPage, language: str) -> list[dict[str, Any]]:
    """The big numbers with their changes, days and sources."""
    return [_headline_card(page, h, language) for h in page.headlines]


def _headline_card(page: AreaPage, headline: Headline, language: str) -> dict[str, Any]:
    metric = metrics().get(headline.metric)
    direction = metric.higher_is if metric else "neutral"
    change = headline.change_day
    tone = ""
    if change and direction != "neutral":
        tone = "worse" if (change > 0) == (direction == "worse") else "better"
    return {
        "metric": headline.metric,
        "name": metric_name(headline.metric, language),
        "value": wording.number(headline.value),
        "is_suppressed": headline.is_suppressed,
        "change": wording.signed(change) if change is not None else "",
        "tone": tone,
        "week": wording.percent(headline.change_week) if headline.change_week is not None else "",
        "per_100k": _per_100k(headline),
        "day": wording.day(headline.about_on, language, "long" if page.age else "short"),
        "source": source_name(page, headline.source, language),
    }


def _per_100k(headline: Headline) -> str:
    """The rate; what is too small for two digits is said to be small, not nought."""
    if headline.per_100k is None:
        return ""
    return "<0.01" if headline.value and not headline.per_100k else wording.rate(headline.per_100k)


def map_view(page: AreaPage, language: str) -> dict[str, Any] | None:
    """Map, legend and the words beside it; None where there are no boundaries."""
    if page.map is None or not page.map.shapes:
        return None
    metric = metric_name(page.map.metric, language)
    whole = (page.parts_of or page.place).in_language(language)
    facts = {"metric": metric, "place": whole}
    return {
        "shades": " ".join(LIGHT.shades),
        "svg": maps_svg.area_map(
            page.map,
            page.children,
            title=_("%(metric)s by area, %(place)s") % facts,
            says=_("Map. The table beside it has the same figures."),
            language=language,
        ),
        "legend": maps_svg.legend(page.map),
        "metric": metric,
        "is_saturated": page.map.is_saturated,
        "attribution": maps_svg.attribution(page.map, language),
    }


def table_rows(page: AreaPage, links: Links, language: str) -> list[dict[str, Any]]:
    """The parts of a place, a row each."""
    return [_row(page, row, links, language) for row in page.children]


def _row(page: AreaPage, row: ChildRow, links: Links, language: str) -> dict[str, Any]:
    classes = page.map.classes if page.map else []
    return {
        "code": row.place.code,
        "name": row.place.in_language(language),
        "url": links.place(row.place.code),
        "is_here": row.place.code == page.place.code,
        "confirmed": wording.number(row.confirmed),
        "new7": wording.signed(row.new7),
        "per_100k": wording.rate(row.per_100k),
        "active": wording.number(row.active),
        "deaths": wording.number(row.deaths),
        "risk": row.risk,
        "risk_short": wording.level_name(row.risk, short=True),
        "shade": maps_svg.shade(classes, row.map_class),
        "is_suppressed": row.is_suppressed,
    }


def silent_parts(page: AreaPage, links: Links, language: str) -> list[dict[str, str]]:
    """The parts nobody publishes figures for, by name, so that who lives there finds them."""
    return [
        {"name": part.in_language(language), "url": links.place(part.code)} for part in page.silent
    ]


def columns(page: AreaPage) -> set[str]:
    """Which columns of the table have any figure."""
    names = ("new7", "per_100k", "active", "deaths", "risk")
    return {name for name in names if any(getattr(r, name) is not None for r in page.children)}


def curve_tabs(
    curve: Curve, numbered: Sequence[tuple[int, CaveatText]], language: str
) -> list[dict[str, Any]]:
    """The same curve four ways; without scripts they stand below each other."""
    drawn = {
        ("new", _("New")): charts.new_cases(curve, language, numbered),
        ("mean", _("7-day mean")): charts.mean_only(curve, language, numbered),
        ("total", _("In all")): charts.totals(curve, language, numbered),
        ("log", _("Logarithmic")): charts.totals(curve, language, numbered, is_log=True),
    }
    return [
        {"id": name, "label": label, "svg": svg, "has_notes": charts.NOTE_MARK in svg}
        for (name, label), svg in drawn.items()
    ]


def curve_data(curve: Curve) -> str:
    """The curve for the script that shows a day's figures under the pointer."""
    return json.dumps(
        {
            "first": curve.days[0].isoformat() if curve.days else None,
            "new": curve.new,
            "mean": [None if v is None else round(v, 1) for v in curve.mean7],
            "total": curve.confirmed,
            "deaths": curve.deaths,
            "r": [
                None
                if m is None or low is None or high is None
                else [round(v, 2) for v in (m, low, high)]
                for m, low, high in zip(curve.r_mean, curve.r_low, curve.r_high, strict=True)
            ],
        },
        separators=(",", ":"),
    ).replace("<", "\\u003c")


def curve_rows(curve: Curve, language: str) -> list[dict[str, str]]:
    """The newest days of the curve as a table, newest first."""
    span = range(len(curve.days) - 1, max(len(curve.days) - DAYS_IN_TABLE, 0) - 1, -1)
    return [
        {
            "day": wording.day(curve.days[at], language),
            "new": wording.number(curve.new[at]),
            "mean": wording.number(curve.mean7[at], 1),
            "total": wording.number(curve.confirmed[at]),
            "deaths": wording.number(curve.deaths[at]),
            "recovered": wording.number(curve.recovered[at]),
        }
        for at in span
    ]


def newest_r(curve: Curve, language: str) -> dict[str, str] | None:
    """The last day with an R, and what it means."""
    known = [at for at, value in enumerate(curve.r_mean) if value is not None]
    if not known:
        return None
    at = known[-1]
    mean, low, high = curve.r_mean[at], curve.r_low[at], curve.r_high[at]
    if at < len(curve.days) - 1:
        means = _("Since then there have been too few new cases to estimate R.")
    elif low is not None and low > 1:
        means = _("The outbreak was growing then.")
    elif high is not None and high < 1:
        means = _("The outbreak was shrinking then.")
    else:
        means = _("Whether it grew or shrank cannot be told from these figures.")
    return {
        "mean": wording.number(mean, 2),
        "low": wording.number(low, 2),
        "high": wording.number(high, 2),
        "day": wording.day(curve.days[at], language),
        "means": means,
    }


def caveat_notes(numbered: Sequence[tuple[int, CaveatText]], language: str) -> list[dict[str, Any]]:
    """Caveats with the number by which the curve marks them; those of one number are one note."""
    notes: dict[int, dict[str, Any]] = {}
    for at, caveat in numbered:
        days = _span(caveat.from_on, caveat.to_on, language)
        note = notes.setdefault(at, {"number": at, "days": days, "said": []})
        note["said"].append(
            {
                "text": caveat.in_language(language),
                "source": wording.said_in(caveat.source, language),
                "url": caveat.source_url,
            }
        )
    return list(notes.values())


def _span(first: date, last: date, language: str) -> str:
    if first == last:
        return wording.day(first, language)
    return f"{wording.day(first, language)} – {wording.day(last, language)}"


def revision_rows(
    page: AreaPage, revisions: Sequence[Revision], language: str
) -> list[dict[str, Any]]:
    """Figures that were said otherwise before, with the reason where one was given."""
    return [
        {
            "metric": metric_name(r.metric, language),
            "day": wording.day(r.about_on, language),
            "before": wording.number(r.before) if r.before is not None else _("none"),
            "after": wording.number(r.after) if r.after is not None else _("withdrawn"),
            "is_withdrawn": r.after is None,
            "change": wording.signed(r.after - r.before)
            if r.before is not None and r.after is not None
            else "",
            "known_at": wording.moment(r.known_at, language),
            "source": source_name(page, r.source, language),
            "why": wording.said_in(r.why, language),
        }
        for r in revisions
    ]


# What `data/sources.csv` says of sources that name no licence.
UNLICENSED = (noop("official publication"), noop("published article"))


def source_rows(sources: Sequence[SourceLine], language: str) -> list[dict[str, Any]]:
    """Who says the figures, those that speak first before the others."""
    tiers = {
        1: _("the authority's own"),
        2: _("official bulletin"),
        3: _("collected from bulletins"),
    }
    return [
        {
            "name": s.zh if language.startswith("zh") else s.en,
            "code": s.code,
            "url": s.url,
            "licence": s.licence,
            "tier": tiers.get(s.tier, ""),
            "metrics": ("、" if language.startswith("zh") else ", ").join(
                metric_name(m, language) for m in s.metrics
            ),
            "last_day": wording.day(s.last_day, language),
            "known_at": wording.moment(s.known_at, language),
            "is_chosen": s.is_chosen,
            "is_stale": s.is_stale,
        }
        for s in sources
    ]


def disagreement_rows(
    page: AreaPage, found: Sequence[Disagreement], language: str
) -> list[dict[str, str]]:
    """What others say for the same day."""
    return [
        {
            "metric": metric_name(d.metric, language),
            "day": wording.day(d.about_on, language),
            "chosen": source_name(page, d.chosen_source, language),
            "chosen_value": wording.number(d.chosen_value),
            "other": source_name(page, d.other_source, language),
            "other_value": wording.number(d.other_value),
            "difference": wording.signed(d.difference),
        }
        for d in found
    ]


def is_world(page: AreaPage) -> bool:
    return page.place.code == WORLD
