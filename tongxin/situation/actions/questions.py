"""Questions to an officer: the figures of an import that are held, one row per decision."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

import polars as pl

from tongxin.refusal import Unreadable, noop
from tongxin.situation.importers.oddities import Reason
from tongxin.situation.models import Batch, Held
from tongxin.situation.queries.followers import figures_of, packed_followers
from tongxin.situation.queries.held import group_of

ASKED = {
    "event": pl.Int64,
    "line": pl.Int64,
    "place": pl.UInt32,
    "metric": pl.String,
    "about_on": pl.Date,
    "value": pl.Int64,
    "value_text": pl.String,
    "known_at": pl.Datetime("us", "UTC"),
}
KEY = ["at", "metric", "about_on", "figure"]
# More decisions than this nobody makes: the columns have moved or the file is another one.
MOST_DECISIONS = 2_000
ReasonOf = Callable[[dict], Reason]


class TooManyQuestions(Unreadable):
    """Nearly everything in the file is odd."""

    says = noop(
        "{file} would ask an officer {questions} questions (at most {limit}); the first: {first}. "
        "Its columns have probably moved, or it is another file. Nothing was changed."
    )


class Questions:
    """Held figures as they are gathered; `write` stores them."""

    def __init__(self, places: pl.DataFrame, fallback: datetime) -> None:
        self.places = places
        self.fallback = fallback.astimezone(UTC)
        self.reasons: list[Reason] = []
        self._frames: list[pl.DataFrame] = []

    def add_events(self, rows: pl.DataFrame, reasons: list[Reason]) -> None:
        """A decision for each of ``reasons``; ``event`` of a row is its position there."""
        self._frames.append(self._shaped(rows.with_columns(pl.col("event") + len(self.reasons))))
        self.reasons += reasons

    def add_each(self, rows: pl.DataFrame, by: list[str], reason: ReasonOf) -> None:
        """A decision for each distinct ``by`` of ``rows``; ``reason`` gets their first row."""
        if not rows.height:
            return
        order = ["about_on", "line"]
        firsts = rows.sort(order, nulls_last=True).unique(by, keep="first", maintain_order=True)
        events = firsts.select(by).with_row_index("event", offset=len(self.reasons))
        self.reasons += [reason(row) for row in firsts.iter_rows(named=True)]
        self._frames.append(self._shaped(rows.join(events, on=by, nulls_equal=True)))

    def write(self, batch: Batch, disease: str) -> tuple[int, int, int]:
        """Store what was not asked before: figures held, decisions, figures asked before."""
        asked = pl.concat([pl.DataFrame(schema=ASKED), *self._frames])
        if not asked.height:
            return 0, 0, 0
        asked = asked.join(self.places.select("place", at=_at(self.places)), on="place")
        asked = asked.with_columns(figure=_figure()).sort("event", "about_on", "known_at", "line")
        earlier = _earlier(batch, disease)
        first_rows = asked.unique("event", keep="first", maintain_order=True)
        roots = dict(
            first_rows.join(earlier, on=KEY, nulls_equal=True).select("event", "held").iter_rows()
        )
        left = asked.join(earlier.select(KEY).unique(), on=KEY, how="anti", nulls_equal=True)
        rows = list(self._rows(left, batch, disease, roots))
        if len(rows) > MOST_DECISIONS:
            raise TooManyQuestions(
                file=batch.filename,
                questions=len(rows),
                limit=MOST_DECISIONS,
                first=f"{rows[0].place_text}: {rows[0].reasons[0]['code']}",
            )
        Held.objects.bulk_create(rows, batch_size=500)
        return left.height, len({group_of(row) for row in rows}), asked.height - left.height

    def _shaped(self, rows: pl.DataFrame) -> pl.DataFrame:
        missing = [pl.lit(None).alias(name) for name in ASKED if name not in rows.columns]
        return rows.with_columns(missing).select(
            pl.col(name).cast(kind) for name, kind in ASKED.items()
        )

    def _rows(
        self, left: pl.DataFrame, batch: Batch, disease: str, roots: dict[int, int]
    ) -> Iterator[Held]:
        texts = {row["place"]: row for row in self.places.iter_rows(named=True)}
        left = left.with_columns(pl.col("known_at").fill_null(self.fallback))
        for row in left.group_by("event", maintain_order=True).agg(pl.all()).iter_rows(named=True):
            place, number = texts[row["place"][0]], row["event"]
            reason = dict(self.reasons[number])
            if place["within_text"]:
                reason["within"] = place["within_text"]
            if number in roots:
                reason["follows"] = roots[number]
            yield Held(
                batch=batch,
                line=row["line"][0],
                place_text=place["place_text"][:200],
                place_id=place["code"],
                metric=row["metric"][0][:20],
                disease=disease,
                about_on=row["about_on"][0],
                value=row["value"][0],
                value_text=(row["value_text"][0] or "")[:80],
                known_at=row["known_at"][0],
                reasons=[reason],
                followers=packed_followers(row),
            )


def _at(places: pl.DataFrame) -> pl.Series:
    """How a place is told from others: its code, or else the words the file has."""
    words = pl.concat_str(
        pl.col("within_text").fill_null(""), pl.col("place_text").str.slice(0, 200), separator="/"
    )
    return places.select(pl.coalesce("code", words)).to_series()


def _figure() -> pl.Expr:
    return pl.coalesce(pl.col("value").cast(pl.String), pl.col("value_text").str.slice(0, 80))


def _earlier(batch: Batch, disease: str) -> pl.DataFrame:
    """Figures of the source that wait for an officer, or that one has rejected."""
    asked = Held.objects.filter(batch__source=batch.source_id, disease=disease).exclude(
        state=Held.State.ACCEPTED
    )
    rows = [row for held in asked.iterator() for row in _keys_of(held)]
    kinds = {"held": pl.Int64, **dict.fromkeys(KEY, pl.String), "about_on": pl.Date}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def _keys_of(held: Held) -> Iterable[tuple]:
    at = held.place_id or f"{held.reasons[0].get('within') or ''}/{held.place_text}"
    for figure in figures_of(held):
        yield held.pk, at, held.metric, figure.about_on, figure.text
