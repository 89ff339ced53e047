"""What the worker does for rumours."""

from datetime import datetime

from tongxin.myths.actions.queue import gather_reports
from tongxin.myths.actions.reports import forget_old_reports
from tongxin.myths.known import read_claims
from tongxin.myths.learning import LEARNER


def gather(at: datetime) -> None:
    """Put new reports into the editors' queue."""
    gather_reports(by="worker", at=at)


def learn_claims(at: datetime) -> None:
    """Read the claims, so that a rumour is recognised by what it means."""
    read_claims()
    LEARNER.look(at)


def forget_reports(at: datetime) -> None:
    """Forget what people asked long ago."""
    forget_old_reports(by="worker", at=at)
