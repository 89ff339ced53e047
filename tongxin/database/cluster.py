"""One PostgreSQL data folder and the server that runs on it: make, find, start, stop.

Callers hold the start lock (see `sharing`): nothing here is run twice at once.
"""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tongxin.database.address import Address
from tongxin.database.identity import Identity
from tongxin.database.keys import for_us, secret
from tongxin.database.trouble import DatabaseUnavailable, noop

OWNER = NAME = "tongxin"
Say = Callable[[str], None]

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "wal_compression": "on",
    "password_encryption": "scram-sha-256",
    # Logs hold no personal data: neither statements nor the values in an error's detail.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "log_startup_progress_interval": "5s",
}
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
}
"""For clusters of tests only: fast, and lost with the machine's power."""

STALLED_S = 180
"""A starting server that has written nothing to its log for this long has hung."""

STOPPING_S = 300


@dataclass(frozen=True)
class Cluster:
    """A data folder with what is needed to run a server on it."""

    home: Path
    identity: Identity
    programs: Path
    durable: bool
    say: Say

    @property
    def data(self) -> Path:
        """Where the tables are; it exists only once initdb has finished."""
        return data_folder(self.home)

    @property
    def log(self) -> Path:
        """What the server says, without statements or values."""
        return self.home / "logs" / "postgres.log"

    def make(self) -> None:
        """Create the data folder. A half-made one of an earlier attempt is thrown away.

        Each attempt has a folder of its own: the initdb of a killed one may still be writing.
        """
        for left in self.data.parent.glob("data.making-*"):
            shutil.rmtree(left, ignore_errors=True)
        draft = self.data.with_name(f"data.making-{secrets.token_hex(4)}")
        words = self.data.with_name("data.password")
        draft.mkdir(mode=0o700)
        self.identity.own(draft)
        words.unlink(missing_ok=True)
        words.touch(mode=0o600)
        words.write_text(secret(self.home, "postgres"), encoding="ascii")
        self.identity.own(words)
        try:
            done = self.identity.run(
                [
                    self.programs / "initdb",
                    "-D",
                    draft,
                    "-U",
                    OWNER,
                    f"--pwfile={words}",
                ]
                + [
                    "-A",
                    "scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--data-checksums",
                ]
                + ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
                + ([] if self.durable else ["--no-sync"]),
                capture_output=True,
                env=_environment(),
            )
        finally:
            words.unlink()
        if done.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise DatabaseUnavailable(
                noop("The database could not be created in {folder}: {reason}"),
                folder=self.data,
                reason=_last_lines(done.stderr.decode(errors="replace")),
            )
        draft.rename(self.data)

    def require_same_version(self) -> None:
        """Nothing, when this PostgreSQL can read the folder; else DatabaseUnavailable."""
        answer = self.identity.run([self.programs / "postgres", "--version"], capture_output=True)
        ours = answer.stdout.decode().split()[-1].split(".")[0]
        try:
            theirs = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise DatabaseUnavailable(
                noop(
                    "{folder} exists but is not a PostgreSQL data folder. "
                    "Move it away, or restore it from a backup; Tongxin does not touch it."
                ),
                folder=self.data,
            ) from None
        if ours != theirs:
            raise DatabaseUnavailable(
                noop(
                    "The database in {folder} was made by PostgreSQL {theirs}, this Tongxin "
                    "brings {ours}. Dump it with the version of Tongxin that made it, move the "
                    "folder away and load the dump."
                ),
                folder=self.data,
                theirs=theirs,
                ours=ours,
            )

    def address(self) -> Address:
        """Where the server of this folder listens, or last listened."""
        return recorded_address(self.home)

    def living(self) -> bool:
        """Whether the server of this folder runs and lets us in."""
        if running_pid(self.data) is None or not _says_ready(self.data):
            return False
        try:
            with self.address().named("postgres").connect():
                return True
        except psycopg.OperationalError:
            return False

    def start(self) -> None:
        """Start the server and wait for it, recovery included; on another port if need be."""
        self._await_one_already_starting()
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        port = recorded_address(self.home).port
        for attempt in range(6):
            if attempt or not _is_free(port):
                port = _free_port()
            place = self.data.with_name("port")
            place.write_text(str(port))
            complaint = self._launch(port)
            if complaint is None:
                return self._create_database()
            if "shared memory block" in complaint:  # children of a killed server, still leaving
                time.sleep(0.5)
            elif "could not bind" not in complaint:
                break
        raise DatabaseUnavailable(
            noop("The database did not start: {reason}\nThe whole log: {log}"),
            reason=_last_lines(complaint),
            log=self.log,
        )

    def _await_one_already_starting(self) -> None:
        """If a server is up but not ready (its starter was killed), wait until it is or is gone."""
        pid = running_pid(self.data)
        if pid is not None:
            self._wait_until_ready(pid)

    def _launch(self, port: int) -> str | None:
        """Start once: None when ready, else what the server wrote before it gave up."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > 1_000_000:
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = SETTINGS | ({} if self.durable else THROW_AWAY) | {"port": str(port)}
        choices = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with open(self.log, "ab", opener=for_us) as log:
            begin = log.tell()
            # The shell leaves at once, so the server is nobody's child: it survives us if others
            # use it, and a Ctrl-C in our terminal does not reach it.
            started = self.identity.run(
                ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh"]
                + [self.programs / "postgres", "-D", self.data, *choices],
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                env=_environment(),
            )
        if self._wait_until_ready(int(started.stdout)):
            return None
        with self.log.open("rb") as log:
            log.seek(begin)
            return log.read().decode(errors="replace")

    def _wait_until_ready(self, pid: int) -> bool:
        """True once the server is ready, False when it is gone. Speaks up when it takes long."""
        begin = grown = told = time.monotonic()
        size = -1
        while _alive(pid):
            if running_pid(self.data) == pid and _says_ready(self.data):
                return True
            now = time.monotonic()
            if self.log.exists() and self.log.stat().st_size != size:
                size, grown = self.log.stat().st_size, now
            if now - grown > STALLED_S:
                raise DatabaseUnavailable(
                    noop("The database hangs while starting. See {log}"), log=self.log
                )
            if now - told > 10:
                told = now
                self.say(f"The database is recovering, {now - begin:.0f} s so far: {self.log}")
            time.sleep(0.02)
        return False

    def stop(self) -> None:
        """Stop the server: finish nothing new, lose nothing old."""
        pid = running_pid(self.data)
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        begin = time.monotonic()
        while _alive(pid) and time.monotonic() - begin < STOPPING_S:
            time.sleep(0.02)

    def _create_database(self) -> None:
        """Create our database if this server has never had it."""
        with self.address().named("postgres").connect() as connection:
            found = connection.execute("select 1 from pg_database where datname = %s", [NAME])
            if not found.fetchone():
                connection.execute(f'create database "{NAME}"')


def data_folder(home: Path) -> Path:
    """Where the cluster of `home` keeps its tables."""
    return home / "postgres" / "data"


def recorded_address(home: Path) -> Address:
    """Where the embedded server of `home` listens, or last listened; port 1 if it never did."""
    record, key = home / "postgres" / "port", home / "secrets" / "postgres"
    try:
        port = int(record.read_text())
        password = key.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        port, password = 1, ""
    return Address("127.0.0.1", port, OWNER, password, NAME)


def running_pid(data: Path) -> int | None:
    """The process that serves this folder: alive, and really a server of this folder."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if _alive(pid) and os.fsencode(data) in _command(pid) else None


def _says_ready(data: Path) -> bool:
    """Whether the server wrote "ready" as the eighth line of its pid file."""
    with contextlib.suppress(OSError):
        lines = (data / "postmaster.pid").read_text().splitlines()
        return len(lines) > 7 and lines[7].strip() == "ready"
    return False


def _alive(pid: int) -> bool:
    """Whether the process exists; one that has ended but was not collected does not count."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        try:
            return stat.read_bytes().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
        except OSError:
            return False
    state = _ps("stat=", pid).strip()
    return bool(state) and not state.startswith(b"Z")


def _command(pid: int) -> bytes:
    """The command line of a process; empty if it has gone."""
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes()
        return b""
    return _ps("command=", pid)


def _ps(column: str, pid: int) -> bytes:
    """One column about a process, on systems without /proc."""
    asked = ["ps", "-o", column, "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, check=False).stdout


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return port > 1


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
    """What PostgreSQL sees of our environment: nothing that could change how it behaves."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _last_lines(text: str) -> str:
    """The end of a log, enough to see the reason."""
    return "\n".join(text.strip().splitlines()[-6:])
