"""The editors' queue: reports that no claim answers, gathered by what they tell."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tongxin.audit.actions import record
from tongxin.myths.actions.reports import answer_reports
from tongxin.myths.actions.telling import tell_dismissed
from tongxin.myths.known import vectors_of_reports
from tongxin.myths.matching import matcher
from tongxin.myths.models import Claim, Cluster, Report, Topic, Verdict
from tongxin.myths.queries import told_by_cluster, ungathered
from tongxin.myths.refusals import AlreadySettled, NothingChosen, NotPublished

State = Cluster.State


@transaction.atomic
def gather_reports(*, by: object, at: datetime) -> int:
    """Put each new report with those that tell the same, or at the head of a new cluster."""
    new = list(ungathered().select_for_update(skip_locked=True))
    if not new:
        return 0
    told = told_by_cluster()
    for report in new:
        joined = matcher(told, vectors_of_reports()).match(report.text).answer if told else None
        cluster = Cluster.objects.get(pk=int(joined)) if joined else _opened(at)
        report.cluster = cluster
        report.save(update_fields=["cluster"])
        told.setdefault(str(cluster.pk), []).append(report.text)
        record("myths.report_gathered", report, by=by, cluster=cluster.pk)
    return len(new)


@transaction.atomic
def let_report_in(report: Report, *, by: object) -> None:
    """What only looked like advertising is gathered with the others at the next look."""
    report.spam_score = 0
    report.save(update_fields=["spam_score"])
    record("myths.report_let_in", report, by=by)


@transaction.atomic
def answer_cluster(cluster: Cluster, claim: Claim, *, by: object, at: datetime) -> int:
    """Answer everyone who waits in a cluster with a published claim; how many.

    Raises:
        AlreadySettled, NotPublished
    """
    cluster = _waiting(cluster)
    if not claim.live:
        raise NotPublished
    cluster.claim = claim
    _settle(cluster, State.ANSWERED, by=by, at=at)
    count = answer_reports(cluster, claim, by=by, at=at)
    record("myths.cluster_answered", cluster, by=by, claim=claim.slug, reports=count)
    return count


@transaction.atomic
def begin_claim(cluster: Cluster, *, by: object, at: datetime) -> Claim:
    """A draft made of what was reported; once published it answers everyone who waits.

    Raises:
        AlreadySettled
    """
    cluster = _waiting(cluster)
    if cluster.draft:
        return cluster.draft
    text = cluster.reports.order_by("at").values_list("text", flat=True)[0]
    today = timezone.localdate(at)
    claim = Claim(
        slug=f"reported-{cluster.pk}",
        topic=Topic.TREATMENT,
        verdict=Verdict.UNPROVEN,
        claim_zh=text[:120],
        claim_en=text[:240],
        since=today,
        true_as_of=today,
        harm=cluster.harm,
        grade="limited",
        live=False,
        has_unpublished_changes=True,
    )
    claim.save()
    claim.save_revision(user=None if isinstance(by, str) else by, clean=False, log_action=False)
    cluster.draft = claim
    cluster.save(update_fields=["draft"])
    record("myths.claim_begun", claim, by=by, cluster=cluster.pk)
    return claim


@transaction.atomic
def answer_those_waiting(claim: Claim, *, by: object, at: datetime) -> int:
    """Answer the clusters from which a claim, now published, was begun; how many people."""
    waiting = list(claim.begun_by.filter(state=State.OPEN))
    count = sum(answer_cluster(cluster, claim, by=by, at=at) for cluster in waiting)
    if waiting:
        record("myths.claim_answers", claim, by=by, reports=count)
    return count


@transaction.atomic
def dismiss_cluster(cluster: Cluster, reason: str, *, by: object, at: datetime) -> None:
    """Settle a cluster without an answer; its receipts say why.

    Raises:
        AlreadySettled
    """
    cluster = _waiting(cluster)
    cluster.reason = reason
    _settle(cluster, State.DISMISSED, by=by, at=at)
    waiting = list(cluster.reports.select_for_update().filter(how=""))
    cluster.reports.filter(pk__in=[one.pk for one in waiting]).update(dismissed_at=at)
    tell_dismissed(cluster, waiting, by=by, at=at)
    record("myths.cluster_dismissed", cluster, by=by, reason=reason)


@transaction.atomic
def merge_clusters(cluster: Cluster, into: Cluster, *, by: object, at: datetime) -> None:
    """Move all reports of one cluster into another.

    Raises:
        AlreadySettled: one of them is settled, or they are the same.
    """
    first, second = sorted((cluster, into), key=lambda one: one.pk)
    if first.pk == second.pk:
        raise AlreadySettled
    kept = {one.pk: one for one in (_waiting(first), _waiting(second))}
    kept[cluster.pk].reports.update(cluster=kept[into.pk])
    _settle(kept[cluster.pk], State.MERGED, by=by, at=at)
    record("myths.clusters_merged", cluster, by=by, into=into.pk)


@transaction.atomic
def split_cluster(
    cluster: Cluster, reports: Collection[int], *, by: object, at: datetime
) -> Cluster:
    """Put some reports of a cluster into a new one.

    Raises:
        AlreadySettled
        NothingChosen: none of its reports, or all of them.
    """
    cluster = _waiting(cluster)
    chosen = cluster.reports.filter(pk__in=reports)
    if chosen.count() in (0, cluster.reports.count()):
        raise NothingChosen
    new = _opened(at, harm=cluster.harm)
    chosen.update(cluster=new)
    record("myths.cluster_split", cluster, by=by, into=new.pk)
    return new


@transaction.atomic
def judge_harm(cluster: Cluster, harm: int, *, by: object) -> None:
    """Say how much harm a rumour does, which moves it in the queue.

    Raises:
        AlreadySettled
    """
    cluster = _waiting(cluster)
    cluster.harm = harm
    cluster.save(update_fields=["harm"])
    record("myths.harm_judged", cluster, by=by, harm=harm)


def _opened(at: datetime, **facts: int) -> Cluster:
    return Cluster.objects.create(opened_at=at, **facts)


def _waiting(cluster: Cluster) -> Cluster:
    """The cluster, locked. Raises `AlreadySettled`."""
    locked = Cluster.objects.select_for_update().get(pk=cluster.pk)
    if locked.state != State.OPEN:
        raise AlreadySettled
    return locked


def _settle(cluster: Cluster, state: str, *, by: object, at: datetime) -> None:
    cluster.state, cluster.settled_at = state, at
    cluster.settled_by = None if isinstance(by, str) else by
    cluster.save()
