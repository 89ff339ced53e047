"""Every write: the guidance that ships, and the trail of what editors do."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tongxin.audit.actions import record
from tongxin.guidance import packs
from tongxin.guidance.checking import checked_as_a_whole
from tongxin.guidance.models import AdviceBlock
from tongxin.guidance.packs import ShippedBlock

SAID = sorted(ShippedBlock.model_fields.keys() - {"slug", "asks_zh", "asks_en", "when"})


@transaction.atomic
def load_shipped_guidance(*, disease: str, by: str, at: datetime) -> int:
    """Publish the shipped advice that is new or has changed; how many pieces.

    What an editor has changed stays as the editor left it.

    Raises:
        BrokenData: a pack cannot be read.
        AdviceContradicts, NobodyTold, NobodyReached, PersonaLost, PersonaGains
    """
    rows = {row.slug: row for row in AdviceBlock.objects.filter(disease=disease)}
    today = timezone.localdate(at)
    changed = 0
    with checked_as_a_whole(disease=disease, today=today):
        for circumstance, block in packs.shipped_blocks(disease):
            row = rows.get(block.slug) or AdviceBlock(slug=block.slug, disease=disease, live=False)
            if row.pk and row.shipped in ("", block.digest):
                continue
            fill(row, circumstance, block, at)
            _publish(row, by=by)
            changed += 1
    return changed


def fill(row: AdviceBlock, circumstance: str, block: ShippedBlock, at: datetime) -> None:
    """Give a row the words that ship."""
    for name in SAID:
        setattr(row, name, getattr(block, name))
    row.circumstance = circumstance
    row.asks_zh, row.asks_en = list(block.asks_zh), list(block.asks_en)
    row.when = {axis: list(values) for axis, values in block.when.items()}
    row.shipped = block.digest
    row.changed_zh_at = row.changed_en_at = at


def _publish(row: AdviceBlock, *, by: str) -> None:
    """Save a row, keep the revision, put it before the public."""
    row.full_clean(exclude=["latest_revision", "live_revision"])
    row.save()
    row.save_revision(log_action=False).publish(log_action=False)
    record("guidance.advice_shipped", row, by=by)
