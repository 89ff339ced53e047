from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from tongxin.guidance import packs
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.rules import Block, Fault, faults
from tongxin.places.models import Place


def live_blocks(*, disease: str, on: date) -> QuerySet[AdviceBlock]:
    """Published advice in force on a day, in the order of the pages."""
    rows = published(disease=disease).filter(effective_from__lte=on)
    return rows.exclude(expires_on__lt=on)


def published(*, disease: str) -> QuerySet[AdviceBlock]:
    """Advice that is published, in force or not."""
    rows = AdviceBlock.objects.filter(live=True, disease=disease)
    return rows.order_by("circumstance", "slug")


def as_rule(row: AdviceBlock) -> Block:
    """The advice as the rules see it."""
    return Block(
        slug=row.slug,
        circumstance=row.circumstance,
        action=row.action,
        polarity=row.polarity,
        layer=row.layer,
        narrower_may=row.narrower_may,
        effective_from=row.effective_from,
        expires_on=row.expires_on,
        places=tuple(row.places),
        when={axis: frozenset(values) for axis, values in row.when.items()},
    )


def faults_with(
    changed: Sequence[AdviceBlock], *, disease: str, today: date, without: Iterable[str] = ()
) -> list[Fault]:
    """What would be wrong if these rows were published in place of those of the same slug."""
    gone = {row.slug for row in changed} | set(without)
    rows = [row for row in published(disease=disease) if row.slug not in gone] + list(changed)
    blocks = [as_rule(row) for row in rows]
    codes = {code for block in blocks for code in block.places}
    return faults(blocks, packs.space(disease), today=today, parents=_parents(codes))


def _parents(codes: Iterable[str]) -> dict[str, str]:
    """The place above each of these, and above those."""
    found: dict[str, str] = {}
    wanted = set(codes)
    while wanted:
        rows = Place.objects.filter(code__in=wanted, parent__isnull=False)
        new = dict(rows.values_list("code", "parent_id"))
        found |= new
        wanted = set(new.values()) - found.keys()
    return found
