"""What the worker does by the clock, each safe to run twice."""

from datetime import datetime

from tongxin.releases import actions

BY = "worker"


def repair_pointer(at: datetime) -> None:
    """After a crash between a publication and its switch: make the switch."""
    actions.repair_pointer(by=BY, at=at)


def renew(at: datetime) -> None:
    """The words have changed, or their hour has come: put them before the public."""
    actions.renew(by=BY, at=at)


def prune_old_releases(at: datetime) -> None:
    """Let go of releases whose time is over."""
    actions.prune(by=BY, at=at)
