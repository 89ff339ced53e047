from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongxin.audit.actions import record
from tongxin.people.models import User
from tongxin.people.roles import Permission, Role
from tongxin.releases import queries
from tongxin.releases.laying import laid_aside, lay_again
from tongxin.releases.models import Publication, Release
from tongxin.releases.refusals import (
    NeverPublished,
    NoReplayInProduction,
    OlderThanCurrent,
    ReleaseStopped,
)
from tongxin.releases.showing import show
from tongxin.releases.store import store
from tongxin.releases.turns import is_our_turn, require, require_reason, turn


@transaction.atomic
def publish(
    release_id: str, *, by: User | str, at: datetime, reason: str = "", seen: str | None = None
) -> Publication:
    """Put a release before the public.

    Args:
        seen: the current release when the person decided; refused if it is another one now.

    Raises:
        AnotherPublisher, CurrentHasChanged, AlreadyCurrent, ReleasePruned, ReleaseStopped,
        OlderThanCurrent
    """
    require(by, Permission.RELEASE_PUBLISH)
    release = _printed(turn(release_id, seen=seen), at=at)
    newest = queries.last_by_people()
    if newest and release.as_of < newest.release.as_of:
        raise OlderThanCurrent()
    row = show(release, Publication.Kind.PUBLISH, by=by, at=at, reason=reason)
    record("releases.published", release, by=by, stopped=release.is_stopped)
    return row


@transaction.atomic
def roll_back(release_id: str, *, reason: str, by: User | str, at: datetime) -> Publication:
    """Put a release before the public that was there before.

    Raises:
        ReasonTooShort, NeverPublished, AlreadyCurrent, ReleasePruned, AnotherPublisher
    """
    require(by, Permission.RELEASE_PUBLISH)
    require_reason(reason)
    release = turn(release_id)
    if not queries.was_published(release_id):
        raise NeverPublished()
    row = show(release, Publication.Kind.ROLL_BACK, by=by, at=at, reason=reason)
    record("releases.rolled_back", release, by=by)
    return row


@transaction.atomic
def show_replayed(release_id: str, *, by: User | str, at: datetime) -> Publication:
    """Show a release as part of a replay; it is not a publication that others must follow.

    Raises:
        NoReplayInProduction
    """
    if not settings.DEVELOPMENT:
        raise NoReplayInProduction()
    release = turn(release_id)
    row = show(release, Publication.Kind.REPLAY, by=by, at=at)
    record("releases.replayed", release, by=by)
    return row


@transaction.atomic
def repair_pointer(*, by: User | str, at: datetime) -> bool:
    """Make the public see what was published last, after a crash; whether it was needed."""
    current, shelf = queries.current_release(), store()
    if current is None or not is_our_turn():
        return False
    if shelf.current() == current.pk and (shelf.root / "trees" / current.pk).is_dir():
        return False
    lay_again(current, shelf)
    shelf.show(current.pk)
    record("releases.pointer_repaired", current, by=by)
    return True


def _printed(release: Release, *, at: datetime) -> Release:
    """The release as it may go out: a stopped one with its override printed in the manifest.

    Raises:
        ReleaseStopped: two people have not agreed to it.
    """
    if not release.is_stopped or release.manifest["overrides"]:
        return release
    override = queries.open_override(release.pk)
    if override is None or override.granted_at is None:
        raise ReleaseStopped()
    manifest = {
        **release.manifest,
        "overrides": [
            {
                "reason": override.reason,
                "stopped": release.pk,
                "asked_by": Role(override.asked_by.role).value,
                "asked_at": timezone.localtime(override.asked_at).isoformat(),
                "granted_by": Role(override.granted_by.role).value,
                "granted_at": timezone.localtime(override.granted_at).isoformat(),
            }
        ],
    }
    shelf = store()
    with shelf.held():
        files = shelf.files(release.pk)
        return laid_aside(manifest, files, release.findings, as_of=release.as_of, at=at)
