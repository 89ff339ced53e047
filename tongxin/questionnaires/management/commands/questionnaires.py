from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext

from tongxin.questionnaires import queries
from tongxin.questionnaires.actions import bring_in, publish_form, retire_form
from tongxin.questionnaires.models import Questionnaire
from tongxin.questionnaires.reporting import report
from tongxin.refusal import Refusal, noop

BY = "command line"


class Command(BaseCommand):
    help = noop("Bring in FHIR questionnaires, put them into use, take them out of use.")

    def add_arguments(self, parser):
        deeds = parser.add_subparsers(dest="deed", required=True)
        one = deeds.add_parser("import", help=noop("read a FHIR R4 Questionnaire; print a report"))
        one.add_argument("file", type=Path)
        one.add_argument("--name", default="", help=noop("short name for the address"))
        one.add_argument("--publish", action="store_true", help=noop("put it into use"))
        one.add_argument("--public", action="store_true", help=noop("anybody may answer it"))
        deeds.add_parser("list", help=noop("every version of every form"))
        old = deeds.add_parser("retire", help=noop("take the version in use out of use"))
        old.add_argument("name")

    def handle(self, *args, **options):
        deeds = {"import": self.bring_in, "list": self.list_forms, "retire": self.retire}
        try:
            deeds[options["deed"]](**options)
        except Refusal as refusal:
            raise CommandError(gettext(refusal.says).format(**refusal.facts)) from refusal

    def bring_in(self, *, file: Path, name: str, publish: bool, public: bool, **_: object) -> None:
        at = timezone.now()
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(str(error)) from error
        slug = slugify(name or file.stem)[:60]
        row = bring_in(data, slug=slug, is_public=public, by=BY, at=at)
        for line in report(queries.form_of(row)):
            mark = "✗" if line.is_error else "·"
            self.stdout.write(f"{mark} {gettext(line.says).format(**line.facts)}")
        if publish and row.status == Questionnaire.Status.DRAFT:
            row = publish_form(row, by=BY, at=at)
        self.stdout.write(f"{row.slug} {row.version}: {row.get_status_display()}")

    def list_forms(self, **_: object) -> None:
        for row in Questionnaire.objects.order_by("slug", "made_at"):
            self.stdout.write(f"{row.slug} {row.version}: {row.get_status_display()} – {row.title}")

    def retire(self, *, name: str, **_: object) -> None:
        row = queries.in_use(name)
        if row is None:
            raise CommandError(gettext("No version of this form is in use."))
        retire_form(row, by=BY, at=timezone.now())
