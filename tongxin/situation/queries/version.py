"""Which state of the data a page is drawn from, without drawing it."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from tongxin.places.models import Boundary, Place
from tongxin.places.state import state_of
from tongxin.situation.models import Caveat, Precedence, Source
from tongxin.situation.queries.atlas import Atlas
from tongxin.situation.queries.choice import upwards
from tongxin.situation.queries.overview import is_trial
from tongxin.situation.queries.withholding import protected_family

# Along the primary key, without reading the readings themselves.
COUNT = """
SELECT count(*) FROM situation_series s JOIN situation_reading r ON r.series_id = s.id
WHERE s.disease = %(disease)s AND s.place_id = ANY(%(places)s) AND r.known_at <= %(by)s
"""


def version(places: Collection[str], *, disease: str, by: datetime, atlas: Atlas) -> str:
    """A text that changes with whatever pages about these places say of any moment up to ``by``.

    Readings are only ever added, so their number says which there are: also those that became
    known late, about a moment long past.
    """
    lines = (upwards(place, atlas.parents) for place in places)
    levels = {code: atlas.names[code].level for line in lines for code in line}
    family = sorted(protected_family(places, atlas.parents, levels))
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"disease": disease, "places": family, "by": by})
        (count,) = cursor.fetchone()
    return f"{state_of(Place, Boundary, Source, Precedence, Caveat)} {count} {is_trial()}"
