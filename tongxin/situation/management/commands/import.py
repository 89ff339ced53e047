from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tongxin.refusal import Refusal, noop
from tongxin.situation.actions.figures import Report, import_figures
from tongxin.situation.importers import FORMATS, template

BY = "command line"


class Command(BaseCommand):
    help = noop(
        "Read files of figures: tongxin import FORMAT PATH… (csv, xlsx, jhu, dxy, canghailan)."
    )

    def add_arguments(self, parser):
        parser.add_argument("format", nargs="?", choices=sorted(FORMATS), metavar="FORMAT")
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument("--source", help=noop("code of the source that says the figures"))
        parser.add_argument("--disease", default=settings.DEFAULT_DISEASE)
        parser.add_argument(
            "--known-at",
            type=_moment,
            help=noop("when the figures became known, as 2020-02-12T20:00+08:00; now if left out"),
        )
        parser.add_argument(
            "--note", default="", help=noop("why figures changed, as the source says")
        )
        parser.add_argument(
            "--template",
            type=Path,
            metavar="FILE.xlsx",
            help=noop("write the empty sheet and stop"),
        )

    def handle(self, *args, **options):
        if options["template"]:
            template.write(options["template"])
            self.stdout.write(str(options["template"]))
            return
        if not options["format"] or not options["paths"]:
            raise CommandError(gettext("Say the format and at least one file."), returncode=2)
        refused = [path for path in options["paths"] if not self._import(path, options)]
        if refused:
            raise CommandError(
                gettext("Refused, nothing changed by: {files}").format(
                    files=", ".join(path.name for path in refused)
                )
            )

    def _import(self, path, options):
        """Whether the file was read; its closing report, or why not, is printed."""
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        ) as bar:
            task = bar.add_task(path.name, total=1.0)

            def show(step: str, share: float) -> None:
                bar.update(task, description=f"{path.name}: {gettext(step)}", completed=share)

            try:
                report = import_figures(
                    path,
                    format=options["format"],
                    source=options["source"],
                    disease=options["disease"],
                    known_at=options["known_at"],
                    note=options["note"],
                    by=BY,
                    at=timezone.now(),
                    progress=show,
                )
            except Refusal as refusal:
                self.stderr.write(gettext(refusal.says).format(**refusal.facts))
                return False
        self.stdout.write("\n".join(_lines(path, report)))
        return True


def _lines(path: Path, report: Report) -> list[str]:
    """The closing report as a person reads it."""
    words = {
        gettext("read"): report.read,
        gettext("new"): report.new,
        gettext("revised"): report.revised,
        gettext("same"): report.same,
        gettext("held"): report.held,
        gettext("refused"): report.refused,
        gettext("blank"): report.empty,
    }
    lines = [f"{path.name}: " + ", ".join(f"{word} {n:,}" for word, n in words.items())]
    if report.held:
        text = ngettext(
            "%(count)d decision waits for an officer under /desk/figures/held/.",
            "%(count)d decisions wait for an officer under /desk/figures/held/.",
            report.decisions,
        )
        lines.append("  " + text % {"count": report.decisions})
    lines += [
        "  " + gettext("line {line} refused: {why}").format(line=line, why=gettext(why))
        for line, why in report.refused_lines
    ]
    if report.parts_only:
        text = gettext("Given by its parts only, so without a total of its own: {places}")
        lines.append("  " + text.format(places=", ".join(report.parts_only)))
    return lines


def _moment(text: str) -> datetime:
    """A moment; without a zone it is in the installation's own."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_default_timezone())
