"""Whether two Chinese questions mean the same: five-fold by group on the contest's pairs."""

import csv
from pathlib import Path

from bench.rows import Row, Setting, not_measured
from tongxin.meaning.pair_evaluation import pairs

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "qa" / "zh-pairs" / "train.csv"
GOAL = 0.91


def measure(setting: Setting) -> list[Row]:
    """Accuracy, beside the bare embedding with one threshold and character TF-IDF."""
    name = "sentence_pairs: accuracy"
    if not SHARED.exists():
        return [not_measured(name, f">= {GOAL:.0%}", "the shared data is missing")]
    with SHARED.open(encoding="utf-8-sig", newline="") as lines:
        table = [
            {"text_a": row["query1"], "text_b": row["query2"], "same": row["label"]}
            for row in csv.DictReader(lines)
        ]
    found = pairs(table[:: setting.of(1, 30)])
    ours, *others = found.methods
    return [
        Row(
            f"{name}, beside {other.name}",
            f"{ours.accuracy}, area {ours.area:.3f}",
            f"{other.accuracy}, area {other.area:.3f}",
            ratio=ours.accuracy.value / other.accuracy.value,
            goal=f">= {GOAL:.0%}",
            is_met=ours.accuracy.value >= GOAL,
            runs=1,
            note=f"{found.groups:,} groups in {found.folds} folds",
        )
        for other in others
    ]
