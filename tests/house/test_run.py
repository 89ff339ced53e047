"""`tongxin run` whole: it becomes ready, brings back what is killed, and stops without a trace."""

import os
import signal
import tempfile
import time
from pathlib import Path

import pytest

from tests.house.running import READY, Run, free_port
from tongxin.runner.plan import nginx

WEB_SERVER = "nginx" if nginx() else "caddy run"
pytestmark = pytest.mark.xdist_group("run")


@pytest.fixture(scope="module")
def home():
    with tempfile.TemporaryDirectory(prefix="tongxin 同心 ") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "home"


@pytest.fixture(scope="module")
def run(home):
    run = Run(home, free_port()).await_ready()
    yield run
    run.process.terminate()
    run.process.wait(60)


def test_it_is_ready_once_and_well(run):
    assert len(READY.findall(run.said())) == 1
    assert run.status() == 200


def test_a_second_run_on_the_same_data_is_refused(run, home):
    second = Run(home, run.port + 1)
    assert second.process.wait(30) == 1
    assert f"already runs on {home}, at http://127.0.0.1:{run.port}/" in second.said()


def test_a_taken_port_is_refused_before_anything_starts(run, tmp_path):
    second = Run(tmp_path / "other", run.port)
    assert second.process.wait(30) == 1
    assert f"127.0.0.1:{run.port} is taken" in second.said()
    assert not (tmp_path / "other" / "postgres").exists()


@pytest.mark.parametrize("part", ["runner.application", WEB_SERVER, "tongxin worker"])
def test_a_killed_part_comes_back(run, part):
    before = run.children(part)
    assert before
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    for _ in range(300):
        if set(run.children(part)) - set(before):
            break
        time.sleep(0.1)
    run.await_status(200)


def test_a_killed_database_comes_back(run, home):
    pid = int((home / "postgres/data/postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    run.await_status(200)
    assert int((home / "postgres/data/postmaster.pid").read_text().split()[0]) != pid


def test_it_stops_cleanly_and_starts_again_warm(run, home):
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(60) == 0
    assert not (home / "postgres/data/postmaster.pid").exists()
    begin = time.monotonic()
    again = Run(home, run.port).await_ready()
    warm_s = time.monotonic() - begin
    again.process.terminate()
    assert again.process.wait(60) == 0
    assert warm_s < 30  # 15 on an idle machine; here the other tests run beside


def test_nothing_outlives_a_killed_supervisor(run, home):
    killed = Run(home, run.port).await_ready()
    parts = killed.children("tongxin") + killed.children(WEB_SERVER)
    killed.process.kill()
    killed.process.wait()
    for _ in range(200):
        if not [pid for pid in parts if Path(f"/proc/{pid}").exists()]:
            break
        time.sleep(0.1)
    assert [pid for pid in parts if Path(f"/proc/{pid}").exists()] == []
