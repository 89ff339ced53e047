"""Every write: a question handed over and settled, an opinion given and seen."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from tongxin.assistant.models import Opinion, Question
from tongxin.assistant.queries import receipt_hash
from tongxin.assistant.quotes import quoted
from tongxin.assistant.refusals import AlreadySettled, NoSuchAnswer, NothingAsked
from tongxin.assistant.rules import LONGEST, due, may_be_corrected, target_of
from tongxin.audit.actions import record
from tongxin.channels import actions as channels
from tongxin.channels.actions import Browser
from tongxin.channels.refusals import NothingToWaitFor
from tongxin.channels.rules import topic_of_receipt
from tongxin.channels.words import Words
from tongxin.myths.actions.telling import about_claim
from tongxin.myths.models import Claim
from tongxin.myths.rules import kept, letters
from tongxin.receipt_codes import new_code

LONGEST_NOTE = 300


@transaction.atomic
def hand_over(text: str, *, language: str, by: object, at: datetime) -> tuple[Question, str]:
    """Put a question into the editors' queue; it and its receipt's code, which is kept nowhere.

    Numbers of telephones and identity cards are struck out before anything is stored.

    Raises:
        NothingAsked: there is no word in it.
    """
    safe = kept(text)[:LONGEST]
    if not letters(safe):
        raise NothingAsked
    code = new_code()
    question = Question.objects.create(
        text=safe, language=language, receipt=receipt_hash(code), asked_at=at, due_at=due(at)
    )
    record("assistant.question_handed_over", question, by=by)
    return question, code


@transaction.atomic
def answer_question(question: Question, name: str, *, by: object, at: datetime) -> Question:
    """Tie a question to the published advice, verdict or notice that answers it.

    Raises:
        AlreadySettled, NoSuchAnswer
    """
    if not quoted([name], language="zh-hans", at=at):
        raise NoSuchAnswer
    return _settle(question, Question.State.ANSWERED, answer=name, by=by, at=at)


@transaction.atomic
def close_question(question: Question, *, by: object, at: datetime) -> Question:
    """Take a question off the queue that nothing here can answer. Raises `AlreadySettled`."""
    return _settle(question, Question.State.CLOSED, answer="", by=by, at=at)


@transaction.atomic
def follow_question(question: Question, browser: Browser, *, by: object, at: datetime) -> Question:
    """This browser is told when the question is settled, and when its verdict is corrected.

    The question is locked, so that an answer is told either by the page or by a message.

    Raises:
        NothingToWaitFor: it is settled, and not by a verdict.
        NotAKey, TooManyTopics
    """
    question = Question.objects.select_for_update().get(pk=question.pk)
    if question.state != Question.State.WAITING and not may_be_corrected(question.answer):
        raise NothingToWaitFor
    channels.follow_also(browser, topic_of_receipt(question.receipt), by=by, at=at)
    return question


@transaction.atomic
def give_opinion(
    about: str, kind: str, *, note: str, language: str, by: object, at: datetime
) -> Opinion:
    """Note what a reader thought of what was quoted.

    Raises:
        NoSuchAnswer: nothing of this name is before the public, or no such kind of opinion.
    """
    if target_of(about) == ("", "") or kind not in Opinion.Kind.values:
        raise NoSuchAnswer
    if not quoted([about], language="zh-hans", at=at):
        raise NoSuchAnswer
    safe = kept(note)[:LONGEST_NOTE]
    opinion = Opinion.objects.create(about=about, kind=kind, note=safe, language=language, at=at)
    record("assistant.opinion_given", opinion, by=by, about=about, kind=kind)
    return opinion


@transaction.atomic
def mark_seen(about: str, *, by: object, at: datetime) -> int:
    """Take the opinions of one answer off the editors' list; how many."""
    seen = Opinion.objects.filter(about=about, seen_at=None).update(seen_at=at)
    if seen:
        record("assistant.opinions_seen", about, by=by, count=seen)
    return seen


def _settle(question: Question, state: str, *, answer: str, by: object, at: datetime) -> Question:
    question = Question.objects.select_for_update().get(pk=question.pk)
    if question.state != Question.State.WAITING:
        raise AlreadySettled
    question.state, question.answer, question.settled_at = state, answer, at
    question.settled_by = None if isinstance(by, str) else by
    question.save(update_fields=["state", "answer", "settled_at", "settled_by"])
    record(f"assistant.question_{state}", question, by=by, answer=answer)
    _ring(question, by=by, at=at)
    return question


def _ring(question: Question, *, by: object, at: datetime) -> None:
    """Tell who follows the receipt. More follows only where a verdict is corrected.

    The claim is locked: its correction reads this answer, or this answer the correction.
    """
    about = f"question:{question.pk}"
    if may_be_corrected(question.answer):
        slug = target_of(question.answer)[1]
        about = about_claim(Claim.objects.select_for_update(no_key=True).get(slug=slug).pk)
    words = {code: _words_of(question, code, at=at) for code, _ in settings.LANGUAGES}
    key = f"question:{question.pk}:settled"
    channels.tell_receipts(
        [question.receipt],
        words,
        about=about,
        key=key,
        is_last=not may_be_corrected(question.answer),
        by=by,
        at=at,
    )


def _words_of(question: Question, language: str, *, at: datetime) -> Words:
    """What answers it, with its page; without one the page on which a receipt's code is typed."""
    with override(language):
        for quote in quoted([question.answer], language=language, at=at):
            body = quote.title
            if quote.verdict:
                body = gettext("{verdict}: {claim}").format(verdict=quote.label, claim=body)
            return Words(gettext("Your question is answered"), body, quote.url)
        return Words(
            gettext("Your question was closed"),
            gettext(
                "The editors closed this question: it is not one that published advice can answer."
            ),
            f"/{language}/ask/#have",
        )
