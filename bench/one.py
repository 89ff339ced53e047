"""One bench in this process: `python -m bench.one NAME RESULT.json [--quick]`."""

import json
import signal
import sys
from importlib import import_module
from pathlib import Path

from bench.rows import Setting


def main(name: str, result: str, *options: str) -> None:
    """Measure, and leave the rows where the caller finds them."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what it started is stopped
    bench = import_module(f"bench.{name}")
    rows = bench.measure(Setting(quick="--quick" in options))
    Path(result).write_text(json.dumps([row.as_json() for row in rows]), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
