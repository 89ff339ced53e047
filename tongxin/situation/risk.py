"""The risk level of a county after the State Council's notice of 17 February 2020.

The thresholds and the clauses' wording are data (`risk_2020_02_17.toml`); the order of the
clauses is the rule's and stands here: the worst clause that holds wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal

from tongxin.data_files import Reviewed, StrictRecord, read_record

NOTICE = Path(__file__).with_name("risk_2020_02_17.toml")


class Level(StrEnum):
    """The three levels of the notice, from low to high."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Clause(StrictRecord):
    """A sentence of the notice that puts a county on a level."""

    code: str
    level: Literal["low", "medium", "high"]
    says_en: str
    says_zh: str


class Notice(Reviewed):
    """A notice that sets levels: where it comes from, its two thresholds, its clauses."""

    code: str
    title_en: str
    title_zh: str
    issuer_en: str
    issuer_zh: str
    issued_on: date
    window_days: int
    cumulative_above: int
    clause: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """A county's level at the end of a day, the clause that gives it, and the facts behind it.

    new_in_window: confirmed in the notice's window. days_since_new: whole days since the last
    day with a new case; None where there was none, or where it cannot be known.
    can_fall_in_days: days until the level falls if nothing new comes; None on the lowest.
    certain: False where something the clauses ask for is not known. Then ``level`` is the
    lowest it can be, and ``unknown`` names what would settle it: "clusters" (nobody reports
    cluster outbreaks here), "history" (the series is shorter than the window), "late" (no
    figure for the day itself), "cluster-without-cases" (the two sources contradict each other).
    """

    level: Level
    clause: str
    on: date
    cumulative: int
    new_in_window: int
    days_since_new: int | None
    days_since_cluster: int | None
    can_fall_in_days: int | None
    certain: bool
    could_be: Level
    unknown: tuple[str, ...]

    @property
    def facts(self) -> dict[str, int | str | list[str] | None]:
        """The numbers behind the level, as plain values for pages, files and the API."""
        return {
            "cumulative": self.cumulative,
            "new_in_window": self.new_in_window,
            "days_since_new": self.days_since_new,
            "days_since_cluster": self.days_since_cluster,
            "could_be": str(self.could_be),
            "unknown": list(self.unknown),
        }


@lru_cache(maxsize=8)
def load_notice(path: Path = NOTICE) -> Notice:
    """The notice in a TOML file. Raises `BrokenData` where a field is missing, wrong or new."""
    return read_record(path, Notice)


def assess(
    dates: Sequence[date],
    cumulative: Sequence[int | None],
    *,
    at: date,
    last_cluster_on: date | None = None,
    clusters_known: bool,
    notice: Notice | None = None,
) -> Risk:
    """The level at the end of the day ``at``, from the confirmed cases' cumulative series.

    ``clusters_known`` says whether somebody reports cluster outbreaks for this county; only
    then does ``last_cluster_on=None`` mean that there was none. Across days without a figure
    new cases count on the later day, and a first figure above nought counts as new on its day:
    both keep a level up rather than down. A total that falls is a correction, not a new case.
    """
    notice = notice or load_notice()
    days = _known(dates, cumulative, at)
    new_on = [(on, rise) for on, rise in _rises(days) if rise > 0]
    total = max(days[-1][1], 0) if days else 0
    since_new = (at - new_on[-1][0]).days if new_on and total else None
    since_cluster = (at - last_cluster_on).days if last_cluster_on else None
    clause = _clause(total, since_new, since_cluster, notice)
    unknown = _unknown(days, at, clause, clusters_known, since_cluster, notice)
    level = _level_of(clause, notice)
    could_be = Level.HIGH if "clusters" in unknown else level
    return Risk(
        level=level,
        clause=clause,
        on=at,
        cumulative=total,
        new_in_window=sum(rise for on, rise in new_on if 0 <= (at - on).days < notice.window_days),
        days_since_new=since_new,
        days_since_cluster=since_cluster,
        can_fall_in_days=_can_fall(level, since_new, since_cluster, notice),
        certain=not unknown,
        could_be=could_be,
        unknown=unknown,
    )


def _known(dates: Sequence[date], values: Sequence[int | None], at: date) -> list[tuple[date, int]]:
    pairs = zip(dates, values, strict=True)
    return sorted((on, int(v)) for on, v in pairs if v is not None and on <= at)


def _rises(days: list[tuple[date, int]]) -> list[tuple[date, int]]:
    """How far each figure stands above the one before it; the first above nought."""
    before = [0, *(value for _, value in days)]
    return [(on, value - last) for (on, value), last in zip(days, before, strict=False)]


def _clause(total: int, since_new: int | None, since_cluster: int | None, notice: Notice) -> str:
    many = total > notice.cumulative_above
    cluster = since_cluster is not None and since_cluster < notice.window_days
    if many and cluster:
        return "high-cluster"
    if total == 0:
        return "low-no-case"
    if since_new is None or since_new >= notice.window_days:
        return "low-no-new-case"
    return "medium-no-cluster" if many else "medium-few-cases"


def _unknown(
    days: list[tuple[date, int]],
    at: date,
    clause: str,
    clusters_known: bool,
    since_cluster: int | None,
    notice: Notice,
) -> tuple[str, ...]:
    reasons = []
    if clause == "medium-no-cluster" and not clusters_known:
        reasons.append("clusters")
    if not days or (days[0][1] > 0 and (at - days[0][0]).days < notice.window_days):
        reasons.append("history")
    if not days or days[-1][0] < at:
        reasons.append("late")
    recent_cluster = since_cluster is not None and since_cluster < notice.window_days
    if recent_cluster and clause.startswith("low"):
        reasons.append("cluster-without-cases")
    return tuple(reasons)


def _level_of(clause: str, notice: Notice) -> Level:
    return Level(next(c.level for c in notice.clause if c.code == clause))


def _can_fall(
    level: Level, since_new: int | None, since_cluster: int | None, notice: Notice
) -> int | None:
    """The days the clause that holds the level up still has to run."""
    since = {Level.LOW: None, Level.MEDIUM: since_new, Level.HIGH: since_cluster}[level]
    return None if since is None else notice.window_days - since
