"""Which figures of a file an officer must look at, and which stand or fall with them.

A total that falls, jumps, drifts or is exchanged is held, and with it the days after it for as
long as they would be odd beside the last figure that is not held. After a fall: until the total
is back. After a jump: until the rise is in proportion, or the source has gone on from the new
level for `JUMP_SETTLES_DAYS`. One decision then covers the whole of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from tongxin.situation import checks
from tongxin.situation.metrics import codes_of
from tongxin.situation.thresholds import JUMP_AT_LEAST, JUMP_NEEDS_DAYS, JUMP_TIMES

COLUMNS_BESIDE_CONFIRMED = {"deaths", "recovered"}
HALF_A_POWER = 0.5
DAYS = 1 << 20  # more than there are days in any calendar

# A rise is no jump below this share of the total: areas that report after weeks of silence add
# less (JHU 2022: hundreds of times), Hubei's change of definition added 44 % in a day.
JUMP_SHARE = 0.1

# When the source itself goes on from the new level this long, later days are free again; the
# days of the jump still wait. Growth that has become usual must not stay held for months.
JUMP_SETTLES_DAYS = 3

# A fall this small, as share or count, is one of the corrections that every series has; officers
# see a file's small falls together.
SMALL_FALL_SHARE, SMALL_FALL_COUNT = 0.01, 5

Reason = dict[str, object]
IsExcused = Callable[[str, str, int], bool]  # place, metric, days since 1970


@dataclass(frozen=True, slots=True)
class Events:
    """Things to decide: which rows of the table they were found in belong to which of them."""

    row: np.ndarray  # positions in the table
    event: np.ndarray  # same length: position in ``reasons``
    reasons: list[Reason]


@dataclass(slots=True)
class _Finals:
    """The last figure of each series and day, sorted, as arrays."""

    row: np.ndarray  # where it stands in the whole table
    figures: checks.Figures
    is_fresh: np.ndarray
    which: np.ndarray  # position of its series in the two lists below
    codes: list[str]
    metrics: list[str]
    parent: np.ndarray
    series_end: np.ndarray  # position after the last one of the same series

    def about(self, at: int) -> tuple[str, str]:
        """Place and metric of a row."""
        return self.codes[self.which[at]], self.metrics[self.which[at]]


def find(rows: pl.DataFrame, series: pl.DataFrame, *, is_excused: IsExcused) -> Events:
    """Events among the fresh rows.

    Args:
        rows: in order of ``series``, ``about_on``, ``known_at``; also ``value`` and ``status``.
        series: for each ``series`` its place's ``code``, ``metric`` and ``parent`` (a number per
            parent and metric).
        is_excused: whether someone accountable has said why figures move there then.
    """
    totals = series.filter(pl.col("metric").is_in(list(codes_of("cumulative")))).sort("series")
    table = rows.select("series", "about_on", "value", "status").with_row_index("row")
    table = table.filter(
        pl.col("status").is_in(["known", "new", "revised"])
        & pl.col("value").is_not_null()
        & pl.col("series").is_in(totals["series"].to_list())
    )
    if not (table["status"] != "known").any():
        return Events(np.array([], int), np.array([], int), [])
    table = table.with_columns(
        is_final=(
            (pl.col("series") != pl.col("series").shift(-1))
            | (pl.col("about_on") != pl.col("about_on").shift(-1))
        ).fill_null(value=True)
    )
    finals = _finals(table.filter("is_final"), totals)
    swaps, jumps = checks.swapped(finals.figures, finals.parent), checks.jumped(finals.figures)
    reasons = _reasons(finals, swaps, jumps, is_excused)
    limits = _limits(finals, jumps)
    heads = _spans(finals, reasons, limits)
    _keep_pairs_together(finals, swaps, reasons, heads)
    held = heads >= 0
    ids, event = np.unique(heads[held], return_inverse=True)
    early = _within_days(table, finals, heads, limits, is_excused)
    return Events(
        np.concatenate([finals.row[held], *(np.array(found, int) for found, _ in early)]),
        np.concatenate(
            [event, *(np.full(len(found), len(ids) + n) for n, (found, _) in enumerate(early))]
        ),
        [reasons[at] for at in ids.tolist()] + [reason for _, reason in early],
    )


def _finals(table: pl.DataFrame, totals: pl.DataFrame) -> _Finals:
    series = table["series"].to_numpy()
    edges = np.append(np.flatnonzero(np.diff(series)) + 1, len(series))
    sizes = np.diff(edges, prepend=0)
    which = np.searchsorted(totals["series"].to_numpy(), series)
    return _Finals(
        row=table["row"].to_numpy().astype(np.int64),
        figures=checks.Figures(
            series=series,
            day=table["about_on"].to_physical().to_numpy().astype(np.int64),
            value=table["value"].to_numpy(),
        ),
        is_fresh=(table["status"] != "known").to_numpy(),
        which=which,
        codes=totals["code"].to_list(),
        metrics=totals["metric"].to_list(),
        parent=totals["parent"].to_numpy().astype(np.int64)[which],
        series_end=np.repeat(edges, sizes),
    )


def _limits(finals: _Finals, jumps: checks.Check) -> np.ndarray:
    """The rise a day that is still in proportion at each row; infinite with little history."""
    before = finals.figures.row_before(JUMP_NEEDS_DAYS + 1)
    limit = np.maximum(JUMP_AT_LEAST, JUMP_TIMES * jumps.facts["usual"])
    limit = np.maximum(limit, JUMP_SHARE * np.nan_to_num(jumps.facts["before"]))
    return np.where(before >= 0, limit, np.inf)


def _reasons(
    finals: _Finals, swapped: checks.Check, jumped: checks.Check, is_excused: IsExcused
) -> dict[int, Reason]:
    """The odd fresh rows with what is odd about each, the worst reason last and kept."""
    figures = finals.figures
    reasons: dict[int, Reason] = {}
    fell, drifted = checks.fell(figures), checks.drifted(figures)
    before, after = fell.facts["before"], fell.facts["after"]
    with np.errstate(invalid="ignore"):
        is_large = after - before > JUMP_SHARE * before
    found = (
        ("total_fell", fell.odd, fell, ("before", "after")),
        ("jump", jumped.odd & is_large, jumped, ("before", "after", "new", "usual")),
        ("drift", drifted.odd, drifted, ("before", "after", "power")),
    )
    for code, odd, check, names in found:
        for at in np.flatnonzero(odd & finals.is_fresh).tolist():
            reasons[at] = {"code": code} | {n: _plain(check.facts[n][at]) for n in names}
            if code == "total_fell":
                reasons[at]["small"] = _is_small_fall(before[at], after[at])
    for at, reason in _crossed_columns(finals):
        reasons[at] = reason
    for at in np.flatnonzero(swapped.odd & finals.is_fresh).tolist():
        other = int(swapped.facts["partner"][at])
        reasons[at] = {
            "code": "swapped",
            "before": _plain(swapped.facts["before"][at]),
            "after": _plain(swapped.facts["after"][at]),
            "with": finals.about(other)[0],
        }
    return {
        at: reason
        for at, reason in reasons.items()
        if not is_excused(*finals.about(at), int(figures.day[at]))
    }


def _crossed_columns(finals: _Finals) -> Iterator[tuple[int, Reason]]:
    """Rows where confirmed and another column of the same place and day changed places."""
    places = {code: number for number, code in enumerate(sorted(set(finals.codes)))}
    place = np.array([places[code] for code in finals.codes])[finals.which]
    frame = pl.DataFrame(
        {
            "at": np.arange(len(finals.row)),
            "place": place,
            "day": finals.figures.day,
            "value": finals.figures.value,
        }
    )
    metric = np.array(finals.metrics)
    confirmed = frame.filter(pl.Series((metric == "confirmed")[finals.which]))
    for other in sorted(COLUMNS_BESIDE_CONFIRMED & set(finals.metrics)):
        rows = frame.filter(pl.Series((metric == other)[finals.which]))
        both = confirmed.join(rows, on=["place", "day"], suffix="_other").sort("place", "day")
        if not both.height:
            continue
        series, day = both["place"].to_numpy(), both["day"].to_numpy()
        check = checks.columns_crossed(
            checks.Figures(series, day, both["value"].to_numpy()),
            checks.Figures(series, day, both["value_other"].to_numpy()),
        )
        for row in both.filter(pl.Series(check.odd)).iter_rows(named=True):
            for at, column in ((row["at"], other), (row["at_other"], "confirmed")):
                if finals.is_fresh[at]:
                    yield at, {"code": "drift", "column": column, "after": row["value"]}


def _spans(finals: _Finals, reasons: dict[int, Reason], limits: np.ndarray) -> np.ndarray:
    """For each row the odd row it stands or falls with; -1 where it is free."""
    heads = np.full(len(finals.row), -1)
    settled = -1  # rows before this one are decided
    for at in sorted(reasons):
        if at < settled or at not in reasons:
            continue
        end = at + _length(finals, at, limits[at], reasons)
        head = at
        for row in range(at, end):
            head = row if row in reasons else head
            heads[row] = head
        settled = end + 1 if end < finals.series_end[at] else end
        if end < finals.series_end[at]:
            reasons.pop(end, None)  # odd beside the held ones only
    return heads


def _length(finals: _Finals, at: int, limit: float, reasons: dict[int, Reason]) -> int:
    """How many rows from ``at`` on stand or fall with it, itself included."""
    stop, base = int(finals.series_end[at]), at - 1
    value = np.asarray(finals.figures.value[at:stop], float)
    gap = finals.figures.day[at:stop] - finals.figures.day[base]
    before = float(finals.figures.value[base])
    fits = value >= before
    if value[0] >= before:
        fits &= (value - before) <= limit * gap
        odd = np.isin(np.arange(at, stop), list(reasons))
        fits |= _days_since(odd) > JUMP_SETTLES_DAYS
    if power := reasons[at].get("power"):
        fits &= np.abs(np.log10(np.maximum(value, 1) / before)) < abs(power) - HALF_A_POWER
    fits |= ~finals.is_fresh[at:stop]
    fits[0] = False
    return int(fits.argmax()) if fits.any() else len(fits)


def _keep_pairs_together(
    finals: _Finals, swaps: checks.Check, reasons: dict[int, Reason], heads: np.ndarray
) -> None:
    """Hold the one of two exchanged areas that rose as long as the one that fell."""
    days = finals.figures.day
    for fell in np.flatnonzero(swaps.odd & (heads == np.arange(len(heads)))).tolist():
        rose = int(swaps.facts["partner"][fell])
        if finals.figures.value[fell] >= finals.figures.value[fell - 1] or rose not in reasons:
            continue
        last = days[heads == fell].max()
        row = rose
        while row < finals.series_end[rose] and days[row] <= last and finals.is_fresh[row]:
            heads[row] = rose if heads[row] < 0 else heads[row]
            row += 1


def _days_since(odd: np.ndarray) -> np.ndarray:
    """Rows since the last odd one, 0 on it."""
    position = np.arange(len(odd))
    return position - np.maximum.accumulate(np.where(odd, position, 0))


def _within_days(
    table: pl.DataFrame,
    finals: _Finals,
    heads: np.ndarray,
    limits: np.ndarray,
    is_excused: IsExcused,
) -> list[tuple[list[int], Reason]]:
    """Earlier readings of a day that has several, beside the last free figure before the day."""
    early = table.filter(~pl.col("is_final") & (pl.col("status") != "known"))
    if not early.height:
        return []
    before = finals.figures.row_before()
    last_free = np.maximum.accumulate(np.where(heads < 0, np.arange(len(heads)), -1))
    key = finals.figures.series * DAYS + finals.figures.day
    rows, days = early["row"].to_list(), early["about_on"].to_physical().to_numpy().astype(np.int64)
    ats = np.searchsorted(key, early["series"].to_numpy() * DAYS + days).tolist()
    events: dict[int, tuple[list[int], Reason]] = {}
    for row, at, day, value in zip(rows, ats, days.tolist(), early["value"], strict=True):
        base = int(last_free[before[at]]) if before[at] >= 0 else -1
        if base < 0 or finals.figures.series[base] != finals.figures.series[at]:
            continue
        was, gap = int(finals.figures.value[base]), day - int(finals.figures.day[base])
        fell, jumped = value < was, value - was > limits[at] * gap
        if not (fell or jumped) or is_excused(*finals.about(at), day):
            continue
        reason = {"code": "total_fell" if fell else "jump", "before": was, "after": value}
        if fell:
            reason["small"] = _is_small_fall(was, value)
        events.setdefault(at, ([], reason))[0].append(row)
    return list(events.values())


def _plain(number: float) -> float | int | None:
    """A number as JSON has it."""
    if np.isnan(number):
        return None
    return int(number) if float(number).is_integer() else round(float(number), 2)


def _is_small_fall(before: float, after: float) -> bool:
    return bool(before - after <= max(SMALL_FALL_COUNT, SMALL_FALL_SHARE * before))
