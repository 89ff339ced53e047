"""Write `schema.sql`: migrate an empty database of its own and dump what that gives."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tongxin.database import Address, ensure
from tongxin.database.snapshot import SCHEMA, dump

MIGRATE = "from tongxin.runner import preparation; preparation.migrate()"


def write() -> int:
    """Replace `schema.sql` by what the migrations give today."""
    with (
        tempfile.TemporaryDirectory(prefix="tongxin-schema-") as folder,
        ensure(Path(folder), durable=False) as server,
    ):
        SCHEMA.write_text(migrated(server.address), encoding="utf-8")
    print(SCHEMA)
    return 0


def migrated(empty: Address) -> str:
    """Migrate an empty database from the beginning, in a fresh process; its dump."""
    environment = {**os.environ, "DATABASE_URL": empty.url}
    subprocess.run([sys.executable, "-c", MIGRATE], env=environment, check=True)
    return dump(empty)
