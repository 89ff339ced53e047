"""What ended long ago is forgotten; the trail keeps that it was."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from tongxin.audit.actions import record
from tongxin.consent.models import Grant, Proxy, Sheet
from tongxin.consent.retention import ENDED_DAYS

BATCH = 500


@transaction.atomic
def forget_ended(*, by: str, at: datetime) -> int:
    """Delete what ended `ENDED_DAYS` ago, a batch of each; how many rows."""
    before = at - timedelta(days=ENDED_DAYS)
    ended = Q(ends_at__lt=before) | Q(withdrawn_at__lt=before)
    gone = _delete(Grant.objects.filter(ended)) + _delete(Proxy.objects.filter(ended))
    loose = Sheet.objects.filter(grants=None, ended_grants=None, proxies=None)
    gone += _delete(loose.filter(entered_at__lt=before))
    if gone:
        record("consent.ended_forgotten", "consent", by=by, count=gone)
    return gone


def _delete(rows: QuerySet) -> int:
    numbers = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    return rows.model.objects.filter(pk__in=numbers).delete()[0]
