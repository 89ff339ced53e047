import re
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import get_language, gettext

from tongxin.places.queries import place_called
from tongxin.refusal import noop
from tongxin.releases import actions as releases
from tongxin.releases.models import Release
from tongxin.releases.queries import current_release, last_by_people
from tongxin.releases.refusals import NoReplayInProduction
from tongxin.situation import wording
from tongxin.situation.actions.publishing import build_release
from tongxin.situation.management.commands.publish import day_of, end_of
from tongxin.situation.metrics import metrics
from tongxin.situation.queries.atlas import Atlas, atlas
from tongxin.situation.queries.known import known

BY = "replay"
FIRST = "2020-01-20"
LAST = "2020-04-30"
SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(?:d|days?)/(\d*(?:\.\d+)?)\s*(?:s|seconds?)")
LATE = 0.5  # seconds behind before it is said


class Command(BaseCommand):
    help = noop("Show an outbreak again, day by day, as it was known.")
    places: Atlas

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="first", default=FIRST, metavar="YYYY-MM-DD")
        parser.add_argument("--to", dest="last", default=LAST, metavar="YYYY-MM-DD")
        parser.add_argument("--speed", default="1day/s", help=noop("for example 1day/s or 7days/s"))
        parser.add_argument("--place", help=noop("whose figures to print; default: the home place"))
        parser.add_argument("--stay", action="store_true", help=noop("leave the last day shown"))

    def handle(self, *, first, last, speed, place, stay, **options):
        if not settings.DEVELOPMENT:
            raise NoReplayInProduction()
        place = place_called(place).code if place else settings.HOME_PLACE
        seconds = seconds_a_day(speed)
        present = last_by_people()
        self.places = atlas()
        try:
            for day in paced(days_between(day_of(first), day_of(last)), seconds, say=self.lag):
                self.show(day, place)
        except KeyboardInterrupt:
            self.stdout.write(gettext("Stopped."))
        finally:
            if present and not stay:
                self.restore(present.release)

    def show(self, day: date, place: str) -> None:
        """Publish what was known at the end of the day, and print it."""
        started = monotonic()
        release = build_release(as_of=end_of(day), by=BY, at=timezone.now(), places=self.places)
        show_unless_shown(release)
        took = monotonic() - started
        line = f"{day}  {release}  {headline(place, release)}  {took:.2f} s"
        self.stdout.write(line)
        self.stdout.flush()

    def lag(self, behind: float) -> None:
        self.stdout.write(gettext("  %(seconds).1f s behind the pace") % {"seconds": behind})

    def restore(self, release: Release) -> None:
        """What people published last is before the public again."""
        show_unless_shown(release)
        self.stdout.write(gettext("The present release is shown again."))


def show_unless_shown(release: Release) -> None:
    """Show a release, unless the public sees it already."""
    current = current_release()
    if current is None or current.pk != release.pk:
        releases.show_replayed(release.pk, by=BY, at=timezone.now())


def headline(place: str, release: Release) -> str:
    """The place's confirmed cases and deaths as the release says them."""
    told = known(as_of=release.as_of, disease=release.manifest["disease"], places=[place])
    language = get_language() or settings.LANGUAGE_CODE
    figures = []
    for metric in ("confirmed", "deaths"):
        line = told.line(place, metric)
        value = None if line is None else int(line.values[-1])
        figures.append(f"{metrics()[metric].name(language)} {wording.number(value)}")
    return f"{place}  {'  '.join(figures)}"


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    if last < first:
        raise CommandError(gettext("The last day lies before the first."))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def seconds_a_day(speed: str) -> float:
    """The pace in seconds for each day shown.

    >>> seconds_a_day("1day/s"), seconds_a_day("7days/s"), seconds_a_day("1day/2s")
    (1.0, 0.14285714285714285, 2.0)
    """
    match = SPEED.fullmatch(speed.strip())
    if match is None or not float(match[1]) or not float(match[2] or 1):
        raise CommandError(gettext("Write the speed as 1day/s."))
    return float(match[2] or 1) / float(match[1])


def paced(days: list[date], seconds: float, *, say: Callable[[float], None]) -> Iterator[date]:
    """The days at a steady pace; ``say`` hears by how many seconds we are behind."""
    start = monotonic()
    for number, day in enumerate(days):
        behind = monotonic() - start - number * seconds
        if behind > LATE:
            say(behind)
            start += behind
        elif behind < 0:
            time.sleep(-behind)
        yield day
