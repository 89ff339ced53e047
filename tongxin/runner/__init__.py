"""`tongxin run`: database, worker, application and web server as one thing in the foreground.

The supervisor starts them in order, restarts what dies, and stops them together without loss.
It loads neither Django nor the figures itself.
"""

import contextlib
import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from tongxin.cli import gettext
from tongxin.refusal import Refusal, noop
from tongxin.runner import front
from tongxin.runner.plan import Plan
from tongxin.runner.supervisor import Supervisor


class AlreadyRunning(Refusal):
    """Another `tongxin run` works on the same data."""

    says = noop("Tongxin already runs on {home}, at {url}. Stop it first, or set TONGXIN_HOME.")


class CannotWrite(Refusal):
    """The folder of all data is not ours to write."""

    says = noop("Tongxin cannot write to {home} ({reason}). Set TONGXIN_HOME to another folder.")


def run(home: Path) -> int:
    """Run until Ctrl-C or SIGTERM; exit code 0 after a clean stop."""
    plan = Plan.from_environment(home, os.environ)
    with _only_run(plan), _one_clean_stop():
        plan.require_free_port()
        try:
            Supervisor(plan).run()
        except KeyboardInterrupt:
            return 0
    return 1


def print_nginx(home: Path) -> int:
    """Print the configuration for an operator's nginx."""
    print(front.nginx(Plan.from_environment(home, os.environ)))
    return 0


def back_up(home: Path, file: Path) -> int:
    """Write everything into one archive, while Tongxin runs or when it does not."""
    from tongxin.runner import backup

    size = backup.back_up(home, file, at=datetime.now(UTC))
    print(gettext("Wrote {file}, {size:.1f} MB.").format(file=file, size=size / 1e6))
    print(gettext("It holds personal data and the secrets: keep it as safe as the database."))
    return 0


def restore(home: Path, file: Path, *, force: bool) -> int:
    """Put an archive in the place of what the home holds; Tongxin must not run meanwhile."""
    from tongxin.runner import restoring

    with _only_run(Plan.from_environment(home, os.environ)):
        aside = restoring.restore(home, file, force=force, at=datetime.now(UTC))
    print(gettext("Restored {file} into {home}.").format(file=file, home=home))
    for name in aside:
        print(gettext("What was there before is kept as {name}.").format(name=name))
    print(gettext("Check it: tongxin audit verify, tongxin releases verify."))
    return 0


def write_snapshot(home: Path) -> int:
    """Write `schema.sql` again; a later start of an empty database loads it."""
    from tongxin.runner.snapshot import write

    return write()


@contextlib.contextmanager
def _only_run(plan: Plan) -> Iterator[None]:
    """Hold the right to run on this folder; refuse if another process holds it."""
    try:
        plan.home.mkdir(parents=True, exist_ok=True)
        lock = (plan.home / "run.lock").open("a+")
    except OSError as error:
        raise CannotWrite(home=plan.home, reason=error.strerror) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(home=plan.home, url=lock.read().strip()) from None
        lock.truncate(0)
        lock.write(plan.url)
        lock.flush()
        yield


@contextlib.contextmanager
def _one_clean_stop() -> Iterator[None]:
    """Turn the first Ctrl-C, SIGTERM or hang-up into KeyboardInterrupt; the rest wait for it."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        print("Stopping …", file=sys.stderr, flush=True)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
