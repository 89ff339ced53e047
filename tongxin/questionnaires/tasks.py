"""What the worker does here by the clock."""

from datetime import datetime

from tongxin.questionnaires.actions import forget_drafts


def forget(at: datetime) -> None:
    """Erase unfinished answers that nobody came back to."""
    forget_drafts(by="worker", at=at)
