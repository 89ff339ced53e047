"""What the worker does by the clock, safe to run twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from time import monotonic

from tongxin.channels import actions
from tongxin.channels.models import Message
from tongxin.channels.queries import idle_subscriptions
from tongxin.channels.reaching import actions as letters
from tongxin.channels.reaching.carrying import carry_due
from tongxin.channels.webpush.pushing import Fate, Outcome, push
from tongxin.channels.wechat import intake, sending, talks

BY = "worker"
AT_ONCE = 8
SECONDS = 20.0  # of one turn; what is left goes at the next


def deliver(at: datetime) -> None:
    """Send what may go now. Nothing holds a transaction while a service answers."""
    until = monotonic() + SECONDS
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while monotonic() < until and (taken := actions.claim_messages(by=BY, at=at)):
            outcomes = pool.map(partial(push, at=at), taken)
            for message, outcome in zip(taken, outcomes, strict=True):
                settle(message, outcome, at=at)
    for number in idle_subscriptions():
        actions.forget_idle(number, by=BY)


def carry_letters(at: datetime) -> None:
    """Take every letter to a person one step further."""
    until = monotonic() + SECONDS
    while monotonic() < until and carry_due(by=BY, at=at):
        continue


def forget_letters(at: datetime) -> None:
    """Forget what was said long ago, and who is no longer known."""
    letters.forget_letters(by=BY, at=at)
    letters.forget_persons_gone(by=BY)


def answer_wechat(at: datetime) -> None:
    """Answer what came by WeChat and was not answered at once."""
    until = monotonic() + SECONDS
    while monotonic() < until and intake.answer_waiting(by=BY, at=at):
        continue


def forget_talks(at: datetime) -> None:
    """Forget conversations that nobody goes on with."""
    talks.forget_talks(at=at)


def forget_wechat(at: datetime) -> None:
    """Forget what is not needed any more."""
    intake.forget_old(at=at)
    sending.forget_spendings(at=at)


def settle(message: Message, outcome: Outcome, *, at: datetime) -> None:
    """Write down what became of one message; who waited for nothing else is forgotten."""
    match outcome.fate:
        case Fate.SENT:
            actions.settle_sent(message, receipt=outcome.receipt, by=BY, at=at)
        case Fate.GONE:
            actions.settle_gone(message, by=BY, at=at)
        case _:
            actions.settle_failed(
                message,
                reason=outcome.reason,
                for_good=outcome.fate == Fate.NEVER,
                wait=outcome.wait,
                by=BY,
                at=at,
            )
    if not message.subscription.topics:
        actions.forget_idle(message.subscription_id, by=BY)
