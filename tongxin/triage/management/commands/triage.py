from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import get_language, gettext

from tongxin.refusal import noop
from tongxin.triage import actions, difference, proof_report, queries, tables
from tongxin.triage.change_told import change_told, told_in_words
from tongxin.triage.keeping_rules import MOST_DAYS, USUAL_DAYS
from tongxin.triage.packs import Pack, in_language, pack_named, shipped_pack
from tongxin.triage.proof import faults


class Command(BaseCommand):
    help = noop("Prove the rules of the self-check, try them on cases, compare two versions.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        told = {
            "prove": noop("prove a pack, or show people for whom it goes wrong"),
            "check": noop("print the disposition of every row of a table"),
            "columns": noop("print the columns of such a table, with the answers they take"),
            "bank": noop("print a table of cases made from the pack"),
            "difference": noop("show who would get other advice from a new version"),
            "tell": noop("tell people whose kept checks would now end elsewhere"),
        }
        made = {name: deeds.add_parser(name, help=text) for name, text in told.items()}
        made["check"].add_argument("table", type=Path, help=noop("table of cases (CSV)"))
        for side in ("old", "new"):
            made["difference"].add_argument(side, help=noop("pack: name of a disease, or file"))
        text = noop("table of past answers to the old pack (CSV)")
        made["difference"].add_argument("--answers", type=Path, help=text)
        text = noop("look at checks kept in the last days")
        made["tell"].add_argument("--days", type=int, default=USUAL_DAYS, help=text)
        text = noop("tell them; without it they are only shown")
        made["tell"].add_argument("--yes", action="store_true", help=text)
        for name in ("prove", "columns", "bank"):
            made[name].add_argument(
                "pack", nargs="?", default="covid-19", help=noop("pack: name of a disease, or file")
            )
        made["check"].add_argument(
            "--pack", default="covid-19", help=noop("pack: name of a disease, or file")
        )

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        getattr(self, f"_{deed}")(**options)

    def _prove(self, pack: str, **_: Any) -> None:
        tried = pack_named(pack)
        began = perf_counter()
        found = faults(tried)
        took = perf_counter() - began
        said = proof_report.report(tried, found, took, language(), gettext)
        if found:
            raise CommandError(said)
        self.stdout.write(said)

    def _check(self, table: Path, pack: str, **_: Any) -> None:
        tried = pack_named(pack)
        checked = tables.check_table(tried, table, language())
        for row in checked:
            self.stdout.write(_line(tried, row))
        if any(row.expected for row in checked):
            text = gettext("As expected: {share}").format(share=tables.accuracy(checked))
            self.stdout.write(text)
            home = tables.sent_home(tried, checked)
            text = gettext("Severe and not sent to care at once: {count}")
            self.stdout.write(text.format(count=len(home)))

    def _columns(self, pack: str, **_: Any) -> None:
        tried = pack_named(pack)
        for name in tables.columns(tried):
            takes = _takes(tried, name)
            self.stdout.write(f"{name}: {takes}" if takes else name)

    def _bank(self, pack: str, **_: Any) -> None:
        self.stdout.write(tables.bank(pack_named(pack)), ending="")

    def _difference(self, old: str, new: str, answers: Path | None, **_: Any) -> None:
        one, other = pack_named(old), pack_named(new)
        found = difference.changes(one, other)
        past = difference.past(one, other, answers, language()) if answers else None
        self.stdout.write(difference.report(one, other, found, past, language(), gettext))

    def _tell(self, days: int, yes: bool, **_: Any) -> None:
        if not 1 <= days <= MOST_DAYS:
            raise CommandError(gettext("--days goes from 1 to {most}.").format(most=MOST_DAYS))
        pack, at = shipped_pack(settings.DEFAULT_DISEASE), timezone.now()
        since = at - timedelta(days=days)
        for row in queries.older_versions(pack, since=since):
            found = change_told(row, pack, since=since, language=language())
            self.stdout.write(found.report)
            text = gettext(
                "Of %(total)s kept checks %(moved)s would now end elsewhere, %(urgent)s of them "
                "more urgent."
            )
            counts = {"total": found.total, "moved": found.moved, "urgent": found.more_urgent}
            self.stdout.write(text % counts)
        if not yes:
            self.stdout.write(gettext("Nobody has been told; --yes tells them."))
            return
        told = actions.tell_of_change(pack, since=since, by="command line", at=at)
        self.stdout.write(told_in_words(told))


def language() -> str:
    """The language of the terminal."""
    return get_language() or "en"


def _line(pack: Pack, row: tables.Checked) -> str:
    if row.disposition is None:
        asks = in_language(pack.questions[row.waits_for], "asks", language())
        return gettext("{id}: not settled; it lacks an answer to “{asks}”").format(
            id=row.id, asks=asks
        )
    wrong = row.expected and row.expected != row.key
    mark = gettext(" ✗ expected: {key}").format(key=row.expected) if wrong else ""
    ids = ", ".join(clause.id for clause in row.clauses)
    return f"{row.id}: {row.key} · {row.disposition.name(language())} ({ids}){mark}"


def _takes(pack: Pack, name: str) -> str:
    """What a column may hold."""
    question = pack.questions.get(name)
    if question is None:
        return ", ".join(pack.dispositions) if name == "expected" else ""
    takes = ", ".join(question.values)
    if question.kind == "number":
        unit = in_language(question, "unit", language())
        takes = f"{question.least:g}–{question.most:g} {unit}"
    if question.kind == "several":
        takes = "nothing, " + takes + " " + gettext("(several: joined by |)")
    return f"{takes}, unknown" if question.may_be_unknown else takes
