"""One look at one letter: read the receipts, wait, or take the next way."""

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from tongxin.channels.models import Attempt, Letter
from tongxin.channels.reaching import actions, by_email, by_wechat, queries
from tongxin.channels.reaching.receipts import DELIVERED, FAILED, OPEN, Fate, fate_of
from tongxin.channels.reaching.rules import LOOKS_AGAIN_AFTER, Way, looks_again_after, may_begin_at

BROKEN_FOR = timedelta(minutes=1)
STARTS = {Way.WECHAT: by_wechat.start, Way.EMAIL: by_email.start}
"""Ways without an outbox of their own: asked outside any transaction."""
log = logging.getLogger("tongxin.channels.reaching")


def carry_due(*, by: str, at: datetime) -> int:
    """Look at what is due, some at a time; how many. A failure stops no other letter."""
    taken = actions.claim_letters(by=by, at=at)
    for letter in taken:
        try:
            carry(letter, by=by, at=at)
        except Exception:
            log.exception("letter %s could not be carried", letter.pk)
            actions.look_again(letter, at + BROKEN_FOR, by=by)
    return len(taken)


def carry(letter: Letter, *, by: str, at: datetime) -> None:
    """Delivered, undelivered, or to be looked at again."""
    attempts = list(letter.attempts.select_related("letter", "text"))
    for attempt in attempts:
        if _is_delivered(attempt, by=by, at=at):
            actions.settle_delivered(letter, attempt, by=by, at=at)
            return
    waiting = [one for one in attempts if one.state == OPEN]
    if waiting:
        waited = at - min(one.began_at for one in waiting)
        pause = looks_again_after(waited, is_urgent=letter.is_urgent)
        moment = min(at + pause, *(one.waits_until for one in waiting))
        actions.look_again(letter, moment, by=by)
        return
    _take_next(letter, {one.way for one in attempts}, by=by, at=at)


def _take_next(letter: Letter, taken: set[str], *, by: str, at: datetime) -> None:
    """Begin the next way that exists; the one after it where it fails at once."""
    left = [way for way in queries.ways_of(letter) if way not in taken]
    if at >= letter.expires_at or not left:
        actions.settle_undelivered(letter, by=by, at=at)
        return
    moment = may_begin_at(timezone.localtime(at), is_urgent=letter.is_urgent)
    if moment > at:
        actions.look_again(letter, min(moment, letter.expires_at), by=by)
        return
    there = queries.ways_there_are(letter.person)
    for way in (way for way in left if way in there):
        attempt = actions.begin_way(letter, way, by=by, at=at)
        if _is_delivered(attempt, is_first=True, by=by, at=at):
            actions.settle_delivered(letter, attempt, by=by, at=at)
            return
        if attempt.state == OPEN:
            actions.look_again(letter, at + LOOKS_AGAIN_AFTER, by=by)
            return
    actions.settle_undelivered(letter, by=by, at=at)


def _is_delivered(attempt: Attempt, *, is_first: bool = False, by: str, at: datetime) -> bool:
    """Whether the receipt is there. What failed or was waited for too long is closed."""
    fate = fate_of(attempt)
    if fate.state == OPEN and attempt.state == OPEN and at < attempt.waits_until:
        fate = _start(attempt, fate, is_first=is_first, by=by, at=at)
    if fate.state == FAILED and attempt.state != FAILED:
        actions.end_way(attempt, FAILED, reason=fate.reason, by=by)
    elif fate.state == OPEN and attempt.state == OPEN and at >= attempt.waits_until:
        actions.end_way(attempt, Attempt.State.SILENT, reason="no receipt in time", by=by)
    return fate.state == DELIVERED


def _start(attempt: Attempt, fate: Fate, *, is_first: bool, by: str, at: datetime) -> Fate:
    """Give it to the way, if nothing else does: WeChat's ledger knows what was said before; an
    e-mail is given once, when the way is begun."""
    way = Way(attempt.way)
    if way not in STARTS or (way == Way.EMAIL and not is_first):
        return fate
    return STARTS[way](attempt, by=by, at=at)
