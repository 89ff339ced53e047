"""Figures that wait for an officer: what to decide, why, and what accepting would change."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q, QuerySet

from tongxin.places.models import Place
from tongxin.situation.models import Held, Precedence, Reading, Series
from tongxin.situation.queries.choice import Candidate, Precedences
from tongxin.situation.queries.followers import figure_count, figures_of

TOGETHER = {"not_a_place", "duplicate_differs", "unknown_metric", "future_date"}
BY_PLACE = {"unknown_place", "ambiguous_place"}


@dataclass(frozen=True, slots=True)
class Decision:
    """Held figures that are decided as one; `ids` is what `accept_held` takes.

    ``first`` shows the matter; ``figures`` counts all that stand or fall with it.
    """

    first: Held
    ids: list[int]
    figures: int
    places: int
    from_on: date | None
    to_on: date | None

    @property
    def code(self) -> str:
        """Why: unknown_place, total_fell, …"""
        return self.first.reasons[0]["code"]


@dataclass(frozen=True, slots=True)
class Change:
    """One day's figure before and after a held figure is accepted."""

    about_on: date
    before: int | None  # as known now from this source
    after: int | None
    new_before: int | None  # new that day: against the day before
    new_after: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What accepting a held figure would change."""

    place: str | None  # None: nothing can change until an officer names the place
    metric: str
    source: str
    changes: list[Change]  # by day, the figure itself first
    next_day: Change | None  # the day after the last of them, whose new cases move too
    is_shown: bool  # whether pages show this source for the place and metric


def group_of(held: Held) -> Hashable:
    """Held figures with the same answer are decided together.

    Places of one list that are no places; one name nobody knows; the small falls of a metric;
    the same trouble with a metric on the same day.
    """
    reason = held.reasons[0]
    code = reason["code"]
    if code in TOGETHER:
        return held.batch_id, code
    if code in BY_PLACE:
        return held.batch_id, code, reason.get("within"), held.place_text
    if reason.get("small"):
        return held.batch_id, code, held.metric
    return held.batch_id, code, held.metric, held.about_on


def waiting(
    *, place: str | None = None, reason: str | None = None, batch: int | None = None
) -> list[Decision]:
    """Decisions that wait, the newest import first, in the order of the file."""
    rows = Held.objects.filter(state=Held.State.WAITING).select_related("batch__source", "place")
    if place is not None:
        rows = rows.filter(place=place)
    if reason is not None:
        rows = rows.filter(reasons__0__code=reason)
    if batch is not None:
        rows = rows.filter(batch=batch)
    groups: dict[Hashable, list[Held]] = {}
    for row in rows.order_by("-batch", "line", "about_on", "pk"):
        groups.setdefault(group_of(row), []).append(row)
    return [_decision(group) for group in groups.values()]


def waiting_count() -> int:
    """How many decisions wait."""
    return len(waiting())


def settled_figures(*, state: str = "", place: str = "") -> QuerySet[Held]:
    """Figures that were accepted or rejected, the newest decision first.

    Args:
        state: one of `Held.State`, or "" for both.
        place: part of a name, as the file or the tree has it, or of a code; "" for all.
    """
    rows = Held.objects.exclude(state=Held.State.WAITING).select_related(
        "batch", "place", "decided_by"
    )
    if state:
        rows = rows.filter(state=state)
    if text := place.strip():
        rows = rows.filter(
            Q(place__name_zh__icontains=text)
            | Q(place__name_en__icontains=text)
            | Q(place__code__icontains=text)
            | Q(place_text__icontains=text)
        )
    return rows.order_by("-decided_at", "batch", "place_text", "metric", "about_on", "pk")


def dependents(heads: list[Held]) -> QuerySet[Held]:
    """Waiting figures of later imports that stand or fall with these."""
    ids = [head.pk for head in heads]
    return Held.objects.filter(state=Held.State.WAITING, reasons__0__follows__in=ids)


def effect_of(held: Held, *, place: str | None = None) -> Effect:
    """What accepting ``held`` (at ``place``, where the file's is unresolved) would change."""
    code = place or held.place_id
    source = held.batch.source_id
    if code is None:
        return Effect(None, held.metric, source, [], None, is_shown=False)
    figures = {
        figure.about_on: figure.value
        for figure in figures_of(held)
        if figure.about_on and figure.value is not None
    }
    line = _line(code, held, source)
    changes, after_line = [], line | figures
    for day in figures:
        changes.append(_change(day, line, after_line))
    later = [day for day in line if figures and day > max(figures)]
    next_day = _change(min(later), line, after_line) if later else None
    return Effect(code, held.metric, source, changes, next_day, _is_shown(code, held, source))


def _decision(group: list[Held]) -> Decision:
    days = [figure.about_on for held in group for figure in figures_of(held) if figure.about_on]
    return Decision(
        first=group[0],
        ids=[held.pk for held in group],
        figures=sum(figure_count(held) for held in group),
        places=len({(held.reasons[0].get("within"), held.place_text) for held in group}),
        from_on=min(days, default=None),
        to_on=max(days, default=None),
    )


def _series(code: str, held: Held, source: str) -> QuerySet[Series]:
    return Series.objects.filter(
        place=code, metric=held.metric, disease=held.disease, source=source
    )


def _line(code: str, held: Held, source: str) -> dict[date, int | None]:
    """Day → value as known now, in order of days."""
    rows = Reading.objects.filter(series__in=_series(code, held, source)).order_by(
        "about_on", "known_at"
    )
    return dict(rows.values_list("about_on", "value"))


def _change(day: date, line: dict[date, int | None], after: dict[date, int | None]) -> Change:
    return Change(
        about_on=day,
        before=line.get(day),
        after=after.get(day),
        new_before=_new(day, line),
        new_after=_new(day, after),
    )


def _new(day: date, line: dict[date, int | None]) -> int | None:
    earlier = [d for d in line if d < day]
    if not earlier or line.get(day) is None or line[max(earlier)] is None:
        return None
    return line[day] - line[max(earlier)]


def _is_shown(code: str, held: Held, source: str) -> bool:
    """Whether the stated precedence lets this source speak for the place and metric."""
    newest = (
        Series.objects.filter(place=code, metric=held.metric, disease=held.disease)
        .annotate(newest=Max("readings__about_on"))
        .values_list("source_id", "source__tier", "newest")
    )
    days = [figure.about_on for figure in figures_of(held) if figure.about_on]
    last = max(days, default=None)
    candidates = {
        who: Candidate(who, tier, day.toordinal()) for who, tier, day in newest if day is not None
    }
    if last is not None:
        mine = candidates.get(source)
        ordinal = max(last.toordinal(), mine.newest if mine else 0)
        candidates[source] = Candidate(source, held.batch.source.tier, ordinal)
    parents = dict(Place.objects.order_by().values_list("code", "parent_id"))
    stated = Precedences(
        Precedence.objects.values_list("place_id", "metric", "source_id", "rank"), parents
    )
    order = stated.choose(code, held.metric, list(candidates.values())).order
    return order[:1] == [source]
