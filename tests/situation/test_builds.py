"""A release asked for at the desk: joined, built by the worker, taken up again, explained."""

import hashlib
import signal
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.conftest import NOON
from tests.situation.figures import readings
from tests.situation.tidy_files import brought_in
from tongxin.audit.models import Entry
from tongxin.refusal import Refusal
from tongxin.releases.models import Release
from tongxin.releases.store import Batch, DiskFull, store
from tongxin.situation import publishing, tasks
from tongxin.situation.actions import builds
from tongxin.situation.actions.sources import require_source
from tongxin.situation.models import Build
from tongxin.work.models import Heartbeat

WUHAN = "CN-420100"
SOON = NOON + timedelta(minutes=1)


@pytest.fixture
def figures(db):
    readings(WUHAN, "confirmed", [100, 120, 150])


@pytest.fixture
def desk(client, chen):
    """Chen at the desk."""
    client.force_login(chen)
    client.cookies["django_language"] = "en"
    return client


def asked(desk) -> str:
    """The address of the build's page after the button was pressed."""
    return desk.post("/desk/releases/build/").url


def broken(error: Exception):
    def fails(**facts):
        raise error

    return fails


def test_the_button_answers_at_once_and_ends_on_the_page_of_the_release(desk, figures):
    path = asked(desk)
    assert not Release.objects.exists()
    waiting = desk.get(path).content.decode()
    assert "waits for the worker" in waiting and 'http-equiv="refresh"' in waiting
    tasks.build_asked_releases(SOON)
    release = Release.objects.get()
    assert release.as_of == SOON
    assert desk.get(path).url == f"/desk/releases/{release.pk}/"
    assert desk.get(path, headers={"HX-Request": "true"}).headers["HX-Redirect"] == path
    assert set(Entry.objects.filter(deed__contains="build_").values_list("deed", "by")) >= {
        ("situation.build_done", "worker")
    }


def test_a_second_press_joins_the_build_that_waits(desk, chen, lin, figures):
    path = asked(desk)
    desk.force_login(lin)
    assert asked(desk) == path
    assert Build.objects.get().asked_by == chen
    tasks.build_asked_releases(SOON)
    tasks.build_asked_releases(SOON)
    assert Release.objects.count() == 1
    assert asked(desk) != path


@pytest.mark.real_clock
def test_a_build_that_has_begun_is_joined_until_figures_change(chen, figures, tmp_path):
    require_source("own")
    first = builds.ask_build(by=chen, at=timezone.now())
    builds.start_build(by="worker", at=timezone.now())
    assert builds.ask_build(by=chen, at=timezone.now()) == first
    brought_in(tmp_path, "武汉市,confirmed,2020-03-12,190")
    second = builds.ask_build(by=chen, at=timezone.now())
    assert second != first
    assert builds.ask_build(by=chen, at=timezone.now()) == second


def test_a_build_that_a_dead_worker_left_is_taken_up_again(chen, figures):
    builds.ask_build(by=chen, at=NOON)
    builds.start_build(by="worker", at=NOON)  # and the worker dies
    tasks.build_asked_releases(SOON)
    row = Build.objects.get()
    assert (row.tries, row.release.as_of) == (2, SOON)


def test_a_build_that_stops_the_worker_every_time_ends_with_the_reason(desk, figures):
    path = asked(desk)
    for _ in range(builds.MOST_TRIES):
        builds.start_build(by="worker", at=NOON)
    tasks.build_asked_releases(SOON)
    page = desk.get(path).content.decode()
    assert "three times" in page and "Build a release now" in page
    assert not Release.objects.exists()


def test_a_full_disk_is_said_on_the_page(desk, figures, monkeypatch):
    path = asked(desk)
    monkeypatch.setattr(builds, "build_release", broken(DiskFull()))
    tasks.build_asked_releases(SOON)
    assert Build.objects.get().error == DiskFull.says
    assert "not built" in desk.get(path).content.decode()


def test_a_bug_ends_the_build_and_the_job_fails_loudly(chen, figures, monkeypatch):
    builds.ask_build(by=chen, at=NOON)
    monkeypatch.setattr(builds, "build_release", broken(KeyError("bug")))
    with pytest.raises(KeyError):
        tasks.build_asked_releases(SOON)
    assert Build.objects.get().error == builds.BROKE
    tasks.build_asked_releases(SOON)  # and the next look finds nothing to do


def test_only_who_may_look_at_releases_asks_for_one(cast):
    with pytest.raises(Refusal):
        builds.ask_build(by=cast["rui"], at=NOON)
    assert not Build.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_build_is_not_yet_whole(chen, monkeypatch):
    build = builds.ask_build(by=chen, at=NOON)
    monkeypatch.setattr(tasks, "BETWEEN_SIGNS", 0.0)
    tell = tasks.signs_of_life(build.pk)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")  # the build's own transaction
        tell(3, 40)
        cursor.execute("ROLLBACK")
    seen = Build.objects.values_list("drawn", "to_draw").get()
    assert seen == (3, 40) and Heartbeat.objects.filter(worker="worker").exists()


def test_the_children_that_draw_can_be_ended_where_the_worker_only_takes_note(db, monkeypatch):
    def draw():
        is_own = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        return [("signals", b"ends" if is_own else b"takes note")]

    groups = [publishing.Group(f"group {n}", draw, may_fork=True) for n in range(30)]
    monkeypatch.setattr(publishing.threading, "active_count", lambda: 1)
    shelf = store()
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with shelf.held():
            drawn = [sha for _, ((_, sha),) in publishing._drawn(groups, Batch(shelf))]
    finally:
        signal.signal(signal.SIGTERM, before)
    assert drawn == [hashlib.sha256(b"ends").hexdigest()] * 30
