"""The files of the parts besides the figures: drawn where they have changed, else as they lie."""

from collections.abc import Iterator
from datetime import datetime

from tongxin.releases import parts, queries
from tongxin.releases.store import store


def part_files(at: datetime) -> Iterator[tuple[str, bytes | str]]:
    """Path and content of every file of every part, or the SHA-256 of content the store has."""
    current, shelf = queries.current_release(), store()
    before = current.manifest.get("parts", {}) if current else {}
    lying = shelf.files(current.pk) if current and before else {}
    same = {part.name for part in parts.parts() if before.get(part.name) == part.state(at)}
    for part in parts.parts():
        if part.name in same:
            yield from (
                (path, sha) for path, sha in lying.items() if part.owns(path) and shelf.has(sha)
            )
    yield from parts.drawn(at, only=parts.states(at).keys() - same)
