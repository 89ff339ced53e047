"""A process that is kept alive: its log, its restarts, its end."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tongxin.database.keys import for_us

LONGEST_PAUSE_S = 30.0
SETTLED_S = 60.0
"""A process that has lived this long starts afresh in our patience."""

TETHERED = Path(__file__).with_name("tethered.py")
LARGEST_LOG = 10_000_000


@dataclass
class Child:
    """One process of the run, by name, with the log it writes to."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    leaves: Path | None = None
    """A socket that it leaves behind when it is killed, and that would keep it from starting."""
    farewell: signal.Signals = signal.SIGTERM
    """What asks it to finish what it is doing and end."""
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    due_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the process, away from our terminal's Ctrl-C."""
        if self.leaves:
            self.leaves.unlink(missing_ok=True)
        with open(self.log, "ab", opener=for_us) as log:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(TETHERED), *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd="/",
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    def ended_within(self, seconds: float) -> int | None:
        """Its exit code, waited for so long; None while it still works."""
        try:
            return self.process.wait(seconds) if self.process else 0
        except subprocess.TimeoutExpired:
            return None

    def tend(self) -> int | None:
        """Restart the process if it has died and its pause is over; its exit code on the day."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due_at:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.failures = 0 if now - self.started_at > SETTLED_S else self.failures + 1
        self.due_at = now + min(LONGEST_PAUSE_S, 0.25 * 2**self.failures)
        self._end_group()
        return code

    def stop(self, *, patience_s: float = 20.0) -> None:
        """End the process: asked first, forced when it does not listen."""
        if self.process is None:
            return
        self.process.send_signal(self.farewell)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience_s)
        self._end_group()

    def _end_group(self) -> None:
        """Leave nothing of it behind: neither one that does not listen nor its own children."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def last_words(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-12:])


def rotate(log: Path) -> None:
    """Keep a log small: one older copy, cut in place because a process holds it open."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LARGEST_LOG:
            shutil.copy(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)
