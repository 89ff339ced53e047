"""How apps above answer what comes: plain callables, named in the settings.

`settings.WECHAT_ANSWERS` are asked in the request, so each must be quick; whoever answers first
has answered. `settings.WECHAT_ANSWERS_LATER` are asked by the worker when none of them has.
What an answer writes is committed with the mark that the message is answered, so a message acts
once, whatever dies in between. A refusal it raises is told to the person.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string

from tongxin.channels.wechat.messages import Content
from tongxin.channels.wechat.replies import Reply, TextReply
from tongxin.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message, with who sent it: ``follower`` is the number of a row, and no name."""

    account: str
    follower: int
    language: str
    sent_at: datetime
    received_at: datetime
    content: Content


Answer = Callable[[Inbound], Reply | None]


def at_once() -> list[Answer]:
    """Who is asked while WeChat waits."""
    return _found(settings.WECHAT_ANSWERS)


def later() -> list[Answer]:
    """Who is asked by the worker."""
    return _found(settings.WECHAT_ANSWERS_LATER)


def first_answer(answers: Sequence[Answer], inbound: Inbound) -> Reply | None:
    """What the first of them that has something to say says, in the person's language."""
    with translation.override(inbound.language):
        for answer in answers:
            try:
                reply = answer(inbound)
            except Refusal as refusal:
                text = translation.gettext(refusal.says).format(**refusal.facts)
                return TextReply(text)
            if reply is not None:
                return reply
    return None


def _found(names: Sequence[str]) -> list[Answer]:
    return [import_string(name) for name in names]
