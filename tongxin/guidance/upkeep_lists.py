"""Published words that somebody should look after: what the page and the columns show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from wagtail.admin.admin_url_finder import AdminURLFinder

from tongxin.guidance.models import CheckedLink
from tongxin.guidance.upkeep import lagging, stale
from tongxin.guidance.workflow import Reviewed, kinds_of_words
from tongxin.people.models import User


@dataclass(frozen=True, slots=True)
class Behind:
    """Words of which one language is behind the other, since a moment."""

    words: Reviewed
    language: str
    since: datetime
    address: str


@dataclass(frozen=True, slots=True)
class Stale:
    """Words to look at again, and why."""

    words: Reviewed
    reasons: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A link that does not open, and one of the words that hold it."""

    link: CheckedLink
    words: Reviewed
    address: str


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Everything to look after, the longest waiting first.

    Attributes:
        asked: how many links were asked so far.
    """

    behind: list[Behind]
    stale: list[Stale]
    broken: list[Broken]
    asked: int


def upkeep(*, of: User, today: date) -> Upkeep:
    """What this person should look after, with addresses of the forms."""
    words = [row for model in kinds_of_words() for row in model.objects.filter(live=True)]
    find = AdminURLFinder(of).get_edit_url
    address = {(type(row), row.pk): find(row) or "" for row in words}
    broken = {link.url: link for link in CheckedLink.objects.filter(failing_since__isnull=False)}
    return Upkeep(
        behind=sorted(
            (
                Behind(row, *found, address[type(row), row.pk])
                for row in words
                if (found := lag_of(row))
            ),
            key=lambda one: one.since,
        ),
        stale=[
            Stale(row, reasons, address[type(row), row.pk])
            for row in words
            if (reasons := tuple(stale_of(row, today)))
        ],
        broken=[
            Broken(broken[url], row, address[type(row), row.pk])
            for row in words
            for url in row.links()
            if url in broken
        ],
        asked=CheckedLink.objects.count(),
    )


def lag_of(words: Reviewed) -> tuple[str, datetime] | None:
    """Which language is behind and since when, for words that keep both moments."""
    if not hasattr(words, "changed_zh_at"):
        return None
    return lagging(words.changed_zh_at, words.changed_en_at)


def stale_of(words: Reviewed, today: date) -> Iterator[str]:
    """Why somebody should look again, for words that have a day of review."""
    if getattr(words, "review_by", None) is None:
        return iter(())
    facts = {"review_by": words.review_by, "expires_on": words.expires_on}
    return stale(**facts, source_on=words.source_on, today=today)
