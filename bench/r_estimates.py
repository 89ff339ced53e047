"""R(t) of a nation's counties at once: 3,000 areas of 100 days."""

import statistics

import numpy as np

from bench.machine import seconds
from bench.rows import Row, Setting, at_most, spread
from tests.situation.test_reproduction import naive
from tongxin.situation.reproduction import estimate

AREAS, DAYS = 3_000, 100
INTERVAL = {"interval_mean": 4.7, "interval_sd": 2.9}
LIMIT_S = 5.0


def measure(setting: Setting) -> list[Row]:
    """Seconds for all areas, against the limit and against plain loops over a sample of them."""
    table = np.random.default_rng(2020).poisson(30, (AREAS, DAYS)).astype(float)
    ours = [seconds(lambda: estimate(table, **INTERVAL)) for _ in range(setting.of(5, 2))]
    sample = table[:: AREAS // setting.of(20, 4)]
    loops = seconds(lambda: [naive(area, *INTERVAL.values()) for area in sample])
    whole = loops * AREAS / len(sample)
    middle = statistics.median(ours)
    return [
        Row(
            f"r_estimates: {AREAS:,} areas x {DAYS} days",
            spread(ours, "s", 3),
            f"limit {LIMIT_S:.0f} s",
            goal=f"<= {LIMIT_S:.0f} s",
            runs=len(ours),
            **at_most(middle, LIMIT_S),
        ),
        Row(
            "r_estimates: against loops",
            spread(ours, "s", 3),
            f"plain loops: {whole:.0f} s (from {len(sample)} areas)",
            ratio=middle / whole,
            goal="-",
            is_met=None,
            runs=len(ours),
        ),
    ]
