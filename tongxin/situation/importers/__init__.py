"""The formats that figures come in: each a small module that reads one file into `Parsed`."""

from collections.abc import Callable
from pathlib import Path

from tongxin.situation.importers import canghailan, dxy, jhu, sheet, tidy
from tongxin.situation.importers.parsed import Parsed

# Format → reader and the source whose figures such files carry.
FORMATS: dict[str, tuple[Callable[[Path], Parsed], str]] = {
    "jhu": (jhu.read, "jhu-csse"),
    "dxy": (dxy.read, "dxy"),
    "canghailan": (canghailan.read, "canghailan"),
    "csv": (tidy.read, "own"),
    "xlsx": (sheet.read, "own"),
}
