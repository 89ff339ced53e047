"""How long what somebody keeps of a self-check is kept, and what changed since the last one.

Plain Python: no Django, no clock, no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tongxin.triage.answers import reading
from tongxin.triage.packs import Pack, Question
from tongxin.triage.rules import Answers

KEPT_FOR = timedelta(days=365)
"""An illness and its aftermath; who wants it longer takes the export."""

HELD_FOR = timedelta(minutes=30)
"""Between “keep this result” and the end of signing in."""

MOST_DAYS = 365
"""Days of kept checks that a change of rules is held against, at most."""


USUAL_DAYS = 14
"""As many unless another number is asked for: an illness lasts about so long."""


@dataclass(frozen=True)
class Point:
    """A kept check as the trend shows it. ``rung``: 0 is the least urgent; None: off the ladder."""

    at: datetime
    disposition: str
    rung: int | None


@dataclass(frozen=True)
class Measured:
    """A number over repeated checks, in the order of time. ``values``: moment, reading."""

    question: Question
    values: tuple[tuple[datetime, float], ...]

    @property
    def change(self) -> tuple[str, str] | None:
        """The reading before the last, and the last, as people write them."""
        if len(self.values) < 2:
            return None
        step = self.question.step or 1
        texts = [reading(self.question, round(value / step)) for _, value in self.values[-2:]]
        return texts[0], texts[1]


def rung(ladder: Pack, disposition: str) -> int | None:
    """Where a disposition stands on a pack's ladder."""
    return ladder.urgency(disposition) if disposition in ladder.dispositions else None


def steps(points: Sequence[Point]) -> int | None:
    """By how many rungs the last check is more urgent than the one before; None: not to be said."""
    known = points[-2:]
    if len(known) < 2 or known[0].rung is None or known[1].rung is None:
        return None
    return known[1].rung - known[0].rung


def measured(ladder: Pack, given: Sequence[tuple[datetime, Answers]]) -> list[Measured]:
    """The numbers that the pack follows, those of one unit together, where somebody measured.

    A number that was not known is left out: what it counts as was not measured.
    """
    found: dict[str, Measured] = {}
    for question in ladder.question:
        if not question.is_followed:
            continue
        values = [
            (at, answer * (question.step or 1))
            for at, answers in given
            if isinstance(answer := answers.get(question.key), int)
        ]
        unit = question.unit_en or ""
        before = found[unit].values if unit in found else ()
        if values:
            shown = found[unit].question if unit in found else question
            found[unit] = Measured(shown, tuple(sorted([*before, *values])))
    return list(found.values())
