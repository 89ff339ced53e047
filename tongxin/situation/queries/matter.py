"""All that one release is made of, read once."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tongxin.places.models import WORLD
from tongxin.releases.models import Publication, Release
from tongxin.situation.feed import SHOWN, Facts
from tongxin.situation.queries.atlas import Atlas, atlas
from tongxin.situation.queries.known import Known, known
from tongxin.situation.queries.overview import Overview, overview

REPLAY = Publication.Kind.REPLAY


@dataclass(frozen=True, slots=True)
class Matter:
    """All that one release is made of, as known at ``as_of``."""

    as_of: datetime
    known: Known  # what may be published
    raw: Known  # for the gate
    atlas: Atlas
    ready: Overview
    told: list[Facts]  # the feed's entries of what people published before, newest first

    @property
    def today(self) -> date:
        return timezone.localtime(self.as_of).date()


def gather(*, as_of: datetime, disease: str, places: Atlas | None = None) -> Matter:
    """What was known of a disease at ``as_of``, once for all files.

    ``places``: an atlas read before, for whoever makes many releases in a row.
    """
    told, places = known(as_of=as_of, disease=disease), places or atlas()
    raw = known(as_of=as_of, disease=disease, raw=True)
    return Matter(as_of, told, raw, places, overview(told, places), _told_before(as_of))


def published_places(matter: Matter) -> list[str]:
    """Places with figures, all above them, and the home place: those with pages of their own."""
    wanted = {WORLD, settings.HOME_PLACE} | matter.known.places()
    wanted &= matter.atlas.names.keys()
    above = {name.code for code in wanted for name in matter.atlas.ancestors(code)}
    return sorted(wanted | above)


def _told_before(as_of: datetime) -> list[Facts]:
    """What the feed said of the releases that people published before this moment."""
    releases = Release.objects.filter(as_of__lt=as_of, manifest__has_key="feed").filter(
        Exists(Publication.objects.filter(release=OuterRef("pk")).exclude(kind=REPLAY))
    )
    return list(releases.order_by("-as_of").values_list("manifest__feed", flat=True)[:SHOWN])
