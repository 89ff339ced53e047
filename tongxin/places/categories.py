"""Rows of published lists that are no place: cases not yet placed, imported, in prisons."""

import csv
from functools import cache
from pathlib import Path

from tongxin.places.rules import key_of
from tongxin.refusal import noop

# What the category means for a sum: its cases belong to the list's own area, to no part of it.
MEANINGS = {
    "unassigned": noop("Area not yet known"),
    "imported": noop("Arrived from abroad"),
    "visitors": noop("Living elsewhere in the country"),
    "institution": noop("In prisons and other closed institutions"),
    "transferred": noop("Counted by another province"),
}
TABLE = Path(__file__).with_name("data") / "not_places.csv"


@cache
def not_places() -> dict[str, str]:
    """Normalised name → meaning, as published lists write them."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        return {key_of(row["name"]): row["meaning"] for row in csv.DictReader(table)}


def category_of(name: str) -> str:
    """The meaning of a name that is no place, or ''.

    >>> category_of("待明确地区"), category_of("境外输入人员"), category_of("武汉")
    ('unassigned', 'imported', '')
    """
    return not_places().get(key_of(name), "")
