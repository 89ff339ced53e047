"""Pages drawn on request, kept while what they are drawn from stays the same.

Of many who ask for the same page at once, in whichever process, one draws and the others wait.
"""

import pickle
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks

from tongxin.situation.rendered import drawn_by

KEPT = 2_000  # pages, each some 20 kB compressed; above it Django's cache drops a third
QUEUES = 16  # lock files: pages of the same one wait for each other
PACKAGE = Path(__file__).resolve().parent.parent
UNREADABLE = (OSError, EOFError, ValueError, zlib.error, pickle.UnpicklingError)


def name_of(*parts: object) -> str:
    """A name for a page from all that decides what it says, the program and the site included."""
    site = (
        settings.HOME_PLACE,
        settings.PUBLIC_URL,
        settings.DEVELOPMENT,
        settings.AUTHORITY,
        settings.TIME_ZONE,
        settings.DEFAULT_DISEASE,
    )
    return sha256(repr((parts, site, _program())).encode()).hexdigest()


def kept(name: str, draw: Callable[[], str]) -> str:
    """The page of this name, drawn by ``draw`` where it is not kept.

    A page that cannot be kept (a full disk) is drawn and given all the same.
    """
    folder = settings.HOME / "cache" / "pages"
    try:
        (folder / "queues").mkdir(parents=True, exist_ok=True)
        queue = (folder / "queues" / str(int(name, 16) % QUEUES)).open("wb")
    except OSError:
        return draw()
    shelf = FileBasedCache(folder, {"TIMEOUT": None, "OPTIONS": {"MAX_ENTRIES": KEPT}})
    with queue:
        found = _on(shelf, name)
        if found is None:
            locks.lock(queue, locks.LOCK_EX)  # let go when the file is closed
            found = _on(shelf, name)
        if found is None:
            found = draw()
            with suppress(OSError):
                shelf.set(name, found)
    return found


def _on(shelf: FileBasedCache, name: str) -> str | None:
    """The page, if it is there whole."""
    try:
        return shelf.get(name)
    except UNREADABLE:
        return None


@lru_cache(maxsize=1)
def _program() -> str:
    """A hash of the program that draws; it does not change while a process lives."""
    files = sorted([*PACKAGE.glob("places/*.py"), *PACKAGE.glob("situation/queries/*.py")])
    return sha256(repr([drawn_by(), *(file.read_bytes() for file in files)]).encode()).hexdigest()
