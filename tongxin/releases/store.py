"""The folder of releases: objects named by their content, trees that link to them, one pointer.

    objects/ab/<sha256>[.br|.gz]   written once, read-only
    drafts/<id>/…                  built, not yet before the public
    trees/<id>/…                   published; the web server reads here
    current -> trees/<id>          replaced in one step

Whatever is half written has a name that begins with a dot, which no web server shows.
"""

import errno
import fcntl
import gzip
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import brotli
from django.conf import settings

from tongxin.refusal import Refusal, noop
from tongxin.releases.rules import FILES, MANIFEST, canonical, is_compressible, is_safe_path

BROTLI_QUALITY = 5  # as small as gzip's best at a third of its time
SPARE_THE_YOUNG = timedelta(hours=1)  # a build in another process may not have committed yet
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SUFFIXES = {"br": ".br", "gzip": ".gz"}


class DiskFull(Refusal):
    """There was no room for the files; nothing has changed for readers."""

    says = noop("The disk is full. The release was not built; the public still sees the last one.")


@dataclass(frozen=True, slots=True)
class Store:
    """All that lies under one folder of releases."""

    root: Path

    def prepare(self) -> None:
        """Make the folders."""
        for name in ("objects", "trees", "drafts"):
            (self.root / name).mkdir(parents=True, exist_ok=True)

    @contextmanager
    def held(self, *, alone: bool = False) -> Iterator[bool]:
        """Hold the store: builders share it, the sweeper has it alone or gets False."""
        self.prepare()
        with (self.root / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
            except BlockingIOError:
                yield False
                return
            yield True

    def place_of(self, sha: str) -> Path:
        """Where the content with this hash lies, or would lie."""
        return self.root / "objects" / sha[:2] / sha

    def has(self, sha: str) -> bool:
        """Whether this content is stored."""
        return self.place_of(sha).exists()

    def put(self, content: bytes, *, path: str) -> str:
        """Store a file and its compressed siblings; its SHA-256. Costs nothing if it is there."""
        batch = Batch(self)
        sha = batch.put(content, path=path)
        batch.settle()
        return sha

    def read(self, sha: str) -> bytes:
        """The stored content with this hash."""
        return self.place_of(sha).read_bytes()

    def tree(self, release: str) -> Path | None:
        """The folder of a release, published or not; None when it is gone."""
        for folder in ("trees", "drafts"):
            if (found := self.root / folder / release).is_dir():
                return found
        return None

    def add_tree(self, release: str, manifest: dict[str, object], files: dict[str, str]) -> None:
        """Lay out a release aside, then give it its name in one step."""
        if self.tree(release):
            return
        with _no_room_is_a_refusal(), _aside(self.root / "drafts") as folder:
            made: set[Path] = {folder}
            for path, sha in files.items():
                place = folder / path
                if place.parent not in made:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    made.add(place.parent)
                self._link(sha, place)
            self._link(self.put(canonical(files), path=FILES), folder / FILES)
            self._link(self.put(canonical(manifest), path=MANIFEST), folder / MANIFEST)
            os.chmod(folder, 0o755)
            os.sync()  # one for all the folders: a release has a thousand
            _rename_folder(folder, self.root / "drafts" / release)
        _sync(self.root / "drafts")

    def _link(self, sha: str, place: Path) -> None:
        """The object and its siblings under a name in a tree; copied where links fail."""
        source = self.place_of(sha)
        for suffix in ("", ".br", ".gz") if Path(f"{source}.br").exists() else ("",):
            try:
                os.link(f"{source}{suffix}", f"{place}{suffix}")
            except OSError as error:
                if error.errno in NO_ROOM or isinstance(error, FileNotFoundError):
                    raise
                shutil.copy2(f"{source}{suffix}", f"{place}{suffix}")

    def current(self) -> str | None:
        """The release that the pointer names."""
        try:
            return os.readlink(self.root / "current").rsplit("/", 1)[-1]
        except OSError:
            return None

    def show(self, release: str) -> None:
        """Put a release before the public: its folder among the published, then the pointer."""
        draft, tree = self.root / "drafts" / release, self.root / "trees" / release
        if not tree.is_dir():
            _rename_folder(draft, tree)
            _sync(tree.parent)
        beside = self.root / f".current-{os.getpid()}"
        beside.unlink(missing_ok=True)
        beside.symlink_to(Path("trees") / release)
        beside.replace(self.root / "current")
        _sync(self.root)

    def files(self, release: str) -> dict[str, str]:
        """Path to SHA-256 of every file of a release, without the two lists themselves."""
        tree = self.tree(release)
        return json.loads((tree / FILES).read_bytes()) if tree else {}

    def read_list(self, sha: str) -> dict[str, str]:
        """Path to SHA-256 from the stored list with this hash."""
        return json.loads(self.read(sha))

    def faults(self, release: str, *, files_sha: str) -> list[str]:
        """The paths whose content is not what the manifest says, missing ones included."""
        tree = self.tree(release)
        if tree is None or _sha_of(tree / FILES) != files_sha:
            return [FILES]
        return [path for path, sha in self.files(release).items() if _sha_of(tree / path) != sha]

    def sweep(self, known: set[str], *, at: datetime) -> int:
        """Remove the trees of releases that are not known, then unused objects; how many trees.

        Hold the store alone. Trees and objects of the last hour are spared.
        """
        border = (at - SPARE_THE_YOUNG).timestamp()
        gone = 0
        for tree in self._trees():
            if tree.name in known or tree.stat().st_mtime > border:
                continue
            doomed = tree if tree.name.startswith(".") else tree.with_name(f".gone-{tree.name}")
            if doomed != tree:
                tree.rename(doomed)
                gone += 1
            shutil.rmtree(doomed)
        used = self._used()
        for item in self.root.glob("objects/??/*"):
            if item.name.split(".")[0] not in used and item.stat().st_mtime <= border:
                item.unlink()
        return gone

    def _trees(self) -> list[Path]:
        return [tree for name in ("trees", "drafts") for tree in (self.root / name).iterdir()]

    def _used(self) -> set[str]:
        used: set[str] = set()
        for tree in self._trees():
            if (tree / FILES).exists():
                used |= set(self.files(tree.name).values())
                used |= {_sha_of(tree / FILES), _sha_of(tree / MANIFEST)}
        return used


class Batch:
    """Many files stored at the price of one: written aside, put on the disk together, then named.

    Other processes of the same build may ``put``; one of them ``settle``s.
    """

    def __init__(self, shelf: Store) -> None:
        self._shelf = shelf
        self._mark = f".{uuid4().hex}-"

    def put(self, content: bytes, *, path: str) -> str:
        """The SHA-256 of the content, which is in the store once the batch has settled."""
        sha = hashlib.sha256(content).hexdigest()
        place = self._shelf.place_of(sha)
        if place.exists():
            return sha
        place.parent.mkdir(parents=True, exist_ok=True)
        with _no_room_is_a_refusal(self._forget):
            if is_compressible(path, len(content)):
                self._write(f"{sha}.br", brotli.compress(content, quality=BROTLI_QUALITY), place)
                self._write(f"{sha}.gz", gzip.compress(content, 6, mtime=0), place)
            self._write(sha, content, place)
        return sha

    def settle(self) -> None:
        """Give every file its name, siblings first, after all are safely on the disk."""
        written = self._written()
        if written:
            os.sync()
        for file in sorted(written, key=lambda file: file.suffix, reverse=True):
            file.rename(file.with_name(file.name.rsplit("-", 1)[1]))

    def _write(self, name: str, content: bytes, place: Path) -> None:
        aside = place.with_name(f"{self._mark}{os.getpid()}-{name}")
        if aside.exists():
            return
        with aside.open("wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o444)

    def _written(self) -> list[Path]:
        return list((self._shelf.root / "objects").glob(f"??/{self._mark}*"))

    def _forget(self) -> None:
        for file in self._written():
            file.unlink(missing_ok=True)


def store() -> Store:
    """The store of this installation."""
    return Store(Path(settings.HOME) / "releases")


def checked_paths(paths: Iterable[str]) -> None:
    """Nothing, if all are paths that a release may have.

    Raises:
        ValueError: one is not, or is there twice, or belongs to the release itself.
    """
    seen = {MANIFEST, FILES}
    for path in paths:
        if not is_safe_path(path) or path in seen:
            raise ValueError(f"a release cannot hold the path {path!r}")
        seen.add(path)


@contextmanager
def _no_room_is_a_refusal(clean_up: Callable[[], object] = bool) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        clean_up()
        if error.errno in NO_ROOM:
            raise DiskFull() from error
        raise


@contextmanager
def _aside(parent: Path) -> Iterator[Path]:
    """A folder to work in that is gone afterwards unless it was renamed."""
    folder = Path(tempfile.mkdtemp(prefix=".making-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _rename_folder(source: Path, target: Path) -> None:
    """Give a folder its name; if another process was faster, theirs is the same."""
    try:
        source.rename(target)
    except OSError:
        if not target.is_dir():
            raise


def _sync(folder: Path) -> None:
    """What was written into a folder survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha_of(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""
