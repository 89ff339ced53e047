"""How a release comes to lie in the store: its files, its manifest, its row."""

from collections.abc import Iterable
from datetime import datetime

from tongxin.releases import rules
from tongxin.releases.models import Release
from tongxin.releases.store import Batch, Store, checked_paths, store

CHECKS = "checks.json"


def stored(
    files: Iterable[tuple[str, bytes | str]], findings: list[dict[str, object]], shelf: Store
) -> dict[str, str]:
    """Path to SHA-256, with everything in the store; the findings are a file of their own."""
    batch = Batch(shelf)
    listed = [
        (path, content if isinstance(content, str) else batch.put(content, path=path))
        for path, content in files
    ]
    listed.append((CHECKS, batch.put(rules.canonical(findings), path=CHECKS)))
    batch.settle()
    checked_paths(path for path, _ in listed)
    return dict(sorted(listed))


def counted(findings: list[dict[str, object]]) -> dict[str, int]:
    """How many findings of each severity; "stops" is always named."""
    counts: dict[str, int] = {"stops": 0}
    for finding in findings:
        counts[str(finding["severity"])] = counts.get(str(finding["severity"]), 0) + 1
    return counts


def laid_aside(
    manifest: dict[str, object],
    listed: dict[str, str],
    findings: list[dict[str, object]],
    *,
    as_of: datetime,
    at: datetime,
) -> Release:
    """The row and the tree of a release; both are left alone if they are there."""
    shelf = store()
    total = sum(shelf.place_of(sha).stat().st_size for sha in listed.values())
    sha = shelf.put(rules.canonical(listed), path=rules.FILES)
    manifest["files"] = {"count": len(listed), "bytes": total, "sha256": sha}
    manifest["id"] = rules.release_id(manifest)
    release, _ = Release.objects.get_or_create(
        pk=manifest["id"],
        defaults={
            "built_at": at,
            "as_of": as_of,
            "manifest": manifest,
            "findings": findings,
            "files_count": len(listed),
            "bytes_count": total,
        },
    )
    shelf.add_tree(release.pk, release.manifest, listed)
    if release.pruned_at:
        release.pruned_at = None
        release.save(update_fields=["pruned_at"])
    return release


def lay_again(release: Release, shelf: Store) -> None:
    """The tree of a release from its objects, if somebody has lost it."""
    if shelf.tree(release.pk) is None:
        files = shelf.read_list(release.manifest["files"]["sha256"])
        shelf.add_tree(release.pk, release.manifest, files)


def sweep(at: datetime) -> None:
    """Remove the files of pruned releases, unless a build is at work; then the next one does."""
    shelf = store()
    with shelf.held(alone=True) as ours:
        if ours:
            known = Release.objects.filter(pruned_at__isnull=True).values_list("pk", flat=True)
            shelf.sweep(set(known), at=at)
