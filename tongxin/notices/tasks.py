"""What the worker does by the clock, safe to run twice."""

from datetime import datetime

from tongxin.notices.actions import agencies


def ask_agencies(at: datetime) -> None:
    """Fetch what is due."""
    agencies.ask_due(at)
