"""One text given to the operator's gateway: an HTTPS address that takes JSON.

Every provider's own protocol differs; `docs/operator.md` says what the gateway is sent and what
it answers, so that an adapter of a few lines stands before any of them.
"""

import json

from django.conf import settings

from tongxin.channels.models import TextMessage
from tongxin.channels.webpush.pushing import Fate, Outcome
from tongxin.fetching import BadAddress, Posted, PrivateAddress, post
from tongxin.refusal import Refusal, Unreadable, noop

SHOWN_HERE = "development"


class NoGateway(Refusal):
    """Nobody has said how texts leave this house."""

    says = noop(
        "This site cannot send text messages yet. Your community committee or the health "
        "authority can sign you up on paper."
    )


def require_gateway() -> None:
    """Nothing, if texts can leave, or are shown on the development page. Raises `NoGateway`."""
    if not settings.SMS_URL and not settings.DEVELOPMENT:
        raise NoGateway


def send(message: TextMessage) -> Outcome:
    """Hand it over; nothing is written here. The number of the row lets a gateway drop doubles."""
    if not settings.SMS_URL:
        return Outcome(Fate.SENT, receipt=SHOWN_HERE)
    body = json.dumps(
        {"id": str(message.pk), "to": message.to, "text": message.text}, ensure_ascii=False
    )
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Authorization": f"Bearer {settings.SMS_TOKEN}",
        "Idempotency-Key": f"tongxin-{message.pk}",
    }
    try:
        answer = post(settings.SMS_URL, body.encode(), headers, may_be_private=True)
    except (PrivateAddress, BadAddress) as refusal:
        return Outcome(Fate.NEVER, str(refusal))
    except Unreadable as refusal:
        return Outcome(Fate.LATER, str(refusal))
    return read(answer)


def read(answer: Posted) -> Outcome:
    """2xx: taken; 4xx but 408 and 429: never; all else: later."""
    if 200 <= answer.status < 300:
        return Outcome(Fate.SENT, receipt=answer.headers.get("Message-Id", ""))
    reason = f"HTTP {answer.status}"
    if 400 <= answer.status < 500 and answer.status not in (408, 429):
        return Outcome(Fate.NEVER, reason)
    return Outcome(Fate.LATER, reason)
