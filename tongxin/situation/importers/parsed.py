"""What every importer hands over: places as the file calls them, figures, and what is odd."""

from dataclasses import dataclass, field

import polars as pl

from tongxin.refusal import noop

PLACES = {
    "place": pl.UInt32,  # number within this file
    "place_text": pl.String,
    "within_text": pl.String,  # the area above, as the file has it; null for none
    "code_text": pl.String,  # a code the file gives; null for none
    "level": pl.String,  # country, province, … where the file's layout says so; else null
}
FIGURES = {
    "line": pl.UInt32,  # line or row in the file, from 1, the header included
    "place": pl.UInt32,
    "metric": pl.String,
    "about_on": pl.Date,
    "value": pl.Int64,
    "known_at": pl.Datetime("us", "UTC"),  # null: the file does not say
}
ODD = {
    "line": pl.UInt32,
    "place": pl.UInt32,
    "metric": pl.String,
    "about_on": pl.Date,  # null: unreadable
    "value": pl.Int64,
    "value_text": pl.String,
    "known_at": pl.Datetime("us", "UTC"),
    "reason": pl.String,  # unreadable_value | unreadable_date | unknown_metric
}


# Why a line is refused, for the closing report.
NO_PLACE = noop("no place")
NO_DAY_OR_PLACE = noop("no day or no place")


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line from which nothing can be made, not even a question to an officer."""

    line: int
    why: str
    figures: int = 1


@dataclass(frozen=True, slots=True)
class Parsed:
    """One file, read whole.

    Every figure of the file is in ``figures``, in ``odd``, in ``refused`` or counted ``empty``:
    ``read`` is their sum.
    """

    places: pl.DataFrame
    figures: pl.DataFrame
    odd: pl.DataFrame = field(default_factory=lambda: no_odd())
    refused: tuple[RefusedLine, ...] = ()
    empty: int = 0
    parts_only: tuple[str, ...] = ()  # areas that the file gives by their parts only
    disease: str = ""  # as the file itself says; empty: it does not
    note: str = ""  # why figures changed, as the file itself says

    @property
    def read(self) -> int:
        """How many figures, blank cells included, the file has."""
        lost = sum(line.figures for line in self.refused)
        return self.figures.height + self.odd.height + lost + self.empty


def numbered_places(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Distinct mentions of places as ``Parsed.places``, and ``rows`` with their number."""
    names = [name for name in PLACES if name != "place"]
    places = (
        rows.select(names)
        .unique(maintain_order=True)
        .with_row_index("place")
        .select(pl.col(name).cast(kind) for name, kind in PLACES.items())
    )
    kinds = {name: PLACES[name] for name in names}
    return places, rows.cast(kinds).join(places, on=names, nulls_equal=True)


def whole_number(text: pl.Expr) -> pl.Expr:
    """Integers of a text column; null where the text is no whole number of at least zero."""
    digits = text.str.strip_chars().str.strip_suffix(".0")
    number = digits.cast(pl.Int64, strict=False)
    return pl.when(number >= 0).then(number)


def is_blank(text: pl.Expr) -> pl.Expr:
    """Whether a text cell says nothing."""
    return text.is_null() | (text.str.strip_chars() == "")


def figures_frame(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with exactly the columns of ``Parsed.figures``."""
    return rows.select(pl.col(name).cast(kind) for name, kind in FIGURES.items())


def odd_frame(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with exactly the columns of ``Parsed.odd``."""
    return rows.select(pl.col(name).cast(kind) for name, kind in ODD.items())


def split_values(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Figures, odd figures and the number of blanks of long rows with a ``value_text``.

    ``rows`` has the columns of ``Parsed.figures`` but ``value_text`` in place of ``value``.
    """
    filled = rows.filter(~is_blank(pl.col("value_text")))
    filled = filled.with_columns(value=whole_number(pl.col("value_text")))
    good = filled.filter(pl.col("value").is_not_null())
    odd = filled.filter(pl.col("value").is_null()).with_columns(reason=pl.lit("unreadable_value"))
    return figures_frame(good), odd_frame(odd), rows.height - filled.height


def no_odd() -> pl.DataFrame:
    """An empty ``Parsed.odd``."""
    return pl.DataFrame(schema=ODD)
