"""A whole database as one file, and back: what `tongxin backup` and `tongxin restore` stand on."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import psycopg

from tongxin.database.address import Address
from tongxin.database.identity import wheel_programs
from tongxin.database.snapshot import is_empty
from tongxin.database.trouble import DatabaseUnavailable, noop

PREAMBLE = 8192
"""So many bytes of a dump as SQL hold its session settings and nothing else of ours."""

UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"


def dump_to(database: Address, file: Path) -> None:
    """Write everything in the database, as of one moment, into a new file that only we read."""
    file.touch(mode=0o600, exist_ok=False)
    _run(
        [*_program("pg_dump", database), "--format=custom", "--no-owner", "--no-privileges"]
        + [f"--file={file}"],
        database,
        noop("The database could not be dumped: {reason}"),
    )


def load_from(database: Address, file: Path, *, aside: str) -> str | None:
    """Put the dump in the place of the database, whole or not at all.

    A database that has tables is kept under the name `aside`, which is then returned.
    """
    with database.connect() as connection:
        if is_empty(connection):
            _load(database, file)
            return None
    draft = database.named(f"{database.name}_restoring")
    try:
        _on_server(database, "drop database if exists {0} (force)", draft.name)
        _on_server(database, "create database {0}", draft.name)
        _load(draft, file)
        # Nobody gets in between: who works in the old one is sent away and finds the new one.
        with database.named("postgres").connect() as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s",
                [database.name],
            )
        _on_server(database, "alter database {0} rename to {1}", database.name, aside)
        _on_server(database, "alter database {0} rename to {1}", draft.name, database.name)
    except psycopg.Error as error:
        raise DatabaseUnavailable(
            noop("The database server does not let us put the backup in place: {reason}"),
            reason=str(error).strip(),
        ) from error
    return aside


def _on_server(database: Address, statement: str, *names: str) -> None:
    quoted = [psycopg.sql.Identifier(name) for name in names]
    with database.named("postgres").connect() as connection:
        connection.execute(psycopg.sql.SQL(statement).format(*quoted))


def _load(database: Address, file: Path) -> None:
    """Run the dump as SQL in one transaction, without the settings older servers do not know."""
    words = [*_program("psql", database), "--no-psqlrc", "--quiet", "--single-transaction"]
    words += ["--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    restore = [wheel_programs() / "pg_restore", "--no-owner", "--no-privileges", "--file=-", file]
    with (
        subprocess.Popen(restore, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as source,
        subprocess.Popen(
            words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(database)
        ) as target,
    ):
        try:
            first = source.stdout.read(PREAMBLE).replace(UNKNOWN_BEFORE_17, b"")
            while first:
                target.stdin.write(first)
                first = source.stdout.read(1 << 20)
            if source.wait():
                target.kill()  # what came so far must not be committed
            complaint = target.communicate()[1] + source.stderr.read()
        except BrokenPipeError:
            source.kill()
            complaint = target.stderr.read()
    if source.returncode or target.returncode:
        raise DatabaseUnavailable(
            noop("The backup could not be loaded into the database: {reason}"),
            reason=complaint.decode(errors="replace").strip()[-2000:],
        )


def _program(name: str, database: Address) -> list[object]:
    return [wheel_programs() / name, "--dbname", replace(database, password="").dsn]


def _environment(database: Address) -> dict[str, str]:
    return {
        **os.environ,
        "PGPASSWORD": database.password,
        "LC_ALL": "C",
        "PGCLIENTENCODING": "UTF8",
    }


def _run(command: list[object], database: Address, says: str) -> None:
    done = subprocess.run(command, capture_output=True, check=False, env=_environment(database))
    if done.returncode != 0:
        raise DatabaseUnavailable(says, reason=done.stderr.decode(errors="replace").strip())
