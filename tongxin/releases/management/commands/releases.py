from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from tongxin.refusal import noop
from tongxin.releases import actions, queries

BY = "command line"
SHOWN = 20
FAULTS_SHOWN = 10


class Command(BaseCommand):
    help = noop("List the releases, roll back to one, name, prune or verify them.")

    def add_arguments(self, parser):
        deeds = parser.add_subparsers(dest="deed", required=True)
        deeds.add_parser("list", help=noop("the newest releases"))
        back = deeds.add_parser("roll-back", help=noop("show an earlier release again"))
        back.add_argument("release", help=noop("the release, or how it begins"))
        back.add_argument("--reason", required=True, help=noop("printed in public"))
        name = deeds.add_parser("name", help=noop("keep a release for good, under a name"))
        name.add_argument("release")
        name.add_argument("name", help=noop("empty: let the policy decide again"))
        deeds.add_parser("prune", help=noop("let go of releases whose time is over"))
        verify = deeds.add_parser("verify", help=noop("compare every file with the manifest"))
        verify.add_argument("release", nargs="?", help=noop("default: the current release"))

    def handle(self, *, deed, **options):
        {
            "list": self.list,
            "roll-back": self.roll_back,
            "name": self.name,
            "prune": self.prune,
            "verify": self.verify,
        }[deed](**options)

    def list(self, **options) -> None:
        current = queries.current_release()
        for release in queries.published_releases()[:SHOWN]:
            mark = "*" if release == current else "-" if release.pruned_at else " "
            built, as_of = (timezone.localtime(at) for at in (release.built_at, release.as_of))
            line = f"{mark} {release}  {built:%Y-%m-%d %H:%M}  {as_of:%Y-%m-%d %H:%M}  "
            self.stdout.write(f"{line}{release.files_count:>6}  {release.name}".rstrip())
        self.stdout.write(gettext("* current   - pruned   columns: id, built, as of, files, name"))

    def roll_back(self, *, release, reason, **options) -> None:
        release = queries.find_release(release)
        actions.roll_back(release.pk, reason=reason, by=BY, at=timezone.now())
        self.stdout.write(gettext("The public sees %(id)s again.") % {"id": str(release)})

    def name(self, *, release, name, **options) -> None:
        release = actions.name_release(queries.find_release(release).pk, name=name, by=BY)
        self.stdout.write(f"{release}  {release.name}".rstrip())

    def prune(self, **options) -> None:
        gone = actions.prune(by=BY, at=timezone.now())
        text = ngettext(
            "%(count)d release was let go.", "%(count)d releases were let go.", len(gone)
        )
        self.stdout.write(text % {"count": len(gone)})

    def verify(self, *, release, **options) -> None:
        release = queries.find_release(release) if release else queries.current_release()
        if release is None:
            raise CommandError(gettext("Nothing has been published yet."))
        faults = queries.faults(release)
        for path in faults[:FAULTS_SHOWN]:
            self.stderr.write(f"  {path}")
        if faults:
            text = gettext("%(id)s is damaged: %(count)d files are not as published.")
            raise CommandError(text % {"id": str(release), "count": len(faults)})
        text = gettext("%(id)s is whole: %(count)d files.")
        self.stdout.write(text % {"id": str(release), "count": release.files_count})
