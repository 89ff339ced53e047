"""Importing files against a bare COPY of as many rows, on the same server in the same run."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.machine import seconds
from bench.rooms import copy_of, prepared_database
from bench.rows import Row, Setting, at_most, spread
from tongxin.database import Address

TIMES_A_COPY = 3.0
MOST_MB = 500.0
CHUNK = 1 << 16
# The table of readings as PostgreSQL alone would have it: its key and its check, no triggers.
BARE = """
CREATE TABLE bare (LIKE situation_reading INCLUDING CONSTRAINTS);
ALTER TABLE bare ADD PRIMARY KEY (series_id, about_on, known_at);
"""


def rows(name: str, kind: str, files: Sequence[Path], setting: Setting, note: str) -> list[Row]:
    """Time and memory of importing ``files``, each run on a fresh copy of the database."""
    ours, copies, found = [], [], {}
    with prepared_database() as server:
        for number in range(setting.of(3, 1)):
            with copy_of(server.address, f"run_{number}") as address:
                found = imported(kind, files, address)
                ours.append(found)
                copies.append(bare_copy(address))
    times, peaks = [run["seconds"] for run in ours], [run["rss_mb"] for run in ours]
    stored = found["new"] + found["revised"]
    facts = {"imports": ours, "copies_s": copies}
    middle = statistics.median(times)
    return [
        Row(
            f"{name}: time",
            f"{spread(times, 's')}, {found['read']:,} read, {stored:,} stored",
            f"bare COPY of {stored:,} rows: {spread(copies, 's')}",
            ratio=(ratio := middle / statistics.median(copies)),
            goal=f"<= {TIMES_A_COPY:.0f} x",
            is_met=ratio <= TIMES_A_COPY,
            runs=len(ours),
            note=note,
            facts=facts,
        ),
        Row(
            f"{name}: peak memory",
            spread(peaks, "MB", 0),
            f"limit {MOST_MB:.0f} MB",
            goal=f"<= {MOST_MB:.0f} MB",
            runs=len(ours),
            **at_most(max(peaks), MOST_MB),
        ),
    ]


def imported(kind: str, files: Sequence[Path], address: Address) -> dict[str, float]:
    """What one import in a fresh process says of itself."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.one_import", kind, *map(str, files)],
        env=os.environ | {"DATABASE_URL": address.url},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def bare_copy(address: Address) -> float:
    """Seconds that the very same rows take into an empty table of the same shape."""
    with address.connect() as connection:
        with connection.cursor().copy("COPY situation_reading TO STDOUT") as copy:
            content = b"".join(copy)
        connection.execute(BARE)
        connection.execute("CHECKPOINT")

        def work() -> None:
            with connection.cursor().copy("COPY bare FROM STDIN") as copy:
                for start in range(0, len(content), CHUNK):
                    copy.write(content[start : start + CHUNK])

        return seconds(work)
