"""How often questions find their answers, beside character TF-IDF in the same run."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tongxin.meaning.lexical import Terms, TermTable
from tongxin.meaning.measures import Share, bootstrap_mean
from tongxin.meaning.retrieval import Index
from tongxin.meaning.trials import calibrate
from tongxin.meaning.vectors import Vectors
from tongxin.meaning.words import grams

STEPS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
WORST = 10


@dataclass(frozen=True)
class Question:
    """A row of the questions or of the knowledge: a text and the answer it belongs to."""

    id: str
    text: str
    answer_id: str


@dataclass(frozen=True)
class Threshold:
    """What happens if only answers of at least this probability are given."""

    probability: float
    coverage: Share
    risk: Share


@dataclass(frozen=True)
class Ranking:
    """How one method ranked the answers: top-1, top-3, mean reciprocal rank with interval."""

    top1: Share
    top3: Share
    mrr: float
    mrr_interval: tuple[float, float]


@dataclass(frozen=True)
class Evaluation:
    """What `evaluate` found."""

    ours: Ranking
    baseline: Ranking
    thresholds: Sequence[Threshold]
    answered: Threshold
    """At the line that the knowledge alone, cross-validated, drew for automatic answers."""

    confusions: Sequence[tuple[str, str, int]]
    """(asked for, found instead, how often), worst first."""

    misses: Sequence[tuple[Question, str]] = field(repr=False)
    """Every question that found another answer first, with that answer."""


def evaluate(
    knowledge: Iterable[Mapping[str, str]],
    questions: Iterable[Mapping[str, str]],
    lang: str = "en",
    *,
    vectors: Vectors | None = None,
) -> Evaluation:
    """Learn from ``knowledge`` only, then put every question; rows have id, text, answer_id.

    ``lang`` (``zh`` or ``en``) is the language of the report's readers; texts of either
    language may stand in either table. Nothing is tuned on the questions.
    """
    known, asked = rows(knowledge), rows(questions)
    index = Index(vectors)
    index.add_all(by_answer(known))
    calibration = calibrate(index)
    ranks, chances, found = [], [], []
    for question in asked:
        hits = index.search(question.text, len(index))
        order = [hit.answer_id for hit in hits]
        ranks.append(rank(order, question.answer_id))
        chances.append(hits[0].probability if hits else 0.0)
        found.append(order[0] if order else "")
    right = np.array(ranks) == 1
    sure = np.array(chances)
    misses = [(q, f) for q, f, r in zip(asked, found, right, strict=True) if not r]
    return Evaluation(
        ours=ranking(ranks),
        baseline=ranking(baseline_ranks(known, asked)),
        thresholds=[threshold(sure, right, at) for at in STEPS],
        answered=threshold(sure, right, calibration.answer_at),
        confusions=worst((q.answer_id, f) for q, f in misses),
        misses=misses,
    )


def rows(table: Iterable[Mapping[str, str]]) -> list[Question]:
    return [Question(row["id"], row["text"], row["answer_id"]) for row in table]


def by_answer(known: Sequence[Question]) -> dict[str, list[str]]:
    answers: dict[str, list[str]] = {}
    for row in known:
        answers.setdefault(row.answer_id, []).append(row.text)
    return answers


def rank(order: Sequence[str], answer_id: str) -> float:
    """The place of the answer, 1 the first; infinite if it was not found."""
    return order.index(answer_id) + 1 if answer_id in order else float("inf")


def ranking(ranks: Sequence[float]) -> Ranking:
    places = np.array(ranks, dtype=float)
    inverse = 1 / places
    return Ranking(
        top1=Share(int((places <= 1).sum()), len(places)),
        top3=Share(int((places <= 3).sum()), len(places)),
        mrr=float(inverse.mean()) if len(places) else 0.0,
        mrr_interval=bootstrap_mean(inverse),
    )


def threshold(sure: NDArray, right: NDArray, at: float) -> Threshold:
    given = sure >= at
    wrong = Share(int((given & ~right).sum()), int(given.sum()))
    return Threshold(at, Share(int(given.sum()), len(sure)), wrong)


def worst(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    return [(a, b, n) for (a, b), n in Counter(pairs).most_common(WORST)]


def baseline_ranks(known: Sequence[Question], asked: Sequence[Question]) -> list[float]:
    """Ranks by the nearest phrasing in character TF-IDF (runs of 1 to 4 characters)."""
    table = TermTable([character_terms(row.text) for row in known]).cosine()
    ranks = []
    for question in asked:
        scores = table.scores(character_terms(question.text))
        order = [known[i].answer_id for i in np.argsort(-scores, kind="stable")]
        ranks.append(rank(list(dict.fromkeys(order)), question.answer_id))
    return ranks


def character_terms(text: str) -> Terms:
    return Terms.of(grams(text, (1, 2, 3, 4)))


def report(found: Evaluation, translate: Callable[[str], str] = str) -> str:
    """The evaluation as lines for a terminal; ``translate`` turns the headings."""
    lines = [translate("method: top-1, top-3, mean reciprocal rank (95 % intervals)")]
    for name, one in (("Tongxin", found.ours), ("character TF-IDF", found.baseline)):
        low, high = one.mrr_interval
        mrr = f"{one.mrr:.3f} ({low:.3f}–{high:.3f})"
        lines.append(f"  {translate(name)}: {one.top1}; {one.top3}; {mrr}")
    lines.append(translate("probability at least: share answered; share of those wrong"))
    for line in (*found.thresholds, found.answered):
        lines.append(f"  {line.probability:.2f}: {line.coverage}; {line.risk}")
    lines.append(translate("most confused: asked for, found, times"))
    lines += [f"  {a} → {b}: {n}" for a, b, n in found.confusions]
    return "\n".join(lines)
