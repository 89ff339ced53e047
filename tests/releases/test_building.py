import errno
import json
import os
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.conftest import NOON
from tests.releases.conftest import files
from tongxin.audit.models import Entry
from tongxin.releases import actions, queries
from tongxin.releases import store as store_module
from tongxin.releases.models import Release
from tongxin.releases.refusals import NotAllowedToRelease
from tongxin.releases.store import DiskFull, store


def build(listed, **facts):
    defaults = {"facts": {}, "findings": [], "as_of": NOON, "by": "tests", "at": NOON}
    return actions.build(listed, **(defaults | facts))


def test_the_same_figures_are_the_same_release(build):
    first = build("12")
    again = build("12", at=NOON + timedelta(hours=3))
    assert first == again and Release.objects.count() == 1
    assert again.built_at == NOON
    assert build("13") != first


def test_the_manifest_in_the_release_is_the_one_in_the_row(build):
    release = build()
    tree = store().tree(release.pk)
    assert json.loads((tree / "release.json").read_bytes()) == release.manifest
    assert release.manifest["id"] == release.pk
    assert release.manifest["files"]["count"] == 5  # four and the checks
    assert queries.faults(release) == []


def test_what_has_not_changed_is_not_stored_twice(build):
    first, second = build("12"), build("13")
    one, two = (store().tree(r.pk) / "en/embed/CN-421083/index.html" for r in (first, second))
    assert one.stat().st_ino == two.stat().st_ino
    assert {change.path for change in queries.changes(first.pk, second.pk)} == {
        "en/situation/CN-421083/index.html",
        "situation/CN-421083/series.json",
    }


def test_a_stored_file_may_be_named_by_its_hash(build):
    release = build("12")
    sha = store().files(release.pk)["search.json"]
    other = actions.build(
        [("search.json", sha)], facts={}, findings=[], as_of=NOON, by="tests", at=NOON
    )
    assert (store().tree(other.pk) / "search.json").read_bytes() == b"[]"


def test_objects_are_read_only_and_have_their_compressed_siblings(build):
    place = store().tree(build().pk) / "en/situation/CN-421083/index.html"
    assert {p.name for p in place.parent.iterdir()} == {
        "index.html",
        "index.html.br",
        "index.html.gz",
    }
    assert all(p.stat().st_mode & 0o777 == 0o444 for p in place.parent.iterdir())


def test_the_findings_of_the_gate_are_part_of_the_release(build):
    finding = {"rule": "children_sum", "severity": "warns", "place": "CN"}
    release = build("12", findings=[finding])
    assert json.loads((store().tree(release.pk) / "checks.json").read_bytes()) == [finding]
    assert release.manifest["checks"] == {"stops": 0, "warns": 1}
    assert release != build("12")


@pytest.mark.parametrize("path", ["../x", "release.json", "files.json", "search.json", ".a"])
def test_a_path_that_is_not_the_callers_is_a_bug(db, path):
    with pytest.raises(ValueError, match="cannot hold"):
        build([*files(), (path, b"")])
    assert not Release.objects.exists()


def test_a_build_that_fails_half_way_leaves_no_tree(db):
    def failing():
        yield from files()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        build(failing())
    assert list((store().root / "drafts").iterdir()) == []


def test_a_tree_is_copied_where_links_are_not_allowed(db, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EXDEV, "another device")

    monkeypatch.setattr(store_module.os, "link", refuse)
    assert queries.faults(build(files())) == []


def test_a_changed_or_missing_file_is_named(build):
    release = build()
    tree = store().tree(release.pk)
    os.chmod(tree / "situation/CN-421083/series.json", 0o644)
    (tree / "situation/CN-421083/series.json").write_bytes(b"[1]")
    (tree / "en/embed/CN-421083/index.html").unlink()
    assert queries.faults(release) == [
        "en/embed/CN-421083/index.html",
        "situation/CN-421083/series.json",
    ]


def test_a_full_disk_is_a_refusal_and_leaves_nothing_behind(db, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(store_module.os, "fchmod", full)
    with pytest.raises(DiskFull):
        build(files())
    assert not [p for p in store().root.rglob("*") if p.is_file() and p.name != ".lock"]


def test_only_who_may_preview_builds(cast):
    assert build(files(), by=cast["yan"])
    for name in ("rui", "dara", "ola"):
        with pytest.raises(NotAllowedToRelease):
            build(files("13"), by=cast[name])
    assert Release.objects.count() == 1


def test_a_build_is_in_the_trail(build, chen):
    release = build(by=chen)
    entry = Entry.objects.get(deed="releases.built")
    assert (entry.target, entry.by) == (f"releases.Release:{release.pk}", f"user:{chen.pk}")


@pytest.mark.real_clock
def test_pruning_removes_what_the_policy_lets_go(
    publish, build, django_capture_on_commit_callbacks
):
    now = timezone.now()
    wednesday = _noon_of_a_wednesday(now - timedelta(days=400))
    early = publish("1", at=wednesday)
    late = publish("2", day=1, at=wednesday + timedelta(hours=1))
    publish("3", day=2, at=now)
    draft = build("4", at=now - timedelta(days=9))
    named = build("5", at=now - timedelta(days=9))
    actions.name_release(named.pk, name="for the report", by="tests")
    with django_capture_on_commit_callbacks(execute=True):
        gone = actions.prune(by="tests", at=now + timedelta(hours=2))
    assert set(gone) == {early.pk, draft.pk}
    early.refresh_from_db()
    assert early.pruned_at and store().tree(early.pk) is None
    assert queries.faults(late) == queries.faults(named) == []
    used = {sha for tree in store().root.glob("*/*/files.json") for sha in _listed(tree)}
    kept = {p.name for p in store().root.glob("objects/??/*") if "." not in p.name}
    assert used <= kept and len(kept - used) == 2 * 3  # the two lists of each release


def _noon_of_a_wednesday(moment: datetime) -> datetime:
    """An hour after which is the same day and the same week, whenever the test runs."""
    local = timezone.localtime(moment).replace(hour=12, minute=0)
    return local + timedelta(days=2 - local.weekday())


def _listed(file) -> list[str]:
    return list(json.loads(file.read_bytes()).values())


@pytest.mark.real_clock
def test_pruning_waits_for_a_build(publish, build, django_capture_on_commit_callbacks):
    now: datetime = timezone.now()
    draft = build("4", at=now - timedelta(days=9))
    with store().held(), django_capture_on_commit_callbacks(execute=True):
        actions.prune(by="tests", at=now + timedelta(hours=2))
    assert store().tree(draft.pk)
    with django_capture_on_commit_callbacks(execute=True):
        actions.prune(by="tests", at=now + timedelta(hours=2))
    assert store().tree(draft.pk) is None


@pytest.mark.real_clock
def test_a_pruned_release_can_be_built_again(build, django_capture_on_commit_callbacks):
    now = timezone.now()
    draft = build("4", at=now - timedelta(days=9))
    with django_capture_on_commit_callbacks(execute=True):
        actions.prune(by="tests", at=now + timedelta(hours=2))
    again = build("4", at=now)
    assert again.pk == draft.pk and again.pruned_at is None and queries.faults(again) == []
