"""What comes in: kept once, answered once, told to the ledger. See `views` for the door."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from tongxin.channels.wechat import greeting, registry, sending
from tongxin.channels.wechat.followers import note
from tongxin.channels.wechat.messages import Posted, read
from tongxin.channels.wechat.models import Received
from tongxin.channels.wechat.refusals import NotAffordable, RefusedByWeChat, Unreachable
from tongxin.channels.wechat.registry import Inbound
from tongxin.channels.wechat.replies import Reply, as_json, from_json
from tongxin.channels.wechat.sealing import hash_of, seal, unseal

BUDGET = 4.0  # seconds after which WeChat may have given up waiting (it does after 5)
GRACE = timedelta(seconds=6)  # then whoever took the request is dead, and the worker takes it
MOST_TRIES = 6
FIRST_WAIT = timedelta(seconds=5)
AT_A_TIME = 200
KEPT = timedelta(days=3)

State = Received.State
WAITING, ANSWERED, TO_SEND, SENT, GIVEN_UP = (
    State.WAITING, State.ANSWERED, State.TO_SEND, State.SENT, State.GIVEN_UP,
)  # fmt: skip
INSERT = """
INSERT INTO channels_received
    (account, key, body, received_at, state, reply, tries, next_try_at, reason)
VALUES (%s, %s, %s, %s, 'waiting', '', 0, %s, '')
ON CONFLICT (account, key) DO NOTHING RETURNING id
"""

TAKE = """
SELECT id, account, key, received_at FROM channels_received
WHERE id = %s AND state = 'waiting' FOR UPDATE SKIP LOCKED
"""
SETTLE = """
UPDATE channels_received
SET follower_id = %s, state = %s, reply = %s, body = '', next_try_at = %s WHERE id = %s
"""

log = logging.getLogger("tongxin.channels.wechat")


def store(account: str, body: bytes, posted: Posted, *, at: datetime) -> int | None:
    """The number of the message, durable from here on; None if it had come before."""
    key = hash_of(account, posted.key)
    sealed = seal(body, about=f"received:{account}:{key}")
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [account, key, sealed, at, at + GRACE])
        row = cursor.fetchone()
    return row[0] if row else None


def said_before(account: str, posted: Posted) -> Reply | None:
    """What was answered at once when this message first came."""
    key = hash_of(account, posted.key)
    row = Received.objects.filter(account=account, key=key, state=ANSWERED).first()
    return _reply(row) if row and row.reply else None


@transaction.atomic
def answer_at_once(
    number: int, posted: Posted, *, elapsed: Callable[[], float], at: datetime
) -> Reply | None:
    """The answer that is ready in time; without one the worker answers later, or nobody.

    Args:
        elapsed: seconds since the request came.
    """
    row = next(iter(Received.objects.raw(TAKE, [number])), None)
    if row is None:  # so slow that the worker has taken it
        return None
    inbound, later = _noted(row, posted, at=at), registry.later()
    last = [] if later else [greeting.not_understood]
    reply = registry.first_answer([*registry.at_once(), *last], inbound)
    if reply is None and later:
        Received.objects.filter(pk=row.pk).update(follower=row.follower, next_try_at=at)
        return None
    is_in_time = elapsed() <= BUDGET
    _settle(row, reply, TO_SEND if reply and not is_in_time else ANSWERED, at=at)
    return reply if is_in_time else None


@transaction.atomic
def answer_later(number: int, *, at: datetime) -> bool:
    """Ask everybody for an answer to a message that still waits; it goes by `send_answer`.

    False where somebody else is at it.
    """
    rows = Received.objects.select_for_update(skip_locked=True)
    row = rows.filter(pk=number, state=WAITING).first()
    if row is None:
        return False
    posted = read(unseal(row.body, about=_about(row)))
    inbound = _noted(row, posted, at=at)
    everybody = [*registry.at_once(), *registry.later(), greeting.not_understood]
    reply = registry.first_answer(everybody, inbound)
    _settle(row, reply, TO_SEND if reply else ANSWERED, at=at)
    return True


def send_answer(row: Received, *, by: str, at: datetime) -> None:
    """Send the answer as a customer-service message, or write down why it cannot go."""
    outgoing = sending.Outgoing(key=f"answer:{row.pk}", reply=_reply(row))
    state, reason = SENT, ""
    try:
        sending.send(row.follower_id, outgoing, by=by, at=at)
    except NotAffordable as refusal:
        state, reason = GIVEN_UP, refusal.reason.value
    except RefusedByWeChat as refusal:
        state, reason = GIVEN_UP, f"error {refusal.code}"
    except Unreachable as refusal:
        if refusal.is_unsent:
            put_off(row.pk, "unreachable", at=at)
            return
        state, reason = GIVEN_UP, "nobody knows"
    Received.objects.filter(pk=row.pk, state=TO_SEND).update(state=state, reason=reason)


def answer_waiting(*, by: str, at: datetime) -> int:
    """Answer and send what waits; how much was done. A failure stops no other message."""
    due = Received.objects.filter(next_try_at__lte=at).order_by("next_try_at", "pk")
    waiting = list(due.filter(state=WAITING).values_list("pk", flat=True)[:AT_A_TIME])
    done = 0
    for number in waiting:
        try:
            done += answer_later(number, at=at)
        except Exception:  # of an app above: the others must not wait for its mending
            log.exception("no answer to message %s", number)
            put_off(number, "failed", at=at)
    to_send = list(due.filter(state=TO_SEND)[:AT_A_TIME])
    for row in to_send:
        send_answer(row, by=by, at=at)
    return done + len(to_send)


@transaction.atomic
def put_off(number: int, reason: str, *, at: datetime) -> None:
    """Try again after twice the time, or give up."""
    row = Received.objects.select_for_update().get(pk=number)
    row.tries += 1
    row.next_try_at = at + FIRST_WAIT * 2 ** min(row.tries, 10)
    row.reason = reason
    if row.tries >= MOST_TRIES:
        row.state = GIVEN_UP
    row.save(update_fields=["tries", "next_try_at", "reason", "state"])


def forget_old(*, at: datetime) -> int:
    """Forget what came more than three days ago; how many messages."""
    old = Received.objects.filter(received_at__lt=at - KEPT)
    count, _ = old.exclude(state__in=[WAITING, TO_SEND]).delete()
    return count


def _noted(row: Received, posted: Posted, *, at: datetime) -> Inbound:
    """The message as answers see it, its sender known from now on."""
    row.follower = note(row, posted, at=at)
    return Inbound(
        account=row.account,
        follower=row.follower.pk,
        language=row.follower.language,
        sent_at=posted.sent_at,
        received_at=row.received_at,
        content=posted.content,
    )


def _settle(row: Received, reply: Reply | None, state: str, *, at: datetime) -> None:
    """Keep the answer; what was written to us is not needed any more."""
    kept = seal(json.dumps(as_json(reply)).encode(), about=_about(row)) if reply else b""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [row.follower.pk, state, kept, at, row.pk])


def _reply(row: Received) -> Reply:
    return from_json(json.loads(unseal(row.reply, about=_about(row))))


def _about(row: Received) -> str:
    return f"received:{row.account}:{row.key}"
