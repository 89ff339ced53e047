"""Questions finding their answers: how often (COVID-Q), and how fast on one core."""

import csv
import os
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from bench.machine import seconds
from bench.rows import Row, Setting, at_most, not_measured
from tongxin.meaning.evaluation import Ranking, evaluate
from tongxin.meaning.likeness import unit
from tongxin.meaning.phrases import phrase
from tongxin.meaning.retrieval import Index
from tongxin.meaning.vectors import DIMENSIONS, Vectors, ready

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "qa" / "covid-q"
TOP1, TOP3 = 0.75, 0.90
LIMIT_MS = 100.0
BLOCKS, PHRASINGS = 2_000, 5

PLACES = ["学校", "超市", "医院", "地铁", "公园", "单位", "the shops", "my office", "a bus"]
ASKED = [
    "去{}要戴口罩吗",
    "我妈妈昨天从{}回来以后有点发烧咳嗽，家里还有一个三岁的孩子，我们该怎么办？",
    "{}还开门吗",
    "Can I go to {} if I was in contact with someone who tested positive last week?",
    "masks in {}",
    "接触过{}的人多久可以做核酸检测，做完之前能不能上班",
]


def measure(setting: Setting) -> list[Row]:
    """Top-1 and top-3 beside character TF-IDF, and the time of one question among 2,000 blocks."""
    return [*found_answers(setting), latency(setting)]


def found_answers(setting: Setting) -> list[Row]:
    names = ("question_search: COVID-Q top-1", "question_search: COVID-Q top-3")
    if not SHARED.is_dir():
        goals = (f">= {TOP1:.0%}", f">= {TOP3:.0%}")
        why = "the shared data is missing"
        return [not_measured(*row, why) for row in zip(names, goals, strict=True)]
    questions = read("testA.csv")[:: setting.of(1, 8)]
    found = evaluate(read("train3.csv"), questions, "en")
    note = "" if not setting.quick else "quick: every eighth question"
    return [
        row(names[0], found.ours, found.baseline, "top1", TOP1, note),
        row(names[1], found.ours, found.baseline, "top3", TOP3, note),
    ]


def read(name: str) -> list[dict[str, str]]:
    with (SHARED / name).open(encoding="utf-8", newline="") as lines:
        return [
            {"id": str(number), "text": text, "answer_id": answer}
            for number, (text, answer) in enumerate(csv.reader(lines))
        ]


def row(name: str, ours: Ranking, baseline: Ranking, which: str, goal: float, note: str) -> Row:
    one, other = getattr(ours, which), getattr(baseline, which)
    return Row(
        name,
        str(one),
        f"character TF-IDF: {other}",
        ratio=one.value / max(other.value, 1e-9),
        goal=f">= {goal:.0%}",
        is_met=one.value >= goal,
        runs=1,
        note=note,
    )


def latency(setting: Setting) -> Row:
    """The 95th percentile of one question after another, none asked twice, on one core."""
    blocks, count = setting.of(BLOCKS, 200), setting.of(300, 24)
    index = made_index(blocks)
    with one_core():
        ready(["e5"])
        index.search("?!a", 1)
        began = time.process_time()
        times = [1000 * seconds(lambda q=q: index.search(q, 3)) for q in questions(count)]
        busy = 1000 * (time.process_time() - began) / count
    middle, high = np.percentile(times, [50, 95])
    return Row(
        f"question_search: p95 among {blocks:,} blocks, one core",
        f"{high:.0f} ms (median {middle:.0f}; {busy:.0f} of the processor)",
        f"limit {LIMIT_MS:.0f} ms",
        goal=f"<= {LIMIT_MS:.0f} ms",
        runs=count,
        note=f"{blocks * PHRASINGS:,} phrasings; load {os.getloadavg()[0]:.1f} while measured",
        **at_most(float(high), LIMIT_MS),
    )


def questions(count: int) -> list[str]:
    made = [ask.format(place) for place in PLACES for ask in ASKED]
    return [f"{made[number % len(made)]} {number}" for number in range(count)]


def made_index(blocks: int) -> Index:
    """Blocks of real words with vectors drawn by chance: their meaning costs no time to search."""
    random = np.random.default_rng(2020)
    index = Index(Vectors())
    texts = questions(blocks * PHRASINGS)
    sizes = DIMENSIONS.values()
    rows = np.hstack([unit(random.normal(size=(len(texts), size))) for size in sizes])
    phrases = [
        phrase(f"{text} a", one) for text, one in zip(texts, rows.astype(np.float32), strict=True)
    ]
    parts = {
        str(number): tuple(phrases[number * PHRASINGS : (number + 1) * PHRASINGS])
        for number in range(blocks)
    }
    return index.of_phrases(parts)


@contextmanager
def one_core():
    """This process on one core, where the system can be told so."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
