from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongxin.notices.models import Kind, Notice, Step
from tongxin.places.models import Place
from tongxin.places.queries import ancestors, subtree

SHOWN = 150  # of the newest; alerts are shown for longer
ALERTS_STAY = timedelta(days=60)
ENDS = (Step.CANCEL, Step.ALL_CLEAR)
QUOTED_FOR = timedelta(days=14)  # a notice that does not say how long it holds
MOST_QUOTED = 300


def published(*, at: datetime) -> QuerySet[Notice]:
    """What the public may see, the newest first."""
    rows = Notice.objects.filter(published_at__lte=at).select_related("agency", "follows")
    return rows.order_by("-issued_at", "-pk")


def latest_of_each(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    """Without those that a published one follows."""
    newer = Notice.objects.filter(follows=OuterRef("pk"), published_at__isnull=False)
    return rows.filter(~Exists(newer))


def in_force(*, at: datetime) -> list[Notice]:
    """Alerts that hold at this moment, the gravest first."""
    rows = latest_of_each(published(at=at)).filter(
        kind=Kind.ALERT, effective_at__lte=at, expires_at__gt=at, shown_under__isnull=True
    )
    order = {word: number for number, word in enumerate(GRAVITY)}
    return sorted(rows.exclude(step__in=ENDS), key=lambda row: order.get(row.severity, len(order)))


GRAVITY = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")


def shown(*, at: datetime) -> list[Notice]:
    """What has a page now: the newest of all, and every alert of the last two months."""
    rows = published(at=at)
    newest = list(rows[:SHOWN])
    alerts = rows.filter(kind=Kind.ALERT, published_at__gt=at - ALERTS_STAY)
    found = {row.pk: row for row in (*newest, *alerts)}
    # What it follows and what it is shown under has a page as long as it has one itself.
    missing = {row.follows_id for row in found.values()} - found.keys() - {None}
    missing |= {row.shown_under_id for row in found.values()} - found.keys() - {None}
    found |= {row.pk: row for row in rows.filter(pk__in=missing)}
    return sorted(found.values(), key=lambda row: (row.issued_at, row.pk), reverse=True)


def standing(*, at: datetime) -> QuerySet[Notice]:
    """What may be quoted, the newest first: the last word on each matter, as far as it has a page.

    Alerts that are not over, also those that begin later; agencies' notices of two weeks. What
    the press writes is shown with the rest and is not quoted.
    """
    # Nothing is published before it was issued, or before what it follows: so of a table of years
    # only the newest months are looked at.
    rows = published(at=at).filter(published_at__gt=at - ALERTS_STAY)
    recent = rows.filter(published_at__gt=at - QUOTED_FOR, issued_at__gt=at - QUOTED_FOR)
    alerts = Q(kind=Kind.ALERT, effective_at__isnull=False)
    notices = Q(kind=Kind.NOTICE, pk__in=recent.values("pk")[:SHOWN])
    newer = rows.filter(follows=OuterRef("pk"))
    found = rows.filter(alerts | notices, ~Exists(newer), shown_under__isnull=True)
    return found.exclude(step__in=ENDS).exclude(expires_at__lte=at)


def standing_state(*, at: datetime) -> str:
    """A hash that changes with what may be quoted, to the second. One query."""
    found = standing(at=at).values_list("code", flat=True)[:MOST_QUOTED]
    return sha256(" ".join(found).encode()).hexdigest()[:32]


def latest_after(row: Notice) -> Notice:
    """The last published one of those that follow each other from this one on."""
    seen = {row.pk}
    while True:
        after = row.followers.filter(published_at__isnull=False).order_by("-pk").first()
        if after is None or after.pk in seen:
            return row
        seen.add(after.pk)
        row = after


def line_of(row: Notice) -> list[Notice]:
    """This one and all it follows, the newest first."""
    line = [row]
    while line[-1].follows_id and len(line) < 100:
        line.append(line[-1].follows)
    return line


def concerned(codes: Iterable[str]) -> set[str]:
    """Places whose followers are told: these, all inside them, and all that they lie in."""
    found: set[str] = set()
    for code in set(codes):
        found |= {place.code for place in subtree(code)}
        found |= {place.code for place in ancestors(code)} | {code}
    return found


def waiting_alerts() -> QuerySet[Notice]:
    """Alerts that wait for a second person."""
    return Notice.objects.filter(published_at__isnull=True, agency__isnull=True).order_by("-pk")


def unknown_places(codes: Iterable[str]) -> list[str]:
    """Those that are no place."""
    wanted = set(codes)
    known = set(Place.objects.filter(code__in=wanted).values_list("code", flat=True))
    return sorted(wanted - known)


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the pages are drawn from, read once."""

    at: datetime
    rows: list[Notice]
    in_force: list[Notice]
    after: dict[int, Notice]  # what a row was followed by
    same: dict[int, list[Notice]]  # what is shown under a row
    places: dict[str, Place]

    def listed(self) -> list[Notice]:
        """One line for each matter: no double, nothing that something follows."""
        return [row for row in self.rows if row.pk not in self.after and row.shown_under_id is None]


def board(*, at: datetime) -> Board:
    """What the public is told at a moment."""
    rows = shown(at=at)
    by_id = {row.pk: row for row in rows}
    after = {row.follows_id: row for row in reversed(rows) if row.follows_id in by_id}
    same: dict[int, list[Notice]] = {}
    for row in rows:
        if row.shown_under_id in by_id:
            same.setdefault(row.shown_under_id, []).append(row)
    codes = {code for row in rows for code in row.places}
    return Board(
        at=at,
        rows=rows,
        in_force=in_force(at=at),
        after=after,
        same=same,
        places=Place.objects.in_bulk(codes),
    )
