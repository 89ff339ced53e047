"""The rules of the COVID-19 self-check: how long their proof takes, and cases of our own."""

from pathlib import Path
from statistics import median
from time import perf_counter

from bench.rows import Row, Setting, at_most, spread

VIGNETTES = Path(__file__).with_name("data") / "triage_vignettes.csv"
LONGEST = 60.0
"""Seconds that the proof may take."""

LEAST_SAFE = 0.97
"""Share of safe advice of general practitioners. Gilbert S. BMJ Open 2020;10:e040269."""

MOST_ASKED = 8.0
"""Questions that half of all people are asked at most."""


def measure(setting: Setting) -> list[Row]:
    """Seconds of the proof; of the vignettes the right ones, and the severe sent home."""
    import django

    django.setup()
    from tongxin.triage.packs import shipped_pack
    from tongxin.triage.proof import faults
    from tongxin.triage.tables import accuracy, asked_until_end, check_table, rows, sent_home

    pack = shipped_pack("covid-19")
    times, found = [], []
    for _ in range(setting.of(3, 1)):
        began = perf_counter()
        found = faults(pack)
        times.append(perf_counter() - began)
    checked = check_table(pack, VIGNETTES, "en")
    right, home = accuracy(checked), sent_home(pack, checked)
    severe = sum(pack.dispositions[row.expected].is_severe for row in checked)
    asked = [asked_until_end(pack, answers) for _, _, answers in rows(pack, VIGNETTES, "en")]
    facts = at_most(max(times), LONGEST)
    return [
        Row(
            "triage_proof: time",
            spread(times, "s"),
            f"{len(pack.question)} questions, {len(pack.clause)} clauses; faults: {len(found)}",
            goal=f"<= {LONGEST:.0f} s, no fault",
            ratio=facts["ratio"],
            is_met=facts["is_met"] and not found,
            runs=len(times),
        ),
        Row(
            "triage_proof: vignettes",
            str(right),
            "expected by the sources' criteria",
            goal=f">= {LEAST_SAFE:.0%}",
            ratio=LEAST_SAFE / max(right.value, 1e-9),
            is_met=right.value >= LEAST_SAFE,
            runs=len(checked),
            note="written by the authors of the rules: shows slips, not clinical validity",
        ),
        Row(
            "triage_proof: severe sent home",
            f"{len(home)} of {severe}",
            "none",
            goal="0",
            ratio=(1 + len(home)) / 1,
            is_met=not home,
            runs=severe,
        ),
        Row(
            "triage_proof: questions asked",
            spread(asked, "questions", 0),
            f"whole form: {len(pack.question)}",
            goal=f"median <= {MOST_ASKED:.0f}",
            **at_most(median(asked), MOST_ASKED),
            runs=len(asked),
        ),
    ]
