"""`tongxin backup FILE`: everything of an installation in one archive, while it runs.

The archive is a compressed tar: what it is (`about.json`), the database as of one moment, secrets,
uploaded files, releases with their trees as hard links, and at the end the SHA-256 of each
(`checksums.json`). The database is dumped first and the releases are held meanwhile, so that
every release the database knows has its files in the archive.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from tongxin.database.dumping import dump_to
from tongxin.refusal import Refusal, noop
from tongxin.runner import trail
from tongxin.runner.preparation import is_prepared, open_database

KIND, VERSION = "tongxin backup", 1
ABOUT, CHECKSUMS, DUMP = "about.json", "checksums.json", "database.dump"
FOLDERS = ("secrets", "files", "releases/objects", "releases/trees", "releases/drafts")
POINTER = "releases/current"
OF_THE_CLUSTER = "secrets/postgres"
"""The password of the embedded server: the next home has a server, and a password, of its own."""


class NothingToBackUp(Refusal):
    """No installation has ever worked in this folder."""

    says = noop("{home} holds no data. Set TONGXIN_HOME to the folder that does.")


class FileExists(Refusal):
    """A backup never overwrites anything."""

    says = noop("{file} exists already. Choose another name.")


class CannotWriteBackup(Refusal):
    """The archive cannot be written there."""

    says = noop("The backup {file} cannot be written: {reason}.")


def back_up(home: Path, file: Path, *, at: datetime) -> int:
    """Write the archive `file`, readable by us alone, whole or not at all; its size in bytes.

    The trail has a line about it before the archive has its name.
    """
    file = file.absolute()
    if file.exists():
        raise FileExists(file=file)
    external = bool(os.environ.get("DATABASE_URL"))
    if not external and not (home / "postgres" / "data").exists():
        raise NothingToBackUp(home=home)
    try:
        with tempfile.TemporaryDirectory(prefix=".tongxin-backup-", dir=file.parent) as folder:
            draft = Path(folder) / "archive"
            _write(home, draft, at)
            size = draft.stat().st_size
            draft.rename(file)
    except OSError as error:
        raise CannotWriteBackup(file=file, reason=error.strerror) from error
    return size


def _write(home: Path, draft: Path, at: datetime) -> None:
    dump = draft.with_name(DUMP)
    with open_database(home) as server, _releases_held(home):
        if not is_prepared(server):
            raise NothingToBackUp(home=home)
        with server.address.connect() as connection:
            rows = connection.execute("select app, name from django_migrations order by 1, 2")
            migrations = [list(row) for row in rows]
        pointer = _pointer(home)
        dump_to(server.address, dump)
        about = {"kind": KIND, "version": VERSION, "made_at": at.isoformat()}
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as tar:
                archive = Archive(tar)
                archive.add_text(ABOUT, {**about, "migrations": migrations})
                archive.add(dump, DUMP)
                for folder in FOLDERS:
                    archive.add_folder(home, folder)
                if pointer:
                    archive.add_link(POINTER, pointer)
                archive.add_text(CHECKSUMS, archive.sums)
            file.flush()
            os.fsync(file.fileno())
        trail.note("runner.backed_up", draft)


class Archive:
    """A tar being written that notes what it holds."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.sums: dict[str, str] = {}

    def add_text(self, name: str, content: object) -> None:
        """Add plain values as JSON."""
        text = json.dumps(content, ensure_ascii=False, indent=1).encode()
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(text), 0o600
        self.sums[name] = hashlib.sha256(text).hexdigest()
        self._tar.addfile(info, BytesIO(text))

    def add_folder(self, home: Path, folder: str) -> None:
        """Add every whole file below; those being written have names that begin with a dot."""
        for inner, folders, names in os.walk(home / folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                place = Path(inner, name)
                inside = place.relative_to(home).as_posix()
                if not name.startswith(".") and inside != OF_THE_CLUSTER:
                    with contextlib.suppress(FileNotFoundError):  # removed while we walked
                        self.add(place, inside)

    def add(self, place: Path, name: str) -> None:
        """Add a file, or a link to a file that is already here under another name."""
        with place.open("rb") as file:
            info = self._tar.gettarinfo(place, name)
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            if info.islnk():
                self.sums[name] = f"link {info.linkname}"
                self._tar.addfile(info)
            else:
                reader = _Hashing(file)
                self._tar.addfile(info, reader)
                self.sums[name] = reader.sha.hexdigest()

    def add_link(self, name: str, target: str) -> None:
        """Add a symbolic link."""
        info = tarfile.TarInfo(name)
        info.type, info.linkname = tarfile.SYMTYPE, target
        self.sums[name] = f"points {target}"
        self._tar.addfile(info)


class _Hashing(BytesIO):
    """A file that notes the SHA-256 of what is read from it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self.sha = hashlib.sha256()

    def read(self, size: int | None = -1) -> bytes:
        content = self._file.read(size)
        self.sha.update(content)
        return content


@contextlib.contextmanager
def _releases_held(home: Path) -> Iterator[None]:
    """Keep the sweeper of old releases out for as long as we read; builders go on."""
    folder = home / "releases"
    if not folder.exists():
        yield
        return
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def _pointer(home: Path) -> str | None:
    """The tree before the public. It is published, so a dump made after this knows it."""
    try:
        return os.readlink(home / POINTER)
    except OSError:
        return None
