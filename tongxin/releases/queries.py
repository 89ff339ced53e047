from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tongxin.releases.models import Appointment, Override, Publication, Release
from tongxin.releases.refusals import NoSuchRelease, NotOneRelease
from tongxin.releases.store import store


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one file between two releases."""

    path: str
    what: str  # added | removed | changed


def current_publication() -> Publication | None:
    """The newest publication: the truth about what the public sees."""
    return Publication.objects.select_related("release").order_by("-pk").first()


def current_release() -> Release | None:
    """The release that the public sees."""
    newest = current_publication()
    return newest.release if newest else None


def last_by_people() -> Publication | None:
    """The newest publication that is not part of a replay: what a person's must not fall behind."""
    rows = Publication.objects.exclude(kind=Publication.Kind.REPLAY).select_related("release")
    return rows.order_by("-pk").first()


def published_releases() -> QuerySet[Release]:
    """Every release that ever was before the public, newest figures' build first."""
    return (
        Release.objects.filter(publications__isnull=False).distinct().order_by("-built_at", "-id")
    )


def built_before(release: Release) -> QuerySet[Release]:
    """Releases that come after this one in the list, newest first."""
    earlier = Q(built_at__lt=release.built_at) | Q(built_at=release.built_at, pk__lt=release.pk)
    return Release.objects.filter(earlier)


def find_release(beginning: str) -> Release:
    """The one release whose id begins so.

    Raises:
        NoSuchRelease, NotOneRelease
    """
    found = list(Release.objects.filter(id__startswith=beginning)[:2]) if beginning else []
    if not found:
        raise NoSuchRelease(id=beginning)
    if len(found) > 1:
        raise NotOneRelease(id=beginning)
    return found[0]


def was_published(release_id: str) -> bool:
    """Whether the public has ever seen this release."""
    return Publication.objects.filter(release_id=release_id).exists()


def open_override(release_id: str) -> Override | None:
    """The override asked for or granted for this release."""
    people = ("asked_by", "granted_by")
    return Override.objects.select_related(*people).filter(release_id=release_id).first()


def due_appointments(*, at: datetime) -> QuerySet[Appointment]:
    """Appointments whose hour has come, earliest first."""
    return Appointment.objects.filter(done_at__isnull=True, due_at__lte=at).order_by("due_at", "pk")


def waiting_appointments() -> QuerySet[Appointment]:
    """Appointments that are still to come, earliest first."""
    rows = Appointment.objects.filter(done_at__isnull=True).select_related("release", "by")
    return rows.order_by("due_at", "pk")


def changes(before: str | None, after: str) -> list[Change]:
    """Which files differ between two releases that are kept, by path."""
    old, new = (store().files(before) if before else {}), store().files(after)
    return [
        Change(path, "added" if path not in old else "removed" if path not in new else "changed")
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    ]


def release_before(release: Release) -> Release | None:
    """The release that this one took the place of when it was first published."""
    first = release.publications.order_by("pk").first()
    if first is None:
        return current_release()
    earlier = Publication.objects.filter(pk__lt=first.pk).exclude(release=release)
    row = earlier.select_related("release").order_by("-pk").first()
    return row.release if row else None


def faults(release: Release) -> list[str]:
    """The files of a release that are missing or not what its manifest says."""
    return store().faults(release.pk, files_sha=release.manifest["files"]["sha256"])
