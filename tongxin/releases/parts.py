"""The parts a release is made of: each app that tells the public something gives one.

``settings.RELEASE_PARTS`` names them. A release of figures draws the figures anew and takes the
other parts as they stand; when the words of a part change (an editor publishes, an hour comes, a
piece of advice expires) the worker renews the current release with that part drawn anew and
everything else carried over, so that nobody publishes figures by correcting a sentence.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

Content = Iterable[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Part:
    """What one app lays before the public.

    Attributes:
        name: a word, as in the manifest.
        owns: whether a path of a release belongs to this part.
        state: a hash of everything its files depend on, at a moment. Cheap: asked every few
            seconds.
        draw: its files at that moment.
    """

    name: str
    owns: Callable[[str], bool]
    state: Callable[[datetime], str]
    draw: Callable[[datetime], Content]


def under(*beginnings: str) -> Callable[[str], bool]:
    """A test for paths that begin so.

    >>> owns = under("en/myths/", "myths/")
    >>> owns("en/myths/index.html"), owns("en/index.html")
    (True, False)
    """
    return lambda path: path.startswith(beginnings)


@cache
def parts() -> tuple[Part, ...]:
    """Every part besides the figures."""
    return tuple(import_string(name) for name in settings.RELEASE_PARTS)


def states(at: datetime) -> dict[str, str]:
    """The state of every part: what the manifest says of them."""
    return {part.name: part.state(at) for part in parts()}


def drawn(at: datetime, *, only: Iterable[str] | None = None) -> Iterator[tuple[str, bytes]]:
    """The files of the parts, of all or of those named.

    Raises:
        ValueError: a part draws a path that it does not own.
    """
    chosen = None if only is None else set(only)
    for part in parts():
        if chosen is not None and part.name not in chosen:
            continue
        for path, content in part.draw(at):
            if not part.owns(path):
                raise ValueError(f"{part.name} does not own {path!r}")
            yield path, content
