"""Tables of people: vignettes with what is expected, a bank made from the pack, past answers."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import combinations
from pathlib import Path

from django.utils.translation import gettext

from tongxin.meaning.measures import Share
from tongxin.refusal import Refusal
from tongxin.triage.answers import read_answers, written
from tongxin.triage.conditions import UNKNOWN
from tongxin.triage.packs import Clause, Disposition, Pack, Question
from tongxin.triage.refusals import BrokenRow, BrokenTable
from tongxin.triage.rules import Answer, State, admits, outcome

ABOUT = ("id", "expected", "note")
"""Columns besides the questions; none of them is needed."""

Level = Answer
Pair = tuple[tuple[str, Level], tuple[str, Level]]


@dataclass(frozen=True)
class Checked:
    """One row of a table and where it ends.

    Attributes:
        waits_for: the question whose answer the row lacks; empty where the row is settled.
    """

    line: int
    id: str
    expected: str
    disposition: Disposition | None
    clauses: tuple[Clause, ...]
    waits_for: str = ""

    @property
    def key(self) -> str:
        """The disposition's key; empty while open."""
        return self.disposition.key if self.disposition else ""


def columns(pack: Pack) -> list[str]:
    """The columns that a table of people can have."""
    return [*ABOUT, *(question.key for question in pack.question)]


def check_table(pack: Pack, file: Path, language: str) -> list[Checked]:
    """Every row of a CSV file with its disposition.

    Raises:
        BrokenTable, BrokenRow
    """
    return [
        _checked(pack, file, line, row, answers)
        for line, row, answers in rows(pack, file, language)
    ]


def rows(
    pack: Pack, file: Path, language: str
) -> Iterator[tuple[int, dict[str, str], dict[str, Answer]]]:
    """Line, cells and answers of every row. Raises `BrokenTable`, `BrokenRow`."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            table = csv.DictReader(opened, strict=True)
            found = [(table.line_num, row) for row in table]
            names = table.fieldnames or []
    except (OSError, UnicodeDecodeError, csv.Error) as trouble:
        raise BrokenTable(file=file.name, why=str(trouble)) from trouble
    if strange := [name for name in names if name not in columns(pack)]:
        raise BrokenTable(
            file=file.name, why=gettext("unknown column {name}").format(name=strange[0])
        )
    if not set(names) & pack.questions.keys() or len(set(names)) < len(names):
        raise BrokenTable(file=file.name, why=gettext("no column of a question, or a column twice"))
    for line, row in found:
        if None in row or None in row.values():
            raise BrokenRow(file=file.name, line=line, why=gettext("too many or too few cells"))
        given = {name: text for name, text in row.items() if name not in ABOUT}
        try:
            yield line, row, read_answers(pack, given, language)
        except Refusal as refusal:
            why = gettext(refusal.says).format(**refusal.facts)
            raise BrokenRow(file=file.name, line=line, why=why) from refusal


def _checked(
    pack: Pack, file: Path, line: int, row: dict[str, str], answers: dict[str, Answer]
) -> Checked:
    expected = row.get("expected", "").strip()
    if expected and expected not in pack.dispositions:
        why = gettext("{key} is no disposition").format(key=expected)
        raise BrokenRow(file=file.name, line=line, why=why)
    found = outcome(pack, answers)
    waits_for = found.next.key if found.next else ""
    name = row.get("id", "").strip() or str(line)
    return Checked(line, name, expected, found.disposition, found.clauses, waits_for)


def accuracy(checked: Iterable[Checked]) -> Share:
    """In how many rows with an expectation it was met."""
    judged = [row for row in checked if row.expected]
    return Share(sum(row.key == row.expected for row in judged), len(judged))


def sent_home(pack: Pack, checked: Iterable[Checked]) -> list[Checked]:
    """Rows that should have been seen at once and were not."""
    severe = {one.key for one in pack.disposition if one.is_severe}
    return [row for row in checked if row.expected in severe and row.key not in severe]


def asked_until_end(pack: Pack, answers: dict[str, Answer]) -> int:
    """How many questions somebody who would answer so is asked; fewer than the form has."""
    given: dict[str, Answer] = {}
    while (found := outcome(pack, given)).next and found.next.key in answers:
        given[found.next.key] = answers[found.next.key]
    return len(given)


def bank(pack: Pack) -> str:
    """A table in which every two answers that can stand together do so in some row.

    The same pack gives the same table. What is expected is what the pack says now, so that a
    change of the pack shows.
    """
    people = list(paired_people(pack))
    text = StringIO()
    names = ["id", "expected", *(question.key for question in pack.question)]
    table = csv.DictWriter(text, names, lineterminator="\n")
    table.writeheader()
    for at, answers in enumerate(people, 1):
        state = State(pack, answers)
        cells = {q.key: written(q, answers[q.key]) for q in state.answered}
        found = outcome(pack, answers).disposition
        table.writerow({"id": f"p{at:03}", "expected": found.key if found else ""} | cells)
    return text.getvalue()


def levels(question: Question, pack: Pack) -> list[Level]:
    """The answers worth trying: every value, none and all of several, both sides of each limit."""
    found: list[Level] = [*question.values]
    if question.kind == "several":
        found = [frozenset(), *(frozenset([v]) for v in question.values)]
        found.append(frozenset(question.values))
    if question.kind == "number":
        limits = {
            text for one in pack.clause for case in one.when for text in case.get(question.key, ())
        }
        edges = {question.as_limit(text).steps + beside for text in limits for beside in (-1, 0, 1)}
        edges |= {question.lowest, question.highest}
        found = sorted(e for e in edges if question.lowest <= e <= question.highest)
    return [*found, UNKNOWN] if question.may_be_unknown else found


def paired_people(pack: Pack) -> Iterator[dict[str, Answer]]:
    """People in whom every possible pair of levels stands, few and always the same."""
    choices = {q.key: levels(q, pack) for q in pack.question}
    open_pairs: dict[Pair, None] = {
        ((a, x), (b, y)): None
        for a, b in combinations(choices, 2)
        for x in choices[a]
        for y in choices[b]
        if _can_meet(pack, {a: x, b: y})
    }
    while open_pairs:
        person = _person(pack, choices, open_pairs)
        met = [pair for pair in combinations(person.items(), 2) if pair in open_pairs]
        for pair in met:
            del open_pairs[pair]
        yield person


def _person(
    pack: Pack, choices: dict[str, list[Level]], open_pairs: dict[Pair, None]
) -> dict[str, Answer]:
    """Somebody with the first open pair, and otherwise the levels that settle most others."""
    person = dict(next(iter(open_pairs)))
    _make_asked(pack, person)
    for name in choices:
        if name not in person and State(pack, person).fits(pack.questions[name].when):
            person[name] = max(
                choices[name], key=lambda level: _gain(name, level, person, open_pairs)
            )
    return {q.key: person[q.key] for q in pack.question if q.key in person}


def _gain(name: str, level: Level, person: dict[str, Answer], open_pairs: dict[Pair, None]) -> int:
    own = (name, level)
    others = person.items()
    return sum((own, other) in open_pairs or (other, own) in open_pairs for other in others)


def _can_meet(pack: Pack, pair: dict[str, Answer]) -> bool:
    """Whether one person can be asked both and answer so."""
    person = dict(pair)
    return _make_asked(pack, person) and all(person[name] == pair[name] for name in pair)


def _make_asked(pack: Pack, person: dict[str, Answer]) -> bool:
    """Give the person what it takes to be asked these questions; whether that can be."""
    for question in reversed(pack.question):
        if question.key not in person:
            continue
        for name, values in question.when.items():
            before = pack.questions[name]
            if name not in person:
                wanted = {v: None for v in _wanted(pack, person, name, values)}
                if not wanted:
                    return False
                first = next(iter(wanted))
                person[name] = frozenset([first]) if before.kind == "several" else first
            answer = person[name]
            what = (
                before.treated_as
                if answer == UNKNOWN
                else (frozenset([answer]) if isinstance(answer, str) else answer)
            )
            if not admits(before, values, what):
                return False
    return True


def _wanted(pack: Pack, person: dict[str, Answer], name: str, values: tuple[str, ...]) -> list[str]:
    """The values with which all questions of this person that hang on one are asked."""
    found = list(values)
    for other in person:
        if name in pack.questions[other].when:
            found = [v for v in found if v in pack.questions[other].when[name]]
    return found
