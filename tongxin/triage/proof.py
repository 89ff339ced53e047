"""Proves what must be true of a pack, or finds a person for whom it is not.

A person is a choice of an answer to every question, whether or not it is asked of them; the
solver looks among all of them at once. Two people differ in one answer where the proof compares.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import z3

from tongxin.triage.conditions import SIGNS, UNKNOWN, Case, Limit
from tongxin.triage.packs import Clause, Pack, Question
from tongxin.triage.rules import Answer, State

Fault = Literal[
    "gap",
    "clause never decides",
    "disposition never reached",
    "question never asked",
    "question never used",
    "danger lowers urgency",
    "unknown lowers urgency",
]


@dataclass(frozen=True)
class Found:
    """Something that is not as it must be.

    Attributes:
        subject: the clause, disposition or question it is about.
        value: the danger sign that lowers urgency.
        before: a person for whom it goes wrong; with ``after``, the same with one other answer.
    """

    fault: Fault
    subject: str = ""
    value: str = ""
    before: dict[str, Answer] | None = None
    after: dict[str, Answer] | None = None


@dataclass(frozen=True)
class Reply:
    """A question's answer as the solver sees it.

    Attributes:
        value: place among the values, number of steps, or a truth for each value.
        unknown: whether “don't know” was said.
    """

    question: Question
    value: z3.ArithRef | dict[str, z3.BoolRef]
    unknown: z3.BoolRef

    @classmethod
    def any(cls, question: Question, mark: str = "") -> "Reply":
        """Some answer, yet to be found."""
        name = f"{question.key}{mark}"
        value = (
            {v: z3.Bool(f"{name}:{v}") for v in question.values}
            if question.kind == "several"
            else z3.Int(name)
        )
        may = z3.Bool(f"{name}?") if question.may_be_unknown else z3.BoolVal(False)
        return cls(question, value, may)

    def is_possible(self) -> z3.BoolRef:
        """That it is an answer which the question offers."""
        if isinstance(self.value, dict):
            return z3.BoolVal(True)
        number = self.question.kind == "number"
        low = self.question.lowest if number else 0
        high = self.question.highest if number else len(self.question.values) - 1
        return z3.And(self.value >= low, self.value <= high)

    def admits(self, wanted: tuple[str, ...]) -> z3.BoolRef:
        """That a test lets it through."""
        treated = self.question.treated_as if self.question.may_be_unknown else frozenset()
        if self.question.kind == "number":
            limits = [self.question.as_limit(text) for text in wanted]
            known = z3.And([within(self.value, one) for one in limits])
            guess = isinstance(treated, int) and all(one.admits(treated) for one in limits)
        else:
            known = z3.Or([self.has(value) for value in wanted])
            guess = not isinstance(treated, int) and not treated.isdisjoint(wanted)
        return z3.If(self.unknown, z3.BoolVal(guess), known)

    def has(self, value: str) -> z3.BoolRef:
        """That this value was chosen."""
        if isinstance(self.value, dict):
            return self.value[value]
        return self.value == self.question.values.index(value)

    def read(self, model: z3.ModelRef) -> Answer:
        """The answer that the solver found."""
        if z3.is_true(model.eval(self.unknown, model_completion=True)):
            return UNKNOWN
        if isinstance(self.value, dict):
            found = {v: model.eval(t, model_completion=True) for v, t in self.value.items()}
            return frozenset(v for v, truth in found.items() if z3.is_true(truth))
        at = model.eval(self.value, model_completion=True).as_long()
        return at if self.question.kind == "number" else self.question.values[at]


def within(value: z3.ArithRef, one: Limit) -> z3.BoolRef:
    """That a number lies on the right side of a limit."""
    return SIGNS[one.sign](value, one.steps)


class Person:
    """All people at once: an answer to every question, and what the pack makes of them."""

    def __init__(self, pack: Pack, replies: dict[str, Reply] | None = None) -> None:
        self.pack = pack
        self.replies = replies or {q.key: Reply.any(q) for q in pack.question}
        self.asked: dict[str, z3.BoolRef] = {}
        for question in pack.question:
            self.asked[question.key] = self.fits(question.when)
        holds = [self.holds(clause) for clause in pack.clause]
        self.decides: dict[str, z3.BoolRef] = {}
        for at, clause in enumerate(pack.clause):
            self.decides[clause.id] = z3.And(holds[at], z3.Not(z3.Or(holds[:at])))
        self.has_no_clause = z3.Not(z3.Or(holds))

    def but(self, reply: Reply) -> "Person":
        """The same person with another answer to one question."""
        return Person(self.pack, self.replies | {reply.question.key: reply})

    def fits(self, case: Case) -> z3.BoolRef:
        tests = [z3.And(self.asked[n], self.replies[n].admits(v)) for n, v in case.items()]
        return z3.And(tests)

    def holds(self, clause: Clause) -> z3.BoolRef:
        return z3.Or([self.fits(case) for case in clause.when]) if clause.when else z3.BoolVal(True)

    def is_possible(self) -> z3.BoolRef:
        return z3.And([reply.is_possible() for reply in self.replies.values()])

    def decided(self) -> z3.ArithRef:
        """The place of the deciding clause."""
        return z3.Sum([z3.If(d, at, 0) for at, d in enumerate(self.decides.values())])

    def urgency(self) -> z3.ArithRef:
        """The urgency of the disposition; -1 where no clause holds."""
        levels = {c.id: self.pack.urgency(c.disposition) for c in self.pack.clause}
        value: z3.ArithRef = z3.IntVal(-1)
        for name, decides in self.decides.items():
            value = z3.If(decides, levels[name], value)
        return value

    def ends_at(self, disposition: str) -> z3.BoolRef:
        ids = [c.id for c in self.pack.clause if c.disposition == disposition]
        return z3.Or([self.decides[name] for name in ids])

    def read(self, model: z3.ModelRef) -> dict[str, Answer]:
        """The answers that this person gives to what is asked of them."""
        found = {name: reply.read(model) for name, reply in self.replies.items()}
        return {q.key: found[q.key] for q in State(self.pack, found).answered}


def faults(pack: Pack) -> list[Found]:
    """Everything that is not as it must be, with a witness for each; empty: proved."""
    person = Person(pack)
    return [
        *_gap(person),
        *_never_reached(person),
        *_idle_questions(person),
        *(found for question in pack.question for found in _dangers(person, question)),
        *(found for question in pack.question for found in _unknown(person, question)),
    ]


def search(*claims: z3.BoolRef) -> z3.ModelRef | None:
    """Somebody for whom all of this is true; None where there is nobody."""
    solver = z3.Solver()
    solver.add(*claims)
    answer = solver.check()
    if answer == z3.unknown:
        raise RuntimeError(f"the solver gave up: {solver.reason_unknown()}")
    return solver.model() if answer == z3.sat else None


def _gap(person: Person) -> Iterator[Found]:
    model = search(person.is_possible(), person.has_no_clause)
    if model is not None:
        yield Found("gap", before=person.read(model))


def _never_reached(person: Person) -> Iterator[Found]:
    for clause in person.pack.clause:
        if search(person.is_possible(), person.decides[clause.id]) is None:
            yield Found("clause never decides", clause.id)
    for one in person.pack.disposition:
        if search(person.is_possible(), person.ends_at(one.key)) is None:
            yield Found("disposition never reached", one.key)


def _idle_questions(person: Person) -> Iterator[Found]:
    """Questions that nobody is asked, or whose answer changes nothing for anybody."""
    for question in person.pack.question:
        someone = search(person.is_possible(), person.asked[question.key])
        if someone is None:
            yield Found("question never asked", question.key)
            continue
        other = person.but(Reply.any(question, " other"))
        both = (person.is_possible(), other.is_possible())
        if search(*both, person.decided() != other.decided()) is None:
            yield Found("question never used", question.key, before=person.read(someone))


def _dangers(person: Person, question: Question) -> Iterator[Found]:
    """People for whom one danger sign more makes the disposition less urgent."""
    before = person.replies[question.key]
    if question.worse:
        after = Reply.any(question, " worse")
        is_worse = (
            after.value > before.value if question.worse == "higher" else after.value < before.value
        )
        yield from _lowered(person, replace(after, unknown=z3.BoolVal(False)), is_worse, "")
    for value in question.dangers:
        if isinstance(before.value, dict):
            more = before.value | {value: z3.BoolVal(True)}
        else:
            more = z3.IntVal(question.values.index(value))
        after = Reply(question, more, z3.BoolVal(False))
        yield from _lowered(person, after, z3.Not(before.has(value)), value)


def _lowered(person: Person, after: Reply, claim: z3.BoolRef, value: str) -> Iterator[Found]:
    """Somebody whose known answer changes so, and whose urgency falls."""
    name = after.question.key
    other = person.but(after)
    model = search(
        person.is_possible(),
        other.is_possible(),
        z3.Not(person.replies[name].unknown),
        claim,
        other.urgency() < person.urgency(),
    )
    if model is not None:
        yield Found("danger lowers urgency", name, value, person.read(model), other.read(model))


def _unknown(person: Person, question: Question) -> Iterator[Found]:
    """People for whom “don't know” is less urgent than an answer that it must cover."""
    if not question.may_be_unknown:
        return
    known = person.replies[question.key]
    covered = [within(known.value, question.as_limit(text)) for text in question.unknown_covers]
    other = person.but(replace(known, unknown=z3.BoolVal(True)))
    model = search(
        person.is_possible(),
        z3.Not(known.unknown),
        *covered,
        other.urgency() < person.urgency(),
    )
    if model is not None:
        yield Found(
            "unknown lowers urgency",
            question.key,
            before=person.read(model),
            after=other.read(model),
        )
