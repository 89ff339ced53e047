"""Readings by the million: COPY in PostgreSQL's binary form, rows of fixed width both ways."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

HEADER = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8
TRAILER = b"\xff\xff"
DAYS_TO_2000, MICROSECONDS_TO_2000 = 10_957, 946_684_800_000_000  # PostgreSQL counts from 2000
ROWS_AT_ONCE = 100_000


def _layout(**columns: str) -> np.dtype:
    fields = [("columns", ">i2")]
    for name, kind in columns.items():
        fields += [(f"{name}_bytes", ">i4"), (name, kind)]
    return np.dtype(fields)


WRITTEN = _layout(series=">i8", about_on=">i4", known_at=">i8", value=">i8", batch=">i8")
READ = _layout(series=">i8", about_on=">i4", known_at=">i8", value=">i8")
COPY_IN = (
    "COPY situation_reading (series_id, about_on, known_at, value, batch_id) "
    "FROM STDIN (FORMAT binary)"
)
COPY_OUT = sql.SQL(
    "COPY (SELECT series_id, about_on, known_at, coalesce(value, -1) FROM situation_reading "
    "WHERE series_id = ANY({series}) AND about_on BETWEEN {first} AND {last}) "
    "TO STDOUT (FORMAT binary)"
)


def add_readings(rows: pl.DataFrame, *, batch: int) -> None:
    """Store ``rows`` (series, about_on, known_at, value) in the caller's transaction."""
    if not rows.height:
        return
    with connection.cursor() as cursor, cursor.copy(COPY_IN) as copy:
        copy.write(HEADER)
        for part in rows.iter_slices(ROWS_AT_ONCE):
            copy.write(_packed(part, batch))
        copy.write(TRAILER)


def readings_of(series: Sequence[int], first: date, last: date) -> pl.DataFrame:
    """Every reading of these series about days from ``first`` to ``last``, both included."""
    statement = COPY_OUT.format(
        series=sql.Literal(list(series)), first=sql.Literal(first), last=sql.Literal(last)
    )
    data = bytearray()
    with connection.cursor() as cursor, cursor.copy(_text(statement, cursor)) as copy:
        for chunk in copy:
            data += chunk
    count = (len(data) - len(HEADER) - len(TRAILER)) // READ.itemsize
    rows = np.frombuffer(data, READ, max(count, 0), len(HEADER))
    frame = pl.DataFrame(
        {
            "series": rows["series"].astype(np.int64),
            "about_on": rows["about_on"].astype(np.int32) + np.int32(DAYS_TO_2000),
            "known_at": rows["known_at"].astype(np.int64) + MICROSECONDS_TO_2000,
            "value": rows["value"].astype(np.int64),
        }
    )
    return frame.select(
        "series",
        pl.col("about_on").cast(pl.Date),
        pl.col("known_at").cast(pl.Datetime("us", "UTC")),
        pl.when(pl.col("value") >= 0).then("value"),
    )


def _text(statement: sql.Composed, cursor: CursorWrapper) -> str:
    return statement.as_string(cursor.connection)


def _packed(part: pl.DataFrame, batch: int) -> bytes:
    rows = np.zeros(part.height, WRITTEN)
    rows["columns"] = 5
    for name in ("series", "about_on", "known_at", "value", "batch"):
        rows[f"{name}_bytes"] = WRITTEN[name].itemsize
    rows["series"] = part["series"].to_numpy()
    rows["about_on"] = part["about_on"].to_physical().to_numpy() - DAYS_TO_2000
    rows["known_at"] = part["known_at"].to_physical().to_numpy() - MICROSECONDS_TO_2000
    rows["value"] = part["value"].to_numpy()
    rows["batch"] = batch
    return rows.tobytes()
