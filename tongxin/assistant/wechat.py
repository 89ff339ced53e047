"""The assistant inside WeChat: danger first and at once, then the quoted answer, then an editor.

A question that was not answered, or may mean several things, is held sealed with the conversation
for an hour, so that “hand over” or the number of an offer can follow it.
"""

from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from tongxin.assistant import actions
from tongxin.assistant.answering import Asked, danger_reply, steps
from tongxin.assistant.answering import Reply as Answered
from tongxin.assistant.danger import danger
from tongxin.assistant.in_words import as_text, in_words
from tongxin.assistant.limits import require_patience_of
from tongxin.assistant.models import Question
from tongxin.assistant.queries import question_of
from tongxin.assistant.quotes import quoted
from tongxin.assistant.red_flags import Danger, danger_by_rules
from tongxin.assistant.rules import LONGEST
from tongxin.channels.wechat import talks
from tongxin.channels.wechat.messages import text_of
from tongxin.channels.wechat.receipts import code_in
from tongxin.channels.wechat.registry import Inbound
from tongxin.channels.wechat.replies import MOST_TEXT, Reply, TextReply, fitting, with_tail
from tongxin.meaning.normal import normal
from tongxin.receipt_codes import grouped_code, plain_code
from tongxin.triage import wechat as self_check

BY = "wechat"
QUESTION = "question"
"""What the conversation after an answer is about."""

HAND_OVER = {"转交", "转给编辑", "交给编辑", "人工", "hand over", "handover", "editor"}
AT_ONCE, PATIENCE_S = 4, 1.0
_room = BoundedSemaphore(AT_ONCE)
"""Questions that one process reads at a time while WeChat waits; the others go to the worker."""


@contextmanager
def _place():
    """Whether there is a place within a second."""
    is_given = _room.acquire(timeout=PATIENCE_S)
    try:
        yield is_given
    finally:
        if is_given:
            _room.release()


def danger_first(inbound: Inbound) -> Reply | None:
    """The emergency, whatever else is going on. A self-check goes on under it."""
    text = text_of(inbound.content)[:LONGEST]
    order = normal(text)
    if len(order) < 2 or order in HAND_OVER or code_in(inbound.content):
        return None
    found = _danger(inbound, text)
    if found.level != "now" or not (found.is_certain or self_check.is_in_one(inbound)):
        return None
    asked = Asked(text, page=inbound.language)
    with override(asked.language):
        urgent = as_text(danger_reply(found, asked, at=inbound.received_at))
    going_on = self_check.answer(inbound) if self_check.is_in_one(inbound) else None
    if not isinstance(going_on, TextReply):
        return TextReply(urgent)
    room = MOST_TEXT - len(going_on.text.encode()) - len("\n\n——\n".encode())
    return TextReply(f"{fitting(urgent, most=max(room, 400))}\n\n——\n{going_on.text}")


def _danger(inbound: Inbound, text: str) -> Danger:
    """An answer to the self-check is read by the rules alone: what was learned is learned from
    what people say unasked, and takes “stop” for more than it is."""
    if self_check.understands(inbound):
        return danger_by_rules(text)
    with _place() as is_given:
        return danger(text) if is_given else danger_by_rules(text)


def receipt(inbound: Inbound) -> Reply | None:
    """What became of a question; also the last word to a code that no app knows."""
    code = code_in(inbound.content)
    if not code:
        return None
    question = question_of(code)
    if question is None:
        return TextReply(gettext("There is no receipt with this code. Look at it once more."))
    page = reverse("ask_receipt", args=[inbound.language, plain_code(code)])
    said = f"“{question.text}”\n{_state(question, inbound)}"
    return TextReply(with_tail(said, settings.PUBLIC_URL + page))


def _state(question: Question, inbound: Inbound) -> str:
    """In the words of its page."""
    if question.state == Question.State.WAITING:
        until = date_format(timezone.localtime(question.due_at), "DATETIME_FORMAT")
        return gettext("An editor answers it by %(until)s.") % {"until": until}
    if question.state == Question.State.CLOSED:
        return gettext(
            "The editors closed this question: it is not one that published advice can answer."
        )
    found = quoted([question.answer], language=inbound.language, at=inbound.received_at)
    if not found:
        return gettext("The advice that answered this is no longer in force. Ask again.")
    return in_words(found[0])


def answer(inbound: Inbound) -> Reply | None:
    """The quoted answer to a text, while WeChat waits; where too many ask, the worker answers."""
    with _place() as is_given:
        return answer_patiently(inbound) if is_given else None


def answer_patiently(inbound: Inbound) -> Reply | None:
    """The quoted answer to a text, however long it takes. Raises `Refusal`."""
    text = text_of(inbound.content).strip()
    if not text:
        return None
    chosen = _chosen(inbound, text)
    if chosen is not None:
        return chosen
    require_patience_of(f"follower {inbound.follower}", "ask", at=inbound.received_at)
    asked = Asked(text, page=inbound.language)
    replies = list(steps(asked, at=inbound.received_at))
    _hold(inbound, text, replies[-1])
    with override(asked.language):
        return TextReply(fitting("\n\n".join(as_text(reply) for reply in replies)))


def _hold(inbound: Inbound, text: str, reply: Answered) -> None:
    """What may follow: an offer chosen by its number, or the editors."""
    if reply.kind in ("offer", "unknown"):
        kept = {"question": text, "offers": [quote.id for quote in reply.offers]}
        talks.hold(inbound.follower, QUESTION, kept, at=inbound.received_at)
    else:
        talks.end(inbound.follower, QUESTION)


def _chosen(inbound: Inbound, text: str) -> Reply | None:
    """The offer of this number, or the receipt of the question handed over; else nothing."""
    order = normal(text)
    if order not in HAND_OVER and not (order.isdecimal() and len(order) == 1):
        return None
    kept = talks.held(inbound.follower, QUESTION, at=inbound.received_at)
    if kept is None:
        return None
    if order in HAND_OVER:
        return _handed_over(inbound, kept["question"])
    names = kept["offers"][int(order) - 1 : int(order)] if order != "0" else []
    found = quoted(names, language=inbound.language, at=inbound.received_at)
    return TextReply(in_words(found[0])) if found else None


def _handed_over(inbound: Inbound, question: str) -> TextReply:
    """The receipt. Raises `TooManyQuestions`, `NothingAsked`."""
    at = inbound.received_at
    require_patience_of(f"follower {inbound.follower}", "hand over", at=at)
    row, code = actions.hand_over(question, language=inbound.language, by=BY, at=at)
    talks.end(inbound.follower, QUESTION)
    until = date_format(timezone.localtime(row.due_at), "DATETIME_FORMAT")
    lines = [
        gettext("An editor answers it by %(until)s.") % {"until": until},
        gettext("Your receipt: {code}").format(code=grouped_code(code)),
        gettext("Write it here to read the answer. Nobody else is shown it."),
    ]
    return TextReply("\n".join(lines))
