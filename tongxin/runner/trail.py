"""Backups and restores in the audit trail: an archive holds everything, so who made one counts."""

import contextlib
import hashlib
import os
import pwd
from pathlib import Path

from tongxin.runner import preparation


def who() -> str:
    """The person at the terminal, as the operating system knows them."""
    with contextlib.suppress(KeyError):
        return f"command line: {pwd.getpwuid(os.getuid()).pw_name}"
    return f"command line: user {os.getuid()}"


def note(deed: str, archive: Path, **facts: object) -> None:
    """One line about an archive, by the SHA-256 and size of its file, in the living database."""
    preparation.start_django()
    from django.db import connections

    from tongxin.audit.actions import record

    with archive.open("rb") as file:
        sha = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        record(deed, "archive", by=who(), sha256=sha, bytes=archive.stat().st_size, **facts)
    finally:
        connections.close_all()
