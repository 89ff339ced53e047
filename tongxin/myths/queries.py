from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.db.models import Count, Max, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tongxin.myths.figures import DAYS, Asked
from tongxin.myths.models import Claim, Cluster, Report, Ruling, Told
from tongxin.myths.rules import SPAM_FROM, spread, urgency
from tongxin.receipt_codes import plain_code

REPORTS_LEARNED = 40
TEXTS_OF_A_CLUSTER = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """A cluster in the queue with its reports, the first first."""

    cluster: Cluster
    reports: list[Report]
    waiting: int
    of_today: int
    of_yesterday: int
    urgency: float


def published(*, disease: str) -> QuerySet[Claim]:
    """Claims before the public, the newest answered first; withdrawn ones among them."""
    rows = Claim.objects.filter(live=True, disease=disease).select_related("superseded_by")
    return rows.order_by("-since", "slug")


def standing(*, disease: str) -> QuerySet[Claim]:
    """Claims whose verdict holds: published, not withdrawn, not superseded."""
    return published(disease=disease).filter(withdrawn_on=None, superseded_by=None)


def current_ruling(claim: Claim) -> Ruling:
    """What is said of a published claim now."""
    return claim.rulings.get(said_until=None)


def histories(claims: Sequence[Claim]) -> Mapping[int, Sequence[Ruling]]:
    """Claim's number → all that was ever said of it, the newest first."""
    found: dict[int, list[Ruling]] = {claim.pk: [] for claim in claims}
    for ruling in Ruling.objects.filter(claim__in=found).order_by("-said_from", "-pk"):
        found[ruling.claim_id].append(ruling)
    return found


def claims_state(*, disease: str) -> str:
    """A hash that changes when anything published does."""
    rows = published(disease=disease).order_by("pk")
    said = list(rows.values_list("slug", "live_revision_id", "superseded_by__slug", "withdrawn_on"))
    rulings = Ruling.objects.aggregate(count=Count("pk"), last=Max("pk"))
    return sha256(repr((said, rulings["count"], rulings["last"])).encode()).hexdigest()


def last_said(*, disease: str) -> datetime | None:
    """When something was last said of any claim."""
    rulings = Ruling.objects.filter(claim__disease=disease, claim__live=True)
    return rulings.aggregate(last=Max("said_from"))["last"]


def asked(*, before: date) -> list[Asked]:
    """The reports of the days that the measures cover; advertising is not among them.

    An answer counts only where it came before the last day ended.
    """
    end = datetime.combine(before, time(), timezone.get_current_timezone())
    rows = Report.objects.filter(at__gte=end - timedelta(days=DAYS), at__lt=end, dismissed_at=None)
    return [
        Asked(
            on=timezone.localdate(at),
            answer_hours=(answered - at) / timedelta(hours=1)
            if answered and answered < end
            else None,
            after_verdict=how in (Report.How.MATCHED, Report.How.CHOSEN),
        )
        for at, answered, how in rows.values_list("at", "answered_at", "how")
    ]


def receipt_hash(code: str) -> str:
    """Under which a receipt's report is found; the code itself is kept nowhere."""
    return salted_hmac("myths.receipt", code).hexdigest()


def report_of(code: str) -> Report | None:
    """The report of a receipt, however the code was typed."""
    found = Report.objects.select_related("cluster")
    return found.filter(receipt=receipt_hash(plain_code(code))).first()


def told_to(report: Report) -> list[Told]:
    """What who asked was told, the newest first: the second and later ones are corrected."""
    rows = report.told.select_related("ruling", "ruling__claim", "ruling__claim__superseded_by")
    return list(rows.order_by("-at", "-pk"))


def ungathered() -> QuerySet[Report]:
    """Reports that wait and are in no cluster yet; advertising is left out."""
    rows = Report.objects.filter(how="", dismissed_at=None, cluster=None)
    return rows.filter(spam_score__lt=SPAM_FROM).order_by("at", "pk")


def suspicious() -> QuerySet[Report]:
    """Reports kept out of the queue because they look like advertising."""
    rows = Report.objects.filter(how="", dismissed_at=None, cluster=None)
    return rows.filter(spam_score__gte=SPAM_FROM).order_by("-at")


def told_by_cluster() -> dict[str, list[str]]:
    """Number of each open cluster → its newest texts."""
    told: dict[str, list[str]] = {}
    rows = Report.objects.filter(cluster__state=Cluster.State.OPEN).order_by("-at")
    for number, text in rows.values_list("cluster", "text"):
        texts = told.setdefault(str(number), [])
        if len(texts) < TEXTS_OF_A_CLUSTER:
            texts.append(text)
    return told


def reports_answered_by_editors(slugs: Collection[str]) -> dict[str, list[str]]:
    """Short name of a claim → the newest texts of people that an editor answered with it.

    Bare addresses are left out: they tell nothing.
    """
    told: dict[str, list[str]] = {}
    rows = Report.objects.filter(how=Report.How.EDITOR, cluster__claim__slug__in=list(slugs))
    rows = rows.exclude(kind=Report.Kind.LINK).order_by("-at", "-pk")
    for slug, text in rows.values_list("cluster__claim__slug", "text").iterator():
        texts = told.setdefault(slug, [])
        if len(texts) < REPORTS_LEARNED and text not in texts:
            texts.append(text)
    return told


def queue(*, at: datetime) -> list[Waiting]:
    """Open clusters in which somebody waits, the most urgent first."""
    rows = Cluster.objects.filter(state=Cluster.State.OPEN).select_related("draft")
    rows = rows.prefetch_related("reports")
    found = [waiting(cluster, at=at) for cluster in rows]
    return sorted(
        (one for one in found if one.waiting), key=lambda one: (-one.urgency, one.cluster.pk)
    )


def waiting(cluster: Cluster, *, at: datetime) -> Waiting:
    """A cluster as the queue shows it."""
    reports = sorted(cluster.reports.all(), key=lambda one: (one.at, one.pk))
    moments = [one.at for one in reports]
    day, before = spread(moments, at=at)
    return Waiting(
        cluster=cluster,
        reports=reports,
        waiting=sum(not one.how and one.dismissed_at is None for one in reports),
        of_today=day,
        of_yesterday=before,
        urgency=urgency(moments, cluster.harm, at=at),
    )
