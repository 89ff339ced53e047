"""Who was told what, what follows when it is corrected, and which phones are told of it."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext, override

from tongxin.audit.actions import record
from tongxin.channels import actions as channels
from tongxin.channels.actions import Browser
from tongxin.channels.refusals import NothingToWaitFor
from tongxin.channels.rules import topic_of_receipt
from tongxin.channels.words import Words
from tongxin.myths.models import Claim, Cluster, Report, Ruling, Told
from tongxin.myths.queries import current_ruling
from tongxin.refusal import noop

corrected = Signal()
"""Sent with ``ruling``, ``by`` and ``at`` once those who reported the rumour have been told."""

ANSWERED = noop("A rumour you asked about is answered")
CORRECTED = noop("The answer to a rumour you asked about was corrected")


def tell(report: Report, ruling: Ruling, *, at: datetime, is_correction: bool = False) -> Told:
    """Note that the receipt of a report now says this. The caller's deed is in the trail."""
    row, _ = Told.objects.get_or_create(
        report=report, ruling=ruling, defaults={"at": at, "is_correction": is_correction}
    )
    return row


@transaction.atomic
def correct_those_told(claim: Claim, *, by: object, at: datetime) -> int:
    """Tell everyone who was told an earlier ruling of this claim the current one; how many."""
    ruling = current_ruling(claim)
    reports = Report.objects.filter(told__ruling__claim=claim).distinct()
    misled = list(reports.exclude(told__ruling=ruling))
    for report in misled:
        tell(report, ruling, at=at, is_correction=True)
    channels.take_back(about_claim(ruling.claim_id), by=by, at=at)
    tell_corrected(_stored(misled), ruling, by=by, at=at)
    corrected.send(sender=Claim, ruling=ruling, by=by, at=at)
    count = Told.objects.filter(ruling=ruling, is_correction=True).count()
    if count:
        record("myths.told_corrected", claim, by=by, ruling=ruling.pk, count=count)
    return count


@transaction.atomic
def follow_report(report: Report, browser: Browser, *, by: object, at: datetime) -> Report:
    """This browser is told when the report is answered, and when that is corrected.

    The report is locked, so that an answer is told either by the page or by a message.

    Raises:
        NothingToWaitFor: it was dismissed.
        NotAKey, TooManyTopics
    """
    report = Report.objects.select_for_update().get(pk=report.pk)
    if report.dismissed_at:
        raise NothingToWaitFor
    channels.follow_also(browser, topic_of_receipt(report.receipt), by=by, at=at)
    return report


def tell_answered(
    cluster: Cluster, reports: Sequence[Report], ruling: Ruling, *, by: object, at: datetime
) -> None:
    """Tell who follows the receipts of a cluster's reports; who follows two of them, once."""
    words = _in_each_language(ANSWERED, ruling)
    key = f"cluster:{cluster.pk}:answered"
    channels.tell_receipts(
        _stored(reports), words, about=about_claim(ruling.claim_id), key=key, by=by, at=at
    )


def tell_dismissed(
    cluster: Cluster, reports: Sequence[Report], *, by: object, at: datetime
) -> None:
    """Tell who follows these reports' receipts that they are not answered; nothing follows."""
    about = f"cluster:{cluster.pk}"
    words = {code: _words_of_dismissal(cluster, code) for code, _ in settings.LANGUAGES}
    key = f"{about}:dismissed"
    channels.tell_receipts(
        _stored(reports), words, about=about, key=key, is_last=True, by=by, at=at
    )


def tell_corrected(receipts: Sequence[str], ruling: Ruling, *, by: object, at: datetime) -> None:
    """Tell who follows these receipts (as stored), of reports or of others, what holds now."""
    words = _in_each_language(CORRECTED, ruling)
    key = f"ruling:{ruling.pk}:corrected"
    channels.tell_receipts(
        receipts, words, about=about_claim(ruling.claim_id), key=key, by=by, at=at
    )


def _stored(reports: Sequence[Report]) -> list[str]:
    return [report.receipt for report in reports]


def about_claim(number: int) -> str:
    """What messages about a claim are filed under; on a phone the last one takes the place."""
    return f"claim:{number}"


def _in_each_language(title: str, ruling: Ruling) -> dict[str, Words]:
    return {code: _words_of(title, ruling, code) for code, _ in settings.LANGUAGES}


def _words_of(title: str, ruling: Ruling, language: str) -> Words:
    """The claim with its verdict; the page is the claim's: a receipt's code is kept nowhere."""
    with override(language):
        verdict = gettext("Withdrawn") if ruling.is_withdrawn else ruling.get_verdict_display()
        body = gettext("{verdict}: {claim}")
        body = body.format(verdict=verdict, claim=ruling.said("claim", language))
        return Words(gettext(title), body, f"/{language}/myths/{ruling.claim.slug}/")


def _words_of_dismissal(cluster: Cluster, language: str) -> Words:
    """The reason, and the page on which a receipt's code is typed."""
    with override(language):
        said = gettext("An editor has looked at it and will not answer it: %(reason)s.")
        return Words(
            gettext("A rumour you asked about is not answered"),
            said % {"reason": cluster.get_reason_display()},
            f"/{language}/myths/report/#have",
        )
