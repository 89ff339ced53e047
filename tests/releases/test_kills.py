"""A publisher is killed at every step and at random moments: readers never see half a release."""

import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connections

from tests.conftest import NOON
from tests.releases.conftest import files
from tongxin.releases import actions, queries
from tongxin.releases.models import Publication, Release
from tongxin.releases.store import DiskFull, store

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = {"os.rename", "os.link", "os.symlink", "os.mkdir", "open", "os.chmod", "tempfile.mkstemp"}
SEED = 20200212


def make(number: int, *, more: int = 0) -> Release:
    if not more:
        return actions.build(files(str(number))[:1], **facts(number))
    extra = {f"en/situation/{number}-{n}/index.html": b"x" * (3000 + n) for n in range(more)}
    return actions.build(files(str(number), **extra), **facts(number))


def facts(number: int) -> dict[str, object]:
    as_of = NOON + timedelta(minutes=number)
    return {"facts": {}, "findings": [], "as_of": as_of, "by": "tests", "at": NOON}


def in_child(work: Callable[[int], None]) -> tuple[int, int]:
    """Run ``work`` in a process of its own; its pid and the reading end of its pipe."""
    connections.close_all()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    with suppress(BaseException):
        os.close(reading)
        work(writing)
    os._exit(0)


def first_word(reading: int) -> str:
    """What the child acknowledges first; waits for it."""
    return os.read(reading, 65).decode().strip()


def acknowledged(reading: int) -> list[str]:
    with os.fdopen(reading) as pipe:
        return pipe.read().split()


def publish_once(writing: int, number: int, *, more: int = 0) -> None:
    release = make(number, more=more)
    actions.publish(release.pk, by="tests", at=NOON)
    os.write(writing, f"{release.pk}\n".encode())


def whole_for_readers() -> bool:
    """What the web server would read now is a whole release that was committed."""
    shown = store().current()
    if shown is None:
        return True
    release = Release.objects.get(pk=shown)
    tree = (store().root / "current").resolve()
    names = {str(p.relative_to(tree)) for p in tree.rglob("*") if p.is_file()}
    listed = {*store().files(shown), "files.json", "release.json"}
    bare = {name.removesuffix(".br").removesuffix(".gz") for name in names}
    was_committed = Publication.objects.filter(release_id=shown).exists()
    return was_committed and queries.faults(release) == [] and bare == listed


def check_after_a_kill(told: list[str]) -> None:
    assert whole_for_readers()
    assert not list(store().root.glob("trees/.*"))
    published = list(Publication.objects.values_list("release_id", flat=True))
    assert set(told) <= set(published)
    actions.repair_pointer(by="tests", at=NOON)
    assert store().current() == (published[-1] if published else None)
    assert whole_for_readers()


def test_killed_at_any_step_readers_see_a_whole_release():
    step = 0
    while True:
        step += 1

        def work(writing: int, step: int = step) -> None:
            left = [step]

            def count(event: str, _arguments: tuple) -> None:
                if event in STEPS:
                    left[0] -= 1
                    if left[0] == 0:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(count)
            publish_once(writing, step)

        pid, reading = in_child(work)
        told = acknowledged(reading)
        _, status = os.waitpid(pid, 0)
        check_after_a_kill(told)
        if not os.WIFSIGNALED(status):
            break
    assert step > 20 and told


def test_killed_at_twenty_random_moments_nothing_is_lost_or_half_visible():
    chance, number = random.Random(SEED), 0
    for _ in range(20):
        number += 1000

        def work(writing: int, first: int = number) -> None:
            for one in range(first, first + 1000):
                publish_once(writing, one, more=2)

        pid, reading = in_child(work)
        told = first_word(reading)
        time.sleep(chance.uniform(0, 0.15))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        check_after_a_kill([told, *acknowledged(reading)])
    assert Publication.objects.count() >= 20


def test_no_room_is_said_clearly_and_the_old_release_stays():
    old = make(1)
    actions.publish(old.pk, by="tests", at=NOON)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def work(writing: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
        try:
            make(2, more=3)
        except DiskFull:
            os.write(writing, b"refused\n")

    pid, reading = in_child(work)
    assert acknowledged(reading) == ["refused"]
    os.waitpid(pid, 0)
    assert Release.objects.get() == old
    assert store().current() == old.pk and whole_for_readers()
    assert not [p for p in store().root.rglob(".*") if p.name != ".lock"]
