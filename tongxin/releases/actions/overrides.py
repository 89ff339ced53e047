from datetime import datetime

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.people.models import User
from tongxin.people.roles import Permission
from tongxin.releases import queries
from tongxin.releases.models import Override
from tongxin.releases.refusals import (
    AlreadyAsked,
    AlreadyGranted,
    NothingToOverride,
    SecondPersonNeeded,
)
from tongxin.releases.turns import locked, require, require_reason


@transaction.atomic
def ask_override(release_id: str, *, reason: str, by: User, at: datetime) -> Override:
    """A request to let a stopped release out; a second person decides.

    Raises:
        ReasonTooShort, NothingToOverride, AlreadyAsked
    """
    require(by, Permission.RELEASE_OVERRIDE)
    require_reason(reason)
    release = locked(release_id)
    if not release.is_stopped:
        raise NothingToOverride()
    if queries.open_override(release_id):
        raise AlreadyAsked()
    override = Override.objects.create(
        release=release, reason=reason.strip(), asked_by=by, asked_at=at
    )
    record("releases.override_asked", release, by=by)
    return override


@transaction.atomic
def grant_override(override_id: int, *, by: User, at: datetime) -> Override:
    """The second person's word: the release may be published, with the reason printed in it.

    Raises:
        SecondPersonNeeded, AlreadyGranted
    """
    require(by, Permission.RELEASE_OVERRIDE)
    override = Override.objects.select_for_update().get(pk=override_id)
    if override.granted_at:
        raise AlreadyGranted()
    if override.asked_by_id == by.pk:
        raise SecondPersonNeeded()
    override.granted_by, override.granted_at = by, at
    override.save(update_fields=["granted_by", "granted_at"])
    record("releases.override_granted", override.release, by=by, asked=override.asked_by_id)
    return override
