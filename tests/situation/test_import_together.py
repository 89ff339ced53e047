"""Two imports at once, and an import that is killed."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from tests.situation.tidy_files import AT, daily, tidy_file
from tongxin.audit.models import Entry
from tongxin.places.models import Place
from tongxin.situation.actions.figures import import_figures
from tongxin.situation.models import Batch, Held, Reading, Series

pytestmark = pytest.mark.django_db(transaction=True)
IMPORTER = """
import sys
from pathlib import Path
import django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from tongxin.situation.actions.figures import import_figures
from datetime import UTC, datetime
at = datetime(2020, 3, 20, 4, tzinfo=UTC)
tell = lambda step, share: print(step, flush=True)
import_figures(Path(sys.argv[2]), format="csv", by="tests", at=at, progress=tell)
"""


def bring(path):
    try:
        return import_figures(path, format="csv", by="tests", at=AT)
    finally:
        connections.close_all()


def test_the_same_file_imported_twice_at_once_is_stored_once(tmp_path):
    path = tidy_file(tmp_path, *daily([5, 8, 13, 9]), *daily([1, 2], place="武汉市"))
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(bring, [path] * 4))
    assert sorted(report.new for report in reports) == [0, 0, 0, 5]
    assert sorted(report.same for report in reports) == [0, 6, 6, 6]
    assert (Reading.objects.count(), Held.objects.count(), Series.objects.count()) == (5, 1, 2)


def many_figures(folder):
    days = [f"2020-{month:02}-{day:02}" for month in (1, 2) for day in range(1, 29)]
    codes = Place.objects.filter(level="county").values_list("code", flat=True)[:1500]
    rows = [f"{code},confirmed,{day},{n}" for code in codes for n, day in enumerate(days)]
    return tidy_file(folder, *rows, head="code,metric,date,value")


@pytest.mark.parametrize("step", ["comparing with what is known", "checking", "writing"])
def test_an_importer_killed_midway_leaves_nothing(tmp_path, step):
    path = many_figures(tmp_path)
    name = settings.DATABASES["default"]["NAME"]
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORTER, name, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    with process, process.stdout as said:
        assert any(line.strip() == step for line in said)
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    wait_until_alone()
    assert not Batch.objects.exists() and not Reading.objects.exists()
    assert not Series.objects.exists() and not Held.objects.exists()
    assert not Entry.objects.filter(deed="situation.imported_figures").exists()
    assert bring(path).new == 1500 * 56


def wait_until_alone():
    """Until the server has noticed that the killed process is gone."""
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.1)
    raise AssertionError("the killed importer's session is still there")
