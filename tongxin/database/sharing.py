"""Several processes use one embedded server: each holds a shared lock, the last one out stops it.

A process killed with -9 drops its lock with its life; the server lives on and the next user
finds it. Locks are `flock`s on two files that are never deleted.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from tongxin.database.cluster import Say


class Share:
    """One user's place at the server of a folder."""

    def __init__(self, folder: Path) -> None:
        self._users = _open(folder / "users.lock")

    def take(self) -> None:
        """Count among the users. Hold the start lock meanwhile."""
        fcntl.flock(self._users, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Stop counting; True if nobody else is left. Hold the start lock until the server is."""
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(self._users)


@contextlib.contextmanager
def start_lock(folder: Path, say: Say) -> Iterator[None]:
    """Only one process at a time starts or stops the server; waiting long is said."""
    lock = _open(folder / "start.lock")
    told = time.monotonic()
    try:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() - told > 10:
                    told = time.monotonic()
                    say("Waiting for another process that starts or stops the database …")
                time.sleep(0.02)
        yield
    finally:
        os.close(lock)


def _open(place: Path) -> int:
    return os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
