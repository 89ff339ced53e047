"""What the worker does with texts, safe to run twice."""

from datetime import datetime

from tongxin.channels.sms import actions, intake
from tongxin.channels.sms.gateway import send

BY = "worker"


def send_texts(at: datetime) -> None:
    """Send what may go now. Nothing holds a transaction while the gateway answers."""
    while taken := actions.claim_texts(by=BY, at=at):
        for message in taken:
            actions.settle_text(message, send(message), by=BY, at=at)


def forget_texts(at: datetime) -> None:
    """What was said long ago is nobody's business."""
    actions.forget_texts(by=BY, at=at)
    intake.forget_received(by=BY, at=at)
