from django.core.management.base import BaseCommand, CommandError

from tongxin.audit import queries
from tongxin.audit.wording import in_words
from tongxin.refusal import noop


class Command(BaseCommand):
    help = noop("Check that no line of the audit trail was changed, removed or slipped in.")

    def add_arguments(self, parser):
        deeds = parser.add_subparsers(dest="deed", required=True)
        deeds.add_parser("verify", help=noop("walk the whole trail; name the first broken line"))

    def handle(self, *args, **options):
        verdict = queries.verify()
        if not verdict.is_whole:
            raise CommandError(in_words(verdict))
        self.stdout.write(in_words(verdict))
