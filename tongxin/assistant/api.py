"""The assistant for programs: one question, one answer."""

from typing import Any, Literal

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from tongxin.assistant.actions import follow_question
from tongxin.assistant.answering import Asked, answer
from tongxin.assistant.limits import require_patience
from tongxin.assistant.queries import question_of, receipt_hash
from tongxin.assistant.rules import LONGEST
from tongxin.channels import browsers
from tongxin.channels.actions import unfollow
from tongxin.channels.browsers import Followed, FollowedReceipt, FollowReceipt, LeaveReceipt
from tongxin.channels.queries import followed_by
from tongxin.channels.rules import by_kind, topic_of_receipt
from tongxin.guidance import packs
from tongxin.people.access import anyone
from tongxin.people.api_refusals import Refused
from tongxin.receipt_codes import plain_code

router = Router(tags=["assistant"])


class AskIn(Schema):
    question: str = Field(..., max_length=LONGEST, description="In Chinese, English or both")
    language: Literal["zh-hans", "en"] = Field(
        "zh-hans", description="To answer in where the question itself does not tell"
    )
    circumstance: str = Field("", max_length=40, description="Key of a circumstance; not stored")
    place: str = Field("", max_length=60, description="Name or code of a place; not stored")


class QuoteOut(Schema):
    kind: str = Field(..., description="block, claim, notice or figure")
    id: str = Field(..., description="block:…, claim:…, notice:… or figure:…")
    label: str
    title: str
    text: str = Field(..., description="As published; of a notice its beginning")
    source: str
    source_url: str
    authority: str
    on: str = Field(..., description="Date of the source, day a notice was sent or of the figure")
    url: str = Field(..., description="The page here that says so")
    verdict: str = Field("", description="Of a claim: false, misleading, unproven or true")
    holds: str = Field("", description="Of a notice, where; of an alert, also until when")
    severity: str = Field("", description="Of an alert: Extreme, Severe, Moderate, Minor, Unknown")
    written_in: str = Field(
        "", description="Language of title and text, where the source wrote none in the reply's"
    )


class ReplyOut(Schema):
    kind: str = Field(..., description="danger, figure, answer, offer, unknown or check")
    language: str
    emergency_number: str
    dangers: list[str] = Field(..., description="emergency, self-harm, baby: told first")
    is_about_danger: bool
    note: str
    quotes: list[QuoteOut] = Field(
        ..., description="What is answered; an alert that changes it stands behind it"
    )
    offers: list[QuoteOut] = Field(..., description="What may be meant, the nearest first")
    otherwise: list[QuoteOut] = Field(
        ..., description="After a danger that is not certain: what answers if nobody is in it"
    )


REFUSED = {413: Refused, 422: Refused, 429: Refused}


@router.post("/ask", response={200: ReplyOut} | REFUSED, auth=anyone, summary="Ask the assistant")
def ask(request: HttpRequest, asked: AskIn):
    """Danger first; else a quote of advice, a verdict, a notice or a figure; else what is near.

    Nothing of the question is kept.
    """
    at = timezone.now()
    require_patience(request, "ask", at=at)
    known = packs.circumstances(settings.DEFAULT_DISEASE)
    question = Asked(
        text=asked.question,
        page=asked.language,
        circumstance=asked.circumstance if asked.circumstance in known else "",
        place=asked.place,
    )
    return answer(question, at=at).as_json()


ADDRESS = "/receipt/subscription"


@router.post(ADDRESS, auth=anyone, response={200: FollowedReceipt} | browsers.MAY_REFUSE)
def follow_receipt(request: HttpRequest, wish: FollowReceipt) -> dict[str, Any]:
    """This browser is told when the question of this receipt is settled, or its verdict corrected.

    What it follows besides it goes on following. The code is not kept.
    """
    browsers.require_own_page(request)
    browsers.require_patience(request)
    question = question_of(wish.code)
    if question is None:
        raise Http404
    browser = browsers.browser_of(wish.subscription, language=wish.language)
    question = follow_question(question, browser, by=browsers.BY, at=timezone.now())
    return followed_by(browser.endpoint) | {"is_answered": bool(question.answer)}


@router.delete(ADDRESS, auth=anyone, response={200: Followed} | browsers.MAY_REFUSE)
def leave_receipt(request: HttpRequest, wish: LeaveReceipt) -> dict[str, list[str]]:
    """This browser is told of this receipt no longer; the same answer where it never was."""
    browsers.require_own_page(request)
    browsers.require_patience(request)
    topic = topic_of_receipt(receipt_hash(plain_code(wish.code)))
    return by_kind(unfollow(wish.endpoint, topic, by=browsers.BY))
