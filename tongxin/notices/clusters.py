"""Notices that tell the same stand together under the most official of them."""

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

from tongxin.notices.models import Kind, Notice
from tongxin.notices.nearness import Gist, alike, gist
from tongxin.notices.queries import latest_of_each
from tongxin.places.models import Place
from tongxin.places.state import state_of

WITHIN = timedelta(hours=18)  # what is said again a day later is said of another day
COMPARED = 600
LEVELS = ("country", "province", "prefecture")


def put_with_the_same(rows: Iterable[Notice]) -> None:
    """Show each under the one it repeats; or, where it is more official, that one under it."""
    names = place_names(state_of(Place))
    gists: dict[int, Gist] = {}
    for row in rows:
        if row.follows:
            _take_over(row.follows, row)
        else:
            _place(row, names, gists)


def _place(row: Notice, names: tuple[str, ...], gists: dict[int, Gist]) -> None:
    near = Notice.objects.filter(
        published_at__isnull=False,
        shown_under__isnull=True,
        issued_at__range=(row.issued_at - WITHIN, row.issued_at + WITHIN),
    ).exclude(kind=Kind.ALERT)
    others = latest_of_each(near).exclude(pk=row.pk).select_related("agency")
    gists[row.pk] = gist_of(row, names)
    for other in others.order_by("-issued_at")[:COMPARED]:
        if other.pk not in gists:
            gists[other.pk] = gist_of(other, names)
        if not other.is_over and alike(gists[row.pk], gists[other.pk]):
            row, under = sorted((row, other), key=_officialness)
            _put_under(row, under)


def _put_under(leader: Notice, under: Notice) -> None:
    Notice.objects.filter(shown_under=under).update(shown_under=leader)
    Notice.objects.filter(pk=under.pk).update(shown_under=leader)
    under.shown_under = leader


def _take_over(before: Notice, row: Notice) -> None:
    """A correction stands where what it corrects stood."""
    Notice.objects.filter(shown_under=before).update(shown_under=row)
    if before.shown_under_id:
        Notice.objects.filter(pk=row.pk).update(shown_under=before.shown_under_id)


def _officialness(row: Notice) -> tuple[int, object, int]:
    """The most official first; of equals the earliest."""
    return (row.agency.tier if row.agency else 0, row.issued_at, row.pk)


def gist_of(row: Notice, names: tuple[str, ...]) -> Gist:
    """What of it is compared."""
    title, text = row.title_zh or row.title_en, row.text_zh or row.text_en
    return gist(title, text, places=names)


@lru_cache(maxsize=1)
def place_names(_state: str) -> tuple[str, ...]:
    """Short names of countries, provinces and cities in both languages."""
    rows = Place.objects.filter(level__in=LEVELS).values_list("short_zh", "short_en")
    return tuple({name for pair in rows for name in pair if len(name) > 1})
