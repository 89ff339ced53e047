"""A small installation: a dozen places, sixty days, one release; made as `tongxin run` would."""

import os
import subprocess
import sys
import time
from datetime import date, timedelta

import psycopg

from tongxin.database.cluster import recorded_address

PLACES = [f"CN-42{number:02}00" for number in (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13)]
FIRST = date(2020, 1, 20)
DAYS = 60
MAKE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tongxin.runner import preparation

home = Path(sys.argv[1])
with preparation.open_database(home) as server:
    preparation.prepare_schema(server)
    from tongxin.places.actions import load_shipped
    from tongxin.releases.actions import publish
    from tongxin.situation.actions.figures import import_figures
    from tongxin.situation.actions.publishing import build_release

    now = datetime.now(UTC)
    load_shipped(by="tests")
    import_figures(Path(sys.argv[2]), format="csv", by="tests", at=now)
    publish(build_release(as_of=now, by="tests", at=now).pk, by="tests", at=now)
    preparation.remember_prepared(home, server)
"""


def write_figures(file, more=0):
    """Cumulative cases of every place and day; `more` revises all of them upwards."""
    rows = ["code,metric,date,value"]
    for number, place in enumerate(PLACES):
        for day in range(DAYS):
            value = 100 * (number + 2) + 3 * day + more
            rows.append(f"{place},confirmed,{FIRST + timedelta(day)},{value}")
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def make_town(home):
    """The installation in the folder `home`, stopped."""
    figures = write_figures(home.with_name("first.csv"))
    home.mkdir(mode=0o755)
    subprocess.run([sys.executable, "-c", MAKE, home, figures], env=environment(home), check=True)


def environment(home):
    """What the processes of the town find, whatever the tests themselves use."""
    return {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "TONGXIN_HOME": str(home),
        "TONGXIN_LANGUAGE": "en",
        "DJANGO_SETTINGS_MODULE": "tongxin.settings",
    }


def tongxin(home, *words, **more):
    """Run a command of the product on the town; its exit code and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "tongxin", *map(str, words)],
        cwd="/",
        env={**environment(home), **more},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def rows(home, query, *values):
    """What a query finds in the town's own database; one that was killed may be coming back."""
    for patience in range(60, -1, -1):
        try:
            with recorded_address(home).connect() as connection:
                return connection.execute(query, values).fetchall()
        except psycopg.OperationalError:
            if not patience:
                raise
            time.sleep(0.5)
    raise AssertionError("not reached")
