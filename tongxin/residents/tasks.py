"""What the worker does by the clock, safe to run twice."""

from datetime import datetime

from tongxin.people import actions


def forget_codes(at: datetime) -> None:
    """Codes to sign in with are forgotten once they limit nothing."""
    actions.forget_old_codes(by="worker", at=at)
