"""What a reader must know about some figures, as it was known at a moment."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from tongxin.situation.diseases import Revision, packs
from tongxin.situation.models import Caveat
from tongxin.situation.queries.reasons import LONGEST_REASON_DAYS
from tongxin.situation.shapes import CaveatText

LONGEST_REASON = timedelta(days=LONGEST_REASON_DAYS)
SOON = timedelta(days=7)  # what is said of the week after a day tells why figures moved then


def said_after(places: Iterable[str], *, disease: str, moment: datetime) -> list[CaveatText]:
    """What editors said after a moment about figures of its day or the week that followed."""
    on = timezone.localtime(moment).date()
    rows = Caveat.objects.filter(
        disease=disease,
        place__in=places,
        known_at__gt=moment,
        from_on__lte=on + SOON,
        to_on__gte=on,
    )
    rows = rows.filter(to_on__lt=F("from_on") + LONGEST_REASON)
    return [_text(row) for row in rows.order_by("known_at", "from_on", "pk")]


def _text(row: Caveat) -> CaveatText:
    return CaveatText(
        place=row.place_id,
        metric=row.metric,
        from_on=row.from_on,
        to_on=row.to_on,
        zh=row.text_zh,
        en=row.text_en,
        source=row.source,
        source_url=row.source_url,
    )


def caveats(*, disease: str, as_of: datetime) -> dict[str, list[CaveatText]]:
    """Caveats known at ``as_of`` by the place they are about, the newest first.

    The editors' rows, then what the disease pack says about days without such a row: from the
    day after, when the bulletin of that day is out. A row and a note of the pack that share a
    day and a metric tell of one event, though one names the day that the figures cover and the
    other that of the bulletin; the row stays.
    """
    found: dict[str, list[CaveatText]] = {}
    rows = Caveat.objects.filter(disease=disease, known_at__lte=as_of)
    for row in rows.order_by("-from_on", "-known_at", "pk"):
        found.setdefault(row.place_id, []).append(_text(row))
    for stated in packs()[disease].revision if disease in packs() else ():
        own = found.setdefault(stated.place, [])
        if stated.from_on < timezone.localtime(as_of).date() and not any(
            _is_same_event(row, stated) for row in own
        ):
            own.append(
                CaveatText(
                    place=stated.place,
                    metric=stated.metric,
                    from_on=stated.from_on,
                    to_on=stated.to_on,
                    zh=stated.text_zh,
                    en=stated.text_en,
                    source=stated.source,
                    source_url="",
                )
            )
    return found


def _is_same_event(row: CaveatText, stated: Revision) -> bool:
    return (
        row.from_on <= stated.to_on
        and stated.from_on <= row.to_on
        and (row.metric == stated.metric or "" in (row.metric, stated.metric))
    )
