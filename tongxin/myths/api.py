"""A browser asks to be told what becomes of a reported rumour. No account, no cookie."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from tongxin.channels.actions import unfollow
from tongxin.channels.browsers import (
    BY,
    MAY_REFUSE,
    Followed,
    FollowedReceipt,
    FollowReceipt,
    LeaveReceipt,
    browser_of,
    require_own_page,
    require_patience,
)
from tongxin.channels.queries import followed_by
from tongxin.channels.rules import by_kind, topic_of_receipt
from tongxin.myths.actions.telling import follow_report
from tongxin.myths.queries import receipt_hash, report_of
from tongxin.people.access import anyone
from tongxin.receipt_codes import plain_code

router = Router(tags=["myths"])
ADDRESS = "/receipt/subscription"


@router.post(ADDRESS, auth=anyone, response={200: FollowedReceipt} | MAY_REFUSE)
def follow_rumour(request: HttpRequest, wish: FollowReceipt) -> dict[str, Any]:
    """This browser is told when the rumour of this receipt is answered, and of corrections.

    What it follows besides it goes on following. The code is not kept.
    """
    require_own_page(request)
    require_patience(request)
    report = report_of(wish.code)
    if report is None:
        raise Http404
    browser = browser_of(wish.subscription, language=wish.language)
    report = follow_report(report, browser, by=BY, at=timezone.now())
    return followed_by(browser.endpoint) | {"is_answered": bool(report.how)}


@router.delete(ADDRESS, auth=anyone, response={200: Followed} | MAY_REFUSE)
def leave_rumour(request: HttpRequest, wish: LeaveReceipt) -> dict[str, list[str]]:
    """This browser is told of this receipt no longer; the same answer where it never was."""
    require_own_page(request)
    require_patience(request)
    topic = topic_of_receipt(receipt_hash(plain_code(wish.code)))
    return by_kind(unfollow(wish.endpoint, topic, by=BY))
