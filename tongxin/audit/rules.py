"""How one line of the trail is bound to the line before it. Plain Python."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

CHAINS = 8  # writers take turns within one chain only, so eight can write at once
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the trail as the rule sees it."""

    chain: int
    seq: int
    content: Mapping[str, object]
    previous: str
    hash: str


def link(previous: str, content: Mapping[str, object]) -> str:
    """The hash of a line: SHA-256 over the hash before it and its canonical JSON.

    >>> link(GENESIS, {"deed": "a"}) == link(GENESIS, {"deed": "a"})
    True
    >>> link(GENESIS, {"deed": "a"}) == link(GENESIS, {"deed": "b"})
    False
    """
    body = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(f"{previous}\n{body}".encode()).hexdigest()


def first_broken(lines: Iterable[Line]) -> Line | None:
    """The first line of one chain that was changed, removed or slipped in; None if whole.

    Args:
        lines: one chain in order of ``seq``, which starts at 1 and has no gaps.
    """
    previous, expected = GENESIS, 1
    for line in lines:
        whole = line.seq == expected and line.previous == previous
        if not whole or line.hash != link(previous, line.content):
            return line
        previous, expected = line.hash, expected + 1
    return None
