"""Trying an index on its own phrasings, each as if nobody had told it that one."""

from tongxin.meaning.calibration import Calibration, Trial, calibrated
from tongxin.meaning.phrases import Phrase
from tongxin.meaning.retrieval import Answers, Index

FOLDS = 3
FEWEST = 60
"""Trials below this teach nothing: the usual calibration stays."""

STRANGERS = 2
"""Every so manieth trial asks for an answer the index does not have at all."""


def calibrate(index: Index, *, most: int = 600) -> Calibration:
    """The calibration that the index's own phrasings teach; also set on the index.

    At most about ``most`` questions are tried. With few phrasings the calibration it had stays.
    """
    found = trials(index, most=most)
    kinds = {trial.is_right for trial in found}
    if len(found) >= FEWEST and len(kinds) == 2:
        index.calibration = calibrated(found)
    return index.calibration


def trials(index: Index, *, most: int = 600) -> list[Trial]:
    """Every phrasing in turn, asked of an index that lacks it, and now and then its answer too."""
    total = sum(len(phrases) for phrases in index.answers.values())
    step = max(1, total // most)
    found: list[Trial] = []
    for fold in range(FOLDS):
        known, held = split(index.answers, fold)
        part = index.of_phrases(known)
        for number, (name, asked) in enumerate(held):
            if number % step:
                continue
            found.append(trial(part, asked, name))
            if (number // step) % STRANGERS == 0:
                found.append(trial(part, asked, name, absent=True))
    return found


def split(answers: Answers, fold: int) -> tuple[dict, list[tuple[str, Phrase]]]:
    """Answers without every third phrasing, and those phrasings with their answer's name.

    An answer with one phrasing keeps it.
    """
    known, held = {}, []
    for name, phrases in answers.items():
        out = [p for place, p in enumerate(phrases) if place % FOLDS == fold and len(phrases) > 1]
        known[name] = tuple(p for p in phrases if not any(p is o for o in out))
        held += [(name, phrase) for phrase in out]
    return known, held


def trial(index: Index, asked: Phrase, name: str, *, absent: bool = False) -> Trial:
    """How one question fares; with ``absent`` its answer is not there to be found."""
    among = [other for other in index.answers if other != name] if absent else None
    hits = index.search_phrase(asked, 4, among=among)
    best = hits[0]
    margin = best.score - (hits[1].score if len(hits) > 1 else 0.0)
    right = [hit.answer_id == name for hit in hits[:3]]
    return Trial(best.score, margin, right[0], any(right))
