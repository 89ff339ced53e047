"""What the worker does here by the clock."""

from datetime import datetime

from tongxin.questionnaires.actions import forget_drafts, forget_responses


def forget(at: datetime) -> None:
    """Erase unfinished answers that nobody came back to, and old ones that nobody may see."""
    forget_drafts(by="worker", at=at)
    forget_responses(by="worker", at=at)
