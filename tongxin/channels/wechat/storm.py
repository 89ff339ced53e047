"""Who follows or scans is greeted in one statement: a poster may be scanned by a county at once.

The message, its sender and that it is answered are written together, and what is said follows
from nothing else but the sender's language: so a repeat is greeted again and acts once. All else
takes the long way (`intake`).
"""

from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils import translation

from tongxin.channels.wechat import greeting
from tongxin.channels.wechat.followers import UPSERT, facts_of
from tongxin.channels.wechat.messages import Posted, Scanned, Subscribed
from tongxin.channels.wechat.replies import Reply, TextReply
from tongxin.channels.wechat.sealing import hash_of

FIRST = "tongxin.channels.wechat.greeting.answer"
GREET = f"""
WITH follower AS ({UPSERT}),
     received AS (
        INSERT INTO channels_received (account, key, body, follower_id, received_at, state, reply,
            tries, next_try_at, reason)
        SELECT %(account)s, %(key)s, '', follower.id, %(at)s, 'answered', '', 0, %(at)s, ''
        FROM follower
        ON CONFLICT (account, key) DO NOTHING)
SELECT language FROM follower
"""


def is_greeted(posted: Posted) -> bool:
    """Whether nobody but the greeting has the first word to this."""
    is_first = settings.WECHAT_ANSWERS[:1] == [FIRST]
    return is_first and isinstance(posted.content, Subscribed | Scanned)


def greet(account: str, posted: Posted, *, at: datetime) -> Reply:
    """The greeting; from here on it is known who came and by which code."""
    facts = facts_of(account, posted, at=at) | {"key": hash_of(account, posted.key)}
    with connection.cursor() as cursor:
        cursor.execute(GREET, facts)
        (language,) = cursor.fetchone()
    with translation.override(language):
        return TextReply(greeting.words(account))
