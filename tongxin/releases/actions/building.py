from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tongxin.audit.actions import record
from tongxin.audit.queries import seal
from tongxin.people.models import User
from tongxin.people.roles import Permission
from tongxin.releases import queries, rules
from tongxin.releases.laying import counted, laid_aside, stored, sweep
from tongxin.releases.models import Publication, Release
from tongxin.releases.store import store
from tongxin.releases.turns import is_our_turn, locked, require

RENEWAL = Publication.Kind.RENEWAL


@transaction.atomic
def build(
    files: Iterable[tuple[str, bytes | str]],
    *,
    facts: dict[str, object],
    findings: list[dict[str, object]],
    as_of: datetime,
    by: User | str,
    at: datetime,
) -> Release:
    """A release of these files, laid aside; the same one if it was built before.

    Args:
        files: path and content, or path and the SHA-256 of content that the store has.
        facts: what else the manifest says (disease, rules, sources …): JSON values.
        findings: what the gate found, worst first; ``severity`` "stops" needs an override.

    Raises:
        DiskFull: there was no room; nothing has changed.
    """
    require(by, Permission.RELEASE_PREVIEW)
    shelf = store()
    with shelf.held():
        listed = stored(files, findings, shelf)
        manifest = {
            **facts,
            "as_of": timezone.localtime(as_of).isoformat(),
            "built_at": timezone.localtime(at).isoformat(),
            "checks": counted(findings),
            "overrides": [],
            "seal": seal(),
        }
        release = laid_aside(manifest, listed, findings, as_of=as_of, at=at)
    record("releases.built", release, by=by, files=release.files_count)
    return release


@transaction.atomic
def name_release(release_id: str, *, name: str, by: User | str) -> Release:
    """Give a release a name, which keeps it for good; an empty name lets it go."""
    require(by, Permission.RELEASE_PUBLISH)
    release = locked(release_id)
    release.name = name.strip()[:80]
    release.save(update_fields=["name"])
    record("releases.named", release, by=by, is_named=bool(release.name))
    return release


@transaction.atomic
def prune(*, by: User | str, at: datetime) -> list[str]:
    """Let go of the releases that the policy does not keep; their ids. Rows and manifests stay."""
    require(by, Permission.RELEASE_PUBLISH)
    if not is_our_turn():
        return []
    doomed = _doomed(at)
    for release in Release.objects.filter(pk__in=doomed):
        release.pruned_at = at
        release.save(update_fields=["pruned_at"])
        record("releases.pruned", release, by=by)
    transaction.on_commit(lambda: sweep(at))
    return sorted(doomed)


def _doomed(at: datetime) -> set[str]:
    """Releases with files that nothing keeps: not the policy, no name, no appointment."""
    rows = Publication.objects.order_by("pk").values_list("release_id", "at", "kind")
    shown = [(pk, timezone.localtime(moment), kind) for pk, moment, kind in rows]
    decided = [(pk, moment) for pk, moment, kind in shown if kind != RENEWAL]
    renewed = [(pk, moment) for pk, moment, kind in shown if kind == RENEWAL]
    stays = rules.kept([*decided, *rules.last_of_hours(renewed)], now=at)
    published = {pk for pk, _, _ in shown}
    current = queries.current_release()
    stays |= {current.pk} if current else set()
    stays |= set(queries.waiting_appointments().values_list("release_id", flat=True))
    rows = Release.objects.filter(pruned_at__isnull=True, name="")
    return {
        pk
        for pk, built_at in rows.values_list("pk", "built_at")
        if pk not in stays and (pk in published or rules.is_stale_draft(built_at, now=at))
    }
