"""Answers that an app above could attach."""

import time

from tongxin.channels.models import Subscription
from tongxin.channels.wechat.messages import Clicked, Text
from tongxin.channels.wechat.refusals import NoSuchAccount
from tongxin.channels.wechat.replies import TextReply


def log_fever(inbound):
    """Writes a row for every text that is a number, and says how many there are."""
    match inbound.content:
        case Text(text) if text.replace(".", "").isdigit():
            number = Subscription.objects.count() + 1
            Subscription.objects.create(
                endpoint=f"{text} {number}",
                endpoint_hash=str(number),
                key="",
                secret="",
                language=inbound.language,
                topics=[],
                made_at=inbound.received_at,
            )
            return TextReply(f"logged {number}")
    return None


def log_fever_and_break(inbound):
    log_fever(inbound)
    raise RuntimeError("broken after the write")


def slow(inbound):
    time.sleep(0.2)
    return TextReply("after a while")


def clinic(inbound):
    match inbound.content:
        case Clicked("clinic"):
            return TextReply("the nearest fever clinic")
    return None


def refuses(inbound):
    raise NoSuchAccount(name="x")


def assistant(inbound):
    match inbound.content:
        case Text(text):
            return TextReply(f"you asked: {text}")
    return None
