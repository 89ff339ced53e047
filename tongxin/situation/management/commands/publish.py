from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from tongxin.people.models import User
from tongxin.refusal import noop
from tongxin.releases import actions as releases
from tongxin.releases.models import Release
from tongxin.releases.refusals import AlreadyCurrent
from tongxin.situation.actions.publishing import build_release
from tongxin.situation.queries.gate_view import gate_view
from tongxin.situation.terminal import steps

BY = "command line"


class Command(BaseCommand):
    help = noop("Build a release of the figures and publish it, now or at an hour.")

    def add_arguments(self, parser):
        parser.add_argument(
            "--as-of", help=noop("what was known at the end of this day (YYYY-MM-DD)")
        )
        parser.add_argument(
            "--at", metavar="HH:MM", help=noop("publish at this hour, by the worker")
        )
        parser.add_argument(
            "--draft", action="store_true", help=noop("build and check, publish nothing")
        )
        parser.add_argument("--override-reason", help=noop("ask that a stopped release may go out"))
        parser.add_argument(
            "--as", dest="user", help=noop("the account that asks or makes the date")
        )

    def handle(self, *, as_of, at, draft, override_reason, user, **options):
        now = timezone.now()
        release = self.build(as_of, now)
        if release.is_stopped and override_reason is not None:
            self.ask(release, override_reason, user, now)
        elif at:
            self.appoint(release, at, user, now)
        elif not draft:
            self.publish(release, now)

    def build(self, as_of: str | None, now: datetime) -> Release:
        """The release, and on the terminal what the gate found."""
        moment = end_of(day_of(as_of)) if as_of else now
        with steps(gettext("Drawing")) as progress:
            release = build_release(as_of=moment, by=BY, at=now, progress=progress)
        self.stdout.write(
            gettext("Built %(id)s: %(files)d files, %(size).1f MB.")
            % {
                "id": str(release),
                "files": release.files_count,
                "size": release.bytes_count / 1e6,
            }
        )
        view = gate_view(release, language=get_language() or settings.LANGUAGE_CODE)
        for line in (*view.stops, *view.warnings[:10]):
            self.stdout.write(f"  {line.word}: {line.sentence}")
        if (more := len(view.warnings) - 10) > 0:
            text = ngettext("  and %(count)d more note", "  and %(count)d more notes", more)
            self.stdout.write(text % {"count": more})
        return release

    def publish(self, release: Release, now: datetime) -> None:
        try:
            releases.publish(release.pk, by=BY, at=now)
        except AlreadyCurrent as same:
            self.stdout.write(gettext(same.says))
        else:
            self.stdout.write(gettext("Published %(id)s.") % {"id": str(release)})

    def ask(self, release: Release, reason: str, user: str | None, now: datetime) -> None:
        releases.ask_override(release.pk, reason=reason, by=account(user), at=now)
        self.stdout.write(
            gettext("Asked to let %(id)s out. A second person grants it at the desk.")
            % {"id": str(release)}
        )

    def appoint(self, release: Release, hour: str, user: str | None, now: datetime) -> None:
        due = next_hour(hour, now)
        releases.appoint(release.pk, due_at=due, by=account(user), at=now)
        self.stdout.write(
            gettext("The worker publishes %(id)s at %(at)s.")
            % {"id": str(release), "at": f"{timezone.localtime(due):%Y-%m-%d %H:%M}"}
        )


def account(name: str | None) -> User:
    """The account in whose name it is done; two people can only be told apart by name."""
    user = User.objects.filter(username=name, is_active=True).first() if name else None
    if user is None:
        raise CommandError(gettext("Say in whose name: --as USERNAME."))
    return user


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(gettext("Write the day as 2020-02-12.")) from error


def end_of(day: date) -> datetime:
    """The last moment of a day in the authority's time zone."""
    zone = timezone.get_default_timezone()
    return datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(microseconds=1)


def next_hour(text: str, now: datetime) -> datetime:
    """The next time it is HH:MM here."""
    try:
        hour = time.fromisoformat(text)
    except ValueError as error:
        raise CommandError(gettext("Write the hour as 16:00.")) from error
    today = timezone.localtime(now)
    due = datetime.combine(today.date(), hour, today.tzinfo)
    return due if due > now else due + timedelta(days=1)
