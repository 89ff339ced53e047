"""Rows of figures for tests, as an import would leave them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from tongxin.situation.models import Batch, Precedence, Reading, Series, Source

FEBRUARY = date(2020, 2, 1)


def add_source(code: str = "dxy", *, tier: int = Source.Tier.COLLECTOR) -> Source:
    """A source of figures, made if it is new."""
    names = {"name_zh": f"来源 {code}", "name_en": f"Source {code}", "licence": "MIT", "tier": tier}
    return Source.objects.get_or_create(code=code, defaults=names)[0]


def day(number: int) -> date:
    """Day ``number`` of February 2020; 0 is the last of January, 30 the first of March."""
    return FEBRUARY + timedelta(days=number - 1)


def evening(on: date | int) -> datetime:
    """16:00 in Wuhan, when figures are published: of a date or a day of February 2020."""
    on = day(on) if isinstance(on, int) else on
    return datetime(on.year, on.month, on.day, 8, tzinfo=UTC)


def readings(
    place: str,
    metric: str,
    values: Mapping[date | int, int | None] | list[int | None],
    *,
    source: str = "dxy",
    known_at: datetime | None = None,
    disease: str = "covid-19",
    note: str = "",
    tier: int = Source.Tier.COLLECTOR,
) -> Series:
    """Figures by date or by day of February 2020 (a list begins on the first).

    Each is known on the evening of its own day, or all of them at ``known_at``.
    """
    if isinstance(values, list):
        values = dict(enumerate(values, start=1))
    by_day = {day(on) if isinstance(on, int) else on: n for on, n in values.items()}
    spoken = add_source(source, tier=tier)
    line, _ = Series.objects.get_or_create(
        place_id=place, metric=metric, disease=disease, source=spoken
    )
    at = known_at or max((evening(on) for on in by_day), default=evening(1))
    batch = Batch.objects.create(
        source=spoken, format="csv", filename="test.csv", sha256="", at=at, by="tests", note=note
    )
    Reading.objects.bulk_create(
        Reading(series=line, about_on=on, known_at=known_at or evening(on), value=n, batch=batch)
        for on, n in by_day.items()
    )
    return line


def prefer(place: str, *sources: str, metric: str = "") -> None:
    """State that these sources speak first for a place and below, in this order."""
    for rank, code in enumerate(sources, start=1):
        Precedence.objects.create(place_id=place, metric=metric, source_id=code, rank=rank)
