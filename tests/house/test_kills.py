"""The importer, the worker, the application and the database are killed, twenty times in all.

A publisher of its own is killed at every step in tests/releases/test_kills.py; here the whole
product runs, figures are imported and published without pause, and visitors never stop asking.
"""

import hashlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest

from tests.house.running import Run, free_port
from tests.house.town import environment, rows, tongxin

pytestmark = pytest.mark.xdist_group("town")
KILLS = 20
PARTS = {"worker": "tongxin worker", "application": "runner.application", "database": ""}
IMPORT_AND_PUBLISH = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tongxin.runner import preparation

home, folder = Path(sys.argv[1]), Path(sys.argv[2])
with preparation.open_database(home):
    preparation.start_django()
    from tests.house.town import write_figures
    from tongxin.releases.actions import publish
    from tongxin.situation.actions.figures import import_figures
    from tongxin.situation.actions.publishing import build_release
    from tongxin.situation.models import Batch

    while True:
        more = Batch.objects.count()
        file = write_figures(folder / "more.csv", more)
        report = import_figures(file, format="csv", by="tests", at=datetime.now(UTC))
        print("batch", report.batch, flush=True)
        now = datetime.now(UTC)
        release = build_release(as_of=now, by="tests", at=now)
        publish(release.pk, by="tests", at=datetime.now(UTC))
        print("release", release.pk, flush=True)
"""
HALF_IMPORTS = """
    select b.id, count(r.batch_id), b.report
    from situation_batch b left join situation_reading r on r.batch_id = b.id
    group by b.id
    having b.report->>'new' is null
        or (b.report->>'new')::int + (b.report->>'revised')::int <> count(r.batch_id)
"""
ORPHANS = """
    select distinct batch_id from situation_reading
    where batch_id not in (select id from situation_batch)
"""


class Importer:
    """A process that imports and publishes without end, and says what is done."""

    def __init__(self, home, folder):
        self.home, self.folder = home, folder
        self.told = folder / "told"
        self.told.touch()
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self):
        with self.told.open("a") as told:
            self.process = subprocess.Popen(
                [sys.executable, "-c", IMPORT_AND_PUBLISH, self.home, self.folder],
                env={**environment(self.home), "PYTHONPATH": os.pathsep.join(sys.path)},
                stdout=told,
                stderr=subprocess.DEVNULL,
            )

    def acknowledged(self, what):
        lines = [line.split() for line in self.told.read_text().splitlines()]
        return [words[1] for words in lines if len(words) == 2 and words[0] == what]

    def await_more(self, seconds=60):
        """Wait until something is acknowledged; start again what a dead database ended."""
        before = self.told.stat().st_size
        end = time.monotonic() + seconds
        while self.told.stat().st_size == before and time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                self.start()
            time.sleep(0.05)
        assert self.told.stat().st_size > before, "nothing is imported any more"

    def kill(self):
        self.process.kill()
        self.process.wait()


class Visitors(threading.Thread):
    """They ask for the manifest and a page again and again, and note what they were shown."""

    PATHS = ("/release.json", "/en/situation/CN-420100/")

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.leaving = port, threading.Event()
        self.asked, self.failed, self.shown = 0, [], set()

    def __enter__(self):
        self.start()

    def __exit__(self, *_):
        self.leaving.set()
        self.join()

    def run(self):
        while not self.leaving.wait(0.05):
            for path in self.PATHS:
                self.ask(path)

    def ask(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.failed.append((path, repr(error)))
            return
        finally:
            connection.close()
        self.asked += 1
        if answer.status != 200 or not body:
            self.failed.append((path, answer.status))
        elif path == "/release.json":
            self.shown.add(json.loads(body)["id"])


def whole_pointer(home):
    """The release that the pointer names, after every file of it was compared with its hash."""
    tree = (home / "releases" / "current").resolve()
    manifest = json.loads((tree / "release.json").read_bytes())
    listed = (tree / "files.json").read_bytes()
    assert manifest["id"] == tree.name
    assert manifest["files"]["sha256"] == hashlib.sha256(listed).hexdigest()
    files = json.loads(listed)
    assert len(files) > 100
    for path, sha in files.items():
        assert hashlib.sha256((tree / path).read_bytes()).hexdigest() == sha, path
    return tree.name


def kill(part, run, importer):
    """End a part without warning; the processes that were ended."""
    if part == "importer":
        importer.kill()
        return []
    if part == "database":
        pids = [int((run.home / "postgres/data/postmaster.pid").read_text().split()[0])]
    else:
        pids = run.children(PARTS[part])
    assert pids, part
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return pids


def await_recovery(run, part, killed):
    """Everything is back by itself: the killed part as another process, and all of it well."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        now = run.children(PARTS[part]) if PARTS.get(part) else [0]
        if set(now) - set(killed) and run.health() == ("ok", "ok", "ok"):
            return
        time.sleep(0.1)
    raise AssertionError(f"no recovery from the end of the {part}: {run.said()}")


@pytest.fixture(scope="module")
def run(town_home):
    run = Run(town_home, free_port()).await_ready()
    yield run
    run.process.terminate()
    assert run.process.wait(60) == 0


def check(home, importer):
    """Nothing half-visible, nothing that was acknowledged lost."""
    assert rows(home, HALF_IMPORTS) == []
    assert rows(home, ORPHANS) == []
    batches = {str(pk) for (pk,) in rows(home, "select id from situation_batch")}
    assert set(importer.acknowledged("batch")) <= batches
    published = {pk for (pk,) in rows(home, "select release_id from releases_publication")}
    assert set(importer.acknowledged("release")) <= published
    assert whole_pointer(home) in published


@pytest.mark.parametrize("seed", [20200212])
def test_twenty_kills_leave_nothing_half_visible_and_lose_nothing(run, town_home, tmp_path, seed):
    chance = random.Random(seed)
    parts = ["importer", *PARTS] * (KILLS // 4)
    chance.shuffle(parts)
    visitors = Visitors(run.port)
    with Importer(town_home, tmp_path) as importer, visitors:
        for part in parts:
            importer.await_more()
            time.sleep(chance.uniform(0, 1.2))
            killed = kill(part, run, importer)
            await_recovery(run, part, killed)
            check(town_home, importer)
        importer.await_more()
    check(town_home, importer)
    published = {pk for (pk,) in rows(town_home, "select release_id from releases_publication")}
    assert visitors.failed == []
    assert visitors.asked > 100 and len(visitors.shown) > 1 and visitors.shown <= published
    for words in (["audit", "verify"], ["releases", "verify"]):
        code, said = tongxin(town_home, *words)
        assert code == 0, said
