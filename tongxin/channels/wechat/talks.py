"""What a conversation of several messages has come to: kept sealed, and an hour at most.

An answer of an app above that asks something back holds what it knows here, in the transaction of
the message it answers. One conversation at a time: whoever begins another leaves the first.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from tongxin.channels.wechat.models import Talk

LASTS = timedelta(hours=1)


def held(follower: int, about: str, *, at: datetime) -> dict[str, Any] | None:
    """What the follower's conversation about this has come to; None where there is none.

    The row is locked, so that of two messages the second sees what the first has said.
    """
    rows = Talk.objects.select_for_update().filter(follower=follower, about=about, until__gt=at)
    row = rows.first()
    return json.loads(row.kept) if row else None


def hold(follower: int, about: str, kept: dict[str, Any], *, at: datetime) -> None:
    """The conversation goes on from here."""
    said = {"about": about, "kept": json.dumps(kept, ensure_ascii=False), "until": at + LASTS}
    Talk.objects.update_or_create(follower_id=follower, defaults=said)


def end(follower: int, about: str) -> None:
    """It is over, and forgotten."""
    Talk.objects.filter(follower=follower, about=about).delete()


def forget_talks(*, at: datetime) -> int:
    """Forget conversations that nobody went on with for an hour; how many."""
    count, _ = Talk.objects.filter(until__lte=at).delete()
    return count
