"""`tongxin run` as a process of its own: what it said, what answers, which processes it has."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

READY = re.compile(r"^Tongxin is ready at http://127\.0\.0\.1:\d+/$", re.MULTILINE)


class Run:
    """One `tongxin run` on a folder with a space and Chinese in its name."""

    def __init__(self, home, port, **environment):
        self.home, self.port = home, port
        self.words = home.parent / f"words-{time.monotonic_ns()}"
        left = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        with self.words.open("w") as words:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tongxin", "run"],
                cwd="/",
                env={
                    **left,
                    "TONGXIN_HOME": str(home),
                    "PORT": str(port),
                    "TONGXIN_LANGUAGE": "en",
                    **environment,
                },
                stdout=words,
                stderr=subprocess.STDOUT,
            )

    def said(self):
        return self.words.read_text()

    def await_ready(self):
        while not READY.search(self.said()) and self.process.poll() is None:
            time.sleep(0.05)
        assert READY.search(self.said()), self.said()
        return self

    def status(self, path="/healthz"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def health(self):
        """What /healthz says of the database, the release and the worker."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            told = json.loads(connection.getresponse().read())
        except (OSError, ValueError, http.client.HTTPException):
            return ("", "", "")
        finally:
            connection.close()
        return tuple(told.get(part, {}).get("status") for part in ("database", "release", "worker"))

    def await_status(self, status, *, patience_s=120):
        """Until /healthz answers so; the program loads for long while other tests run beside."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            if self.status() == status:
                return
            time.sleep(0.1)
        raise AssertionError(f"/healthz never answered {status}: {self.said()}")

    def children(self, part):
        """Process ids below ours whose command line has `part`."""
        return [
            int(folder.name)
            for folder in Path("/proc").glob("[0-9]*")
            if part in command_of(folder) and str(self.process.pid) in ancestors(folder)
        ]


def command_of(folder):
    try:
        return (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def ancestors(folder):
    found = []
    while folder.name not in ("0", "1"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            return found
        found.append(parent)
        folder = folder.with_name(parent)
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
