"""What the worker does for the assistant."""

from datetime import datetime

from tongxin.assistant.knowledge import read_ahead


def read_words(at: datetime) -> None:
    """Read what can be quoted, so that questions are understood by what they mean."""
    read_ahead(at=at)
