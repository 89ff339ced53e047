from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.crypto import salted_hmac

from tongxin.assistant.models import Opinion, Question
from tongxin.assistant.rules import clusters, state_of_wait
from tongxin.meaning.vectors import EncoderMissing, Vectors
from tongxin.receipt_codes import plain_code

AT_MOST = 200
"""Waiting questions that are put into clusters at once."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question in the queue; ``wait``: late, soon or fine."""

    question: Question
    wait: str


def receipt_hash(code: str) -> str:
    """Under which a receipt's question is found; the code itself is kept nowhere."""
    return salted_hmac("assistant.receipt", code).hexdigest()


def question_of(code: str) -> Question | None:
    """The question of a receipt, however the code was typed."""
    return Question.objects.filter(receipt=receipt_hash(plain_code(code))).first()


def waiting_questions() -> QuerySet[Question]:
    """What waits, the one that is due first at the head."""
    return Question.objects.filter(state=Question.State.WAITING).order_by("due_at", "pk")


def late_questions(*, at: datetime) -> QuerySet[Question]:
    """What waits although an answer was promised by now."""
    return waiting_questions().filter(due_at__lt=at)


def queue(asked: Vectors, *, at: datetime) -> list[list[Waiting]]:
    """Waiting questions in clusters of one meaning, the largest first.

    Args:
        asked: vectors of questions, kept in memory alone.
    """
    rows = [Waiting(q, state_of_wait(q.due_at, at=at)) for q in waiting_questions()[:AT_MOST]]
    if len(rows) < 2:
        return [[row] for row in rows]
    try:
        vectors = asked.of([row.question.text for row in rows], "use")
    except EncoderMissing:
        return [[row] for row in rows]
    return [[rows[n] for n in group] for group in clusters(vectors)]


def opinions() -> list[dict[str, object]]:
    """What readers thought of each answer and no editor has seen, most “wrong” first."""
    counts = {kind: Count("pk", filter=Q(kind=kind)) for kind in Opinion.Kind.values}
    rows = Opinion.objects.filter(seen_at=None).values("about").annotate(**counts)
    return list(rows.order_by("-wrong", "-bad", "about"))


def notes_about(about: str) -> list[str]:
    """What readers wrote about one answer, the newest first."""
    rows = Opinion.objects.filter(about=about, seen_at=None).exclude(note="")
    return list(rows.order_by("-at").values_list("note", flat=True)[:20])
