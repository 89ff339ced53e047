"""The consistency gate: what stops a release, and what it must say when it goes out all the same.

Plain values in, findings out; nothing is changed. A finding names the rule, the place, the
metric, the day and the figures. Severity: "stops" (the release waits for an officer) or "warns"
(the release goes out and lists it). A stated reason turns a stop into a warning.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np

from tongxin.refusal import noop
from tongxin.situation import checks, disclosure
from tongxin.situation.diseases import Pack
from tongxin.situation.metrics import metrics
from tongxin.situation.thresholds import (
    CHILDREN_COUNT,
    CHILDREN_SHARE,
    MISSING_AFTER_DAYS,
    SMALL_CELL,
)

EPOCH = date(1970, 1, 1)

# What each rule says, for the desk and the release. Names: figures of the finding, and
# {place}, {other}, {metric}, {on} as the page words them.
SAYS = {
    "children_exceed_parent": noop(
        "{place}: its areas sum to {children}, more than its own {parent}"
    ),
    "children_do_not_sum": noop("{place}: its areas sum to {children}, its own figure is {parent}"),
    "cumulative_fell": noop("{place}: the total fell from {before} to {after}"),
    "jump": noop("{place}: {new} new in a day, at most {usual} in the fortnight before"),
    "areas_swapped": noop("{place} and {other} seem to have changed places"),
    "suppressed_recoverable": noop(
        "{place}: a withheld figure can be worked out (between {low} and {high})"
    ),
    "missing_since": noop("{place}: no figure for {days} days"),
    "future_date": noop("{place}: a figure about a day still to come"),
    "active_negative": noop(
        "{place}: {deaths} deaths and {recovered} recovered are more than {confirmed} confirmed"
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not right. ``on``: its (last) day; ``excused``: a reason covers it."""

    rule: str
    severity: Literal["stops", "warns"]
    place: str
    metric: str
    on: date
    figures: Mapping[str, float]
    other: str = ""
    excused: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Someone accountable said why figures move on these days (both ends included).

    It covers the place, those under it and those over it, since a revision shows in all of
    them. An empty metric covers every metric.
    """

    place: str
    metric: str
    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True)
class GateTable:
    """What is about to be published.

    parents: each place's parent (None at the top). values: by (place, metric), days
    (datetime64[D], ascending, none twice) and values of equal length. withheld: by (metric,
    day), the places whose figure the release will not show.
    """

    parents: Mapping[str, str | None]
    values: Mapping[tuple[str, str], tuple[np.ndarray, np.ndarray]]
    withheld: Mapping[tuple[str, date], frozenset[str]] = field(default_factory=dict)

    def days(self, place: str, metric: str) -> np.ndarray:
        """The series' days as whole days since 1970."""
        days = np.asarray(self.values[place, metric][0], "datetime64[D]")
        return days.astype(np.int64)

    def figures(self, place: str, metric: str) -> np.ndarray:
        """The series' values as floats."""
        return np.asarray(self.values[place, metric][1], float)


def check(
    table: GateTable,
    *,
    today: date,
    reasons: Sequence[Reason] = (),
    since: date | None = None,
    threshold: int = SMALL_CELL,
) -> tuple[Finding, ...]:
    """Every finding, stops first, then by day (newest first), place and rule.

    ``since`` leaves out findings about earlier days: those that an earlier release carried.
    """
    found = [
        *_series_findings(table),
        *_family_findings(table),
        *_active_findings(table),
        *_withheld_findings(table, threshold),
        *_calendar_findings(table, today),
    ]
    judged = (_excused(finding, reasons, table.parents) for finding in found)
    kept = [f for f in judged if since is None or f.on >= since or f.rule == "missing_since"]
    return tuple(sorted(kept, key=lambda f: (f.severity, -f.on.toordinal(), f.place, f.rule)))


def reasons_of(pack: Pack) -> tuple[Reason, ...]:
    """The revisions that a disease pack states, as the gate takes them."""
    return tuple(Reason(r.place, r.metric, r.from_on, r.to_on) for r in pack.revision)


def stops(findings: Iterable[Finding]) -> bool:
    """True where a release must wait."""
    return any(finding.severity == "stops" for finding in findings)


def _excused(
    finding: Finding, reasons: Sequence[Reason], parents: Mapping[str, str | None]
) -> Finding:
    if finding.severity == "warns" or finding.rule not in {
        "cumulative_fell",
        "jump",
        "areas_swapped",
        "children_exceed_parent",
        "active_negative",
    }:
        return finding
    for reason in reasons:
        in_time = reason.from_on <= finding.on <= reason.to_on
        if in_time and reason.metric in ("", finding.metric):
            line = {*_upwards(finding.place, parents)}
            if reason.place in line or finding.place in {*_upwards(reason.place, parents)}:
                return replace(finding, severity="warns", excused=True)
    return finding


def _upwards(place: str | None, parents: Mapping[str, str | None]) -> Iterator[str]:
    while place is not None:
        yield place
        place = parents.get(place)


def _series_findings(table: GateTable) -> Iterator[Finding]:
    """Falls, jumps and swaps of the cumulative series: the importers' own checks."""
    kinds = metrics()
    keys = sorted(k for k in table.values if k[1] in kinds and kinds[k[1]].kind == "cumulative")
    if not keys:
        return
    sizes = [len(table.figures(*key)) for key in keys]
    owner = np.repeat(np.arange(len(keys)), sizes)
    figures = checks.Figures(
        series=owner,
        day=np.concatenate([table.days(*key) for key in keys]),
        value=np.concatenate([table.figures(*key) for key in keys]),
    )
    families: dict[tuple[str | None, str], int] = {}
    family = [families.setdefault((table.parents.get(p), m), len(families)) for p, m in keys]
    swap = checks.swapped(figures, np.repeat(family, sizes))
    partners = swap.facts["partner"]
    for row in np.flatnonzero(swap.odd & (partners > np.arange(len(owner)))).tolist():
        other = keys[owner[partners[row]]][0]
        yield _finding("areas_swapped", keys[owner[row]], figures, row, swap, other=other)
    # A swap is one trouble, not a fall and a jump besides.
    for rule, result in (
        ("cumulative_fell", checks.fell(figures)),
        ("jump", checks.jumped(figures)),
    ):
        for row in np.flatnonzero(result.odd & ~swap.odd).tolist():
            yield _finding(rule, keys[owner[row]], figures, row, result)


def _finding(
    rule: str,
    key: tuple[str, str],
    figures: checks.Figures,
    row: int,
    result: checks.Check,
    *,
    other: str = "",
) -> Finding:
    facts = {n: float(v[row]) for n, v in result.facts.items() if n != "partner"}
    on = _as_date(figures.day[row])
    return Finding(rule, "stops", *key, on, facts, other=other)


def _as_date(day: int) -> date:
    return EPOCH + timedelta(days=int(day))


def _family_findings(table: GateTable) -> Iterator[Finding]:
    """Children against their parent, on the days the parent reports.

    A child's last figure stands until its next for totals; other metrics need the day itself.
    One finding for each unbroken run of days, dated on its last, with how many days it lasted.
    """
    kin = Counter(parent for parent in table.parents.values() if parent is not None)
    for (parent, metric), family in sorted(_families(table).items()):
        days, own = table.days(parent, metric), table.figures(parent, metric)
        carry = metrics()[metric].kind == "cumulative"
        laid = np.stack([_on_days(table, child, metric, days, carry) for child in family])
        total, known = np.nansum(laid, axis=0), (~np.isnan(laid)).sum(axis=0)
        slack = np.maximum(CHILDREN_COUNT, CHILDREN_SHARE * own)
        most = known * 2 > kin[parent]  # of a few parts a smaller sum says nothing
        over, short = total > own + slack, most & (total < own - slack)
        for rule, odd in (("children_exceed_parent", over), ("children_do_not_sum", short)):
            for first, last in _runs(odd):
                figures = {
                    "parent": float(own[last]),
                    "children": float(total[last]),
                    "difference": float(total[last] - own[last]),
                    "absent": float(kin[parent] - known[last]),
                    "days": float(last - first + 1),
                }
                severity = "stops" if rule == "children_exceed_parent" else "warns"
                yield Finding(rule, severity, parent, metric, _as_date(days[last]), figures)


def _families(table: GateTable) -> dict[tuple[str, str], list[str]]:
    """Children that report a metric, by parent that reports it too, where it adds up."""
    children: dict[tuple[str, str], list[str]] = defaultdict(list)
    additive = {code for code, metric in metrics().items() if metric.sums}
    for place, metric in table.values:
        parent = table.parents.get(place)
        if metric in additive and parent is not None and (parent, metric) in table.values:
            children[parent, metric].append(place)
    return children


def _on_days(
    table: GateTable, place: str, metric: str, days: np.ndarray, carry: bool
) -> np.ndarray:
    """A series' values on the given days; NaN where it has none."""
    own, values = table.days(place, metric), table.figures(place, metric)
    position = np.searchsorted(own, days, side="right") - 1
    found = position >= 0
    if not carry:
        found &= own[position] == days
    return np.where(found, values[position], np.nan)


def _runs(odd: np.ndarray) -> Iterator[tuple[int, int]]:
    """First and last position of each unbroken run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], odd.astype(int), [0]])))
    yield from zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True)


def _active_findings(table: GateTable) -> Iterator[Finding]:
    """Days when more have died or recovered than were ever confirmed."""
    for place, metric in sorted(table.values):
        if metric != "confirmed":
            continue
        days, confirmed = table.days(place, metric), table.figures(place, metric)
        ended = {}
        for name in ("deaths", "recovered"):
            known = (place, name) in table.values
            ended[name] = np.nan_to_num(
                _on_days(table, place, name, days, carry=True) if known else np.zeros(len(days))
            )
        gone = ended["deaths"] + ended["recovered"]
        for first, last in _runs(gone > confirmed):
            figures = {name: float(values[last]) for name, values in ended.items()}
            figures |= {"confirmed": float(confirmed[last]), "days": float(last - first + 1)}
            yield Finding(
                "active_negative", "stops", place, "active", _as_date(days[last]), figures
            )


def _withheld_findings(table: GateTable, threshold: int) -> Iterator[Finding]:
    """Withheld small figures that the published ones give away."""
    for (metric, on), withheld in sorted(table.withheld.items()):
        day = np.array([(on - EPOCH).days])
        values = {}
        for place, other in table.values:
            if other == metric:
                value = _on_days(table, place, metric, day, carry=False)[0]
                if not np.isnan(value):
                    values[place] = int(value)
        exposed = disclosure.recoverable(
            disclosure.Table(values, table.parents), withheld, threshold=threshold
        )
        for place, (low, high) in sorted(exposed.items()):
            figures = {"low": float(low), "high": float(high), "threshold": float(threshold)}
            yield Finding("suppressed_recoverable", "stops", place, metric, on, figures)


def _calendar_findings(table: GateTable, today: date) -> Iterator[Finding]:
    """Places that stopped reporting, and figures about days still to come."""
    now = (today - EPOCH).days
    for place, metric in sorted(table.values):
        days = table.days(place, metric)
        if not days.size:
            continue
        if days[-1] > now:
            figures = {"days": float(days[-1] - now)}
            yield Finding("future_date", "stops", place, metric, _as_date(days[-1]), figures)
        late = int(now - days[-1])
        if late > MISSING_AFTER_DAYS:
            on = _as_date(days[-1])
            yield Finding("missing_since", "warns", place, metric, on, {"days": float(late)})
