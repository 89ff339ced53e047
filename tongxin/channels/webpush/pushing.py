"""One message given to one push service, and what it says to that."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings

from tongxin.channels.models import Message
from tongxin.channels.webpush.encryption import base64url, encrypt
from tongxin.channels.webpush.identity import authorization
from tongxin.fetching import BadAddress, Posted, PrivateAddress, post
from tongxin.refusal import Unreadable

SECONDS = re.compile(r"[0-9]{1,9}")  # a stranger's number may be longer than any number is read


class Fate(StrEnum):
    SENT = "sent"
    GONE = "gone"  # the browser is no more
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it. ``wait``: seconds that the service asks us to wait."""

    fate: Fate
    reason: str = ""
    receipt: str = ""
    wait: int = 0


def push(message: Message, *, at: datetime) -> Outcome:
    """Encrypt and send; nothing is written here.

    The service keeps one message of a topic, so a message that went twice arrives once.
    """
    row = message.subscription
    body = encrypt(
        json.dumps(payload_of(message), ensure_ascii=False).encode(), key=row.key, secret=row.secret
    )
    seconds = max(0, int((message.expires_at - at).total_seconds()))
    headers = {
        "Authorization": authorization(
            row.endpoint, secrets=settings.HOME / "secrets", contact=contact(), at=at
        ),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(seconds),
        "Urgency": "high" if message.is_urgent else "normal",
        "Topic": base64url(hashlib.sha256(message.key.encode()).digest()[:24]),
    }
    try:
        answer = post(row.endpoint, body, headers, may_be_private=settings.DEVELOPMENT)
    except (PrivateAddress, BadAddress) as refusal:
        return Outcome(Fate.NEVER, str(refusal))
    except Unreadable as refusal:
        return Outcome(Fate.LATER, str(refusal))
    return read(answer)


def payload_of(message: Message) -> dict[str, Any]:
    """What the browser reads; the words for one person come from their letter."""
    if message.letter is None:
        return message.payload
    language = message.subscription.language
    words = message.letter.words_in(language)
    return words.payload(language=language, tag=message.about)


def read(answer: Posted) -> Outcome:
    """What a push service's status means (RFC 8030, 5 and 7.3)."""
    if answer.status in (200, 201, 202, 204):
        return Outcome(Fate.SENT, receipt=answer.headers.get("Location", ""))
    if answer.status in (404, 410):
        return Outcome(Fate.GONE)
    reason = f"HTTP {answer.status}"
    if answer.status in (400, 413):
        return Outcome(Fate.NEVER, reason)
    asked = answer.headers.get("Retry-After", "")
    return Outcome(Fate.LATER, reason, wait=int(asked) if SECONDS.fullmatch(asked) else 0)


def contact() -> str:
    """Whom a push service may write to about us."""
    url = settings.PUBLIC_URL
    return url if url.startswith("https://") else "mailto:tongxin@localhost"
