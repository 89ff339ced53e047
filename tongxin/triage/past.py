"""Answers to older rules under newer ones."""

from tongxin.refusal import Refusal
from tongxin.triage.answers import read_answer, written
from tongxin.triage.packs import Pack
from tongxin.triage.rules import Answer, Answers, State, outcome


def ends_at(pack: Pack, answers: Answers) -> str:
    """The key of the disposition; empty where the answers do not settle it."""
    found = outcome(pack, answers).disposition
    return found.key if found else ""


def carried(old: Pack, new: Pack, answers: Answers) -> dict[str, Answer]:
    """Those answers that the new pack's questions offer too."""
    kept: dict[str, Answer] = {}
    for question in State(old, answers).answered:
        if question.key in new.questions:
            text = written(question, answers[question.key])
            try:
                kept[question.key] = read_answer(new.questions[question.key], text.split("|"), "en")
            except Refusal:
                continue
    return kept


def is_more_urgent(old: Pack, before: str, new: Pack, after: str) -> bool:
    """Whether a new disposition is more urgent than the old one was.

    Where the new rules know the old disposition their ladder says it; else it is more urgent
    only if it needs care at once and the old one did not.
    """
    if before in new.dispositions:
        return new.urgency(after) > new.urgency(before)
    return new.dispositions[after].is_severe and not old.dispositions[before].is_severe
