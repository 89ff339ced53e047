"""The product as it ships, running on loopback: `tongxin run` and what it starts."""

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import machine

READY = "Tongxin is ready"
LONGEST_START_S = 300.0


class NotReady(Exception):
    """`tongxin run` ended, or did not say in time that it is ready."""


class Site:
    """One `tongxin run`; `started_s` is how long it took to answer."""

    def __init__(self, home: Path, *, mode: str = "production") -> None:
        self.home, self.port = home, free_port()
        self.words = home / "bench-words.txt"
        with self.words.open("wb") as words:
            began = time.monotonic()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tongxin", "run"],
                env=os.environ
                | {
                    "TONGXIN_HOME": str(home),
                    "PORT": str(self.port),
                    "TONGXIN_MODE": mode,
                    "TONGXIN_LANGUAGE": "en",
                },
                stdout=words,
                stderr=words,
            )
        self.started_s = self._await(began)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def current(self) -> Path:
        """The folder of the release that is served."""
        return self.home / "releases" / "current"

    def _await(self, began: float) -> float:
        while READY not in (said := self.words.read_text(errors="replace")):
            if self.process.poll() is not None or time.monotonic() - began > LONGEST_START_S:
                self.stop()
                raise NotReady(said)
            time.sleep(0.02)
        return time.monotonic() - began

    def pids(self, part: str) -> list[int]:
        """Processes of this run whose command line has ``part``."""
        return [pid for pid in machine.family(self.process.pid) if part in machine.command(pid)]

    def stop(self) -> None:
        """Stop everything that was started."""
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def running_site() -> Iterator[Site]:
    """The product on the data folder of this bench, which is prepared by its first start."""
    site = Site(Path(os.environ["TONGXIN_HOME"]))
    try:
        yield site
    finally:
        site.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port: int, path: str) -> tuple[int, bytes]:
    """Status and body, as sent to a browser that takes gzip."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def chromium() -> str | None:
    """The browser on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)
