"""The database: PostgreSQL that Tongxin brings and runs itself, or any server in `DATABASE_URL`.

`ensure` gives a living server; every process that needs one holds it for as long as it works.
Nothing here knows Django, so another way to run PostgreSQL replaces this package alone.
"""

import errno
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tongxin.database.address import Address, parse_url, require_recent
from tongxin.database.cluster import Cluster, Say, data_folder, recorded_address, running_pid
from tongxin.database.identity import choose, programs
from tongxin.database.keys import secret
from tongxin.database.sharing import Share, start_lock
from tongxin.database.snapshot import create_from_snapshot
from tongxin.database.trouble import DatabaseUnavailable, noop

__all__ = [
    "Address",
    "DatabaseUnavailable",
    "EmbeddedServer",
    "Server",
    "create_from_snapshot",
    "django_settings",
    "ensure",
    "parse_url",
    "secret",
]


class Server:
    """A living database server. Close it (or use `with`) when you need it no longer."""

    def __init__(self, address: Address) -> None:
        self.address = address

    def close(self) -> None:
        """Let go of the server. One that we did not start is none of our business."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class EmbeddedServer(Server):
    """The server we brought ourselves; the last process to let go stops it."""

    def __init__(self, cluster: Cluster, share: Share) -> None:
        super().__init__(cluster.address())
        self.cluster = cluster
        self._share: Share | None = share

    def close(self) -> None:
        """Let go of the server, and stop it if nobody else uses it. Twice does no harm."""
        if self._share is None:
            return
        share, self._share = self._share, None
        with start_lock(self.cluster.data.parent, self.cluster.say):
            if share.leave():
                self.cluster.stop()

    def is_alive(self) -> bool:
        """Whether its process exists; cheap enough to ask every second."""
        return running_pid(self.cluster.data) is not None

    def revive(self) -> None:
        """Start the server again if it has died under us; the address may change."""
        with start_lock(self.cluster.data.parent, self.cluster.say):
            if not self.cluster.living():
                self.cluster.start()
        self.address = self.cluster.address()


def django_settings(home: Path, url: str | None) -> dict[str, Any]:
    """`DATABASES["default"]` for Django: where the database is expected; starts nothing."""
    return (parse_url(url) if url else recorded_address(home)).django()


def ensure(
    home: Path, *, url: str | None = None, durable: bool = True, say: Say | None = None
) -> Server:
    """A living server: the one at `url`, or the embedded one of `home`, started if need be.

    `durable=False` trades safety for speed and is for throw-away clusters of tests.
    Raises DatabaseUnavailable, in words for the person at the terminal.
    """
    if url:
        place = parse_url(url)
        require_recent(place)
        return Server(place)
    home = Path(os.path.abspath(home))
    try:
        return _embedded(home, durable, say or _say)
    except OSError as error:
        raise DatabaseUnavailable(_why(error), folder=home, reason=error.strerror) from error


def _embedded(home: Path, durable: bool, say: Say) -> EmbeddedServer:
    folder = data_folder(home).parent
    for place in (home, folder, home / "logs"):
        place.mkdir(parents=True, exist_ok=True)
    with start_lock(folder, say):
        share = Share(folder)
        share.take()
        try:
            data = data_folder(home)
            identity = choose(folder, data)
            cluster = Cluster(home, identity, programs(folder, identity), durable, say)
            if not data.exists():
                cluster.make()
            cluster.require_same_version()
            if not cluster.living():
                cluster.start()
        except BaseException:
            share.leave()
            raise
        return EmbeddedServer(cluster, share)


def _why(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return noop("The disk that holds {folder} is full. Free some space and start again.")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return noop(
            "Tongxin cannot write to {folder} ({reason}). "
            "Set TONGXIN_HOME to a folder that this user may write to."
        )
    return noop("The database in {folder} cannot be used: {reason}.")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
