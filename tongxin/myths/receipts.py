"""What a receipt says: the answer, its corrections, what is like it, or that it waits."""

from typing import Any

from tongxin.channels.rules import name_of_receipt
from tongxin.myths.models import Claim, Report, Told
from tongxin.myths.pages import day, moment
from tongxin.myths.queries import told_to


def receipt_facts(report: Report, language: str) -> dict[str, Any]:
    """Everything the receipt's page shows, as text."""
    told = [_told(one, language) for one in told_to(report)]
    near = [] if told or report.dismissed_at else _near(report, language)
    return {
        "language": language,
        "report": report,
        "asked_at": moment(report.at, language),
        "answer": told[0] if told else None,
        "before": told[1:],
        "near": near,
        "is_dismissed": report.dismissed_at is not None,
        "receipt": name_of_receipt(report.receipt),
        "reason": report.cluster.get_reason_display() if report.cluster else "",
    }


def _told(one: Told, language: str) -> dict[str, Any]:
    ruling, claim = one.ruling, one.ruling.claim
    return {
        "slug": claim.slug,
        "verdict": ruling.verdict,
        "verdict_name": ruling.get_verdict_display(),
        "claim": ruling.said("claim", language),
        "why": ruling.said("why", language),
        "is_withdrawn": ruling.is_withdrawn,
        "is_correction": one.is_correction,
        "at": moment(one.at, language),
        "true_as_of": day(claim.true_as_of, language),
    }


def _near(report: Report, language: str) -> list[dict[str, str]]:
    """The published claims that were found to be like it, best first."""
    rows = {row.slug: row for row in Claim.objects.filter(live=True, slug__in=report.nearest)}
    return [
        {"slug": slug, "claim": rows[slug].said("claim", language)}
        for slug in report.nearest
        if slug in rows
    ]
