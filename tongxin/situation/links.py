"""Where a public page's links lead: within its own release, or within its own day.

A page of a release links relatively, so that a past release stays a whole; a page as it was
known on a day links to pages of the same day.
"""

from dataclasses import dataclass
from datetime import date

from tongxin.places.models import WORLD


@dataclass(frozen=True, slots=True)
class Links:
    """Links of one page. ``depth`` is how many folders it lies below the release's root."""

    language: str
    depth: int = 3
    as_of: date | None = None

    @property
    def root(self) -> str:
        return "/" if self.as_of else "../" * self.depth

    @property
    def static_root(self) -> str:
        """Where the page's styles and scripts lie: in its own release."""
        return f"{self.root}static/"

    def place(self, code: str) -> str:
        """The page of a place; the world's is the entry to all.

        >>> Links("en").place("CN"), Links("en", 2).place("001")
        ('../../../en/situation/CN/', '../../en/situation/')
        >>> Links("en", as_of=date(2020, 2, 12)).place("CN")
        '/en/situation/CN/as-of/2020-02-12/'
        """
        start = f"{self.root}{self.language}/situation/"
        if self.as_of:
            return f"{start}{code}/as-of/{self.as_of}/"
        return start if code == WORLD else f"{start}{code}/"

    def file(self, code: str, name: str) -> str:
        """A file of a place that is the same in every language."""
        return f"{self.root}situation/{code}/{name}"


def path_of(code: str, language: str, *, folder: str = "situation") -> str:
    """The public address of a place's page, for the language switch and the embed code.

    >>> path_of("CN", "zh-hans"), path_of("001", "en"), path_of("CN", "en", folder="embed")
    ('/zh-hans/situation/CN/', '/en/situation/', '/en/embed/CN/')
    """
    if code == WORLD and folder == "situation":
        return f"/{language}/situation/"
    return f"/{language}/{folder}/{code}/"
