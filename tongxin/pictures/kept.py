"""Pictures drawn when first asked for and kept by the hash of what they show."""

import os
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tongxin.pictures.raster import png

KEPT = 4_000  # pictures in a folder; the oldest go first


def kept_png(svg: str, folder: Path, *, draw: Callable[[str], bytes] = png) -> bytes:
    """The picture of an SVG, from ``folder`` where it was drawn before.

    The file is put in place whole, so two readers at once see the same bytes.
    """
    place = folder / f"{sha256(svg.encode()).hexdigest()}.png"
    try:
        return place.read_bytes()
    except FileNotFoundError:
        picture = draw(svg)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".tmp", delete=False) as aside:
        aside.write(picture)
    os.replace(aside.name, place)
    _make_room(folder)
    return picture


def _make_room(folder: Path) -> None:
    pictures = list(folder.glob("*.png"))
    if len(pictures) <= KEPT:
        return
    oldest_first = sorted(pictures, key=lambda p: p.stat().st_mtime)
    for picture in oldest_first[: len(pictures) - KEPT]:
        picture.unlink(missing_ok=True)
