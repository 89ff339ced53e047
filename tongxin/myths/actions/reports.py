"""What people ask: a report with its receipt, and its answer."""

from datetime import datetime, timedelta

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.myths.actions.telling import tell, tell_answered
from tongxin.myths.matching import Match
from tongxin.myths.models import Claim, Cluster, Report
from tongxin.myths.queries import current_ruling, receipt_hash
from tongxin.myths.refusals import AlreadySettled
from tongxin.myths.retention import REPORTED_DAYS
from tongxin.myths.rules import spam_score
from tongxin.receipt_codes import new_code


@transaction.atomic
def report_rumour(
    *, text: str, match: Match, kind: str, language: str, by: object, at: datetime, link: str = ""
) -> tuple[Report, str]:
    """The report and its receipt's code, which is kept nowhere; answered at once if certain.

    ``text`` is what `rules.kept` left of what somebody typed.
    """
    code = new_code()
    report = Report.objects.create(
        receipt=receipt_hash(code),
        kind=kind,
        language=language,
        text=text,
        link=link,
        spam_score=spam_score(f"{text} {link}"),
        at=at,
        nearest=list(match.near),
    )
    claim = Claim.objects.filter(live=True, slug=match.answer).first() if match.answer else None
    if claim:
        _answer(report, claim, Report.How.MATCHED, at=at)
    record("myths.rumour_reported", report, by=by, kind=kind, at_once=claim is not None)
    return report, code


@transaction.atomic
def choose_answer(report: Report, slug: str, *, by: object, at: datetime) -> Report:
    """Answer a report with one of the claims that were offered, as who asked has chosen.

    Raises:
        AlreadySettled: it was answered before, or this claim was not offered.
    """
    report = Report.objects.select_for_update().get(pk=report.pk)
    claim = Claim.objects.filter(live=True, slug=slug).first()
    if report.how or slug not in report.nearest or claim is None:
        raise AlreadySettled
    _answer(report, claim, Report.How.CHOSEN, at=at)
    record("myths.answer_chosen", report, by=by, claim=claim.slug)
    return report


def answer_reports(cluster: Cluster, claim: Claim, *, by: object, at: datetime) -> int:
    """Answer a cluster's waiting reports with an editor's choice; how many. Recorded there."""
    waiting = list(cluster.reports.select_for_update().filter(how="", dismissed_at=None))
    for report in waiting:
        _answer(report, claim, Report.How.EDITOR, at=at)
    tell_answered(cluster, waiting, current_ruling(claim), by=by, at=at)
    return len(waiting)


def _answer(report: Report, claim: Claim, how: str, *, at: datetime) -> None:
    report.how, report.answered_at = how, at
    report.save(update_fields=["how", "answered_at"])
    tell(report, current_ruling(claim), at=at)


@transaction.atomic
def forget_old_reports(*, by: str, at: datetime) -> int:
    """Delete rumours that were reported and answered, or dismissed, long ago; how many."""
    old = Report.objects.filter(at__lt=at - timedelta(days=REPORTED_DAYS))
    done = old.exclude(answered_at__isnull=True, dismissed_at__isnull=True).order_by("pk")
    numbers = list(done.values_list("pk", flat=True)[:500])
    gone = Report.objects.filter(pk__in=numbers).delete()[1].get("myths.Report", 0)
    if gone:
        record("myths.reports_forgotten", "myths.Report", by=by, count=gone)
    return gone
