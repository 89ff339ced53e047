"""What changed since, and why."""

from datetime import datetime

from tongxin.situation.queries.known import known, with_reasons
from tongxin.situation.shapes import Revision


def revisions(
    place: str, *, disease: str, since: datetime, as_of: datetime, metric: str = ""
) -> list[Revision]:
    """Figures of a place said otherwise after ``since`` and by ``as_of``, newest first."""
    found = known(as_of=as_of, disease=disease, places=[place]).revisions(since=since, place=place)
    return with_reasons([r for r in found if metric in ("", r.metric)])
