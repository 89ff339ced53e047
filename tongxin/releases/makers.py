"""What decides how the files of a release look, besides what they say."""

from collections.abc import Collection
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from tongxin.releases.assets import BUILT

PACKAGE = Path(__file__).resolve().parent.parent
EVERYWHERE = (
    "templates/base.html",
    "locale/**/*.po",
    "releases/site.py",
    "releases/assets.py",
    "releases/atom.py",
)
SITE = (
    "PUBLIC_URL",
    "HOME_PLACE",
    "DEVELOPMENT",
    "AUTHORITY",
    "EMERGENCY_NUMBER",
    "TIME_ZONE",
)


def makers(patterns: Collection[str], *more: Path) -> str:
    """A hash of the code, templates, words and settings that draw pages.

    Args:
        patterns: globs below the package, besides those that draw every page.
        more: other files.
    """
    found = {path for pattern in (*EVERYWHERE, *patterns) for path in PACKAGE.glob(pattern)}
    files = (*sorted(found), BUILT / ".vite/manifest.json", *more)
    site = tuple(getattr(settings, name) for name in SITE)
    return _of_files(
        tuple((path, path.stat().st_mtime_ns) for path in files if path.exists()), site
    )


@lru_cache(maxsize=8)
def _of_files(files: tuple[tuple[Path, int], ...], site: tuple[object, ...]) -> str:
    whole = sha256(repr(site).encode())
    for path, _ in files:
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]
