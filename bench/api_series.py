"""The API's series at 50 connections, against its SELECT alone through a pool of the same size."""

import json
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from bench import wrk
from bench.rows import Row, Setting, not_measured, spread
from bench.site import Site, running_site
from tongxin.database import Address
from tongxin.runner.preparation import open_database, start_django

PLACE = "CN-420000"
PATH = f"/api/situation/series?place={PLACE}&metric=confirmed&disease=covid-19"
CONNECTIONS, WORKERS, THREADS = 50, 2, 4  # as tongxin/runner/supervisor.py starts granian
NAMES = ("p50", "p95")
MOST = 5.0  # times the bare SELECT, at p95: a goal of ours


def measure(setting: Setting) -> list[Row]:
    """Median and 95th percentile of both, in turn; the ratios are those of the pairs."""
    if wrk.missing():
        return [not_measured("api_series", "-", "wrk is missing: apt-get install wrk")]
    with running_site() as site, open_database(site.home) as server:
        with urllib.request.urlopen(site.url + PATH, timeout=30) as answer:
            points = len(json.load(answer)["points"])
        query = bare_query(server.address, setting)
        seconds = setting.of(8, 3)
        wrk.load(site.port, [PATH], connections=CONNECTIONS, seconds=1)
        pairs = [(api(site, seconds), bare(server.address, query)) for _ in range(setting.of(3, 1))]
    return [row(at, name, pairs, points) for at, name in enumerate(NAMES)]


def row(at: int, name: str, pairs: list[tuple[list[float], list[float]]], points: int) -> Row:
    ours, theirs = ([side[at] for side in sides] for sides in zip(*pairs, strict=True))
    ratio = statistics.median(a[at] / b[at] for a, b in pairs)
    speeds = [(round(a[2]), round(b[2])) for a, b in pairs]
    return Row(
        f"api_series: {name} at {CONNECTIONS} connections",
        spread(ours, "ms", 1),
        f"bare SELECT, {WORKERS} x {THREADS} pooled: {spread(theirs, 'ms', 1)}",
        ratio=ratio,
        goal=f"<= {MOST:g}" if at else "-",
        is_met=ratio <= MOST if at else None,
        runs=len(pairs),
        note="" if at else f"{points} points an answer; answers a second, ours and bare: {speeds}",
        facts={"pairs": pairs},
    )


def api(site: Site, seconds: int) -> list[float]:
    """p50 and p95 in ms, and answers a second, over HTTP through the web server."""
    found = wrk.load(site.port, [PATH], connections=CONNECTIONS, seconds=seconds)
    return [found.p50_ms, found.p95_ms, found.per_second]


def bare_query(address: Address, setting: Setting) -> dict[str, object]:
    """The SELECT that the API asks for the points of its chosen series, with its values."""
    start_django()
    from django.db import connections
    from django.utils import timezone

    from tongxin.situation.queries.series import POINTS, spoken

    now = timezone.now()
    told = spoken(PLACE, "confirmed", disease="covid-19", as_of=now)
    line = told.said_by("")
    connections.close_all()
    return {
        "sql": POINTS,
        "values": {
            "series": line.series,
            "as_of": now.isoformat(),
            "first": str(line.oldest),
            "last": str(line.newest),
        },
        "pool": THREADS,
        "clients": CONNECTIONS // WORKERS,
        "seconds": setting.of(8, 3),
    }


def bare(address: Address, query: dict[str, object]) -> list[float]:
    """The same three figures of the SELECT alone, asked by two processes at once."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "query.json"
        file.write_text(json.dumps(query))
        command = [sys.executable, "-m", "bench.bare_pool", address.dsn, str(file)]
        asking = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(WORKERS)]
        said = [process.communicate(timeout=120)[0] for process in asking]
    found = sorted(one for words in said for one in json.loads(words))
    cuts = statistics.quantiles(found, n=20)
    return [cuts[9], cuts[18], len(found) / float(query["seconds"])]
