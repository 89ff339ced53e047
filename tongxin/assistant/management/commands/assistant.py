import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext

from tongxin.assistant import learned_danger, learned_spread
from tongxin.meaning import evaluation, pair_evaluation, spread, wording
from tongxin.meaning.learned import save
from tongxin.myths import learned_claims
from tongxin.myths.known import vectors
from tongxin.refusal import Unreadable, noop

QUESTION = ("id", "text", "answer_id")
PAIR = ("text_a", "text_b", "same")


class BrokenTable(Unreadable):
    """A table that lacks what it needs."""

    says = noop("{file} cannot be read: it needs the columns {columns}.")


class Command(BaseCommand):
    help = noop(
        "Try the assistant on questions, or on pairs of sentences, and print how well it does."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        text = noop("questions and the knowledge that answers them")
        evaluate = deeds.add_parser("evaluate", help=text)
        for name, meaning in (
            ("knowledge", noop("table of knowledge: id, text, answer_id")),
            ("questions", noop("table of questions: id, text, answer_id")),
        ):
            evaluate.add_argument(f"--{name}", type=Path, required=True, help=meaning)
        text = noop("language of the texts")
        evaluate.add_argument("--lang", choices=["en", "zh"], default="en", help=text)
        pairs = deeds.add_parser("pairs", help=noop("pairs of sentences: the same meaning or not"))
        text = noop("table of pairs: text_a, text_b, same")
        pairs.add_argument("table", type=Path, help=text)
        deeds.add_parser("learn-danger", help=noop("learn danger again from its phrasings"))
        deeds.add_parser("learn-claims", help=noop("learn the shipped claims again"))
        text = noop("learn again how sentences that mean the same differ")
        deeds.add_parser("learn-spread", help=text)

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        getattr(self, f"_{deed.replace('-', '_')}")(**options)

    def _evaluate(self, knowledge: Path, questions: Path, lang: str, **_: Any) -> None:
        known, asked = rows_of(knowledge, QUESTION), rows_of(questions, QUESTION)
        found = evaluation.evaluate(known, asked, lang)
        self.stdout.write(evaluation.report(found, gettext))

    def _pairs(self, table: Path, **_: Any) -> None:
        found = pair_evaluation.pairs(rows_of(table, PAIR))
        for one in found.methods:
            self.stdout.write(f"  {gettext(one.name)}: {one.accuracy}; {one.area:.3f}")

    def _learn_danger(self, **_: Any) -> None:
        save(learned_danger.learn_danger(vectors()), learned_danger.WEIGHTS)
        wording.save(learned_danger.learn_wording(), learned_danger.WORDED)

    def _learn_claims(self, **_: Any) -> None:
        save(learned_claims.learn_claims(vectors()), learned_claims.WEIGHTS)

    def _learn_spread(self, **_: Any) -> None:
        spread.save(learned_spread.learn_spread(vectors()), learned_spread.digest())


def rows_of(file: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a CSV file in UTF-8. Raises `BrokenTable`."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
    except (OSError, UnicodeDecodeError, csv.Error) as trouble:
        raise BrokenTable(file=file, columns=", ".join(columns)) from trouble
    if not rows or not set(columns) <= set(rows[0]):
        raise BrokenTable(file=file, columns=", ".join(columns))
    return rows
