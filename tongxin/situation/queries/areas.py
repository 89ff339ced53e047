"""What the page of one place shows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import isfinite

import numpy as np

from tongxin.places.models import WORLD
from tongxin.situation.freshness import age
from tongxin.situation.map_classes import DARK, LIGHT, MapClasses
from tongxin.situation.metrics import metrics
from tongxin.situation.models import Source
from tongxin.situation.queries.atlas import Atlas
from tongxin.situation.queries.disagreements import disagreements
from tongxin.situation.queries.known import Known
from tongxin.situation.queries.overview import COUNTED, SUM, SUMMED, Overview, overview
from tongxin.situation.shapes import (
    AreaPage,
    CaveatText,
    ChildRow,
    Curve,
    Headline,
    Line,
    MapClass,
    MapView,
    PlaceName,
    Risk,
    SourceLine,
)

REVISIONS_SHOWN = 50
RISK_LEVELS = ("county", "prefecture")  # the notice speaks of counties; a prefecture says so


def area_page(
    code: str, *, known: Known, atlas: Atlas, today: date, ready: Overview | None = None
) -> AreaPage:
    """Everything about a place. ``today`` picks which parts exist; ``ready`` saves the sums.

    Raises KeyError where no place has the code.
    """
    ready = ready or overview(known, atlas)
    place = atlas.name(code)
    spoken = _who_has_figures(place, ready)
    parts_of, children = _parts(place, ready, today)
    row_classes = ready.classes(children)
    return AreaPage(
        place=place,
        ancestors=atlas.ancestors(code),
        disease=known.disease,
        as_of=known.as_of,
        last_day=ready.last_day(spoken.code),
        figures_from=None if spoken.code == code else spoken,
        headlines=headlines(spoken.code, ready),
        curve=curve(spoken.code, ready),
        doubling_days=doubling_days(spoken.code, ready),
        risk=risk(spoken, ready),
        map=_map(parts_of, row_classes, ready, today),
        children=_rows(children, row_classes, ready),
        sources=sources(spoken.code, ready),
        disagreements=disagreements(known, spoken.code),
        caveats=caveats_for(spoken.code, ready, today),
        revisions=ready.revisions.get(spoken.code, [])[:REVISIONS_SHOWN],
        parts_of=parts_of,
        silent=_silent(place, parts_of, ready, today),
        age=age(ready.last_day(spoken.code), today),
        is_trial=ready.is_trial,
    )


def side_by_side(
    codes: Sequence[str], *, known: Known, atlas: Atlas, today: date
) -> list[AreaPage]:
    """The pages of some places without maps, parts, sources and notes: what comparing needs.

    Raises KeyError where no place has a code.
    """
    ready = overview(known, atlas)
    found = []
    for place in map(atlas.name, codes):
        spoken = _who_has_figures(place, ready)
        page = AreaPage(
            place=place,
            ancestors=atlas.ancestors(place.code),
            disease=known.disease,
            as_of=known.as_of,
            last_day=ready.last_day(spoken.code),
            figures_from=None if spoken.code == place.code else spoken,
            headlines=headlines(spoken.code, ready),
            curve=curve(spoken.code, ready),
            doubling_days=doubling_days(spoken.code, ready),
            risk=None,
            map=None,
            children=[],
            sources=[],
            disagreements=[],
            caveats=[],
            revisions=[],
            age=age(ready.last_day(spoken.code), today),
            is_trial=ready.is_trial,
        )
        found.append(page)
    return found


def headlines(code: str, ready: Overview) -> list[Headline]:
    """The newest figure of every metric the place has, in the order pages show them."""
    found = []
    for metric in metrics():
        line = ready.line(code, metric)
        hidden = ready.hidden_since(code, metric)
        if hidden and ready.is_told(code, metric):
            found.append(_withheld(metric, hidden, line))
        elif metric == "active" and (computed := _active(code, ready, line)):
            found.append(computed)
        elif line is not None:
            found.append(_headline(line, ready))
    return found


def _withheld(metric: str, on: date, line: Line | None) -> Headline:
    source = line.source if line else ""
    return Headline(metric, None, on, None, None, None, source, is_suppressed=True)


def _headline(line: Line, ready: Overview) -> Headline:
    yesterday = _on(line, line.days[-1] - 1)
    value = int(line.values[-1])
    is_confirmed = line.metric == "confirmed"
    return Headline(
        metric=line.metric,
        value=value,
        about_on=line.days[-1].item(),
        change_day=None if yesterday is None else value - yesterday,
        change_week=ready.newest(ready.change, line.place) if is_confirmed else None,
        per_100k=_per_100k(value, ready.atlas.names[line.place].population),
        source=line.source,
    )


def _active(code: str, ready: Overview, reported: Line | None) -> Headline | None:
    """Active cases of the newest day they can be computed for; None: as reported, if at all."""
    row, confirmed = ready.row.get(code), ready.line(code, "confirmed")
    if row is None or confirmed is None:
        return None
    days = np.flatnonzero(~np.isnan(ready.active[row]))
    if not days.size or (reported and reported.days[-1] > ready.first + days[-1]):
        return None
    value = int(ready.active[row, days[-1]])
    before = ready.active[row, days[-1] - 1] if days[-1] else np.nan
    return Headline(
        metric="active",
        value=value,
        about_on=ready.day(int(days[-1])),
        change_day=None if np.isnan(before) else value - int(before),
        change_week=None,
        per_100k=_per_100k(value, ready.atlas.names[code].population),
        source=confirmed.source,
    )


def curve(code: str, ready: Overview) -> Curve | None:
    """Every day from the first to the last that anything is known of; None where nothing is."""
    row = ready.row.get(code)
    if row is None:
        return None
    laid = [getattr(ready, metric)[row] for metric in COUNTED]
    known = np.flatnonzero(~np.isnan(laid).all(axis=0))
    if not known.size:
        return None
    span = slice(known[0], known[-1] + 1)
    confirmed, deaths, recovered = (_counts(values[span]) for values in laid)
    r = ready.reproduction
    return Curve(
        days=ready.dates[span],
        confirmed=confirmed,
        new=_counts(ready.new[row, span]),
        mean7=_rounded(ready.mean7[row, span], 2),
        deaths=deaths,
        recovered=recovered,
        active=_counts(ready.active[row, span]),
        r_mean=_rounded(r.mean[row, span], 3),
        r_low=_rounded(r.low[row, span], 3),
        r_high=_rounded(r.high[row, span], 3),
    )


def doubling_days(code: str, ready: Overview) -> float | None:
    """Days in which the total doubles at this week's pace; None where it stands still."""
    row = ready.row.get(code)
    days = np.nan if row is None else float(ready.doubling[row])
    return round(days, 1) if isfinite(days) else None


def risk(place: PlaceName, ready: Overview) -> Risk | None:
    """The level of a county (or a prefecture, which ``facts["level"]`` says), and why."""
    found = ready.risk(place.code) if place.level in RISK_LEVELS else None
    if found is None:
        return None
    return Risk(
        level=str(found.level),
        clause=found.clause,
        facts={
            "on": found.on.isoformat(),
            "level": place.level,
            "cumulative": found.cumulative,
            "new_in_window": found.new_in_window,
            "days_since_new": found.days_since_new,
            "days_since_cluster": found.days_since_cluster,
            "could_be": str(found.could_be),
            "unknown": list(found.unknown),
        },
        can_fall_in_days=found.can_fall_in_days,
        is_certain=found.certain,
    )


def sources(code: str, ready: Overview) -> list[SourceLine]:
    """Who says the figures of a place, those chosen for a metric first."""
    known, found = ready.known, {}
    spoken_for = [code] if code in known.places() or code != WORLD else ready.countries
    for place in spoken_for:
        for metric in known.metrics(place):
            for at, line in enumerate(known.lines(place, metric)):
                stale = known.is_stale(place, metric, line.source)
                found.setdefault(line.source, []).append((line, at == 0, stale))
    listed = [
        SourceLine(
            code=source,
            zh=ready.sources[source].name_zh,
            en=ready.sources[source].name_en,
            url=ready.sources[source].url,
            licence=ready.sources[source].licence,
            tier=ready.sources[source].tier,
            metrics=list(dict.fromkeys(line.metric for line, _, _ in spoken)),
            last_day=max(line.days[-1] for line, _, _ in spoken).item(),
            known_at=max(line.known_at for line, _, _ in spoken),
            is_chosen=any(chosen for _, chosen, _ in spoken),
            is_stale=any(stale for _, _, stale in spoken),
        )
        for source, spoken in found.items()
    ]
    return _summed(code, ready) + sorted(listed, key=lambda s: (not s.is_chosen, s.tier, s.code))


def _summed(code: str, ready: Overview) -> list[SourceLine]:
    """That the world's figures are a sum of ours, where they are."""
    lines = [line for m in SUMMED if (line := ready.line(code, m)) and line.source == SUM]
    return [
        SourceLine(
            code=SUM,
            zh="各国家和地区最新数字之和",
            en="Sum of the latest figures of countries and territories",
            url="",
            licence="",
            tier=Source.Tier.COLLECTOR,
            metrics=[line.metric for line in lines],
            last_day=max(line.days[-1] for line in lines).item(),
            known_at=line.known_at,
            is_chosen=True,
        )
        for line in lines[:1]
    ]


def caveats_for(code: str, ready: Overview, today: date) -> list[CaveatText]:
    """Caveats about the place, what stands above it and its parts, nearest first."""
    above = [place.code for place in reversed(ready.atlas.ancestors(code))]
    below = ready.atlas.children(code, on=today) if code != WORLD else []
    last = ready.last_day(code)
    return [
        caveat
        for place in (code, *above, *below)
        for caveat in ready.caveats.get(place, [])
        if last is None or caveat.from_on <= last
    ]


def _who_has_figures(place: PlaceName, ready: Overview) -> PlaceName:
    """The place itself, or the nearest above it that has figures, or the place after all.

    A place whose figures are all withheld speaks for itself: it says that they are.
    """
    if place.code in ready.row:
        return place
    above = [name for name in ready.atlas.ancestors(place.code) if name.code in ready.row]
    return above[-1] if above and above[-1].code != WORLD else place


def _parts(place: PlaceName, ready: Overview, today: date) -> tuple[PlaceName | None, list[str]]:
    """The nearest place at or above (short of the world) with parts to draw or compare."""
    for name in [*ready.atlas.ancestors(place.code), place][::-1]:
        if name.code == WORLD and place.code != WORLD:
            break
        children = ready.atlas.children(name.code, on=today)
        drawn = ready.atlas.bounded.intersection(children)
        if drawn or any(child in ready.row for child in children):
            return name, children
    return None, []


def _silent(
    place: PlaceName, parts_of: PlaceName | None, ready: Overview, today: date
) -> list[PlaceName]:
    """The place's own parts, where the table shows others because nobody speaks for them."""
    own = [] if parts_of == place else ready.atlas.children(place.code, on=today)
    return [ready.atlas.names[code] for code in own]


def _rows(children: list[str], classes: MapClasses, ready: Overview) -> list[ChildRow]:
    """The parts, most new cases in a week first, then most in all; unknown ones last."""
    rows = [_row(child, classes, ready) for child in children]
    return sorted(rows, key=lambda r: (-_or_below(r.new7), -_or_below(r.confirmed)))


def _row(code: str, classes: MapClasses, ready: Overview) -> ChildRow:
    place = ready.atlas.names[code]
    if ready.hidden_since(code, "confirmed"):
        return ChildRow(place, None, None, None, None, None, None, None, is_suppressed=True)
    confirmed = _whole(ready.newest(ready.confirmed, code))
    new7 = _whole(ready.newest(ready.week, code))
    found = ready.risk(code) if place.level in RISK_LEVELS else None
    return ChildRow(
        place=place,
        confirmed=confirmed,
        new7=new7,
        per_100k=_per_100k(new7, place.population),
        active=_whole(ready.latest("active", code)),
        deaths=_whole(ready.latest("deaths", code)),
        risk=None if found is None else str(found.level),
        map_class=classes.place(confirmed),
    )


def _map(
    parts_of: PlaceName | None, classes: MapClasses, ready: Overview, today: date
) -> MapView | None:
    outline = ready.atlas.outline_of(parts_of.code, on=today) if parts_of else None
    if outline is None:
        return None
    children = ready.atlas.children(parts_of.code, on=today)
    values = [ready.newest(ready.confirmed, child) for child in children]
    most = max((value for value in values if value is not None), default=0)
    return replace(
        outline,
        classes=legend(classes, int(most)),
        metric="confirmed",
        is_saturated=bool(classes.saturated),
    )


def legend(classes: MapClasses, most: int) -> list[MapClass]:
    """The classes as a legend shows them, nought first; the top one ends at ``most``."""
    used = shades(len(classes.classes))
    bounds = [(0, 0, classes.zero)] + [
        (int(c.least), int(c.below) - 1 if c.below is not None else most, c.areas)
        for c in classes.classes
    ]
    return [
        MapClass(low, high, count, LIGHT.shades[shade], DARK.shades[shade])
        for (low, high, count), shade in zip(bounds, used, strict=True)
    ]


def shades(classes: int) -> Sequence[int]:
    """Which of the palette's shades few classes use: nought's, then spread to the darkest."""
    top = len(LIGHT.shades) - 1
    return [0, *(round(top * (at + 1) / classes) for at in range(classes))]


def _on(line: Line, day: np.datetime64) -> int | None:
    at = int(np.searchsorted(line.days, day))
    return int(line.values[at]) if at < len(line.days) and line.days[at] == day else None


def _per_100k(value: int | None, population: int | None) -> float | None:
    return None if value is None or not population else round(value * 100_000 / population, 2)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _or_below(value: int | None) -> float:
    return float("-inf") if value is None else value


def _counts(values: np.ndarray) -> list[int | None]:
    return [None if v != v else int(v) for v in values.tolist()]


def _rounded(values: np.ndarray, digits: int) -> list[float | None]:
    return [None if v != v else round(v, digits) for v in values.tolist()]


def rounded(value: float | None, digits: int) -> float | None:
    """A figure to so many decimals; None stays None."""
    return None if value is None else round(value, digits)
