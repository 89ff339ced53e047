"""How long `tongxin run` takes until it answers: on an empty data folder, and the next time."""

import os
import statistics
from pathlib import Path

from bench.rows import Row, Setting, at_most, spread
from bench.site import Site

COLD_LIMIT_S = 300.0
WARM_LIMIT_S = 15.0


def measure(setting: Setting) -> list[Row]:
    """A cold start, then warm ones on what it left."""
    home = Path(os.environ["TONGXIN_HOME"])
    cold = start(home)
    warm = [start(home) for _ in range(setting.of(3, 1))]
    return [
        Row(
            "starts: cold",
            spread([cold], "s"),
            f"limit {COLD_LIMIT_S:.0f} s",
            goal=f"<= {COLD_LIMIT_S:.0f} s",
            runs=1,
            note="database, tables, places, figures, first release; the build steps of `make run` "
            "(packages, browser bundle) come before and are not in it",
            **at_most(cold, COLD_LIMIT_S),
        ),
        Row(
            "starts: warm",
            spread(warm, "s"),
            f"limit {WARM_LIMIT_S:.0f} s",
            goal=f"<= {WARM_LIMIT_S:.0f} s",
            runs=len(warm),
            **at_most(statistics.median(warm), WARM_LIMIT_S),
        ),
    ]


def start(home: Path) -> float:
    """Seconds until it answers; it is stopped again."""
    site = Site(home)
    site.stop()
    return site.started_s
