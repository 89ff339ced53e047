"""Every write of the outbox and of who wants to be told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tongxin.audit.actions import record
from tongxin.channels import queries, rules
from tongxin.channels.models import Message, Subscription
from tongxin.channels.refusals import NotAKey, TooManyTopics
from tongxin.channels.rules import (
    KINDS,
    PERSON,
    RECEIPT,
    after_quiet_hours,
    hash_of,
    kinds_without,
    topic_of_receipt,
)
from tongxin.channels.webpush.encryption import reads_as_key
from tongxin.channels.words import Words

MOST_TOPICS = 20
RECEIPTS_MATTER_FOR = timedelta(days=30)
CLAIMED_FOR = timedelta(minutes=2)
BATCH = 50


@dataclass(frozen=True, slots=True)
class Browser:
    """What its push service gave a browser, and the language it is written to in."""

    endpoint: str
    key: str
    secret: str
    language: str


@transaction.atomic
def subscribe(
    browser: Browser, *, places: Collection[str], by: object, at: datetime
) -> Subscription:
    """The subscription of this browser: exactly these topics of places; receipts and persons stay.

    Raises:
        NotAKey: the keys are not those of a push subscription.
        TooManyTopics
    """
    row, is_new = _row_of(browser, at=at)
    others = [topic for topic in row.topics if topic.startswith((RECEIPT, PERSON))]
    return _follow(row, [*places, *others], is_new=is_new, by=by)


@transaction.atomic
def follow_also(browser: Browser, topic: str, *, by: object, at: datetime) -> Subscription:
    """The subscription of this browser, following one topic more.

    Raises:
        NotAKey, TooManyTopics
    """
    row, is_new = _row_of(browser, at=at)
    return _follow(row, [*row.topics, topic], is_new=is_new, by=by)


@transaction.atomic
def unfollow(endpoint: str, start: str, *, by: object) -> list[str]:
    """What a browser still follows without the topics that begin so.

    Of a kind of which it follows nothing more it is told nothing more, neither what waits nor
    what becomes of what it was told. Where nothing is left the browser is forgotten.
    """
    rows = Subscription.objects.select_for_update()
    row = rows.filter(endpoint_hash=hash_of(endpoint)).first()
    left = [topic for topic in row.topics if not topic.startswith(start)] if row else []
    if row and left and left != row.topics:
        row.topics = left
        row.save(update_fields=["topics"])
        row.messages.filter(kind__in=kinds_without(left)).delete()
        record("channels.unfollowed", row, by=by)
    elif not left:
        unsubscribe(endpoint, by=by)
    return left


@transaction.atomic
def end_topics(topics: Collection[str], *, about: str, by: object) -> int:
    """Nothing will be said of these any more, so nobody follows them; how many did.

    They would only count against what a device can follow. What waits to be said still goes:
    a message hangs on its subscription, which stays until `forget_idle`.
    """
    ended = set(topics)
    found = Subscription.objects.filter(topics__overlap=sorted(ended)).order_by("pk")
    rows = list(found.select_for_update(no_key=True))  # messages may go on hanging on them
    for row in rows:
        row.topics = [topic for topic in row.topics if topic not in ended]
    Subscription.objects.bulk_update(rows, ["topics"], batch_size=1000)
    if rows:
        record("channels.topics_ended", about, by=by, subscribers=len(rows))
    return len(rows)


@transaction.atomic
def forget_idle(number: int, *, by: object) -> bool:
    """Forget the browser of a subscription that follows nothing and for which nothing waits."""
    row = Subscription.objects.select_for_update().filter(pk=number, topics=[]).first()
    if row is None or row.messages.filter(sent_at=None, given_up_at=None).exists():
        return False
    record("channels.unsubscribed", row, by=by)
    row.delete()
    return True


@transaction.atomic
def unsubscribe(endpoint: str, *, by: object) -> bool:
    """Forget this browser and what waits for it; whether there was anything to forget."""
    row = Subscription.objects.filter(endpoint_hash=hash_of(endpoint)).first()
    if row is None:
        return False
    record("channels.unsubscribed", row, by=by)
    row.delete()
    return True


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to be said: in each language, with what it is about and how long it matters."""

    kind: str
    about: str
    key: str
    words: Mapping[str, Words]
    may_go_at: datetime
    expires_at: datetime
    is_urgent: bool = False


@transaction.atomic
def tell(
    telling: Telling,
    *,
    topics: Collection[str],
    also_told_of: Sequence[str] = (),
    by: object,
    at: datetime,
) -> int:
    """Say it to whoever follows one of the topics, and to whoever was told of those things.

    Said again with the same key it reaches only those it has not reached; how many.
    """
    told = Subscription.objects.filter(
        messages__about__in=list(also_told_of), messages__tries__gt=0
    )
    wanted = Q(topics__overlap=sorted(set(topics))) | Q(pk__in=told.values("pk"))
    has = Message.objects.filter(key=telling.key).values("subscription")
    rows = Subscription.objects.filter(wanted).exclude(pk__in=has)
    made = [
        Message(
            subscription=row,
            kind=telling.kind,
            about=telling.about,
            key=telling.key,
            payload=telling.words[row.language].payload(language=row.language, tag=telling.about),
            is_urgent=telling.is_urgent,
            made_at=at,
            next_try_at=max(at, telling.may_go_at),
            expires_at=telling.expires_at,
        )
        for row in rows.iterator(chunk_size=1000)
    ]
    Message.objects.bulk_create(made, batch_size=1000, ignore_conflicts=True)
    record("channels.told", telling.about, by=by, key=telling.key, subscribers=len(made))
    return len(made)


@transaction.atomic
def tell_receipts(
    stored: Collection[str],
    words: Mapping[str, Words],
    *,
    about: str,
    key: str,
    is_last: bool = False,
    by: object,
    at: datetime,
) -> int:
    """Say it to whoever follows one of these receipts, by day; how many.

    Neither what is said nor the trail names a receipt.

    Args:
        stored: the hashes of the receipts.
        is_last: nothing more will be said of them.
    """
    topics = [topic_of_receipt(one) for one in stored]
    telling = Telling(
        kind=KINDS[RECEIPT],
        about=about,
        key=key,
        words=words,
        may_go_at=after_quiet_hours(timezone.localtime(at)),
        expires_at=at + RECEIPTS_MATTER_FOR,
    )
    count = tell(telling, topics=topics, by=by, at=at) if topics else 0
    if is_last:
        end_topics(topics, about=about, by=by)
    return count


@transaction.atomic
def take_back(about: str, *, by: object, at: datetime) -> int:
    """Nobody who was not told yet is told of this any more; how many messages stay unsaid."""
    rows = Message.objects.filter(about=about, sent_at__isnull=True, given_up_at__isnull=True)
    count = rows.filter(tries=0).update(given_up_at=at, reason="taken back")
    if count:
        record("channels.taken_back", about, by=by, messages=count)
    return count


@transaction.atomic
def claim_messages(*, by: str, at: datetime) -> list[Message]:
    """Messages to try now, ours alone for two minutes; what is over is given up."""
    stale = Message.objects.filter(sent_at__isnull=True, given_up_at__isnull=True)
    stale.filter(expires_at__lte=at).update(given_up_at=at, reason="no longer matters")
    later = Message.objects.filter(
        subscription=OuterRef("subscription"), about=OuterRef("about"), pk__gt=OuterRef("pk")
    )
    due = stale.filter(next_try_at__lte=at, tries__gt=0)
    due.filter(Exists(later)).update(given_up_at=at, reason="overtaken")
    rows = queries.waiting(at=at).select_related("subscription", "letter")
    taken = list(rows.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    for row in taken:
        row.tries += 1
        row.next_try_at = at + CLAIMED_FOR
    Message.objects.bulk_update(taken, ["tries", "next_try_at"])
    return taken


@transaction.atomic
def settle_sent(message: Message, *, receipt: str, by: str, at: datetime) -> None:
    """The service took it."""
    Message.objects.filter(pk=message.pk).update(sent_at=at, receipt=receipt[:300], reason="")


@transaction.atomic
def settle_gone(message: Message, *, by: str, at: datetime) -> None:
    """The browser is gone: forget it."""
    row = Subscription.objects.filter(pk=message.subscription_id).first()
    if row is not None:
        record("channels.subscriber_is_gone", row, by=by)
        row.delete()


@transaction.atomic
def settle_failed(
    message: Message, *, reason: str, for_good: bool, by: str, at: datetime, wait: int = 0
) -> None:
    """Try later, or give up with the reason. ``wait``: seconds the service asked for."""
    row = Message.objects.filter(pk=message.pk)
    if for_good or message.tries >= rules.MOST_TRIES:
        row.update(given_up_at=at, reason=reason[:200])
        record("channels.gave_up", message, by=by, reason=reason[:200])
        return
    pause = max(rules.wait_after(message.tries), timedelta(seconds=min(wait, 86_400)))
    row.update(next_try_at=at + pause, reason=reason[:200])


def _row_of(browser: Browser, *, at: datetime) -> tuple[Subscription, bool]:
    """The browser's row, locked and renewed, and whether it is new. Raises `NotAKey`."""
    if not reads_as_key(browser.key, browser.secret):
        raise NotAKey
    given = asdict(browser)
    return Subscription.objects.update_or_create(
        endpoint_hash=hash_of(browser.endpoint),
        defaults=given,
        create_defaults=given | {"topics": [], "made_at": at},
    )


def _follow(
    row: Subscription, topics: Collection[str], *, is_new: bool, by: object
) -> Subscription:
    """From now on the row follows exactly these. Raises `TooManyTopics`."""
    row.topics = sorted(set(topics))
    if len(row.topics) > MOST_TOPICS:
        raise TooManyTopics(most=MOST_TOPICS)
    row.save(update_fields=["topics"])
    record("channels.subscribed", row, by=by, is_new=is_new)
    return row
