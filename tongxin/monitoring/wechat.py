"""The log inside WeChat: a message is a day, for whoever has linked their WeChat."""

from django.utils.translation import gettext

from tongxin.channels.wechat.linking import account_of
from tongxin.channels.wechat.menus import LOG
from tongxin.channels.wechat.messages import Clicked, text_of
from tongxin.channels.wechat.registry import Inbound
from tongxin.channels.wechat.replies import Reply, TextReply
from tongxin.monitoring import by_message, queries
from tongxin.monitoring.models import Via
from tongxin.refusal import Refusal
from tongxin.triage import wechat as self_check


def answer(inbound: Inbound) -> Reply | None:
    """What was taken; how to write it; or nothing, where the message is no log."""
    written = text_of(inbound.content)
    text = by_message.log_in(written)
    if text is None and inbound.content != Clicked(LOG):
        return None
    user = account_of(inbound.follower)
    is_bare = text is not None and not by_message.has_keyword(written)
    if is_bare and (user is None or self_check.is_in_one(inbound)):
        return None  # a number alone may answer another question
    if user is None:
        if text and by_message.is_danger(text):
            return None  # the assistant says what to do now
        said = gettext("Sign in once with WeChat, then you can log here: {page}")
        return TextReply(said.format(page=by_message.page()))
    people = queries.household(user, at=inbound.received_at)
    others = [person.name for person in people[1:] if person.name]
    if not text:
        return TextReply(by_message.how_to(others))
    key = f"wechat:{inbound.follower}:{inbound.sent_at.timestamp()}:{text}"
    try:
        said = by_message.taken(
            text, people, user=user, key=key, via=Via.WECHAT, at=inbound.received_at
        )
    except Refusal as refusal:
        if by_message.is_danger(text):
            return None
        why = gettext(refusal.says).format(**refusal.facts)
        return TextReply(f"{why}\n{by_message.how_to(others)}")
    return TextReply(said)
