"""The claims that ship, and what is said of each from when until when."""

from datetime import datetime

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.myths import packs
from tongxin.myths.actions.queue import answer_those_waiting
from tongxin.myths.actions.telling import correct_those_told
from tongxin.myths.models import Claim, Ruling
from tongxin.myths.packs import ShippedClaim

SAID = sorted(ShippedClaim.model_fields.keys() - {"slug", "tellings_zh", "tellings_en", "evidence"})
SAID_OF_IT = ("verdict", "claim_zh", "claim_en", "why_zh", "why_en")


@transaction.atomic
def load_shipped_claims(*, disease: str, by: str, at: datetime) -> int:
    """Publish the shipped claims that are new or have changed; how many.

    What an editor has changed stays as the editor left it.

    Raises:
        BrokenData: a pack cannot be read.
    """
    rows = {row.slug: row for row in Claim.objects.filter(disease=disease)}
    changed = 0
    for topic, shipped in packs.shipped_claims(disease):
        row = rows.get(shipped.slug) or Claim(slug=shipped.slug, disease=disease, live=False)
        if row.pk and row.shipped in ("", shipped.digest):
            continue
        _fill(row, topic, shipped, at)
        row.full_clean(exclude=["latest_revision", "live_revision"])
        row.save()
        row.save_revision(log_action=False).publish(log_action=False)
        record("myths.claim_shipped", row, by=by)
        changed += 1
    return changed


def _fill(row: Claim, topic: str, shipped: ShippedClaim, at: datetime) -> None:
    for name in SAID:
        setattr(row, name, getattr(shipped, name))
    row.topic = topic
    row.tellings_zh, row.tellings_en = list(shipped.tellings_zh), list(shipped.tellings_en)
    row.evidence = [one.model_dump(mode="json") for one in shipped.evidence]
    row.shipped = shipped.digest
    row.changed_zh_at = row.changed_en_at = at


@transaction.atomic
def note_ruling(claim: Claim, *, by: object, at: datetime) -> Ruling | None:
    """Keep what is now said of a published claim, if it differs from what was said before.

    Where the verdict itself has changed, those who were told the earlier one are told this one.
    None if nothing has changed.
    """
    Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)  # as whoever answers with it
    before = Ruling.objects.select_for_update().filter(claim=claim, said_until=None).first()
    now = {name: getattr(claim, name) for name in SAID_OF_IT}
    now["is_withdrawn"] = claim.is_withdrawn
    if before and all(getattr(before, name) == value for name, value in now.items()):
        return None
    corrects = before is not None and (before.verdict, before.is_withdrawn) != (
        now["verdict"],
        now["is_withdrawn"],
    )
    if before:
        before.said_until = at
        before.save(update_fields=["said_until"])
    ruling = Ruling.objects.create(claim=claim, said_from=at, is_correction=corrects, **now)
    record(
        "myths.verdict_corrected" if corrects else "myths.ruling_noted",
        claim,
        by=by,
        ruling=ruling.pk,
        verdict=ruling.verdict,
    )
    if corrects:
        correct_those_told(claim, by=by, at=at)
    if before is None:
        answer_those_waiting(claim, by=by, at=at)
    return ruling
