"""Posters drawn before in this process: one edited sentence does not redraw them all."""

import zlib
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from tongxin.pictures.records import Size

Record = TypeVar("Record")
KEPT = 1_200  # posters of a kind, some 20 kB each


def remembered(draw: Callable[[Record, str, Size], str]) -> Callable[..., str]:
    """``draw`` with its results kept, compressed; records are compared by what they say."""

    @lru_cache(maxsize=KEPT)
    def packed(poster: Record, language: str, size: Size) -> bytes:
        return zlib.compress(draw(poster, language, size).encode(), 3)

    @wraps(draw)
    def asked(poster: Record, language: str, size: Size | str = Size.PHONE) -> str:
        return zlib.decompress(packed(poster, language, Size(size))).decode()

    return asked
