"""How well pairs are told apart, five-fold by group, beside two simpler ways in the same run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongxin.meaning.lexical import TermTable
from tongxin.meaning.logistic import Floats
from tongxin.meaning.measures import Share, area_under_curve
from tongxin.meaning.pair_features import TextPair, difference_terms, likeness_features
from tongxin.meaning.pairs import learn_rows
from tongxin.meaning.vectors import Vectors

FOLDS = 5


@dataclass(frozen=True)
class Judged:
    """How one method did over all pairs, each judged by a model that saw none of its group."""

    name: str
    accuracy: Share
    area: float


@dataclass(frozen=True)
class PairsEvaluation:
    """What `pairs` found: ours first, then the simpler ways."""

    methods: Sequence[Judged]
    groups: int
    folds: int


def pairs(table: Iterable[Mapping[str, str]], *, vectors: Vectors | None = None) -> PairsEvaluation:
    """Judge every row (text_a, text_b, same; group if known) by what the other folds teach.

    Without a column ``group``, rows that share a text, directly or through others, are one
    group. All rows of a group stand in one fold.
    """
    lines = list(table)
    texts = [(line["text_a"], line["text_b"]) for line in lines]
    same = np.array([is_true(line["same"]) for line in lines])
    groups = [line["group"] for line in lines] if "group" in lines[0] else groups_of(texts)
    fold = folds_of(groups)
    vectors = vectors or Vectors(keep=2 * len(texts) + 1000)
    likeness, terms = likeness_features(texts, vectors), difference_terms(texts)
    ours = np.zeros(len(texts))
    for number in range(FOLDS):
        out = fold == number
        if out.any():
            model = learn_rows(likeness[~out], terms[~out], same[~out], vectors)
            ours[out] = model.judge(likeness[out], terms[out])
    simple = {"embedding, one threshold": cosines(texts, vectors), "character TF-IDF": tfidf(texts)}
    return PairsEvaluation(
        methods=[
            judged("Tongxin", ours, ours >= 0.5, same),
            *(
                judged(name, scores, by_threshold(scores, same, fold), same)
                for name, scores in simple.items()
            ),
        ],
        groups=len(set(groups)),
        folds=FOLDS,
    )


def is_true(value: str) -> bool:
    return str(value).strip().lower() in {"1", "true", "yes", "same"}


def judged(name: str, scores: Floats, said: NDArray[np.bool_], same: NDArray[np.bool_]) -> Judged:
    right = Share(int((said == same).sum()), len(same))
    return Judged(name, right, area_under_curve(scores, same))


def cosines(texts: Sequence[TextPair], vectors: Vectors) -> Floats:
    one, two = (vectors.of([pair[side] for pair in texts]) for side in (0, 1))
    return (one * two).sum(axis=1).astype(float)


def tfidf(texts: Sequence[TextPair]) -> Floats:
    """Cosine in character TF-IDF; it needs no labels, so all texts make its weights."""
    from tongxin.meaning.evaluation import character_terms

    known = list(dict.fromkeys(text for pair in texts for text in pair))
    table = TermTable([character_terms(text) for text in known]).cosine()
    place = {text: i for i, text in enumerate(known)}
    one, two = (table.rows[[place[pair[side]] for pair in texts]] for side in (0, 1))
    return np.asarray(one.multiply(two).sum(axis=1)).ravel()


def by_threshold(scores: Floats, same: NDArray, fold: NDArray) -> NDArray[np.bool_]:
    """Same or not by the one threshold that is best on the other folds."""
    said = np.zeros(len(scores), dtype=bool)
    for number in range(FOLDS):
        out = fold == number
        if out.any():
            said[out] = scores[out] >= best_threshold(scores[~out], same[~out])
    return said


def best_threshold(scores: Floats, same: NDArray) -> float:
    """The score from which on saying "same" is right most often."""
    order = np.argsort(scores)
    below, above = np.cumsum(~same[order]), same.sum() - np.cumsum(same[order])
    best = int(np.argmax(below + above))
    return float(scores[order][min(best + 1, len(scores) - 1)])


def groups_of(texts: Sequence[TextPair]) -> list[str]:
    """For each pair the first text of all that it hangs together with."""
    first: dict[str, str] = {}

    def root(text: str) -> str:
        while first.setdefault(text, text) != text:
            first[text] = first[first[text]]
            text = first[text]
        return text

    for one, two in texts:
        first[root(two)] = root(one)
    return [root(one) for one, _ in texts]


def folds_of(groups: Sequence[str]) -> NDArray[np.int64]:
    """A fold a row: groups from the largest on, each to the fold with the fewest rows."""
    sizes: dict[str, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    filled, place = [0] * FOLDS, {}
    for group in sorted(sizes, key=lambda g: (-sizes[g], g)):
        place[group] = filled.index(min(filled))
        filled[place[group]] += sizes[group]
    return np.array([place[group] for group in groups])
