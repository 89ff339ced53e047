"""An officer's decisions about held figures: accept them, or reject them, for a reason."""

from collections.abc import Iterable
from datetime import date, datetime

import polars as pl
from django.db import transaction

from tongxin.audit.actions import record
from tongxin.places.models import Place
from tongxin.refusal import Refusal, noop
from tongxin.situation.actions.readings import add_readings
from tongxin.situation.importers.parsed import FIGURES
from tongxin.situation.metrics import metrics
from tongxin.situation.models import Held, Reading, Series
from tongxin.situation.queries.followers import figure_count, figures_of
from tongxin.situation.queries.held import dependents


class NotWaiting(Refusal):
    """Somebody has decided already, or there is no such figure."""

    says = noop("Some of these figures no longer wait: somebody has decided. Load the page again.")


class PlaceNotNamed(Refusal):
    """A figure of no known place cannot be accepted anywhere."""

    says = noop("“{place}” is no place we know. Choose the place these figures belong to.")


class PlaceIsKnown(Refusal):
    """The place of a figure is not for an officer to change."""

    says = noop("These figures already have a place ({place}); it cannot be changed here.")


class SeveralPlaces(Refusal):
    """One place cannot be the answer for figures of several."""

    says = noop("These figures are of several places ({places}). Decide each by itself.")


class UnreadableFigure(Refusal):
    """There is no number or day to accept."""

    says = noop("“{text}” (line {line}) cannot be read as a figure. Type the number, or reject it.")


class UnknownMetric(Refusal):
    """We do not count such a thing."""

    says = noop("There is no metric “{metric}”. Reject these figures and import them again.")


class OneOfTwo(Refusal):
    """Both of two values for one day and moment cannot be true."""

    says = noop(
        "These figures contradict each other ({place}, {day}). Accept one and reject the other."
    )


@transaction.atomic
def accept_held(
    ids: Iterable[int],
    *,
    place: str | None = None,
    value: int | None = None,
    note: str = "",
    by: object,
    at: datetime,
) -> int:
    """Make readings of held figures and of all that stand or fall with them.

    Args:
        place: code, for figures whose place the file leaves open.
        value: the number, for a single figure that could not be read.

    Returns how many readings were added. Raises a `Refusal`, and then nothing has changed.
    """
    heads = _waiting(ids)
    _require_place(heads, place)
    added = 0
    for held in heads:
        code = held.place_id or place
        added += _add(held, code, value, at)
        held.place_id = code
        held.value = held.value if held.value is not None else value
        _decide(held, Held.State.ACCEPTED, note, by, at)
    return added


@transaction.atomic
def reject_held(ids: Iterable[int], *, note: str, by: object, at: datetime) -> int:
    """Leave held figures, and all that stand or fall with them, out for good.

    Returns how many decisions that were.
    """
    heads = _waiting(ids)
    for held in heads:
        _decide(held, Held.State.REJECTED, note, by, at)
    return len(heads)


def _waiting(ids: Iterable[int]) -> list[Held]:
    """The rows, locked, with those of later imports that hang on them."""
    wanted = sorted(set(ids))
    rows = Held.objects.select_for_update(of=("self",)).select_related("batch")
    heads = list(rows.filter(pk__in=wanted, state=Held.State.WAITING).order_by("pk"))
    if not heads or len(heads) != len(wanted):
        raise NotWaiting
    hanging = dependents(heads).exclude(pk__in=wanted).values_list("pk", flat=True)
    return [*heads, *rows.filter(pk__in=list(hanging)).order_by("pk")]


def _require_place(heads: list[Held], place: str | None) -> None:
    open_places = [held for held in heads if held.place_id is None]
    if place is None and open_places:
        raise PlaceNotNamed(place=open_places[0].place_text)
    if place is None:
        return
    known = [held.place_id for held in heads if held.place_id not in (None, place)]
    if known:
        raise PlaceIsKnown(place=known[0])
    names = {(held.reasons[0].get("within"), held.place_text) for held in open_places}
    if len(names) > 1:
        raise SeveralPlaces(places=", ".join(sorted(text for _, text in names)))
    if not Place.objects.filter(pk=place).exists():
        raise PlaceNotNamed(place=place)


def _add(held: Held, code: str, value: int | None, at: datetime) -> int:
    """Store the figures of one held row; those that are there already are left alone."""
    if held.metric not in metrics():
        raise UnknownMetric(metric=held.metric)
    series, _ = Series.objects.get_or_create(
        place_id=code, metric=held.metric, disease=held.disease, source=held.batch.source
    )
    rows = {}
    for figure in figures_of(held):
        day, number = figure.about_on, figure.value if figure.value is not None else value
        if day is None or number is None or number < 0:
            raise UnreadableFigure(text=figure.text, line=figure.line)
        if rows.setdefault((day, figure.known_at), number) != number:
            raise OneOfTwo(place=held.place_text, day=day)
    fresh = [(day, known_at, number) for (day, known_at), number in _free(series, rows, at).items()]
    frame = pl.DataFrame(
        fresh,
        schema={"about_on": pl.Date, "known_at": FIGURES["known_at"], "value": pl.Int64},
        orient="row",
    )
    add_readings(frame.with_columns(series=pl.lit(series.pk)), batch=held.batch_id)
    return len(fresh)


def _free(
    series: Series, rows: dict[tuple[date, datetime], int], at: datetime
) -> dict[tuple[date, datetime], int]:
    """Rows to store: those said before are left out, those at odds are known from now on."""
    there = {
        (day, known_at): value
        for day, known_at, value in Reading.objects.filter(
            series=series, about_on__in={day for day, _ in rows}
        ).values_list("about_on", "known_at", "value")
    }
    fresh = {}
    for (day, known_at), value in rows.items():
        if (day, known_at) not in there:
            fresh[day, known_at] = value
        elif there[day, known_at] != value:
            fresh[day, at] = value
    return fresh


def _decide(held: Held, state: str, note: str, by: object, at: datetime) -> None:
    held.state, held.note, held.decided_at = state, note[:300], at
    held.decided_by = None if isinstance(by, str) else by
    held.save(update_fields=["state", "note", "decided_at", "decided_by", "place", "value"])
    record(
        f"situation.{state}_held_figure",
        held,
        by=by,
        place=held.place_id or "",
        metric=held.metric,
        figures=figure_count(held),
        reason=held.reasons[0]["code"],
    )
