"""What the worker does by the clock, safe to run twice."""

from datetime import datetime

from tongxin.tracing import actions


def forget_settled(at: datetime) -> None:
    """Reports that were settled long ago."""
    actions.forget_settled_reports(by="worker", at=at)
