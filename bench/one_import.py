"""One import in a process of its own, which says how long it took and what it held.

`python -m bench.one_import FORMAT FILE…`, with DATABASE_URL set.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench.machine import peak_rss_mb, seconds
from bench.rooms import BY
from tongxin.runner.preparation import start_django


def main(kind: str, *files: str) -> None:
    """Import the files one after the other and print the sums as JSON."""
    start_django()
    from django.utils import timezone

    from tongxin.situation.actions.figures import import_figures

    reports, before_mb = [], peak_rss_mb()

    def work() -> None:
        for file in files:
            report = import_figures(Path(file), format=kind, by=BY, at=timezone.now())
            reports.append(asdict(report))

    took = seconds(work)
    counts = ("read", "new", "revised", "same", "held", "refused")
    sums = {name: sum(report[name] for report in reports) for name in counts}
    print(json.dumps({"seconds": took, "rss_mb": peak_rss_mb(), "before_mb": before_mb} | sums))


if __name__ == "__main__":
    main(*sys.argv[1:])
