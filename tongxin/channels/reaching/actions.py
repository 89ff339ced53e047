"""Every write about letters."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.channels import actions as outbox
from tongxin.channels.actions import Browser, end_topics, follow_also
from tongxin.channels.models import Attempt, Letter, Message, Reach, Subscription, TextMessage
from tongxin.channels.reaching import queries
from tongxin.channels.reaching.rules import (
    DEFAULT_ORDER,
    Way,
    patience,
)
from tongxin.channels.rules import PERSON
from tongxin.channels.sms.actions import send_text
from tongxin.channels.words import Words
from tongxin.people.models import Person

CLAIMED_FOR = timedelta(minutes=2)
BATCH = 20
WORDS_KEPT_FOR = timedelta(days=30)
KEPT_FOR = timedelta(days=365)


@transaction.atomic
def tell_person(
    person: Person,
    words: Mapping[str, Words],
    *,
    kind: str,
    key: str,
    holds_for: timedelta,
    is_urgent: bool = False,
    by: object,
    at: datetime,
) -> Letter:
    """The letter to this person, queued in the caller's transaction; the worker carries it.

    Said again under the same key it is the letter that was said first.

    Args:
        words: by language, every one of the site's.
        kind: what it is about, for `undelivered`: a slug.
        holds_for: after that no further way is begun; thirty days at most.
        is_urgent: a red flag. It rings at night, waits seconds for a receipt instead of minutes,
            and takes every way there is, also those the person has switched off.
    """
    made = {
        "kind": kind,
        "words": json.dumps({code: asdict(one) for code, one in words.items()}, ensure_ascii=False),
        "is_urgent": is_urgent,
        "made_at": at,
        "next_try_at": at,
        "expires_at": at + min(holds_for, WORDS_KEPT_FOR),
    }
    letter, is_new = Letter.objects.get_or_create(person=person, key=key, defaults=made)
    if is_new:
        record("channels.letter_queued", letter, by=by, kind=kind, is_urgent=is_urgent)
    return letter


@transaction.atomic
def claim_letters(*, by: str, at: datetime) -> list[Letter]:
    """Letters to look at now, ours alone for two minutes."""
    rows = queries.due_letters(at=at).select_related("person")
    taken = list(rows.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    Letter.objects.filter(pk__in=[row.pk for row in taken]).update(next_try_at=at + CLAIMED_FOR)
    return taken


@transaction.atomic
def begin_way(letter: Letter, way: Way, *, by: str, at: datetime) -> Attempt:
    """The letter takes this way. What an outbox carries is queued with it, once."""
    made = {"began_at": at, "waits_until": at + patience(way, is_urgent=letter.is_urgent)}
    attempt, is_new = Attempt.objects.get_or_create(letter=letter, way=way, defaults=made)
    if is_new and way == Way.PUSH:
        _queue_pushes(letter, at=at)
    elif is_new and way == Way.SMS:
        attempt.text = _queue_text(letter, at=at)
        attempt.save(update_fields=["text"])
    return attempt


@transaction.atomic
def end_way(attempt: Attempt, state: str, *, reason: str, by: str) -> None:
    """It has failed, or given no receipt in time."""
    attempt.state, attempt.reason = state, reason[:60]
    attempt.save(update_fields=["state", "reason"])


@transaction.atomic
def settle_delivered(letter: Letter, attempt: Attempt, *, by: str, at: datetime) -> None:
    """There is a receipt: nothing more is tried, and what still waits in an outbox stays unsaid."""
    Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.DELIVERED, reason="")
    _settle(letter, Letter.State.DELIVERED, delivered_by=attempt.way, at=at)
    outbox.take_back(letter.about, by=by, at=at)
    texts = TextMessage.objects.filter(attempt__letter=letter, tries=0, sent_at=None)
    texts.filter(given_up_at=None).update(given_up_at=at, reason="delivered otherwise")


@transaction.atomic
def settle_undelivered(letter: Letter, *, by: str, at: datetime) -> None:
    """No way is left, or it no longer matters: `undelivered` shows it to who wrote it."""
    _settle(letter, Letter.State.UNDELIVERED, delivered_by="", at=at)
    record("channels.letter_undelivered", letter, by=by, kind=letter.kind)


@transaction.atomic
def look_again(letter: Letter, moment: datetime, *, by: str) -> None:
    """The worker takes the letter again at this moment."""
    Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING).update(next_try_at=moment)


@transaction.atomic
def choose_ways(
    person: Person,
    *,
    order: Sequence[str],
    off: Collection[str],
    language: str,
    is_one_conversation: bool,
    by: object,
    at: datetime,
) -> Reach:
    """How the person wants to be reached from now on."""
    said = {
        "order": [way for way in order if way in DEFAULT_ORDER],
        "off": sorted(way for way in off if way in DEFAULT_ORDER),
        "language": language,
        "is_one_conversation": is_one_conversation,
        "changed_at": at,
    }
    row, _ = Reach.objects.update_or_create(person=person, defaults=said)
    record("channels.ways_chosen", row, by=by)
    return row


@transaction.atomic
def let_several_accounts(person: Person, *, is_allowed: bool, by: object, at: datetime) -> Reach:
    """Whether every linked account of WeChat may write to the person, or the first one only."""
    said = {"is_one_conversation": is_allowed, "changed_at": at}
    row, _ = Reach.objects.update_or_create(person=person, defaults=said)
    record("channels.several_accounts", row, by=by, is_allowed=is_allowed)
    return row


@transaction.atomic
def tell_on_this_browser(
    person: Person, browser: Browser, *, by: object, at: datetime
) -> Subscription:
    """This browser is told what the person is told. Raises `NotAKey`, `TooManyTopics`."""
    Reach.objects.get_or_create(
        person=person, defaults={"language": browser.language, "changed_at": at}
    )
    return follow_also(browser, queries.topic_of_person(person), by=by, at=at)


@transaction.atomic
def tell_on_no_browser(person: Person, *, by: object) -> int:
    """No browser is told what the person is told any more; how many were."""
    topic = queries.topic_of_person(person)
    return end_topics([topic], about="person's browsers", by=by)


@transaction.atomic
def forget_letters(*, by: str, at: datetime) -> int:
    """Forget the words of letters after thirty days, the letters after a year; how many."""
    old = Letter.objects.filter(made_at__lt=at - WORDS_KEPT_FOR)
    gone = old.exclude(words="").update(words="")
    Message.objects.filter(letter__in=old).delete()
    old.filter(made_at__lt=at - KEPT_FOR).delete()
    if gone:
        record("channels.letters_forgotten", "letters", by=by, count=gone)
    return gone


@transaction.atomic
def forget_persons_gone(*, by: str) -> int:
    """Browsers stop following persons whose record is erased; how many topics."""
    told = Subscription.objects.filter(topics__contains=[]).values_list("topics", flat=True)
    followed = {topic for topics in told for topic in topics if topic.startswith(PERSON)}
    known = {queries.topic_of_person(row.person) for row in Reach.objects.select_related("person")}
    gone = followed - known
    if gone:
        end_topics(gone, about="erased persons", by=by)
    return len(gone)


def _settle(letter: Letter, state: str, *, delivered_by: str, at: datetime) -> None:
    rows = Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING)
    rows.update(state=state, delivered_by=delivered_by, settled_at=at)


def _queue_pushes(letter: Letter, *, at: datetime) -> None:
    """One message for each browser of the person; the words stay in the letter."""
    made = [
        Message(
            subscription=row,
            kind="letter",
            about=letter.about,
            key=letter.about,
            letter=letter,
            payload={},
            is_urgent=letter.is_urgent,
            made_at=at,
            next_try_at=at,
            expires_at=letter.expires_at,
        )
        for row in queries.browsers_of(letter.person)
    ]
    Message.objects.bulk_create(made, ignore_conflicts=True)


def _queue_text(letter: Letter, *, at: datetime) -> TextMessage | None:
    """The text to the person's telephone; nothing where they have none."""
    if Way.SMS not in queries.ways_there_are(letter.person):
        return None
    words = letter.words_in(queries.reach_of(letter.person).language)
    return send_text(
        letter.person.phone,
        words.as_text(),
        kind=letter.kind,
        holds_for=letter.expires_at - at,
        by="letter",
        at=at,
    )
