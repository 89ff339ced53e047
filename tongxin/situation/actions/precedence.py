"""Which source speaks first where several do."""

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.places.models import Place
from tongxin.refusal import Refusal, noop
from tongxin.situation.actions.sources import require_source
from tongxin.situation.metrics import metrics
from tongxin.situation.models import Precedence


class NothingSuch(Refusal):
    """A precedence for a place or a metric that does not exist."""

    says = noop("There is no “{name}” to state a precedence for.")


@transaction.atomic
def set_precedence(*, place: str, source: str, metric: str = "", by: object) -> list[Precedence]:
    """State that ``source`` speaks first for a place and all below it, those stated before next.

    Args:
        metric: one metric, or "" for every metric that has no precedence of its own.

    Returns the precedence stated for that place and metric, the first speaks first.
    """
    if not Place.objects.filter(pk=place).exists():
        raise NothingSuch(name=place)
    if metric and metric not in metrics():
        raise NothingSuch(name=metric)
    first = require_source(source)
    stated = Precedence.objects.select_for_update().filter(place=place, metric=metric)
    others = list(stated.exclude(source=first).order_by("rank").values_list("source", flat=True))
    stated.delete()
    order = [first.pk, *others]
    rows = Precedence.objects.bulk_create(
        Precedence(place_id=place, metric=metric, source_id=code, rank=rank)
        for rank, code in enumerate(order, 1)
    )
    record("situation.set_precedence", f"places.Place:{place}", by=by, metric=metric, order=order)
    return rows
