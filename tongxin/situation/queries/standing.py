"""Where a place stands today by the rules, for the API."""

from typing import Any

from tongxin.situation.queries.areas import curve, doubling_days, risk, rounded
from tongxin.situation.queries.atlas import atlas
from tongxin.situation.queries.known import Known
from tongxin.situation.queries.overview import overview
from tongxin.situation.shapes import Curve


def standing_of(code: str, known: Known) -> dict[str, Any]:
    """The indicators of the newest day, and of every day before it, shaped as IndicatorsOut."""
    ready = overview(known, atlas([code]))
    name, level = ready.atlas.name(code), risk(ready.atlas.name(code), ready)
    told = curve(code, ready)
    points = [] if told is None else [_point(told, at) for at in range(len(told.days))]
    week = ready.newest(ready.week, code)
    rate = None if week is None or not name.population else week * 100_000 / name.population
    day = ready.newest_day(code)
    last = next((point for point in reversed(points) if point["date"] == day), None)
    return {
        "place": code,
        "disease": known.disease,
        "as_of": known.latest_known_at,
        "date": day,
        "confirmed": ready.newest(ready.confirmed, code),
        "new": ready.newest(ready.new, code),
        "mean7": rounded(ready.newest(ready.mean7, code), 2),
        "new7": week,
        "new7_per_100k": rounded(rate, 2),
        "change_week": rounded(ready.newest(ready.change, code), 3),
        "active": ready.latest("active", code),
        "doubling_days": doubling_days(code, ready),
        "r": last and last["r"],
        "risk": level,
        "is_suppressed": ready.hidden_since(code, "confirmed") is not None,
        "points": points,
    }


def _point(told: Curve, at: int) -> dict[str, Any]:
    return {
        "date": told.days[at],
        "new": told.new[at],
        "mean7": told.mean7[at],
        "active": told.active[at],
        "r": {"mean": told.r_mean[at], "low": told.r_low[at], "high": told.r_high[at]},
    }
