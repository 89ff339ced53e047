"""Whose turn it is, and whether they may: asked at the start of every action here."""

from django.db import connection

from tongxin.people.models import User
from tongxin.people.roles import Permission
from tongxin.releases import rules
from tongxin.releases.models import Release
from tongxin.releases.queries import current_release
from tongxin.releases.refusals import (
    AnotherPublisher,
    CurrentHasChanged,
    NoSuchRelease,
    NotAllowedToRelease,
    ReasonTooShort,
    ReleasePruned,
)

PUBLISHING = 7_261_001  # key of the advisory lock that one publisher holds at a time


def require(by: User | str, permission: Permission) -> None:
    """Nothing, if this person (or a machine process) may do it."""
    if not isinstance(by, str) and not by.may(permission):
        raise NotAllowedToRelease()


def require_reason(reason: str) -> None:
    """Nothing, if the reason says something."""
    if not rules.is_good_reason(reason):
        raise ReasonTooShort()


def is_our_turn() -> bool:
    """Take the publishers' lock until the end of the transaction, or learn that it is taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [PUBLISHING])
        return cursor.fetchone()[0]


def locked(release_id: str) -> Release:
    """The release, kept from others until the end of the transaction; its files are there.

    Raises:
        NoSuchRelease, ReleasePruned
    """
    release = Release.objects.select_for_update().filter(pk=release_id).first()
    if release is None:
        raise NoSuchRelease(id=release_id[:12])
    if release.pruned_at:
        raise ReleasePruned()
    return release


def turn(release_id: str, *, seen: str | None = None) -> Release:
    """The release to show next, with the publishers' lock taken."""
    if not is_our_turn():
        raise AnotherPublisher()
    current = current_release()
    if seen is not None and seen not in (_ids(current) if current else {""}):
        raise CurrentHasChanged()
    return locked(release_id)


def _ids(current: Release) -> set[str]:
    """What the current release is known by: its own id, and that of the figures it renews."""
    return {current.pk, current.manifest.get("renews", current.pk)}
