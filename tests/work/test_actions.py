from datetime import timedelta

import pytest
from django.db import connection

from tongxin.audit.models import Entry
from tongxin.work.actions import RUNNING, beat, claim_job, run_due_jobs
from tongxin.work.models import Heartbeat, Job
from tongxin.work.queries import failing_jobs, worker_age_seconds

EVERY = {"count": 60}


class Work:
    """Counts its runs; fails while it is told to."""

    def __init__(self):
        self.runs, self.is_broken = [], False

    def __call__(self, at):
        self.runs.append(at)
        if self.is_broken:
            raise ZeroDivisionError("1/0 of Rui Zhang")


@pytest.fixture
def work(db):
    return Work()


def turn(work, at, schedule=EVERY):
    return run_due_jobs(schedule, resolve=lambda name: work, by="worker", clock=lambda: at)


def test_a_job_runs_when_it_is_due_and_not_before(work, noon):
    turn(work, noon)
    turn(work, noon + timedelta(seconds=59))
    assert work.runs == [noon]
    turn(work, noon + timedelta(seconds=60))
    assert len(work.runs) == 2


def test_a_job_that_fails_waits_longer_each_time_and_recovers(work, noon):
    work.is_broken = True
    turn(work, noon)
    turn(work, noon + timedelta(minutes=1))
    turn(work, noon + timedelta(minutes=2))  # too early: two minutes after the second
    assert len(work.runs) == 2
    work.is_broken = False
    turn(work, noon + timedelta(minutes=10))
    assert failing_jobs() == []
    assert Job.objects.get().last_ok_at == noon + timedelta(minutes=10)


def test_a_failure_names_the_kind_of_error_and_no_person(work, noon):
    work.is_broken = True
    turn(work, noon)
    assert [job.last_error for job in failing_jobs()] == ["ZeroDivisionError"]
    assert Entry.objects.get(deed="work.job_failed").facts == {"error": "ZeroDivisionError"}


def test_only_the_first_failure_in_a_row_is_in_the_trail(work, noon):
    work.is_broken = True
    for minutes in (0, 5, 20):
        turn(work, noon + timedelta(minutes=minutes))
    assert len(work.runs) == 3
    assert Entry.objects.filter(deed="work.job_failed").count() == 1


def test_a_job_that_fails_does_not_stop_the_others(work, noon):
    work.is_broken = True
    ran = turn(work, noon, {"first": 60, "second": 60})
    assert [name for name, _ in ran] == ["first", "second"]


def test_two_workers_never_run_the_same_turn(db, noon):
    assert claim_job("count", by="one", every_seconds=60, at=noon)
    assert claim_job("count", by="two", every_seconds=60, at=noon) is None


def test_a_job_that_still_runs_is_not_begun_by_another_worker(work, noon):
    turn(work, noon)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext('count'))", [RUNNING])
    turn(work, noon + timedelta(minutes=2))
    assert len(work.runs) == 1
    with other.cursor() as cursor:  # as when that worker is done, or dies
        cursor.execute("SELECT pg_advisory_unlock_all()")
    other.close()
    turn(work, noon + timedelta(minutes=2))
    assert len(work.runs) == 2


def test_the_age_of_the_worker_is_known(db, noon):
    Heartbeat.objects.all().delete()
    assert worker_age_seconds(at=noon) is None
    beat("one", at=noon - timedelta(seconds=90))
    beat("two", at=noon - timedelta(seconds=5))
    assert worker_age_seconds(at=noon) == 5
