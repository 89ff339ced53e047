"""How those who follow a place are told of an alert, and of what becomes of it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, override

from tongxin.channels import actions as channels
from tongxin.channels.rules import KINDS, PLACE, topic_of
from tongxin.channels.words import Words
from tongxin.notices import queries, rules
from tongxin.notices.models import Notice, Step

NEWS_AGES = timedelta(hours=12)


def tell_of(row: Notice, *, by: object, at: datetime) -> int:
    """Put it into the outbox for who follows its places, and for who was told what it follows."""
    line = queries.line_of(row)
    for earlier in line[1:]:
        channels.take_back(about_of(earlier), by=by, at=at)
    ring = rules.may_ring_at(timezone.localtime(at), severity=row.severity)
    expires_at = max(row.expires_at or at, ring) + (NEWS_AGES if row.is_over else timedelta())
    topics = {topic_of(code) for code in queries.concerned(row.places)} if wakes(row) else set()
    return channels.tell(
        channels.Telling(
            kind=KINDS[PLACE],
            about=about_of(row),
            key=about_of(row),
            words={code: words_of(row, code) for code, _ in settings.LANGUAGES},
            may_go_at=ring,
            expires_at=expires_at,
            is_urgent=row.severity in rules.WAKES,
        ),
        topics=topics,
        also_told_of=[about_of(earlier) for earlier in line[1:]],
        by=by,
        at=at,
    )


def wakes(row: Notice) -> bool:
    """Whether it is told to all who follow the place, not only to who heard the one before."""
    return not row.is_over


def about_of(row: Notice) -> str:
    """What messages about it are filed under."""
    return f"notice:{row.code}"


def words_of(row: Notice, language: str) -> Words:
    """Title, text and page of a message; an update says that it is one."""
    with override(language):
        title = row.said("title", language)
        if row.step != Step.FIRST:
            title = gettext("{step}: {title}").format(step=row.get_step_display(), title=title)
        return Words(title, row.said("text", language), f"/{language}/notices/{row.code}/")
