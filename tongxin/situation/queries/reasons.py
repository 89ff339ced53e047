"""Reasons that someone accountable has stated for figures that move oddly: the caveats."""

from collections.abc import Callable
from datetime import date

from tongxin.places.queries import Gazetteer
from tongxin.situation.models import Caveat

EPOCH = date(1970, 1, 1)
# A caveat about a longer time describes how figures are counted; it explains no day's move.
LONGEST_REASON_DAYS = 31


def reasons_given(disease: str, gazetteer: Gazetteer) -> Callable[[str, str, int], bool]:
    """Whether a caveat covers a place, metric and day (days since 1970).

    A caveat covers its place, those under it and those over it: a revision shows in all.
    """
    caveats = [
        (caveat.metric, (caveat.from_on - EPOCH).days, (caveat.to_on - EPOCH).days, caveat.place_id)
        for caveat in Caveat.objects.filter(disease=disease)
        if (caveat.to_on - caveat.from_on).days < LONGEST_REASON_DAYS
    ]

    def is_excused(place: str, metric: str, day: int) -> bool:
        return any(
            about in ("", metric) and first <= day <= last and _related(place, area, gazetteer)
            for about, first, last, area in caveats
        )

    return is_excused


def _related(one: str, other: str, gazetteer: Gazetteer) -> bool:
    return one == other or other in gazetteer.ancestors(one) or one in gazetteer.ancestors(other)
