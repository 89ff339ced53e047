"""What every operation of the API takes, and how its words are read."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from ninja import Query, Router

from tongxin.people.api_refusals import Refused
from tongxin.places.models import Place
from tongxin.releases.open_data import offers_open, open_data
from tongxin.situation import asked
from tongxin.situation.models import Source

router = Router(tags=["situation"])
router.add_decorator(open_data, mode="view")

MOST = 5000
FOUND_AT_MOST = 50
FIRST_DAY, LAST_DAY = date(asked.EARLIEST, 1, 1), date(9998, 12, 31)

LIMIT = Query(MOST, ge=1, le=MOST, description="At most so many, up to 5000")
CURSOR = Query("", max_length=500, description="`next` of the page before")
DISEASE = Query("", description="Code of a disease; this house's own when left out")
PLACE = Query(..., description="Code of a place", examples=["CN-420000"])
METRIC = Query("confirmed", description="Code of a metric, see /api/situation/metrics")
FROM = Query("", alias="from", description="First day, as 2020-01-20")
TO = Query("", description="Last day, as 2020-03-31")
SOURCE = Query("", description="Only this source; when left out, the one that precedes")
AS_OF = Query(
    "",
    description="As known at the end of this day (2020-02-12) or at this moment "
    "(2020-02-12T16:00:00+08:00); now when left out",
)


def offers(path: str, *, response: Any = None, **described: Any) -> Callable:
    """Register an open read of the situation."""
    answers = {200: response, 404: Refused, 422: Refused}
    return offers_open(router, path, response=answers, **described)


def file_of(kind: str) -> dict[str, Any]:
    """How the document describes an answer that is a file."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": "OK", "content": content}}}


def as_known(as_of: str) -> datetime:
    zone = timezone.get_current_timezone()
    return asked.moment(as_of, at=timezone.now(), zone=zone)


def is_fixed(moment: datetime, as_of: str) -> bool:
    """Whether a moment was asked for that time does not move on."""
    return bool(as_of) and moment < timezone.now()


def as_told(moment: datetime, as_of: str, newest: datetime | None) -> datetime | None:
    """What `as_of` an answer gives: the moment asked for, else when its newest figure was known."""
    return moment if is_fixed(moment, as_of) else newest


def stamp(moment: datetime | None) -> str | None:
    return moment and timezone.localtime(moment).isoformat()


def pack_of(disease: str) -> str:
    return asked.disease_called(disease or settings.DEFAULT_DISEASE).code


def place_of(code: str) -> Place:
    found = Place.objects.filter(code=asked.place_code(code)).first()
    if found is None:
        raise asked.NoSuchPlace(place=asked.plain(code))
    return found


def source_called(code: str) -> Source:
    found = Source.objects.filter(code=asked.plain(code)).first()
    if found is None:
        raise asked.NoSuchSource(source=asked.plain(code))
    return found
