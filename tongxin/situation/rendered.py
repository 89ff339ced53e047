"""What was drawn before: the files of a page by the hash of what they are drawn from.

A page that says the same is not drawn again. The memory is one file under TONGXIN_HOME; losing
it costs time only.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from tongxin.releases.makers import makers
from tongxin.releases.store import Store
from tongxin.situation.shapes import AreaPage, Curve, Line

KEPT = 50_000  # groups of files remembered; those of this build first
# What decides how a page looks, besides what it says.
MAKERS = (
    "situation/*.py",
    "situation/*.toml",
    "situation/diseases/*.toml",
    "situation/templates/**/*.html",
    "portal/templates/**/*.html",
    "templates/**/*.html",
    "*/locale/**/*.po",
    "pictures/*.py",
    "pictures/*.toml",
)

Files = list[list[str]]  # path and SHA-256 of each


class Rendered:
    """Files drawn before, by key."""

    def __init__(self, shelf: Store) -> None:
        self._shelf = shelf
        self._makers = drawn_by()
        self._file = shelf.root.parent / "cache" / "rendered.json"
        self._before: dict[str, Files] = _read(self._file)
        self._used: dict[str, Files] = {}

    def get(self, key: str) -> Files | None:
        """The files of a key, if all of them are still in the store."""
        known = f"{self._makers} {key}"
        found = self._used.get(known) or self._before.get(known)
        if found is None or not all(self._shelf.has(sha) for _, sha in found):
            return None
        self._used[known] = found
        return found

    def add(self, key: str, files: Files) -> Files:
        """Remember the files that were drawn for a key."""
        self._used[f"{self._makers} {key}"] = files
        return files

    def save(self) -> None:
        """Write down what was used now, then what was used before."""
        kept = dict(list((self._used | self._before).items())[:KEPT])
        self._file.parent.mkdir(parents=True, exist_ok=True)
        beside = self._file.with_name(f".rendered-{os.getpid()}")
        beside.write_text(json.dumps(kept), encoding="utf-8")
        beside.replace(self._file)


def page_key(page: AreaPage) -> str:
    """What the pages and cards of a place are drawn from, as a hash."""
    bare = replace(page, curve=None, map=None)
    parts = [repr(bare).encode(), _of_curve(page.curve)]
    if page.map is not None:
        parts += [repr(replace(page.map, shapes=[])).encode()]
        parts += [text.encode() for shape in page.map.shapes for text in (shape.code, shape.path)]
    return _hash(parts)


def lines_key(page: str, lines: Iterable[Line]) -> str:
    """What the take-away files are drawn from: the page's key and the figures themselves."""
    return _hash([page.encode(), *(part for line in lines for part in _of_line(line))])


def drawn_by() -> str:
    """A hash of what draws these pages."""
    return makers(MAKERS)


def _of_curve(curve: Curve | None) -> bytes:
    """The curve's arrays as bytes: printing a thousand days of ten lines would cost more."""
    if curve is None:
        return b""
    days = curve.days
    span = f"{days[0]} {days[-1]} {len(days)}" if days else ""
    lists = (getattr(curve, name) for name in Curve.__slots__ if name != "days")
    return b"".join([span.encode(), *(np.array(values, float).tobytes() for values in lists)])


def _of_line(line: Line) -> tuple[bytes, ...]:
    names = f"{line.place} {line.metric} {line.source} {line.known_at.isoformat()}"
    return (names.encode(), line.days.tobytes(), line.values.tobytes())


def _hash(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()


def _read(file: Path) -> dict[str, Files]:
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
