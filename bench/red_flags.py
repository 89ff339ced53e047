"""Danger recognised in messages by somebody who had not seen rules or phrasings."""

import csv
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from bench.rows import Row, Setting
from tongxin.meaning.measures import Share

HELD_OUT = Path(__file__).with_name("data") / "red_flags_heldout.csv"
LEAST_RECALL, MOST_ALARMS = 0.99, 0.05


def measure(setting: Setting) -> list[Row]:
    """Recall of danger and share of false alarms, over both languages and in each."""
    danger = recogniser()
    with HELD_OUT.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))[:: setting.of(1, 8)]
    danger("?")
    began = perf_counter()
    seen = [row | {"seen": danger(row["text"]).level == "now"} for row in rows]
    took = (perf_counter() - began) * 1000 / len(rows)
    grave = [row for row in seen if row["danger"] == "1"]
    calm = [row for row in seen if row["danger"] == "0"]
    found, alarms = alarmed(grave), alarmed(calm)
    return [
        Row(
            "red_flags: recall",
            str(found),
            by_language(grave),
            goal=f">= {LEAST_RECALL:.0%}",
            is_met=found.value >= LEAST_RECALL,
            ratio=LEAST_RECALL / max(found.value, 1e-9),
            runs=len(grave),
        ),
        Row(
            "red_flags: false alarms",
            str(alarms),
            f"{by_language(calm)}; {took:.1f} ms a message",
            goal=f"<= {MOST_ALARMS:.0%}",
            is_met=alarms.value <= MOST_ALARMS,
            ratio=alarms.value / MOST_ALARMS,
            runs=len(calm),
        ),
    ]


def recogniser() -> Callable:
    """`assistant.danger.danger`, once the apps that it stands on are there."""
    import django

    django.setup()
    from tongxin.assistant.danger import danger

    return danger


def alarmed(rows: list[dict]) -> Share:
    """In how many of the messages danger was seen."""
    return Share(sum(row["seen"] for row in rows), len(rows))


def by_language(rows: list[dict]) -> str:
    languages = sorted({row["lang"] for row in rows})
    shares = {code: alarmed([r for r in rows if r["lang"] == code]) for code in languages}
    return ", ".join(f"{code} {share.value:.1%}" for code, share in shares.items())
