"""The picture of each circumstance."""

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("icons.toml")


@cache
def icons() -> dict[str, str]:
    """Circumstance to the strokes of its picture, as the ``d`` of an SVG path on 24 × 24."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
