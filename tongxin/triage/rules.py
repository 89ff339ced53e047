"""From answers to a disposition: which clause decides, why, and what is still to be asked.

Answers are plain values: a value's key, a set of keys, a number in steps of its scale, or
"unknown". An answer to a question that is not asked of this person counts for nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongxin.triage.conditions import UNKNOWN, Case, Seen, both, either
from tongxin.triage.packs import Clause, Disposition, Pack, Question
from tongxin.triage.refusals import PackHasGap

Answer = str | frozenset[str] | int
Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class Outcome:
    """Where a check stands.

    Attributes:
        clauses: those that led to the disposition, the deciding one first; empty while open.
        next: what to ask now; None at the end.
        asked: the questions that apply to this person and have an answer, in order.
    """

    version: str
    disposition: Disposition | None
    clauses: tuple[Clause, ...]
    next: Question | None
    asked: tuple[Question, ...]

    @property
    def advice(self) -> list[str]:
        """Slugs of the advice that follows, what the disposition itself names first."""
        slugs = list(self.disposition.advice) if self.disposition else []
        for clause in self.clauses:
            slugs += clause.advice
        return list(dict.fromkeys(slugs))


def outcome(pack: Pack, answers: Answers) -> Outcome:
    """The disposition, as soon as no further answer can change it; else the next question.

    A question that can no longer change the disposition is not asked.

    Raises:
        PackHasGap: no clause holds.
    """
    state = State(pack, answers)
    open_before: list[Clause] = []
    for clause in pack.clause:
        truth = state.holds(clause)
        if truth:
            rivals = [one for one in open_before if one.disposition != clause.disposition]
            if not rivals:
                return _ended(state, clause.disposition)
            return Outcome(pack.version, None, (), state.question_for(rivals), state.answered)
        if truth is None:
            open_before.append(clause)
    if open_before:
        return Outcome(pack.version, None, (), state.question_for(open_before), state.answered)
    raise PackHasGap


def _ended(state: "State", disposition: str) -> Outcome:
    pack = state.pack
    led = [c for c in pack.clause if c.disposition == disposition and state.holds(c)]
    end = pack.dispositions[disposition]
    return Outcome(pack.version, end, tuple(led), None, state.answered)


class State:
    """What is known of a person: truths are True, False, or None while they are open."""

    def __init__(self, pack: Pack, answers: Answers) -> None:
        self.pack = pack
        self.answers = answers
        self._asked: dict[str, bool | None] = {}
        for question in pack.question:  # in order: a question depends on earlier ones
            self._asked[question.key] = self.fits(question.when)

    @property
    def answered(self) -> tuple[Question, ...]:
        """The questions that are asked of this person and have an answer."""
        return tuple(q for q in self.pack.question if self._asked[q.key] and q.key in self.answers)

    def holds(self, clause: Clause) -> bool | None:
        """Whether a clause holds."""
        return self.fits_any(clause.when) if clause.when else True

    def fits_any(self, cases: Sequence[Case]) -> bool | None:
        """Whether one of the cases holds."""
        return either([self.fits(case) for case in cases])

    def fits(self, case: Case) -> bool | None:
        """Whether all tests of a case hold."""
        return both([self.test(name, values) for name, values in case.items()])

    def test(self, name: str, wanted: tuple[str, ...]) -> bool | None:
        """Whether an answer is as a test wants it; never, where the question is not asked."""
        asked = self._asked[name]
        if not asked:
            return asked
        if name not in self.answers:
            return None
        question = self.pack.questions[name]
        return admits(question, wanted, seen(question, self.answers[name]))

    def question_for(self, clauses: list[Clause]) -> Question:
        """The first question that can still settle one of these clauses."""
        wanted: set[str] = set()
        for clause in clauses:
            for case in clause.when:
                if self.fits(case) is None:
                    wanted |= {name for name in case if self.test(name, case[name]) is None}
        for question in reversed(self.pack.question):
            if question.key in wanted and self._asked[question.key] is None:
                wanted |= set(question.when)
        return next(
            question
            for question in self.pack.question
            if question.key in wanted
            and self._asked[question.key]
            and question.key not in self.answers
        )


def seen(question: Question, answer: Answer) -> Seen:
    """An answer as tests see it: a set of values, or a number in steps."""
    if answer == UNKNOWN:
        return question.treated_as
    return frozenset([answer]) if isinstance(answer, str) else answer


def admits(question: Question, wanted: tuple[str, ...], what: Seen) -> bool:
    """Whether a test lets this through: one of its values, or within all its limits."""
    if isinstance(what, int):
        return all(question.as_limit(text).admits(what) for text in wanted)
    return not what.isdisjoint(wanted)
