"""What a message says of its sender: do they follow, which window is open, what they allow."""

from datetime import datetime
from typing import Any

from django.conf import settings

from tongxin.channels.wechat.messages import (
    Clicked,
    Consents,
    ConsentsChanged,
    ConsentSpent,
    Image,
    Link,
    Location,
    Posted,
    Scanned,
    Subscribed,
    TemplateDone,
    Text,
    Unsubscribed,
    Video,
    Voice,
)
from tongxin.channels.wechat.models import Follower, Grant, Received, Spending
from tongxin.channels.wechat.sealing import hash_of, seal, unseal

WRITTEN = Text | Image | Voice | Video | Location | Link
TOUCHES = Clicked | Subscribed | Scanned
# What WeChat itself reports says nothing of whether somebody still follows.
REPORTS = TemplateDone | ConsentSpent | ConsentsChanged
LONGEST_SCENE = 64
# One statement, because a county that scans a poster is a storm of them. Who follows is settled by
# WeChat's clock, in whatever order it comes; within a second, leaving is the last word.
UPSERT = """
INSERT INTO channels_follower AS known
    (account, openid_hash, openid, language, is_subscribed, subscription_said_at, scene,
     wrote_at, touched_at, made_at)
VALUES (%(account)s, %(hash)s, %(openid)s, %(language)s, %(is_subscribed)s, %(said_at)s, %(scene)s,
     %(wrote_at)s, %(touched_at)s, %(at)s)
ON CONFLICT (account, openid_hash) DO UPDATE SET
    is_subscribed = CASE
        WHEN excluded.subscription_said_at IS NULL THEN known.is_subscribed
        WHEN known.subscription_said_at IS NULL
          OR (excluded.subscription_said_at, NOT excluded.is_subscribed)
             >= (known.subscription_said_at, NOT known.is_subscribed) THEN excluded.is_subscribed
        ELSE known.is_subscribed END,
    subscription_said_at = GREATEST(known.subscription_said_at, excluded.subscription_said_at),
    wrote_at = GREATEST(known.wrote_at, excluded.wrote_at),
    touched_at = GREATEST(known.touched_at, excluded.touched_at),
    scene = CASE WHEN excluded.scene = '' THEN known.scene ELSE excluded.scene END
RETURNING *
"""


def note(row: Received, posted: Posted, *, at: datetime) -> Follower:
    """The sender's row, as it is after this message. In the caller's transaction, safe twice.

    What is older than what is known changes nothing that the newer has settled.
    """
    (follower,) = Follower.objects.raw(UPSERT, facts_of(row.account, posted, at=at))
    _note_consents(row, follower, posted)
    return follower


def facts_of(account: str, posted: Posted, *, at: datetime) -> dict[str, Any]:
    """What `UPSERT` takes."""
    content, sent_at = posted.content, posted.sent_at
    hashed = hash_of(account, posted.sender)
    return {
        "account": account,
        "hash": hashed,
        "openid": seal(posted.sender.encode(), about=_about(account, hashed)),
        "is_subscribed": not isinstance(content, Unsubscribed),
        "said_at": None if isinstance(content, REPORTS) else sent_at,
        "scene": content.scene[:LONGEST_SCENE] if isinstance(content, Subscribed | Scanned) else "",
        "wrote_at": sent_at if isinstance(content, WRITTEN) else None,
        "touched_at": sent_at if isinstance(content, TOUCHES) else None,
        "language": settings.LANGUAGE_CODE,
        "at": at,
    }


def openid_of(follower: Follower) -> str:
    """What WeChat calls them; leaves this house only towards WeChat."""
    return unseal(follower.openid, about=_about(follower.account, follower.openid_hash)).decode()


def known(account: str, openid: str, *, at: datetime) -> Follower:
    """The row of whoever signs in by WeChat; made where they never wrote."""
    hashed = hash_of(account, openid)
    given = {
        "openid": seal(openid.encode(), about=_about(account, hashed)),
        "is_subscribed": False,
        "made_at": at,
    }
    row, _ = Follower.objects.get_or_create(account=account, openid_hash=hashed, defaults=given)
    return row


def _about(account: str, hashed: str) -> str:
    return f"openid:{account}:{hashed}"


def _note_consents(row: Received, follower: Follower, posted: Posted) -> None:
    match posted.content:
        case Consents(answers):
            grants = [
                Grant(
                    follower=follower,
                    template=answer.template,
                    received=row,
                    place=place,
                    given_at=posted.sent_at,
                )
                for place, answer in enumerate(answers)
                if answer.is_given and answer.template
            ]
            Grant.objects.bulk_create(grants, ignore_conflicts=True)
        case ConsentsChanged(answers):
            refused = [answer.template for answer in answers if not answer.is_given]
            left = follower.grants.filter(template__in=refused, ended_at=None)
            left.filter(given_at__lte=posted.sent_at).update(ended_at=posted.sent_at)
        case TemplateDone(number, status):
            _note_arrival(follower, number, code=0 if status == "success" else -1)
        case ConsentSpent(number, _, code):
            _note_arrival(follower, number, code=code)


def _note_arrival(follower: Follower, number: str, *, code: int) -> None:
    """WeChat's receipt for one message of ours."""
    if number:
        state = Spending.State.ARRIVED if code == 0 else Spending.State.WENT
        follower.spendings.filter(message_id=number).update(state=state, code=code)
