"""Releases that are asked for at the desk and built by the worker."""

from datetime import datetime

from django.db import connection, transaction

from tongxin.audit.actions import record
from tongxin.audit.models import Entry
from tongxin.people.models import User
from tongxin.people.roles import Permission
from tongxin.refusal import noop
from tongxin.releases.turns import require
from tongxin.situation.actions.publishing import build_release
from tongxin.situation.models import Build
from tongxin.situation.publishing import Progress

ASKING, BUILDING = 7_261_002, 7_261_003  # keys of advisory locks: who asks, who builds
MOST_TRIES = 3
STOPPED = noop("The worker stopped while it was building, three times. Its log says why.")
BROKE = noop("Something broke while it was built. The worker's log says what.")
OWN_DEEDS = ("situation.build_", "situation.release_built")


@transaction.atomic
def ask_build(*, by: User, at: datetime) -> Build:
    """The build that will say what is known now: the one under way, or else a new one.

    One that has begun is joined unless figures were changed since: it would not have them.
    """
    require(by, Permission.RELEASE_PREVIEW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ASKING])
    newest = Build.objects.filter(done_at__isnull=True).order_by("-pk").first()
    if newest and not (newest.started_at and _figures_changed_since(newest.started_at)):
        return newest
    row = Build.objects.create(asked_by=by, asked_at=at)
    record("situation.build_asked", row, by=by)
    return row


@transaction.atomic
def start_build(*, by: str, at: datetime) -> Build | None:
    """The next build to work at; None where nothing is asked for or another worker builds.

    One that was begun and not ended is the work of a worker that died: it is begun again.
    """
    if not _is_our_turn():
        return None
    row = Build.objects.filter(done_at__isnull=True).order_by("pk").first()
    if row is None:
        return None
    if row.tries >= MOST_TRIES:
        give_up_build(row.pk, error=STOPPED, by=by, at=at)
        return None
    row.started_at, row.tries, row.drawn, row.to_draw = at, row.tries + 1, 0, 0
    row.save(update_fields=["started_at", "tries", "drawn", "to_draw"])
    record("situation.build_started", row, by=by, tries=row.tries)
    return row


@transaction.atomic
def run_build(build_id: int, *, by: str, at: datetime, progress: Progress | None = None) -> None:
    """Build what was asked for, as of the moment the build was started, for who asked."""
    if not _is_our_turn():
        return
    row = Build.objects.select_related("asked_by").get(pk=build_id)
    if row.done_at or row.started_at is None:
        return
    row.release = build_release(
        as_of=row.started_at, by=row.asked_by, at=row.started_at, progress=progress
    )
    row.done_at = at
    row.save(update_fields=["release", "done_at"])
    record("situation.build_done", row, by=by, release=row.release.pk)


@transaction.atomic
def give_up_build(build_id: int, *, error: str, by: str, at: datetime) -> None:
    """End a build without a release; ``error`` says why, in English that can be translated."""
    row = Build.objects.select_for_update().get(pk=build_id, done_at__isnull=True)
    row.done_at, row.error = at, error[:300]
    row.save(update_fields=["done_at", "error"])
    record("situation.build_failed", row, by=by)


def note_progress(build_id: int, drawn: int, to_draw: int) -> None:
    """How far a build is. Not a deed: it changes nothing that anybody owns."""
    Build.objects.filter(pk=build_id).update(drawn=drawn, to_draw=to_draw)


def _is_our_turn() -> bool:
    """Take the builders' lock until the end of the transaction, or learn that it is taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [BUILDING])
        return cursor.fetchone()[0]


def _figures_changed_since(moment: datetime) -> bool:
    """Whether the trail has a deed on figures, sources or caveats that began later."""
    deeds = Entry.objects.filter(at__gte=moment, deed__startswith="situation.")
    for own in OWN_DEEDS:
        deeds = deeds.exclude(deed__startswith=own)
    return deeds.exists()
