"""A freshly migrated database as one SQL file, so that an empty one is filled in seconds.

Migrating Django and Wagtail from nothing costs half a minute; `schema.sql` holds what those
migrations give (tables, constraints, and the rows they make). A test proves that it is the same.
"""

import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import psycopg

from tongxin.database.address import Address
from tongxin.database.identity import wheel_programs
from tongxin.database.trouble import DatabaseUnavailable, noop

SCHEMA = Path(__file__).resolve().parent.parent / "schema.sql"

DUMP = ("--no-owner", "--no-privileges", "--no-comments", "--rows-per-insert=200")
# psql's own commands and session settings: nothing a server we send the file to should see.
NOT_SQL = re.compile(
    r"^(\\(un)?restrict .*|SET \w+ = .*;|--.*|SELECT pg_catalog\.set_config.*)\n",
    re.MULTILINE,
)
MOMENT = re.compile(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00'")
RANDOM = re.compile(r"'[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'")
EPOCH = "'2020-01-01 00:00:00+00'"


def create_from_snapshot(server: Address, name: str) -> bool:
    """Create the database `name` on `server` filled from `schema.sql`; what is there goes.

    False if there is no snapshot yet: the database is then empty. Migrate either way.
    """
    with server.named("postgres").connect() as connection:
        quoted = psycopg.sql.Identifier(name)
        connection.execute(psycopg.sql.SQL("drop database if exists {} (force)").format(quoted))
        connection.execute(psycopg.sql.SQL("create database {}").format(quoted))
    return fill_if_empty(server.named(name))


def fill_if_empty(database: Address) -> bool:
    """Load `schema.sql` into a database without tables; False if it has some, or none to load."""
    if not SCHEMA.exists():
        return False
    with database.connect() as connection, connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtext('tongxin schema'))")
        if not is_empty(connection):
            return False
        connection.execute("set local check_function_bodies = off")
        connection.execute(SCHEMA.read_bytes())
        return True


def dump(database: Address) -> str:
    """The SQL that makes this database again: moments made equal, ready to be kept under git."""
    done = subprocess.run(
        [
            wheel_programs() / "pg_dump",
            "--dbname",
            replace(database, password="").dsn,
            *DUMP,
        ],
        capture_output=True,
        check=False,
        env={
            **os.environ,
            "PGPASSWORD": database.password,
            "PGTZ": "UTC",
            "LC_ALL": "C",
        },
        encoding="utf-8",
    )
    if done.returncode != 0:
        raise DatabaseUnavailable(
            noop("The database could not be dumped: {reason}"),
            reason=done.stderr.strip(),
        )
    text = MOMENT.sub(EPOCH, NOT_SQL.sub("", done.stdout))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def comparable(text: str) -> str:
    """A dump without what is drawn at random: two fresh databases give the same text."""
    return RANDOM.sub("'random'", text)


def is_empty(connection: psycopg.Connection) -> bool:
    """Whether nobody has made a table here."""
    found = connection.execute(
        "select 1 from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
    )
    return found.fetchone() is None
