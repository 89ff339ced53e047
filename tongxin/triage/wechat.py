"""The self-check inside WeChat: a question a message, answered by letter or in one's own words.

What was answered is held sealed for an hour with the conversation, and forgotten at its end.
"""

from django.conf import settings
from django.utils.translation import get_language, gettext

from tongxin.channels.wechat import talks
from tongxin.channels.wechat.menus import SELF_CHECK
from tongxin.channels.wechat.messages import Clicked, text_of
from tongxin.channels.wechat.registry import Inbound
from tongxin.channels.wechat.replies import Reply, TextReply, with_tail
from tongxin.refusal import Refusal, noop
from tongxin.triage import coding
from tongxin.triage.dialogue import Turn, as_text, asks_to_begin, turn
from tongxin.triage.packs import Pack, shipped_pack
from tongxin.triage.rules import Answer


def answer(inbound: Inbound) -> Reply | None:
    """The next question, or the disposition; nothing to who is not in a self-check."""
    text, who = text_of(inbound.content), inbound.follower
    if inbound.content == Clicked(SELF_CHECK) or asks_to_begin(text):
        return _said(inbound, _turn(inbound, {}, ""), is_first=True)
    kept = talks.held(who, SELF_CHECK, at=inbound.received_at) if text else None
    if kept is None:
        return None
    pack = _pack()
    try:
        known = coding.decoded(pack, kept["code"]) if kept["code"] else {}
    except Refusal:  # the rules were changed in between: what was answered may mean other things
        return _said(inbound, _turn(inbound, {}, ""), is_first=True)
    return _said(inbound, _turn(inbound, known, text))


def is_in_one(inbound: Inbound) -> bool:
    """Whether the follower is in a self-check."""
    return talks.held(inbound.follower, SELF_CHECK, at=inbound.received_at) is not None


def understands(inbound: Inbound) -> bool:
    """Whether this is an answer or an order to the self-check that is going on."""
    kept = talks.held(inbound.follower, SELF_CHECK, at=inbound.received_at)
    if kept is None:
        return False
    try:
        known = coding.decoded(_pack(), kept["code"]) if kept["code"] else {}
    except Refusal:
        return False
    return _turn(inbound, known, text_of(inbound.content)).is_understood


def _turn(inbound: Inbound, known: dict[str, Answer], text: str) -> Turn:
    return turn(_pack(), known, typed=text, language=_language())


def _said(inbound: Inbound, now: Turn, *, is_first: bool = False) -> TextReply:
    """What the turn says; the conversation is held, or over."""
    pack, language = _pack(), _language()
    if now.is_left or now.question is None:
        talks.end(inbound.follower, SELF_CHECK)
    else:
        code = coding.code(pack, now.known) if now.known else ""
        talks.hold(inbound.follower, SELF_CHECK, {"code": code}, at=inbound.received_at)
    if now.is_left:
        return TextReply(gettext("The self-check is over. Nothing you answered was kept."))
    text = as_text(pack, now, language)
    if now.refused:
        text = f"{gettext(now.refused.says).format(**now.refused.facts)}\n{text}"
    if is_first:
        text = f"{gettext(FIRST).format(number=settings.EMERGENCY_NUMBER)}\n\n{text}"
    return TextReply(with_tail(text, _tail(pack, now, language)))


FIRST = noop(
    "In danger of life do not answer questions: call {number}. Write the letter of your answer, "
    "or say it in your own words. “Back”, “again” and “stop” work at any time."
)


def _tail(pack: Pack, now: Turn, language: str) -> str:
    """After the end: what the clinic reads, and the page with the advice."""
    if now.question is not None:
        return ""
    code = gettext("For the clinic: {code}").format(code=coding.code(pack, now.known))
    page = gettext("What follows: {page}").format(
        page=f"{settings.PUBLIC_URL}/{language}/guidance/"
    )
    return f"{code}\n{page}"


def _pack() -> Pack:
    return shipped_pack(settings.DEFAULT_DISEASE)


def _language() -> str:
    """Of the conversation, which the registry has switched to."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"
