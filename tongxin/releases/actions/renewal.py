from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tongxin.audit.actions import record
from tongxin.audit.queries import seal
from tongxin.releases import parts, queries
from tongxin.releases.assets import looks
from tongxin.releases.laying import laid_aside
from tongxin.releases.models import Publication, Release
from tongxin.releases.showing import show
from tongxin.releases.store import Batch, checked_paths, store
from tongxin.releases.turns import is_our_turn


@transaction.atomic
def renew(*, by: str, at: datetime) -> Publication | None:
    """Put the current release before the public again with the parts that have changed.

    Figures, the gate's findings and an override stay as they were decided. None if nothing has
    changed, nothing is published, a replay is on, or another publisher is at work: the next
    look tries again.
    """
    shown, told = queries.current_publication(), queries.last_by_people()
    if shown is None or told is None or shown.release_id != told.release_id:
        return None
    current, now = shown.release, parts.states(at)
    changed = _changed(current, now)
    if current.manifest.get("parts") == now:
        return None
    with store().held():
        files = _files_with(current, changed, at=at)
        # Drawing takes seconds: whoever published meanwhile comes first, and is not kept waiting.
        if not is_our_turn() or queries.current_publication() != shown:
            return None
        release = _laid(current, now, files, at=at)
    if release.pk == current.pk:
        return None
    row = show(release, Publication.Kind.RENEWAL, by=by, at=at)
    record("releases.renewed", release, by=by, parts=changed)
    return row


def _files_with(current: Release, changed: list[str], *, at: datetime) -> dict[str, str]:
    """The files of the current release, those of the changed parts drawn anew and stored.

    After an upgrade the new ones have other styles than the kept ones: both stay.
    """
    theirs = [part.owns for part in parts.parts() if part.name in changed]
    shelf, styles = store(), looks()
    kept = {
        path: sha
        for path, sha in shelf.files(current.pk).items()
        if path not in dict(styles) and not any(owns(path) for owns in theirs)
    }
    batch = Batch(shelf)
    drawn = [*parts.drawn(at, only=changed), *styles]
    new = {path: batch.put(content, path=path) for path, content in drawn}
    batch.settle()
    checked_paths([*kept, *new])
    return dict(sorted({**kept, **new}.items()))


def _laid(current: Release, now: dict[str, str], files: dict[str, str], *, at: datetime) -> Release:
    """The renewed release, laid aside."""
    manifest = {
        **{key: value for key, value in current.manifest.items() if key not in ("id", "files")},
        "parts": now,
        "renews": current.manifest.get("renews", current.pk),
        "built_at": timezone.localtime(at).isoformat(),
        "seal": seal(),
    }
    return laid_aside(manifest, files, current.findings, as_of=current.as_of, at=at)


def _changed(current: Release, now: dict[str, str]) -> list[str]:
    """The names of the parts whose state is not what the manifest says."""
    before = current.manifest.get("parts", {})
    return sorted(name for name, state in now.items() if before.get(name) != state)
