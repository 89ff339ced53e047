"""Secrets of one installation, made on first use, and files that are not for everybody."""

import contextlib
import os
import secrets
from pathlib import Path

from tongxin.database.trouble import DatabaseUnavailable, noop


def secret(home: Path, name: str) -> str:
    """The secret called `name`; the first call makes it, everyone after gets the same."""
    place = home / "secrets" / name
    try:
        if not place.exists():
            _make(place)
        return place.read_text(encoding="ascii").strip()
    except OSError as error:
        raise DatabaseUnavailable(
            noop("The secret {place} cannot be read or written: {reason}."),
            place=place,
            reason=error.strerror,
        ) from error


def for_us(path: str, flags: int) -> int:
    """The ``opener`` of a file that the owner writes, the group may read and nobody else sees."""
    file = os.open(path, flags, 0o640)
    if os.fstat(file).st_mode & 0o027:
        os.fchmod(file, 0o640)
    return file


def _make(place: Path) -> None:
    """Write a new secret whole or not at all; if another process was quicker, keep its own."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, place)
    draft.unlink()
