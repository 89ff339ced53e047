"""How a person is watched: from their first entry on, at an hour and in a zone of their own."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from tongxin.audit.actions import record
from tongxin.monitoring import queries, rules
from tongxin.monitoring.models import Entry, Task, Watch
from tongxin.monitoring.packs import pack
from tongxin.monitoring.refusals import NoSuchZone
from tongxin.monitoring.retention import DONE_DAYS, UNUSED_DAYS
from tongxin.monitoring.telling import remind
from tongxin.people.models import Person

CHANGEABLE = {"zone", "remind_at", "risk"}
BATCH = 200


@transaction.atomic
def begin(person: Person, *, by: object, at: datetime) -> Watch:
    """The person's row, made where there is none, locked until the caller commits."""
    watch = Watch.objects.select_for_update().filter(pk=person.pk).first()
    if watch is None:
        zone = ZoneInfo(settings.TIME_ZONE)
        first = rules.silent_from(None, begun_on=rules.local_day(at, zone), zone=zone)
        given = {"begun_at": at, "zone": settings.TIME_ZONE, "silent_from": first}
        _, is_new = Watch.objects.get_or_create(person=person, defaults=given)
        watch = Watch.objects.select_for_update().get(pk=person.pk)
        watch.person = person
        if is_new:
            reckon(watch, at=at)
            record("monitoring.watched", watch, by=by)
    watch.person = person
    return watch


@transaction.atomic
def change_watch(person: Person, *, by: object, at: datetime, **said: Any) -> Watch:
    """Another hour, zone or risk; only what is given changes.

    Args:
        said: some of `CHANGEABLE`; ``remind_at`` None means no reminder.

    Raises:
        NoSuchZone
    """
    if "zone" in said and said["zone"] not in available_timezones():
        raise NoSuchZone(zone=said["zone"][:40])
    watch = begin(person, by=by, at=at)
    changed = [name for name in sorted(said) if getattr(watch, name) != said[name]]
    for name in changed:
        setattr(watch, name, said[name])
    if changed:
        reckon(watch, at=at)
        record("monitoring.watch_changed", watch, by=by, fields=changed)
    return watch


def reckon(watch: Watch, *, at: datetime) -> None:
    """Work out when to remind, and when no word means silence; and save."""
    zone, numbers = ZoneInfo(watch.zone), pack()
    today = rules.local_day(at, zone)
    months = rules.months_old(watch.person.born_on, today)
    watch.is_older = months is not None and months >= numbers.older_from * 12
    watch.silent_from = rules.silent_from(
        watch.logged_on,
        begun_on=rules.local_day(watch.begun_at, zone),
        zone=zone,
        at_risk=watch.is_at_risk,
        hour=watch.remind_at or numbers.usual_hour,
        grace=numbers.grace,
    )
    watch.next_reminder_at = next_reminder(watch, at=at)
    watch.save()


def next_reminder(watch: Watch, *, at: datetime) -> datetime | None:
    """When to remind the next time, if the person wants to be."""
    hour: time | None = watch.remind_at
    return None if hour is None else rules.next_reminder(at, hour, ZoneInfo(watch.zone))


@transaction.atomic
def remind_some(*, by: str, at: datetime) -> int:
    """Remind of some logs whose hour has come, and set the next; how many there were.

    Whose day is logged already is left alone.
    """
    due = Watch.objects.filter(next_reminder_at__lte=at).order_by("next_reminder_at")
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    told = 0
    for watch in rows:
        day = rules.local_day(at, ZoneInfo(watch.zone))
        watch.next_reminder_at = next_reminder(watch, at=at)
        if watch.logged_on is None or watch.logged_on < day:
            for person in queries.reminded_for(watch.person, at=at):
                remind(person, day=day.isoformat(), by=by, at=at)
                told += 1
    Watch.objects.bulk_update(rows, ["next_reminder_at"])
    if told:
        record("monitoring.reminded", "logs", by=by, count=told)
    return len(rows)


@transaction.atomic
def forget(*, by: str, at: datetime) -> int:
    """Delete tasks done long ago, and how people are watched who log no more; how many rows."""
    done = Task.objects.filter(done_at__lt=at - timedelta(days=DONE_DAYS))
    unused = Watch.objects.filter(
        ~queries.is_allowed_by(at=at),
        ~Exists(Entry.objects.filter(person=OuterRef("person"))),
        ~Exists(Task.objects.filter(person=OuterRef("person"))),
        remind_at__isnull=True,
        begun_at__lt=at - timedelta(days=UNUSED_DAYS),
    )
    gone = done.delete()[0] + unused.delete()[0]
    if gone:
        record("monitoring.forgotten", "logs", by=by, count=gone)
    return gone
