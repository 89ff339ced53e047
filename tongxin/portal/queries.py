from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext

from tongxin.assistant.queries import late_questions, waiting_questions
from tongxin.consent.queries import ending_soon, left_alone
from tongxin.monitoring.queries import tasks_for as log_tasks_for
from tongxin.notices.models import Agency
from tongxin.notices.queries import waiting_alerts
from tongxin.people.models import User
from tongxin.people.roles import Permission
from tongxin.releases.models import Override, Publication, Release
from tongxin.releases.queries import current_publication, waiting_appointments
from tongxin.situation.models import Pull
from tongxin.situation.queries.held import waiting_count
from tongxin.tracing.queries import late_for as suspected_late
from tongxin.tracing.queries import waiting_for as suspected_waiting
from tongxin.work.queries import WORKER_IS_LATE, failing_jobs, worker_age_seconds


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing on the first page of the desk."""

    title: str
    number: str  # the big one; empty where words say it all
    text: str
    url: str
    is_urgent: bool = False


def waiting_for(user: User, *, at: datetime) -> list[Waiting]:
    """What waits for this person, by what the role may do; the urgent first."""
    tiles: list[Waiting] = []
    if user.may(Permission.RELEASE_PREVIEW):
        tiles += [_current(at), *_stopped(user), *_next_appointment()]
    if user.may(Permission.ALERT_PUBLISH):
        tiles += [*_alerts(user), *_silent_agencies()]
    tiles += [tile(user, at) for permission, tile in QUEUES if user.may(permission)]
    tiles += _left_alone(user, at)
    if user.may(Permission.RELEASE_PUBLISH) or user.may(Permission.ACCOUNTS_MANAGE):
        tiles += _worker(at)
    return sorted(tiles, key=lambda tile: not tile.is_urgent)


def _current(at: datetime) -> Waiting:
    newest = current_publication()
    title, url = gettext("Current release"), reverse("desk_releases")
    if newest is None:
        return Waiting(title, "–", gettext("Nothing was published yet."), url, is_urgent=True)
    age = timesince(newest.at, at, depth=1)
    return Waiting(title, age, gettext("since it was published"), url)


def _stopped(user: User) -> list[Waiting]:
    """The newest build, if the gate stops it; or an override that waits for this person."""
    asked = Override.objects.filter(granted_at__isnull=True).exclude(asked_by=user).last()
    if asked and user.may(Permission.RELEASE_OVERRIDE):
        url = reverse("desk_release", args=[asked.release_id])
        text = gettext("A colleague asks you to let a stopped release out.")
        return [Waiting(gettext("Override"), "1", text, url, is_urgent=True)]
    newest = Release.objects.order_by("-built_at").first()
    if newest is None or not newest.is_stopped or newest.publications.exists():
        return []
    url = reverse("desk_release", args=[newest.pk])
    stops = sum(finding["severity"] == "stops" for finding in newest.findings)
    text = gettext("findings of the gate stop the newest release")
    return [Waiting(gettext("Stopped release"), str(stops), text, url, is_urgent=True)]


def _next_appointment() -> list[Waiting]:
    row = waiting_appointments().first()
    if row is None:
        return []
    hour = timezone.localtime(row.due_at).strftime("%m-%d %H:%M")
    return [Waiting(gettext("Next publication"), hour, str(row.release), reverse("desk_releases"))]


def _held(user: User, at: datetime) -> Waiting:
    count = waiting_count()
    text = gettext("decisions about odd figures wait for an officer")
    url = reverse("desk_held")
    return Waiting(gettext("Held figures"), str(count), text, url, is_urgent=count > 0)


def _alerts(user: User) -> list[Waiting]:
    """Grave alerts that wait for this person to look."""
    count = waiting_alerts().exclude(drafted_by=user).count()
    text = gettext("wait for a second person before the public is told")
    tile = Waiting(gettext("Alerts"), str(count), text, reverse("desk_alerts"), is_urgent=True)
    return [tile] if count else []


def _silent_agencies() -> list[Waiting]:
    """Agencies that cannot be asked, or of which nothing has come for too long."""
    rows = Agency.objects.filter(is_paused=False)
    count = rows.filter(Q(stale_alarm_at__isnull=False) | Q(failures__gt=2)).count()
    text = gettext("agencies fail or have fallen silent")
    return [Waiting(gettext("Agencies"), str(count), text, reverse("desk_agencies"))][
        : min(count, 1)
    ]


def _questions(user: User, at: datetime) -> Waiting:
    """Questions handed over, each with an answer promised by an hour."""
    count, late = waiting_questions().count(), late_questions(at=at).count()
    text = gettext("wait for an answer, {late} late").format(late=late)
    title, url = gettext("Questions handed over"), reverse("desk_questions")
    return Waiting(title, str(count), text, url, is_urgent=late > 0)


def _suspected(user: User, at: datetime) -> Waiting:
    """Suspected cases of the own area, each with an hour by which somebody has to have looked."""
    count, late = suspected_waiting(user).count(), suspected_late(user, at=at).count()
    text = gettext("to be looked at, {late} late").format(late=late)
    title, url = gettext("Suspected cases"), reverse("desk_cases")
    return Waiting(title, str(count), text, url, is_urgent=late > 0)


def _logs(user: User, at: datetime) -> Waiting:
    """Calls and visits that this person's own hands wait for, and those that are late."""
    rows = log_tasks_for(user, at=at)
    count, late = rows.count(), rows.filter(due_at__lte=at).count()
    mine = rows.filter(owner=user).count()
    text = gettext("calls or visits, {mine} in your hands, {late} late").format(
        mine=mine, late=late
    )
    is_urgent = bool(mine or late)
    return Waiting(gettext("Daily health log"), str(count), text, reverse("desk_log"), is_urgent)


def _left_alone(user: User, at: datetime) -> list[Waiting]:
    """People without a telephone for whom nobody acts any more, or whose permission ends."""
    if not user.may(Permission.PERSONS_ENTER):
        return []
    alone, soon = left_alone(user, at=at).count(), ending_soon(user, at=at).count()
    if not alone and not soon:
        return []
    text = gettext("have nobody who acts for them; for {soon} the permission ends soon")
    title, url = gettext("People"), reverse("desk_people")
    return [Waiting(title, str(alone), text.format(soon=soon), url, is_urgent=alone > 0)]


def _pulls(user: User, at: datetime) -> Waiting:
    stale = Pull.objects.filter(stale_alarm_at__isnull=False, is_paused=False).count()
    failing = Pull.objects.filter(failures__gt=0, is_paused=False).count()
    text = gettext("stale, {failing} failing").format(failing=failing)
    url = reverse("desk_pulls")
    return Waiting(gettext("Pulls"), str(stale), text, url, is_urgent=bool(stale))


QUEUES = (
    (Permission.FIGURES_DECIDE, _held),
    (Permission.QUESTIONS_ANSWER, _questions),
    (Permission.LOGS_READ, _logs),
    (Permission.REPORTS_HANDLE, _suspected),
    (Permission.FIGURES_IMPORT, _pulls),
)
"""Queues of work, each with its number, for whoever may work on them."""


def _worker(at: datetime) -> list[Waiting]:
    """Work in the background, where it does not go well."""
    jobs = [job.name.rpartition(".")[2] for job in failing_jobs()]
    beat = worker_age_seconds(at=at)
    if beat is None or beat > WORKER_IS_LATE:
        text = gettext("The worker gives no sign of life: nothing is fetched or published by hour.")
        return [Waiting(gettext("Worker"), "", text, "/healthz", is_urgent=True)]
    if not jobs:
        return []
    text = ", ".join(jobs)
    return [Waiting(gettext("Failing jobs"), str(len(jobs)), text, "/healthz", is_urgent=True)]


def health(*, at: datetime) -> dict[str, Any]:
    """What `/healthz` says: database, release and worker, each with its age in seconds.

    Raises:
        DatabaseError: the database does not answer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - pg_postmaster_start_time())")
        (database_age,) = cursor.fetchone()
    last = Publication.objects.order_by("-pk").first()
    beat = worker_age_seconds(at=at)
    worker_ok = beat is not None and beat < WORKER_IS_LATE
    return {
        "status": "ok" if worker_ok and last else "degraded",
        "mode": settings.MODE,
        "database": {"status": "ok", "age_seconds": round(float(database_age))},
        "release": {
            "status": "ok" if last else "none",
            "id": last.release_id if last else None,
            "age_seconds": round((at - last.at).total_seconds()) if last else None,
        },
        "worker": {
            "status": "ok" if worker_ok else "late",
            "age_seconds": None if beat is None else round(beat),
            "failing_jobs": [job.name for job in failing_jobs()],
        },
    }
