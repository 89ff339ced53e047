"""Backup and restore of a whole installation: the round trip, and what is refused."""

import getpass
import json
import os
import shutil
import stat
import tarfile
from dataclasses import replace
from hashlib import sha256

import pytest

from tests.house.town import rows, tongxin, write_figures
from tongxin.database import ensure

pytestmark = pytest.mark.xdist_group("town")
COUNTS = """
    select (select count(*) from situation_reading), 
           (select count(*) from audit_entry where deed not like 'runner.%%'),
           (select count(*) from releases_publication), (select count(*) from places_place)
"""


@pytest.fixture(scope="module")
def archive(town_home, tmp_path_factory):
    (town_home / "files").mkdir(exist_ok=True)
    (town_home / "files" / "图.txt").write_text("uploaded")
    file = tmp_path_factory.mktemp("backup") / "town.tongxin"
    code, said = tongxin(town_home, "backup", file)
    assert code == 0, said
    return file


@pytest.fixture
def other(tmp_path):
    """An empty home elsewhere, with a space in its name."""
    tmp_path.chmod(0o755)
    return tmp_path / "other home"


def query(home, text):
    with ensure(home):
        return rows(home, text)


def counts(home):
    return query(home, COUNTS)


def rebuilt(archive, target, change):
    """The archive written again, each member as `change(name, content)` says (None: left out)."""
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        for info in old:
            content = old.extractfile(info).read() if info.isreg() else b""
            content = change(info.name, content)
            if content is not None:
                info.size = len(content)
                source = target.with_name("member")
                source.write_bytes(content)
                with source.open("rb") as file:
                    new.addfile(info, file if info.isreg() else None)
    return target


def test_an_archive_restores_everything_elsewhere(archive, town_home, other):
    code, said = tongxin(other, "restore", archive)
    assert code == 0, said
    assert counts(other) == counts(town_home)
    assert (other / "files" / "图.txt").read_text() == "uploaded"
    assert (other / "secrets" / "django").read_text() == (
        town_home / "secrets" / "django"
    ).read_text()
    assert tongxin(other, "audit", "verify")[0] == 0
    assert tongxin(other, "releases", "verify")[0] == 0
    assert os.readlink(other / "releases" / "current") == os.readlink(
        town_home / "releases" / "current"
    )


def test_the_trail_tells_who_made_an_archive_and_who_put_it_back(archive, town_home, other):
    assert tongxin(other, "restore", archive)[0] == 0
    lines = "select by, facts->>'sha256' from audit_entry where deed = '{}' order by id"
    one = (f"command line: {getpass.getuser()}", sha256(archive.read_bytes()).hexdigest())
    assert one in query(town_home, lines.format("runner.backed_up"))
    assert query(other, lines.format("runner.restored")) == [one]
    assert tongxin(other, "audit", "verify")[0] == 0


def test_an_archive_is_for_our_eyes_only(archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with tarfile.open(archive) as tar:
        assert "secrets/postgres" not in tar.getnames()


def test_data_are_replaced_only_by_force_and_then_set_aside(archive, other, tmp_path):
    assert tongxin(other, "restore", archive)[0] == 0
    before = counts(other)
    assert tongxin(other, "import", "csv", write_figures(tmp_path / "more.csv", 5))[0] == 0
    code, said = tongxin(other, "restore", archive)
    assert (code, "--force" in said) == (1, True)
    assert counts(other) != before
    code, said = tongxin(other, "restore", archive, "--force")
    assert code == 0, said
    assert counts(other) == before
    kept = query(other, "select datname from pg_database where datname like 'tongxin_2%%'")
    assert len(kept) == 1 and kept[0][0] in said
    assert list(other.glob("before-restore-*/secrets/django"))


DAMAGES = {
    "a changed file": lambda name, content: content + b" " if name == "files/图.txt" else content,
    "a missing file": lambda name, content: None if name == "files/图.txt" else content,
    "no list": lambda name, content: None if name == "checksums.json" else content,
    "another program's": lambda name, content: b"{}" if name == "about.json" else content,
}


@pytest.mark.parametrize("change", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_archive_changes_nothing(archive, other, tmp_path, change):
    code, said = tongxin(other, "restore", rebuilt(archive, tmp_path / "damaged", change))
    assert (code, "Nothing was changed" in said) == (1, True), said
    assert {place.name for place in other.iterdir()} <= {"run.lock"}


@pytest.mark.parametrize("name", ["../out", "/outside", "files/../../out", "postgres/data/x"])
def test_an_archive_that_reaches_outside_is_refused(other, tmp_path, name):
    hostile = tmp_path / "hostile"
    with tarfile.open(hostile, "w:gz") as tar:
        tar.addfile(tarfile.TarInfo(name))
    code, said = tongxin(other, "restore", hostile)
    assert (code, "is not a whole backup" in said) == (1, True), said
    assert {place.name for place in other.iterdir()} <= {"run.lock"}


def test_half_an_archive_and_none_are_refused(archive, other, tmp_path):
    half = tmp_path / "half"
    half.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    assert "Nothing was changed" in tongxin(other, "restore", half)[1]
    assert "Nothing was changed" in tongxin(other, "restore", tmp_path / "nowhere")[1]


@pytest.mark.parametrize(
    "later", [{"version": 99}, {"migrations": [["people", "9999_later"]]}], ids=["form", "tables"]
)
def test_a_backup_from_the_future_is_refused(archive, other, tmp_path, later):
    about = []

    def change(name, content):
        told = json.loads(content) if name in ("about.json", "checksums.json") else None
        if name == "about.json":
            about.append(json.dumps({**told, **later}).encode())
            return about[0]
        if name == "checksums.json":
            return json.dumps({**told, "about.json": sha256(about[0]).hexdigest()}).encode()
        return content

    newer = rebuilt(archive, tmp_path / "newer", change)
    code, said = tongxin(other, "restore", newer)
    assert (code, "newer Tongxin" in said) == (1, True), said


def test_nothing_is_overwritten_and_nothing_made_up(archive, other):
    assert "exists already" in tongxin(other, "backup", archive)[1]
    code, said = tongxin(other, "backup", archive.with_name("empty"))
    assert (code, "holds no data" in said) == (1, True)
    assert not archive.with_name("empty").exists()
    shutil.rmtree(other, ignore_errors=True)


def test_an_archive_restores_into_a_server_of_somebody_else(archive, other, tmp_path):
    with ensure(tmp_path / "theirs", durable=False) as server:
        with server.address.connect() as connection:
            connection.execute("create role clerk login password 'p@ss'")
            connection.execute("create database town owner clerk")
        url = replace(server.address, user="clerk", password="p@ss", name="town").url
        code, said = tongxin(other, "restore", archive, DATABASE_URL=url)
        assert code == 0, said
        assert tongxin(other, "releases", "verify", DATABASE_URL=url)[0] == 0
        code, said = tongxin(other, "restore", archive, "--force", DATABASE_URL=url)
        assert (code, "permission denied to create database" in said) == (1, True), said
        assert tongxin(other, "audit", "verify", DATABASE_URL=url)[0] == 0
    assert not (other / "postgres").exists()
