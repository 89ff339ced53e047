"""Throw-away data folders and databases, on the durable settings of a real installation."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from psycopg import sql

from tongxin.database import Address, Server
from tongxin.runner.preparation import open_database, prepare_schema

BY = "bench"


@contextlib.contextmanager
def throw_away_home() -> Iterator[Path]:
    """An empty folder for TONGXIN_HOME; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tongxin-bench-"))
    folder.chmod(0o755)  # the database runs as another user when we are root
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def prepared_database() -> Iterator[Server]:
    """The database of TONGXIN_HOME with every table and the places that ship; Django is ready."""
    with open_database(Path(os.environ["TONGXIN_HOME"])) as server:
        prepare_schema(server)
        from django.db import connections

        from tongxin.places.actions import load_shipped

        load_shipped(by=BY)
        connections.close_all()
        try:
            yield server
        finally:
            connections.close_all()


@contextlib.contextmanager
def copy_of(address: Address, name: str) -> Iterator[Address]:
    """Another database on the same server, a copy of this one; gone afterwards."""
    mine, theirs = sql.Identifier(address.name), sql.Identifier(name)
    with address.named("postgres").connect() as connection:
        connection.execute(sql.SQL("create database {} template {}").format(theirs, mine))
        connection.execute("checkpoint")
        try:
            yield address.named(name)
        finally:
            connection.execute(sql.SQL("drop database {} (force)").format(theirs))
