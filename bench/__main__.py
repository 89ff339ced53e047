"""`make bench`: every measure against its peer or limit, in one table."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench import machine
from bench.register import BENCHES, ON_THE_SITE
from bench.rooms import throw_away_home
from bench.rows import Row, not_measured, table
from tongxin.cli import home

ROOT = Path(__file__).resolve().parent.parent
OF_THE_RUN = {"DATABASE_URL", "TONGXIN_HOME", "TONGXIN_MODE", "PUBLIC_URL", "HOST", "PORT"}
"""What a bench must not inherit: it brings its own data and its own addresses."""

BROKE = "it broke"


def main(words: list[str]) -> int:
    """Run the benches asked for; 1 if one of them broke, whatever the figures are."""
    options = arguments(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    began, rows = time.monotonic(), []
    chosen = [name for name in BENCHES if name in (options.only or BENCHES)]
    for name, found in measured(chosen, quick=options.quick):
        print(f"· {name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        rows += found
    print(table(rows))
    about = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": options.quick,
        "seconds": round(time.monotonic() - began),
        "machine": machine.facts(),
    }
    print("\n" + ", ".join(f"{name} {value}" for name, value in about["machine"].items()))
    file = keep(about | {"rows": [row.as_json() for row in rows]})
    print(f"Also in {file}")
    return int(any(row.runs == 0 and row.note.startswith(BROKE) for row in rows))


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", action="append", metavar="NAME", choices=list(BENCHES))
    parser.add_argument("--quick", action="store_true", help="small sizes: two minutes in all")
    return parser.parse_args(words)


def measured(names: list[str], *, quick: bool) -> Iterator[tuple[str, list[Row]]]:
    """Each bench's name with its rows, as they come in."""
    with throw_away_home() as site, throw_away_home() as figures:
        for name in names:
            data = site if name in ON_THE_SITE else figures
            yield name, run_bench(name, data, quick=quick)


def run_bench(name: str, data: Path, *, quick: bool) -> list[Row]:
    """The rows of one bench, run in a process of its own on the data folder ``data``."""
    left = {key: value for key, value in os.environ.items() if key not in OF_THE_RUN}
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "rows.json"
        command = [sys.executable, "-m", "bench.one", name, str(result)]
        process = subprocess.Popen(
            command + ["--quick"] * quick,
            cwd=ROOT,
            env=left | {"TONGXIN_HOME": str(data), "DJANGO_SETTINGS_MODULE": "tongxin.settings"},
            stdout=sys.stderr,
        )
        try:
            code = process.wait(BENCHES[name])
        except subprocess.TimeoutExpired:
            return [not_measured(name, "-", f"{BROKE}: stopped after {BENCHES[name]} s")]
        finally:
            end(process)
        if code != 0:
            return [not_measured(name, "-", f"{BROKE} with code {code}; see above")]
        return [Row(**row) for row in json.loads(result.read_text(encoding="utf-8"))]


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop a bench that is still at work; it stops what it started."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def keep(results: dict[str, object]) -> Path:
    """Write the results where the data are; the file."""
    folder = home() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}.json"
    file.write_text(json.dumps(results, indent=1, ensure_ascii=False), encoding="utf-8")
    return file


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
