"""The step that makes a release current: its row, then the pointer."""

from datetime import datetime

from django.db import transaction

from tongxin.people.models import User
from tongxin.releases import queries
from tongxin.releases.laying import lay_again
from tongxin.releases.models import Publication, Release
from tongxin.releases.refusals import AlreadyCurrent
from tongxin.releases.store import store


def show(
    release: Release, kind: str, *, by: User | str, at: datetime, reason: str = ""
) -> Publication:
    """The row that makes a release current; readers see it when the transaction is whole."""
    current = queries.current_release()
    if current and current.pk == release.pk:
        raise AlreadyCurrent()
    shelf = store()
    lay_again(release, shelf)
    signature = by if isinstance(by, str) else f"user:{by.pk}"
    row = Publication.objects.create(
        release=release, at=at, by=signature, kind=kind, reason=reason.strip()
    )
    transaction.on_commit(lambda: shelf.show(release.pk))
    return row
