"""Addresses of the browser bundle's files, whose names carry a hash of their content."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings

BUILT = settings.BASE_DIR / "frontend/dist"
MARK = "mark.svg"
PUBLIC = ("site.css", "theme.js", "site.js", "situation.js", "guidance.js", "notices.js")
SOURCES = {"css": "src/{stem}.scss", "js": "src/{stem}.ts"}


def asset(name: str, *, root: str = settings.STATIC_URL) -> str:
    """The address of ``site.css``, ``situation.js``, … as the bundle was last built.

    ``root`` is where the static files lie for the page: a release holds its own, so that it
    still looks as it did when the bundle has long been another. Where no bundle has been built
    the plain name answers, so that pages can still be rendered.

    Raises:
        KeyError: the bundle has no such entry.
    """
    manifest = BUILT / ".vite/manifest.json"
    if not manifest.exists():
        return f"{root}{name}"
    stem, _, kind = name.rpartition(".")
    entries = _entries(manifest, manifest.stat().st_mtime_ns)
    return root + entries[SOURCES[kind].format(stem=stem)]


def public_files() -> dict[str, Path]:
    """What public pages load, by the path below the static root; the desk's own is left out."""
    built = {asset(name, root=""): BUILT / asset(name, root="") for name in PUBLIC}
    return {name: file for name, file in {**built, MARK: BUILT / MARK}.items() if file.is_file()}


def looks() -> list[tuple[str, bytes]]:
    """Styles and scripts as files of a release, so that a past one still looks as it did."""
    return [(f"static/{name}", file.read_bytes()) for name, file in public_files().items()]


@lru_cache(maxsize=2)
def _entries(manifest: Path, _changed_at: int) -> dict[str, str]:
    """Source file to built file; read again when the bundle is built again."""
    listed = json.loads(manifest.read_text(encoding="utf-8"))
    return {source: entry["file"] for source, entry in listed.items()}
