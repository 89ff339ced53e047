from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from tongxin.audit.models import Entry, Head
from tongxin.audit.rules import CHAINS, GENESIS, Line, first_broken


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the whole trail found: so many lines are whole, then perhaps a broken one."""

    lines: int
    chain: int | None = None
    line: int | None = None  # the first that was changed, removed or slipped in

    @property
    def is_whole(self) -> bool:
        return self.line is None


def _chain(chain: int) -> Iterator[Line]:
    rows = Entry.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=5000)
    for row in rows:
        yield Line(row.chain, row.seq, row.content, row.previous, row.hash)


def lines(
    *,
    by: str = "",
    deed: str = "",
    target: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
    below: int | None = None,
    count: int = 50,
) -> list[Entry]:
    """The newest lines that fit.

    Args:
        by: exactly this user or process.
        deed: how the deed begins ("releases" finds all deeds of that app).
        target: how the target begins.
        since: not older than this moment.
        before: older than this moment.
        below: older than the line with this id: where the page before ended.
        count: at most so many.
    """
    wanted = {
        "by": by,
        "deed__startswith": deed,
        "target__startswith": target,
        "at__gte": since,
        "at__lt": before,
        "pk__lt": below,
    }
    asked = {name: value for name, value in wanted.items() if value not in ("", None)}
    return list(Entry.objects.filter(**asked).order_by("-pk")[:count])


@transaction.atomic
def verify() -> Verdict:
    """Check every chain from its first line to its head; the first broken line is named."""
    checked = 0
    heads = {head.chain: head for head in Head.objects.select_for_update().order_by("chain")}
    for chain in range(CHAINS):
        bad = first_broken(_chain(chain))
        if bad:
            return Verdict(checked, chain, bad.seq)
        said = heads.get(chain, Head(hash=GENESIS))
        last = Entry.objects.filter(chain=chain).order_by("-seq").first()
        length, hash_ = (last.seq, last.hash) if last else (0, GENESIS)
        if (said.seq, said.hash) != (length, hash_):
            return Verdict(checked, chain, min(length, said.seq) + (length != said.seq))
        checked += length
    return Verdict(checked)


def seal() -> str:
    """One hash over the heads of all chains: printed in each release, it anchors the trail."""
    heads = Head.objects.order_by("chain").values_list("chain", "seq", "hash")
    return sha256(repr(list(heads)).encode()).hexdigest()
