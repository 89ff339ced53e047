"""JSON from outside, within bounds: of whose depth, size and letters nothing can go wrong."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

MOST_BYTES = 3_000_000
MOST_NODES = 300_000
DEEPEST = 100


class NotPlain(ValueError):
    """Not JSON, or not within bounds."""


def read_json(data: bytes | str, *, most_bytes: int = MOST_BYTES) -> Any:
    """What the text says. Raises `NotPlain`."""
    if len(data) > most_bytes:
        raise NotPlain
    try:
        found = json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotPlain from error
    require_plain(found)
    return found


def _refuse(name: str) -> float:
    raise NotPlain(name)


def require_plain(found: Any) -> None:
    """Raises `NotPlain` where something is too deep, too much, or no text that can be stored."""
    waiting, count = [(found, 0)], 0
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if depth > DEEPEST or count > MOST_NODES or not _is_storable(node):
            raise NotPlain
        waiting.extend((below, depth + 1) for below in _below(node))


def _below(node: Any) -> Iterator[Any]:
    if isinstance(node, Mapping):
        yield from node
        yield from node.values()
    elif isinstance(node, list):
        yield from node


def _is_storable(node: Any) -> bool:
    if isinstance(node, str):
        return "\x00" not in node and not any("\ud800" <= letter <= "\udfff" for letter in node)
    if isinstance(node, float):
        return math.isfinite(node)
    return node is None or isinstance(node, bool | int | dict | list)
