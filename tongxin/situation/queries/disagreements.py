"""Where sources say different figures for the same place, metric and day."""

from collections.abc import Iterable

import numpy as np

from tongxin.situation.queries.known import Known
from tongxin.situation.shapes import Disagreement, Line

# How many a page lists; the API pages through the rest.
SHOWN = 20


def disagreements(
    known: Known, place: str | None = None, *, limit: int | None = SHOWN
) -> list[Disagreement]:
    """The newest day on which each other source differs from the chosen one, biggest first.

    One entry per place, metric and other source; of one place, or of all.
    """
    keys = [key for key in known.keys if place is None or key[0] == place]
    found = [d for key in keys for d in _between(known.lines(*key))]
    found.sort(key=lambda d: (-abs(d.difference), d.place, d.metric, d.other_source))
    return found[:limit]


def _between(lines: list[Line]) -> Iterable[Disagreement]:
    for other in lines[1:]:
        if (found := newest_difference(lines[0], other)) is not None:
            yield found


def newest_difference(chosen: Line, other: Line) -> Disagreement | None:
    """The newest common day on which the two differ; None where they agree or never meet."""
    days, mine, theirs = np.intersect1d(
        chosen.days, other.days, assume_unique=True, return_indices=True
    )
    differs = np.flatnonzero(chosen.values[mine] != other.values[theirs])
    if not differs.size:
        return None
    at = differs[-1]
    return Disagreement(
        place=chosen.place,
        metric=chosen.metric,
        about_on=days[at].item(),
        chosen_source=chosen.source,
        chosen_value=int(chosen.values[mine[at]]),
        other_source=other.source,
        other_value=int(other.values[theirs[at]]),
    )
