"""What the worker does here by the clock."""

from datetime import datetime

from tongxin.triage.actions import forget_checks


def forget(at: datetime) -> None:
    """Delete kept self-checks whose time is over."""
    forget_checks(by="worker", at=at)
