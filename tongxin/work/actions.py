from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from tongxin.audit.actions import record
from tongxin.work.models import Heartbeat, Job
from tongxin.work.rules import next_run

RUNNING = 7_261_004  # first key of the advisory locks that running jobs hold


def _beat(worker: str, at: datetime) -> None:
    Heartbeat.objects.update_or_create(worker=worker, defaults={"at": at})


def beat(worker: str, *, at: datetime) -> None:
    """The worker says that it lives. Not a deed: it changes nothing that anybody owns."""
    _beat(worker, at)


@transaction.atomic
def claim_job(name: str, *, by: str, every_seconds: int, at: datetime) -> Job | None:
    """The job, if it is due and nobody else has it; its next turn is set before it runs."""
    Job.objects.get_or_create(name=name, defaults={"next_at": at})
    job = Job.objects.select_for_update(skip_locked=True).filter(name=name, next_at__lte=at).first()
    if job is None:
        return None
    job.last_started_at = at
    job.next_at = next_run(started=at, every_seconds=every_seconds, failures=job.failures)
    job.save(update_fields=["last_started_at", "next_at"])
    return job


@transaction.atomic
def settle_job(name: str, *, error: Exception | None, by: str, at: datetime) -> None:
    """Write down how a run went. A first failure in a row is a line in the trail."""
    job = Job.objects.select_for_update().get(name=name)
    if error is None:
        job.failures, job.last_ok_at, job.last_error = 0, at, ""
    else:
        job.failures += 1
        job.last_error = type(error).__name__
        if job.failures == 1:
            record("work.job_failed", name, by=by, error=job.last_error)
    job.save(update_fields=["failures", "last_ok_at", "last_error"])


def run_due_jobs(
    schedule: dict[str, int],
    *,
    resolve: Callable[[str], Callable[[datetime], object]],
    by: str,
    clock: Callable[[], datetime],
) -> list[tuple[str, Exception | None]]:
    """Run every job that is due and that no other worker runs; a failure stops no other job."""
    resting = set(Job.objects.filter(next_at__gt=clock()).values_list("name", flat=True))
    ran: list[tuple[str, Exception | None]] = []
    for name, every_seconds in schedule.items():
        if name in resting:
            continue
        with _alone(name) as is_ours:
            if not is_ours or not claim_job(name, by=by, every_seconds=every_seconds, at=clock()):
                continue
            error: Exception | None = None
            try:
                resolve(name)(clock())
            except Exception as failure:
                error = failure
            settle_job(name, error=error, by=by, at=clock())
            ran.append((name, error))
    return ran


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    """Whether this job is ours until we have done with it; a process that dies lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [RUNNING, name])
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [RUNNING, name])
