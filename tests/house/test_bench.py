"""The table of `make bench`: its rows exist and its small setting gives ratios. Never a timing."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from bench.register import BENCHES, ON_THE_SITE
from bench.rows import Row, at_most, not_measured, table

ROOT = Path(__file__).resolve().parents[2]
# A site of its own takes minutes to start; the journeys and kill tests have one.
# What reads thousands of sentences takes minutes too; `tests/meaning` and `tests/myths` have some.
SLOW = {*ON_THE_SITE, "release_build", "question_search", "rumours", "sentence_pairs"}
QUICK = [name for name in BENCHES if name not in SLOW]
ASKED = [word for name in QUICK for word in ("--only", name)]
MISSING = ("is missing", "no Chromium")  # programs that this machine may not have


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What a quick run of all that needs no running site leaves behind, and what it printed."""
    home = tmp_path_factory.mktemp("bench")
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", *ASKED],
        cwd=ROOT,
        env={**os.environ, "TONGXIN_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    (file,) = (home / "bench").glob("*.json")
    return json.loads(file.read_text(encoding="utf-8")), done.stdout


@pytest.mark.parametrize("name", BENCHES)
def test_every_bench_can_be_asked_for(name):
    assert callable(import_module(f"bench.{name}").measure)


def test_every_bench_on_the_site_is_registered():
    assert set(BENCHES) >= ON_THE_SITE


@pytest.mark.parametrize("name", QUICK)
def test_the_small_setting_gives_ratios(results, name):
    rows = [row for row in results[0]["rows"] if row["measure"].startswith(name)]
    assert rows
    for row in rows:
        excused = any(word in row["note"] for word in MISSING)
        assert excused or (row["ratio"] > 0 and row["runs"] > 0), row


def test_the_table_shows_every_row_and_the_machine(results):
    found, printed = results
    assert all(row["measure"] in printed for row in found["rows"])
    assert found["machine"]["cores"] == os.cpu_count()


def test_a_goal_is_met_up_to_its_limit():
    assert at_most(5.0, 5.0) == {"ratio": 1.0, "is_met": True}
    assert at_most(6.0, 5.0) == {"ratio": 1.2, "is_met": False}


def test_the_table_says_what_was_not_met_and_what_was_not_measured():
    slow = Row("speed", "9 s", "limit 5 s", goal="<= 5 s", runs=3, **at_most(9, 5))
    text = table([slow, not_measured("peer", ">= 1 x", "nginx is missing")])
    assert "9 s       " in text and "NO" in text
    assert "peer: nginx is missing" in text
