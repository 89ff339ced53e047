"""What the worker does with words by the clock, each safe to run twice."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from wagtail.models import Revision

from tongxin import fetching
from tongxin.audit.actions import record
from tongxin.guidance.models import CheckedLink
from tongxin.guidance.workflow import Reviewed, kinds_of_words
from tongxin.refusal import Refusal

BY = "worker"
AT_ONCE = 10  # links asked in one turn
AGAIN_AFTER = timedelta(days=7)
AGAIN_IF_FAILING = timedelta(days=1)
GONE = 400  # statuses from here on are trouble
NOT_FOR_ROBOTS = {401, 403, 405, 429}  # the page may well open for a reader


def keep_hours(at: datetime) -> None:
    """Publish what was approved for an hour that has come; take away what ends."""
    for model in kinds_of_words():
        for words in model.objects.filter(live=True, expire_at__lt=at).order_by("expire_at"):
            _end(words)
    names = {model.get_base_content_type().pk for model in kinds_of_words()}
    due = Revision.objects.filter(approved_go_live_at__lte=at, base_content_type_id__in=names)
    for version in due.order_by("approved_go_live_at"):
        _begin(version, at)


def check_links(at: datetime) -> None:
    """Ask the servers of links in published words, a few at a time, the longest unasked first."""
    known = {row.url: row for row in CheckedLink.objects.all()}
    wanted = _published_links()
    CheckedLink.objects.exclude(url__in=wanted).delete()
    due = [url for url in sorted(wanted) if url not in known or _is_due(known[url], at)]
    due.sort(key=lambda url: known[url].checked_at.timestamp() if url in known else 0)
    for url in due[:AT_ONCE]:
        _check(known.get(url) or CheckedLink(url=url), at)


@transaction.atomic
def _end(words: Reviewed) -> None:
    words.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _begin(version: Revision, at: datetime) -> None:
    """Publish a version; if the house refuses, its appointment ends and the trail says why."""
    try:
        with transaction.atomic():
            version.publish(log_action="wagtail.publish.scheduled")
    except Refusal as refusal:
        with transaction.atomic():
            Revision.objects.filter(pk=version.pk).update(approved_go_live_at=None)
            words = version.content_object
            deed = f"{words._meta.app_label}.hour_refused"
            record(deed, words, by=BY, version=version.pk, why=type(refusal).__name__)


def _published_links() -> set[str]:
    return {
        url
        for model in kinds_of_words()
        for words in model.objects.filter(live=True)
        for url in words.links()
        if url
    }


def _is_due(link: CheckedLink, at: datetime) -> bool:
    wait = AGAIN_IF_FAILING if link.failing_since else AGAIN_AFTER
    return link.checked_at + wait <= at


def _check(link: CheckedLink, at: datetime) -> None:
    link.checked_at, link.status, link.trouble = at, None, ""
    try:
        link.status = fetching.status_of(link.url, may_be_private=settings.PULL_ALLOW_PRIVATE)
    except Refusal as refusal:
        link.trouble = str(refusal)[:200]
    is_trouble = link.status is None or link.status >= GONE and link.status not in NOT_FOR_ROBOTS
    link.failing_since = (link.failing_since or at) if is_trouble else None
    link.save()
