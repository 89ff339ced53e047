"""Ten million readings: how long they take, how much room they need, and whether pages notice.

They come in as any import does (places, comparison, checks, COPY, one transaction a million), only
without the reading of a file: counties of their own, so that what is asked of others stays equal.
"""

import statistics
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl

from bench.machine import seconds
from bench.rooms import BY, prepared_database
from bench.rows import Row, Setting, spread

METRICS = ("confirmed", "suspected", "deaths", "recovered")
DAYS, COUNTIES_AT_ONCE = 1_000, 250  # times four metrics: a million
FIRST_DAY = date(2020, 1, 22)
FLAT = 1.5  # a query is called flat up to here: noise of a shared machine
COUNTY, PROVINCE = "CN-421083", "CN-420000"
SIZES = """
SELECT count(*), pg_table_size('situation_reading'), pg_indexes_size('situation_reading')
FROM situation_reading
"""


def measure(setting: Setting) -> list[Row]:
    """Seconds for each million, bytes on disk, and three queries before and after."""
    with prepared_database():
        from django.db import connection
        from django.utils import timezone

        from tongxin.situation.actions.shipped import load_shipped_figures

        load_shipped_figures(by=BY, at=timezone.now())
        chunks = setting.of(10, 1)
        per_chunk = setting.of(COUNTIES_AT_ONCE, 50)
        codes = add_counties(chunks * per_chunk)
        before = asked(setting)
        parts = [codes[at : at + per_chunk] for at in range(0, len(codes), per_chunk)]
        times = [seconds(lambda part=part: import_part(part)) for part in parts]
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE situation_reading")
            count, heap, index = cursor.execute(SIZES).fetchone()
        after = asked(setting)
    return [
        Row(
            f"ten_million: import of {len(codes) * len(METRICS) * DAYS:,}",
            f"{sum(times):.0f} s; a part {spread(times, 's', 1)}",
            f"the first part: {times[0]:.1f} s",
            ratio=times[-1] / times[0],
            goal="-",
            is_met=None,
            runs=len(times),
            note="through the importer's own path, in parts; the ratio is the last part's",
            facts={"seconds": times},
        ),
        Row(
            "ten_million: size on disk",
            f"{heap / 1e6:,.0f} MB table, {index / 1e6:,.0f} MB indexes",
            f"its values alone, 36 bytes a row: {count * 36 / 1e6:,.0f} MB",
            ratio=(heap + index) / (count * 36),
            goal="-",
            is_met=None,
            runs=1,
            facts={"rows": count, "table": heap, "indexes": index},
        ),
        *(row(name, before[name], after[name]) for name in before),
    ]


def row(name: str, before: list[float], after: list[float]) -> Row:
    ratio = statistics.median(after) / statistics.median(before)
    return Row(
        f"ten_million: {name} after",
        spread(after, "ms", 1),
        f"before: {spread(before, 'ms', 1)}",
        ratio=ratio,
        goal=f"<= {FLAT} x (flat)",
        is_met=ratio <= FLAT,
        runs=len(after),
    )


def asked(setting: Setting) -> dict[str, list[float]]:
    """Milliseconds of what a reader asks for, several times each, after a first unmeasured one."""
    queries, times = questions(), setting.of(15, 3)
    for question in queries.values():
        question()
    return {
        name: [1e3 * seconds(question) for _ in range(times)] for name, question in queries.items()
    }


def questions() -> dict[str, Callable[[], Any]]:
    """The page of a county and of a province drawn from the database, and one series."""
    from django.utils import timezone

    from tongxin.situation.queries.series import points_json, spoken
    from tongxin.situation.views.public import page_of

    now = timezone.now()

    def series() -> str:
        line = spoken(PROVINCE, "confirmed", disease="covid-19", as_of=now).said_by("")
        return points_json(line.series, as_of=now, first=line.oldest, last=line.newest)

    return {
        "county page": lambda: page_of(COUNTY, as_of=now, today=now.date()),
        "province page": lambda: page_of(PROVINCE, as_of=now, today=now.date()),
        "series": series,
    }


def add_counties(count: int, *, word: str = "bench") -> list[str]:
    """Codes of that many new counties, spread over prefectures outside Hubei."""
    from tongxin.places.actions import load_places
    from tongxin.places.models import Place
    from tongxin.places.tables import PlaceRow

    above = Place.objects.filter(level="prefecture", code__startswith="CN-", valid_to=None)
    parents = list(above.exclude(parent_id=PROVINCE).values_list("code", flat=True))
    rows = [
        PlaceRow(
            code=f"CN-{word}-{n}",
            level="county",
            parent=parents[n % len(parents)],
            name_zh=f"{word}{n}县",
            name_en=f"{word} county {n}",
        )
        for n in range(count)
    ]
    load_places(rows, by=BY, source=BY)
    return [row.code for row in rows]


def import_part(codes: list[str]) -> None:
    """Import a thousand days of every metric for these places. Raises where any was held."""
    from django.utils import timezone

    from tongxin.situation.actions.figures import Origin, store

    origin = Origin("bench", codes[0], "", "canghailan", "covid-19")
    report = store(parsed(codes), origin, by=BY, at=timezone.now())
    if report.new != report.read:
        raise ValueError(f"not everything was stored: {report}")


def parsed(codes: list[str]) -> Any:
    """What a reader of a file would hand over: totals that rise by a few persons a day."""
    from tongxin.situation.importers.parsed import FIGURES, PLACES, Parsed, figures_frame

    places = pl.DataFrame({"code_text": codes}).with_row_index("place")
    places = places.with_columns(
        place_text=pl.col("code_text").str.replace(r"^CN-(\w+)-(\d+)$", "${1}${2}县"),
        within_text=pl.lit(None),
        level=pl.lit(None),
    ).select(pl.col(name).cast(kind) for name, kind in PLACES.items())
    days = pl.DataFrame({"day": range(DAYS)}).with_columns(
        about_on=pl.date_range(FIRST_DAY, FIRST_DAY + timedelta(days=DAYS - 1), eager=True)
    )
    metrics = pl.DataFrame({"metric": METRICS, "share": [12, 6, 1, 8]})
    rows = places.select("place").join(metrics, how="cross").join(days, how="cross")
    rows = rows.with_row_index("line", offset=2).with_columns(
        value=pl.col("day") * pl.col("share"), known_at=pl.lit(None)
    )
    return Parsed(places, figures_frame(rows.select(list(FIGURES))))
