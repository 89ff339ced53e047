"""The answer a question asks for: what is meant and what is written, joined."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from tongxin.meaning.calibration import Calibration
from tongxin.meaning.likeness import Room, joined
from tongxin.meaning.normal import normal
from tongxin.meaning.phrases import Phrase, read_phrases, read_question
from tongxin.meaning.vectors import Vectors

Answers = Mapping[str, Sequence[Phrase]]


@dataclass(frozen=True)
class Hit:
    """One answer. ``probability`` that it is the right one; ``phrase`` that came nearest.

    ``score`` orders the hits (1.2 at most, more is nearer); ``is_exact`` when the question
    is a known phrasing but for spelling.
    """

    answer_id: str
    score: float
    probability: float
    phrase: str
    is_exact: bool = False


class Index:
    """Answers, each with several phrasings, in either language. Safe to share between threads.

    ``add`` and ``remove`` cost only what the change is worth: other phrasings are not read again.
    """

    def __init__(
        self, vectors: Vectors | None = None, *, calibration: Calibration | None = None
    ) -> None:
        self.vectors = vectors or Vectors()
        self.calibration = calibration or Calibration()
        self._answers: dict[str, Sequence[Phrase]] = {}
        self._room: Room | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._answers)

    def __contains__(self, answer_id: str) -> bool:
        return answer_id in self._answers

    @property
    def answers(self) -> Answers:
        """Every answer with its phrasings as read."""
        return dict(self._answers)

    def add(self, answer_id: str, phrasings: Sequence[str]) -> None:
        """Make the answer findable by these phrasings; what it had before is forgotten."""
        self.add_all({answer_id: phrasings})

    def add_all(self, answers: Mapping[str, Sequence[str]]) -> None:
        """As `add` for many answers; their vectors are computed in one go."""
        read = iter(read_phrases([t for texts in answers.values() for t in texts], self.vectors))
        found = {name: tuple(next(read) for _ in texts) for name, texts in answers.items()}
        self._change(lambda known: known.update(found))

    def remove(self, answer_id: str) -> None:
        """The answer is found no more. Nothing happens if it was not there."""
        self._change(lambda known: known.pop(answer_id, None))

    def _change(self, change: Callable[[dict[str, Sequence[Phrase]]], object]) -> None:
        with self._lock:
            known = dict(self._answers)
            change(known)
            self._answers, self._room = known, None

    def of_phrases(self, answers: Answers) -> "Index":
        """Another index over phrasings already read: nothing is computed again."""
        other = Index(self.vectors, calibration=self.calibration)
        other._answers = dict(answers)
        return other

    def search(
        self, question: str, k: int = 3, *, among: Collection[str] | None = None
    ) -> list[Hit]:
        """The ``k`` best answers, best first; only of ``among`` if given. May be empty."""
        if not normal(question):
            return []
        return self.search_phrase(read_question(question, self.vectors), k, among=among)

    def search_phrase(
        self, asked: Phrase, k: int = 3, *, among: Collection[str] | None = None
    ) -> list[Hit]:
        """As `search`, for a question already read."""
        room = self._ready()
        if room is None:
            return []
        likeness, exact = room.likeness(asked), room.exact(asked)
        scores = joined(likeness)
        order = room.order(scores, exact)
        if among is not None:
            wanted = set(among)
            order = [number for number in order if room.names[number] in wanted]
        if not len(order):
            return []
        rivals = [scores[order[0]]] * k
        rivals[0] = scores[order[1]] if len(order) > 1 else 0.0
        return [
            Hit(
                answer_id=room.names[number],
                score=float(scores[number]),
                probability=1.0 if exact[number] else self._chance(scores[number], rival),
                phrase=room.nearest(number, likeness["by phrase"]),
                is_exact=bool(exact[number]),
            )
            for number, rival in zip(order[:k], rivals, strict=False)
        ]

    def _chance(self, score: float, rival: float) -> float:
        """An answer is the surer, the further it is ahead of the best of the others."""
        return self.calibration.probability(score, score - rival)

    def _ready(self) -> Room | None:
        with self._lock:
            if self._room is None and any(self._answers.values()):
                self._room = Room(self._answers, self.vectors)
            return self._room
