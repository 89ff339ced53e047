"""Bring a database up to date: the snapshot where it is empty, migrations, then first figures.

Run as a program by the supervisor, so that the supervisor itself never loads Django.
"""

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tongxin import cli
from tongxin.database import Server, ensure
from tongxin.database.snapshot import fill_if_empty

PACKAGE = Path(__file__).resolve().parents[1]
MIGRATING = 0x746F6E67
"""The advisory lock under which one process at a time migrates, on shared servers too."""


def open_database(home: Path) -> Server:
    """The living database of this installation."""
    return ensure(home, url=os.environ.get("DATABASE_URL"))


def is_prepared(server: Server) -> bool:
    """Whether migrations have ever been run here."""
    with server.address.connect() as connection:
        found = connection.execute("select to_regclass('django_migrations')").fetchone()
    return bool(found and found[0])


def prepare_schema(server: Server) -> None:
    """Every table as this version of Tongxin needs it."""
    with migration_lock(server):
        fill_if_empty(server.address)
        migrate()


def migrate() -> None:
    """Apply what is not yet applied to Django's default database; cheap when nothing is."""
    start_django()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


@contextlib.contextmanager
def migration_lock(server: Server) -> Iterator[None]:
    """Wait for other processes that migrate the same database, and keep them waiting."""
    with server.address.connect() as connection:
        connection.execute("select pg_advisory_lock(%s)", [MIGRATING])
        yield


def start_django() -> None:
    """Load settings and apps, once."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def prepare() -> int:
    """Prepare everything a first visitor needs; safe to repeat. 0, or an exception.

    When neither the program nor the database has changed since the last time, nothing is loaded.
    """
    home = Path(os.environ["TONGXIN_HOME"])
    with open_database(home) as server:
        if is_unchanged(home, server):
            return 0
        prepare_schema(server)
        from django.core.management import call_command, get_commands

        if "prepare" in get_commands():
            call_command("prepare")
        remember_prepared(home, server)
    return 0


def is_unchanged(home: Path, server: Server) -> bool:
    """Whether neither the program nor the database has changed since it was prepared."""
    stamp = home / "prepared"
    return stamp.exists() and stamp.read_text() == _state(server)


def remember_prepared(home: Path, server: Server) -> None:
    """Note that nothing is left to prepare until the program or the database changes."""
    (home / "prepared").write_text(_state(server))


def _state(server: Server) -> str:
    """A text that changes with our files, the installed packages and the migrations applied."""
    files = [file for file in PACKAGE.rglob("*") if file.is_file() and file.suffix != ".pyc"]
    files.append(PACKAGE.parent / "requirements.lock")
    seen = [(str(file), file.stat().st_mtime_ns) for file in sorted(files) if file.exists()]
    applied: object = None
    if is_prepared(server):
        with server.address.connect() as connection:
            query = "select count(*), max(id) from django_migrations"
            applied = connection.execute(query).fetchone()
    where = (server.address.host, server.address.name, applied)
    return hashlib.sha256(repr((seen, where)).encode()).hexdigest()


def main() -> None:
    """Prepare, as a process of its own; it ends with the exit code of a command."""
    sys.exit(cli.guarded(prepare))
