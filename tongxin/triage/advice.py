"""The published advice that follows from a check, for this person."""

from datetime import date
from typing import Any

from tongxin.guidance.pages import item
from tongxin.guidance.told import told
from tongxin.triage.packs import Pack
from tongxin.triage.rules import Answers, Outcome, State


def persona(pack: Pack, answers: Answers) -> dict[str, set[str]]:
    """What the answers say of the person on the axes of the guidance."""
    state = State(pack, answers)
    found: dict[str, set[str]] = {}
    for one in pack.persona:
        if state.fits_any(one.when):
            found.setdefault(one.axis, set()).add(one.value)
    return found


def advice(
    pack: Pack, answers: Answers, found: Outcome, language: str, *, today: date
) -> list[dict[str, Any]]:
    """The live advice that the outcome names, as templates show it, in that order.

    Left out is what is for others than this person, or for other places.
    """
    now = told(pack.key, today=today)
    rows = {row.slug: row for row in now.live if not row.places}
    who = persona(pack, answers)
    return [
        item(now, rows[slug], language)
        for slug in found.advice
        if slug in rows
        and all(
            not values.isdisjoint(rows[slug].when.get(axis, values)) for axis, values in who.items()
        )
    ]
