"""What the worker does by the clock, safe to run twice."""

from datetime import datetime

from tongxin.consent.actions.ended import forget_ended as forget


def forget_ended(at: datetime) -> None:
    """Permissions, proxies and sheets that ended long ago."""
    forget(by="worker", at=at)
