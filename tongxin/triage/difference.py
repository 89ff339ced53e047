"""What a new pack advises otherwise than an old one, shown by people to whom it happens."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import z3

from tongxin.triage.answers import told
from tongxin.triage.packs import Pack, Question, in_language
from tongxin.triage.past import carried, ends_at
from tongxin.triage.proof import Person, Reply, search
from tongxin.triage.proof_report import ending
from tongxin.triage.rules import Answer
from tongxin.triage.tables import rows

WITNESSES = 3
"""People shown for each change of disposition: of different clauses."""


@dataclass(frozen=True)
class Change:
    """Somebody whom the new pack sends elsewhere, as each of the packs asks them."""

    before: str
    after: str
    old_answers: dict[str, Answer]
    new_answers: dict[str, Answer]


@dataclass(frozen=True)
class Past:
    """What would become of people who answered the old pack.

    Attributes:
        moved: (old disposition, new disposition) → how many.
        unread: whose answers the new pack cannot settle, because it asks something else.
    """

    total: int
    moved: dict[tuple[str, str], int]
    unread: int

    @property
    def changed(self) -> int:
        """How many would now get other advice."""
        return sum(self.moved.values())


def changes(old: Pack, new: Pack) -> list[Change]:
    """People whose disposition changes, by old and new disposition, the most urgent first.

    Where both packs have a question, the person gives both the same answer, and one that both
    offer; where only one has it, any answer. Empty: proved that nobody is sent elsewhere.
    """
    mine = {q.key: Reply.any(q) for q in old.question}
    theirs, claims = {}, []
    for question in new.question:
        before = old.questions.get(question.key)
        shared = before is not None and is_same_scale(before, question)
        theirs[question.key] = Reply.any(
            question, "" if shared and _like(before, question) else " new"
        )
        if shared and not _like(before, question):
            claims.append(_same_answer(mine[question.key], theirs[question.key]))
    one, other = Person(old, mine), Person(new, theirs)
    claims += [one.is_possible(), other.is_possible()]
    found: list[Change] = []
    for before in old.disposition:
        for after in new.disposition:
            if before.key != after.key:
                pair = [*claims, one.ends_at(before.key), other.ends_at(after.key)]
                found += _witnesses(one, other, pair, before.key, after.key)
    return found


def is_same_scale(one: Question, other: Question) -> bool:
    """Whether an answer to one question can be one to the other."""
    return one.kind == other.kind and one.step == other.step


def _like(one: Question, other: Question) -> bool:
    """Whether every answer to one is one to the other, so that the solver needs only one."""
    return one.values == other.values and one.may_be_unknown == other.may_be_unknown


def _same_answer(one: Reply, other: Reply) -> z3.BoolRef:
    """That two questions get the same answer, one that both of them offer."""
    same = [one.unknown == other.unknown]
    if one.question.kind == "number":
        return z3.And(*same, one.value == other.value)
    for value in dict.fromkeys([*one.question.values, *other.question.values]):
        has = [
            r.has(value) if value in r.question.values else z3.BoolVal(False) for r in (one, other)
        ]
        same.append(has[0] == has[1])
    return z3.And(same)


def _witnesses(
    one: Person, other: Person, claims: Sequence[z3.BoolRef], before: str, after: str
) -> Iterator[Change]:
    """Some people of one change, each by a pair of clauses of their own."""
    told_already: list[z3.BoolRef] = []
    while len(told_already) < WITNESSES:
        model = search(*claims, *told_already)
        if model is None:
            return
        yield Change(before, after, one.read(model), other.read(model))
        pair = [
            next(d for d in person.decides.values() if z3.is_true(model.eval(d, True)))
            for person in (one, other)
        ]
        told_already.append(z3.Not(z3.And(pair)))


def past(old: Pack, new: Pack, file: Path, language: str) -> Past:
    """How many of the people in a table would now get other advice.

    Raises:
        BrokenTable, BrokenRow
    """
    moved: dict[tuple[str, str], int] = {}
    total = unread = 0
    for _, _, answers in rows(old, file, language):
        total += 1
        before, after = ends_at(old, answers), ends_at(new, carried(old, new, answers))
        if not before or not after:
            unread += 1
        elif before != after:
            moved[before, after] = moved.get((before, after), 0) + 1
    return Past(total, moved, unread)


def report(
    old: Pack,
    new: Pack,
    found: Sequence[Change],
    after: Past | None,
    language: str,
    gettext: Callable,
) -> str:
    """What `tongxin triage difference` prints."""
    lines = [f"{in_language(new, 'title', language)}: {old.version} → {new.version}"]
    if not found:
        lines.append("  ✓ " + gettext("Nobody is sent elsewhere."))
    for pair in dict.fromkeys((one.before, one.after) for one in found):
        lines.append(f"  {_arrow(old, new, pair, language)}")
        for one in found:
            if (one.before, one.after) == pair:
                lines += _example(old, new, one, language, gettext)
    if after is not None:
        text = gettext("Of {total} past checks {changed} would now get other advice.")
        lines.append(text.format(total=after.total, changed=after.changed))
        lines += [
            f"  {_arrow(old, new, pair, language)}: {count}" for pair, count in after.moved.items()
        ]
        if after.unread:
            text = gettext("{unread} cannot be settled: the new rules ask something else.")
            lines.append(f"  {text.format(unread=after.unread)}")
    return "\n".join(lines)


def _arrow(old: Pack, new: Pack, pair: tuple[str, str], language: str) -> str:
    before, after = old.dispositions[pair[0]], new.dispositions[pair[1]]
    return f"{before.name(language)} → {after.name(language)}"


def _example(old: Pack, new: Pack, one: Change, language: str, gettext: Callable) -> list[str]:
    """One person: what they answer, and what each of the packs says."""
    asked = dict.fromkeys(
        [*told(old, one.old_answers, language), *told(new, one.new_answers, language)]
    )
    return [
        "    · " + gettext("Example"),
        *(f"      {question} {answer}" for question, answer in asked),
        f"      {old.version}: {ending(old, one.old_answers, language, gettext)}",
        f"      {new.version}: {ending(new, one.new_answers, language, gettext)}",
    ]
