"""`tongxin restore FILE`: an installation from the archive that `tongxin backup` wrote.

The archive is unpacked beside the data and compared with its list of checksums before anything
is touched. What a home held before is never deleted but set aside.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tongxin.database import Server
from tongxin.database.dumping import load_from
from tongxin.database.snapshot import is_empty
from tongxin.refusal import Refusal, noop
from tongxin.runner import preparation, trail
from tongxin.runner.backup import (
    ABOUT,
    CHECKSUMS,
    DUMP,
    FOLDERS,
    KIND,
    OF_THE_CLUSTER,
    POINTER,
    VERSION,
)

PIECES = ("secrets", "files", "releases")
POINTS = re.compile(r"trees/[0-9A-Za-z_-]+")
BROKEN = (tarfile.TarError, EOFError, zlib.error, ValueError, KeyError, TypeError)
MIB = 1 << 20


class NotABackup(Refusal):
    """The file is missing, damaged or something else; nothing was changed."""

    says = noop("{file} is not a whole backup of Tongxin ({reason}). Nothing was changed.")


class NewerBackup(Refusal):
    """The backup was made by a later version than this one."""

    says = noop("{file} was made by a newer Tongxin. Upgrade this one first. Nothing was changed.")


class HomeNotEmpty(Refusal):
    """There are data already, and nobody said that they may be set aside."""

    says = noop(
        "There are data in {home} or its database already. Choose an empty TONGXIN_HOME, or add "
        "--force: the old data are set aside, not deleted. Nothing was changed."
    )


def restore(home: Path, file: Path, *, force: bool, at: datetime) -> list[str]:
    """Put the archive in the place of what the home holds; names of what was set aside.

    Raises:
        NotABackup, NewerBackup, HomeNotEmpty: nothing was changed.
    """
    if not force and any((home / name).exists() for name in (*PIECES, "postgres")):
        raise HomeNotEmpty(home=home)
    with _draft(home) as draft:
        about = _unpack(file, draft)
        with preparation.open_database(home) as server:
            if not force and not _is_new(server):
                raise HomeNotEmpty(home=home)
            preparation.start_django()
            if not _knows(about["migrations"]):
                raise NewerBackup(file=file)
            mark = f"{at:%Y%m%d_%H%M%S}"
            old = load_from(server.address, draft / DUMP, aside=f"{server.address.name}_{mark}")
            aside = home / f"before-restore-{mark}" if force else draft / "made-just-now"
            kept = _put_in_place(home, draft, aside)
            (home / "prepared").unlink(missing_ok=True)
            with preparation.migration_lock(server):
                preparation.migrate()
            trail.note("runner.restored", file, made_at=about["made_at"], aside=bool(old))
    return [name for name in (old, kept if force else None) if name]


@contextlib.contextmanager
def _draft(home: Path) -> Iterator[Path]:
    """A folder inside the home to unpack into; those of killed attempts go."""
    for left in home.glob(".restoring-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=".restoring-", dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(file: Path, draft: Path) -> dict[str, list[list[str]]]:
    """Unpack the archive and compare it with its own list; what it says about itself."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            found = {info.name: _extract(archive, info, draft) for info in archive}
        listed = json.loads((draft / CHECKSUMS).read_bytes())
        about = json.loads((draft / ABOUT).read_bytes())
        del found[CHECKSUMS]
        if about["kind"] != KIND or not isinstance(about["migrations"], list):
            raise ValueError(ABOUT)
        different = sorted(name for name in listed | found if listed.get(name) != found.get(name))
        if different or DUMP not in found:
            raise ValueError(different[0] if different else DUMP)
    except OSError as error:
        raise NotABackup(file=file, reason=error.strerror or error) from error
    except BROKEN as error:
        raise NotABackup(file=file, reason=error) from error
    if about["version"] > VERSION:
        raise NewerBackup(file=file)
    return about


def _extract(archive: tarfile.TarFile, info: tarfile.TarInfo, draft: Path) -> str:
    """Write one member where it may lie; its line in the list of checksums."""
    place = draft / _allowed(info.name)
    place.parent.mkdir(parents=True, exist_ok=True)
    if info.isreg():
        return _write(archive, info, place)
    if info.islnk():
        os.link(draft / _allowed(info.linkname), place)
        return f"link {info.linkname}"
    if info.issym() and info.name == POINTER and POINTS.fullmatch(info.linkname):
        place.symlink_to(info.linkname)
        return f"points {info.linkname}"
    raise ValueError(info.name)


def _write(archive: tarfile.TarFile, info: tarfile.TarInfo, place: Path) -> str:
    sha, source = hashlib.sha256(), archive.extractfile(info)
    mode = 0o600 if info.name.startswith("secrets/") else info.mode & 0o644
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while source and (content := source.read(MIB)):
            sha.update(content)
            file.write(content)
        os.fchmod(file.fileno(), mode)
    os.utime(place, (info.mtime, info.mtime))
    return sha.hexdigest()


def _allowed(name: str) -> str:
    """The name, if it is one that a backup has: nothing leaves the folder we unpack into."""
    ours = name in (ABOUT, CHECKSUMS, DUMP, POINTER)
    inside = name.startswith(tuple(f"{folder}/" for folder in FOLDERS)) and name != OF_THE_CLUSTER
    if not (ours or inside) or any(part in ("", ".", "..") for part in name.split("/")):
        raise ValueError(name)
    return name


def _is_new(server: Server) -> bool:
    with server.address.connect() as connection:
        return is_empty(connection)


def _knows(migrations: list[list[str]]) -> bool:
    """Whether this program has every migration that the backup's database has seen."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    replaced = {old for new in loader.replacements.values() for old in new.replaces}
    known = set(loader.disk_migrations) | replaced
    return {(app, name) for app, name in migrations} <= known


def _put_in_place(home: Path, draft: Path, aside: Path) -> str | None:
    """Move the unpacked pieces into the home; the folder that has the old ones, if there were."""
    (draft / "secrets").mkdir(exist_ok=True)
    (draft / "secrets").chmod(0o700)
    if (home / OF_THE_CLUSTER).exists():
        shutil.copy2(home / OF_THE_CLUSTER, draft / OF_THE_CLUSTER)
    for name in PIECES:
        if (home / name).exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            (home / name).rename(aside / name)
        if (draft / name).exists():
            (draft / name).rename(home / name)
    shutil.rmtree(home / "cache", ignore_errors=True)
    return str(aside) if aside.exists() else None
