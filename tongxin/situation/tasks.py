"""What the worker does by the clock, each safe to run twice."""

from collections.abc import Callable
from datetime import datetime
from threading import Thread
from time import monotonic

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from tongxin.refusal import Refusal
from tongxin.releases import actions as releases
from tongxin.releases.queries import due_appointments
from tongxin.situation.actions import builds, pulls
from tongxin.work.actions import beat

BY = "worker"
BETWEEN_SIGNS = 1.0  # seconds


def run_due_pulls(at: datetime) -> None:
    """Fetch what is due."""
    pulls.run_due(at)


def publish_due_releases(at: datetime) -> None:
    """Publish what was appointed for an hour that has come."""
    for appointment in due_appointments(at=at):
        releases.keep_appointment(appointment.pk, by=BY, at=at)


def build_asked_releases(at: datetime) -> None:
    """Build the release that was asked for at the desk, or end it with the reason why not."""
    build = builds.start_build(by=BY, at=at)
    if build is None:
        return
    try:
        builds.run_build(build.pk, by=BY, at=at, progress=signs_of_life(build.pk))
    except Refusal as refusal:
        builds.give_up_build(build.pk, error=refusal.says, by=BY, at=at)
    except (InterfaceError, OperationalError):
        raise  # the database is lost: the build is taken up again when it is back
    except Exception:
        builds.give_up_build(build.pk, error=builds.BROKE, by=BY, at=at)
        raise


def signs_of_life(build_id: int) -> Callable[[int, int], None]:
    """Tells the desk, about once a second, how far a build is, and that the worker lives.

    By a connection of its own: what the build itself writes is not seen before its end.
    """
    last = monotonic()

    def tell(drawn: int, to_draw: int) -> None:
        nonlocal last
        if monotonic() - last < BETWEEN_SIGNS:
            return
        last = monotonic()
        thread = Thread(target=_sign, args=(build_id, drawn, to_draw))
        thread.start()
        thread.join()

    return tell


def _sign(build_id: int, drawn: int, to_draw: int) -> None:
    try:
        builds.note_progress(build_id, drawn, to_draw)
        beat(BY, at=timezone.now())
    finally:
        connection.close()
