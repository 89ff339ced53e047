"""What the worker does by the clock, safe to run twice."""

from datetime import datetime

from tongxin.people import actions
from tongxin.residents.actions import end_idle_records as end


def forget_codes(at: datetime) -> None:
    """Codes to sign in with are forgotten once they limit nothing."""
    actions.forget_old_codes(by="worker", at=at)


def end_idle_records(at: datetime) -> None:
    """Records that nobody uses any more are announced to end, and end."""
    end(by="worker", at=at)
