"""Indicators of every place at once: computed once for a release, read by every page of it."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from tongxin.places.models import WORLD
from tongxin.situation import indicators
from tongxin.situation.diseases import packs
from tongxin.situation.map_classes import MapClasses, classify
from tongxin.situation.metrics import metrics
from tongxin.situation.models import Batch, Source
from tongxin.situation.queries.atlas import Atlas
from tongxin.situation.queries.caveats import caveats
from tongxin.situation.queries.choice import upwards
from tongxin.situation.queries.known import Known, with_reasons
from tongxin.situation.reproduction import Reproduction, estimate
from tongxin.situation.risk import Risk, assess
from tongxin.situation.shapes import CaveatText, Line, Revision

COUNTED = ("confirmed", "deaths", "recovered")
SUMMED = ("confirmed", "deaths")
SUM = "sum-of-countries"
SPOKEN_FOR = 0.5  # share of the world's total whose countries must have reported a day
SHIPPED = "shipped"  # the format under which a first run loads figures
AT_ONCE_DAYS = 3  # a caveat that covers no more tells of cases counted all at once
REVISED_WITHIN = timedelta(days=14)


class Overview:
    """What is known, laid on one calendar: a row per place, a column per day.

    Arrays are float, NaN where nobody said anything; ``row`` finds a place's row. Whatever is
    costly is computed on first use, for all places together.
    """

    def __init__(
        self,
        known: Known,
        atlas: Atlas,
        *,
        caveats: Mapping[str, list[CaveatText]],
        sources: Mapping[str, Source],
        is_trial: bool = False,
    ) -> None:
        self.is_trial = is_trial  # nothing but what ships has been loaded
        self.known, self.atlas = known, atlas
        self.caveats, self.sources = caveats, sources
        self.places = sorted(known.places() & atlas.names.keys())
        self.row = {place: row for row, place in enumerate(self.places)}
        lines = [
            line
            for place in self.places
            for metric in COUNTED
            for line in known.lines(place, metric)[:1]
        ]
        empty = np.datetime64(known.as_of.date(), "D")
        self.first = min((line.days[0] for line in lines), default=empty)
        last = max((line.days[-1] for line in lines), default=empty)
        self.width = int((last - self.first).astype(int)) + 1
        laid = {metric: np.full((len(self.places), self.width), np.nan) for metric in COUNTED}
        for line in lines:
            at = (line.days - self.first).astype(int)
            laid[line.metric][self.row[line.place], at] = line.values
        self._sums = self._add_world(laid)
        self.confirmed, self.deaths, self.recovered = (laid[metric] for metric in COUNTED)

    def _add_world(self, laid: dict[str, np.ndarray]) -> dict[str, Line]:
        """A row for the world as the sum of its countries, where no source speaks for it.

        A country keeps its last total until it says another. The newest days wait until the
        countries that have spoken hold half of the total: before that the sum would say that
        the world stood still. Of what many do not report (recovered) no sum is made: it would
        look like a fall in those still ill.
        """
        rows = [self.row[country] for country in self.countries]
        if not rows or WORLD in self.row or WORLD not in self.atlas:
            return {}
        self.row[WORLD] = len(self.places)
        self.places.append(WORLD)
        sums = {}
        for metric, values in laid.items():
            totals = indicators.carried_forward(values[rows])
            told = ~np.isnan(totals).all(axis=0) & (metric in SUMMED)
            told &= ~_unfinished(values[rows], totals)
            total = np.where(told, np.nansum(totals, axis=0), np.nan)
            laid[metric] = np.vstack([values, total])
            if told.any():
                sums[metric] = Line(
                    place=WORLD,
                    metric=metric,
                    source=SUM,
                    days=self.first + np.flatnonzero(told),
                    values=total[told].astype(np.int64),
                    known_at=max(
                        line.known_at
                        for country in self.countries
                        for line in self.known.lines(country, metric)[:1]
                    ),
                )
        return sums

    @property
    def countries(self) -> list[str]:
        """Countries that have figures."""
        return [place for place in self.places if self.atlas.parents.get(place) == WORLD]

    def line(self, place: str, metric: str) -> Line | None:
        """The line that speaks: of the chosen source, or for the world of the countries' sum."""
        found = self.known.line(place, metric)
        return self._sums.get(metric) if found is None and place == WORLD else found

    def day(self, column: int) -> date:
        return (self.first + column).item()

    @cached_property
    def dates(self) -> list[date]:
        """Every column's day."""
        return (self.first + np.arange(self.width)).tolist()

    @cached_property
    def last_column(self) -> np.ndarray:
        """Each place's newest day with confirmed cases; -1 where there is none."""
        known = ~np.isnan(self.confirmed)
        last = self.width - 1 - np.argmax(known[:, ::-1], axis=1)
        return np.where(known.any(axis=1), last, -1)

    @cached_property
    def new(self) -> np.ndarray:
        return indicators.new_per_day(self.confirmed)

    @cached_property
    def infections(self) -> np.ndarray:
        """New cases, but for days on which old ones were counted all at once.

        A caveat of three days at most says so; those days have the mean of the week before.
        """
        found = self.new.copy()
        for place, row in self.row.items():
            for first, last in sorted(self._counted_at_once(place)):
                before = found[row, max(first - indicators.WEEK, 0) : first]
                usual = 0.0 if np.isnan(before).all() else np.nanmean(before)
                found[row, first : last + 1] = np.minimum(found[row, first : last + 1], usual)
        return found

    def _counted_at_once(self, place: str) -> Iterator[tuple[int, int]]:
        """First and last column of what caveats about a place, or those above or in it, cover."""
        above = set(upwards(place, self.atlas.parents))
        for code, said in self.caveats.items():
            if code not in above and place not in upwards(code, self.atlas.parents):
                continue
            for caveat in said:
                first = int((np.datetime64(caveat.from_on) - self.first).astype(int))
                last = int((np.datetime64(caveat.to_on) - self.first).astype(int))
                is_short = last - first < AT_ONCE_DAYS and caveat.metric in ("", "confirmed")
                if is_short and last >= 0 and first < self.width:
                    yield max(first, 0), last

    @cached_property
    def mean7(self) -> np.ndarray:
        return indicators.trailing_mean(self.new)

    @cached_property
    def week(self) -> np.ndarray:
        """New in the trailing week."""
        return indicators.rise_over(self.confirmed)

    @cached_property
    def change(self) -> np.ndarray:
        return indicators.change_on_week(self.mean7)

    @cached_property
    def active(self) -> np.ndarray:
        """Still ill: computed where all three are known, else as reported."""
        computed = indicators.active(self.confirmed, self.deaths, self.recovered)
        for place, row in self.row.items():
            line = self.known.line(place, "active")
            if line is not None:
                inside = (line.days >= self.first) & (line.days < self.first + self.width)
                at = (line.days[inside] - self.first).astype(int)
                gaps = np.isnan(computed[row, at])
                computed[row, at[gaps]] = line.values[inside][gaps]
        return computed

    @cached_property
    def reproduction(self) -> Reproduction:
        """R(t) of all places; the serial interval is the disease's."""
        interval = packs()[self.known.disease].serial_interval
        return estimate(
            self.infections, interval_mean=interval.mean_days, interval_sd=interval.sd_days
        )

    @cached_property
    def doubling(self) -> np.ndarray:
        """Each place's doubling time in days on its newest day; NaN where there is none."""
        back = self.last_column[:, None] + np.arange(1 - indicators.WEEK, 1)
        windows = np.take_along_axis(self.confirmed, np.maximum(back, 0), axis=1)
        return indicators.doubling_days(np.where(back >= 0, windows, np.nan))[:, -1]

    def newest(self, values: np.ndarray, place: str) -> float | None:
        """A place's value on its newest day; None where it is not known."""
        row = self.row.get(place)
        if row is None or self.last_column[row] < 0:
            return None
        value = values[row, self.last_column[row]]
        return None if np.isnan(value) else float(value)

    def newest_day(self, place: str) -> date | None:
        row = self.row.get(place)
        if row is None or self.last_column[row] < 0:
            return None
        return self.day(int(self.last_column[row]))

    def last_day(self, place: str) -> date | None:
        """The newest day that any figure of the place is about."""
        lines = [self.line(place, metric) for metric in metrics()]
        days = [line.days[-1] for line in lines if line is not None]
        return max(days).item() if days else None

    def latest(self, metric: str, place: str) -> float | None:
        """The newest figure of a metric on the calendar, of whichever day; None where withheld."""
        row = self.row.get(place)
        if row is None or self.hidden_since(place, metric):
            return None
        known = np.flatnonzero(~np.isnan(getattr(self, metric)[row]))
        return float(getattr(self, metric)[row, known[-1]]) if known.size else None

    def is_told(self, place: str, metric: str) -> bool:
        """Whether there is a figure at all, withheld or not; active may be computed."""
        keys = self.known.keys
        computed = metric == "active" and all((place, m) in keys for m in COUNTED)
        return computed or (place, metric) in keys

    def hidden_since(self, place: str, metric: str) -> date | None:
        """The newest day withheld, where no later figure may be shown; else None.

        Active cases are hidden with any of the three counts that make them.
        """
        asked = (*COUNTED, metric) if metric == "active" else (metric,)
        days = [self._hidden(place, one) for one in asked]
        return max((day for day in days if day), default=None)

    def _hidden(self, place: str, metric: str) -> date | None:
        hidden = self.known.withheld_days(place, metric)
        if not hidden.size:
            return None
        line = self.known.line(place, metric)
        return hidden[-1].item() if line is None or hidden[-1] > line.days[-1] else None

    def risk(self, place: str) -> Risk | None:
        """The level on the newest day; None where no confirmed cases are known."""
        day, line = self.newest_day(place), self.known.line(place, "confirmed")
        if day is None or line is None:
            return None
        clusters = self.known.line(place, "clusters")
        found = [] if clusters is None else clusters.days[clusters.values > 0].tolist()
        return assess(
            line.days.tolist(),
            line.values.tolist(),
            at=day,
            last_cluster_on=max((on for on in found if on <= day), default=None),
            clusters_known=clusters is not None,
        )

    def classes(self, children: list[str]) -> MapClasses:
        """Map classes of the cumulative confirmed cases on each child's newest day."""
        return classify([self.newest(self.confirmed, child) for child in children])

    @cached_property
    def revisions(self) -> dict[str, list[Revision]]:
        """What was changed in the fortnight before ``as_of``, by place, newest first."""
        found: dict[str, list[Revision]] = {}
        since = self.known.as_of - REVISED_WITHIN
        for revision in with_reasons(self.known.revisions(since=since)):
            found.setdefault(revision.place, []).append(revision)
        return found


def _unfinished(told: np.ndarray, carried: np.ndarray) -> np.ndarray:
    """Which of the newest days too few countries have spoken for; both are countries x days."""
    spoken = np.where(np.isnan(told), 0, told).sum(axis=0)
    whole = np.nansum(carried, axis=0)
    is_half = spoken >= SPOKEN_FOR * whole
    newest = len(is_half) - 1 - int(np.argmax(is_half[::-1])) if is_half.any() else -1
    return np.arange(len(is_half)) > newest


def overview(known: Known, atlas: Atlas) -> Overview:
    """The indicators of everything known, with the caveats in force."""
    return Overview(
        known,
        atlas,
        caveats=caveats(disease=known.disease, as_of=known.as_of),
        sources=Source.objects.in_bulk(),
        is_trial=is_trial(),
    )


def is_trial() -> bool:
    """Whether nothing but what ships has been loaded."""
    return not Batch.objects.exclude(format=SHIPPED).exists()
