"""The embedded PostgreSQL: it starts, survives crashes of every kind, and explains itself."""

import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tongxin.database import DatabaseUnavailable, ensure, parse_url, secret
from tongxin.database.cluster import running_pid

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys, time
from pathlib import Path
from tongxin.database import ensure
server = ensure(Path(sys.argv[1]))
with server.address.connect() as connection:
    connection.execute("create table if not exists seen (who text)")
    connection.execute("insert into seen values (%s)", [sys.argv[2]])
print("ready", flush=True)
if len(sys.argv) > 3:
    time.sleep(60)
server.close()
"""


@pytest.fixture
def home(tmp_path):
    """A folder nobody but us may enter, with a space and Chinese in its name."""
    return tmp_path / "同心 data"


@pytest.fixture
def open_home():
    """A folder everybody may enter."""
    with tempfile.TemporaryDirectory(prefix="tongxin open ") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "home"


def another_process(home, who, *words):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home), who, *words],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def server_pid(home):
    return running_pid(home / "postgres" / "data")


def remember(server, who):
    with server.address.connect() as connection:
        connection.execute("create table if not exists seen (who text)")
        connection.execute("insert into seen values (%s)", [who])


def remembered(server):
    with server.address.connect() as connection:
        return [who for (who,) in connection.execute("select who from seen order by who")]


def test_rows_are_there_after_a_restart(home):
    with ensure(home) as server:
        remember(server, "雷神山")
    assert server_pid(home) is None
    with ensure(home) as server:
        assert remembered(server) == ["雷神山"]


def test_rows_are_there_after_the_server_was_killed(home):
    with ensure(home) as server:
        remember(server, "before")
        os.kill(server_pid(home), signal.SIGKILL)
        with ensure(home) as again:
            assert remembered(again) == ["before"]
    assert server_pid(home) is None


def test_a_killed_server_is_revived_for_those_who_hold_it(home):
    with ensure(home) as server:
        remember(server, "before")
        os.kill(server_pid(home), signal.SIGKILL)
        server.revive()
        assert remembered(server) == ["before"]


@pytest.mark.parametrize("pid", [os.getpid(), 4_000_000], ids=["another program", "nobody"])
def test_a_stale_pid_file_is_no_obstacle(home, pid):
    with ensure(home) as server:
        remember(server, "before")
    data = home / "postgres" / "data"
    (data / "postmaster.pid").write_text(f"{pid}\n{data}\n0\n5432\n\n127.0.0.1\n\nready\n")
    with ensure(home) as server:
        assert remembered(server) == ["before"]


def test_a_folder_whose_making_was_killed_is_made_again(home):
    maker = another_process(home, "maker")
    folder = home / "postgres"
    while not list(folder.glob("data.making-*/base")) and maker.poll() is None:
        time.sleep(0.002)
    maker.kill()
    maker.communicate()
    assert not (folder / "data").exists()
    with ensure(home) as server:
        remember(server, "made again")
    assert (folder / "data" / "PG_VERSION").exists()


def test_two_processes_may_start_at_once(home):
    both = [another_process(home, who) for who in ("ann", "bob")]
    assert [process.communicate(timeout=60)[0] for process in both] == ["ready\n"] * 2
    with ensure(home) as server:
        assert remembered(server) == ["ann", "bob"]


def test_the_last_one_out_stops_the_server(home):
    first, second = ensure(home), ensure(home)
    first.close()
    first.close()
    assert server_pid(home)
    second.close()
    assert server_pid(home) is None


def test_the_server_of_a_killed_process_is_taken_over(home):
    user = another_process(home, "killed", "stay")
    assert user.stdout.readline() == "ready\n"
    before = server_pid(home)
    user.kill()
    user.communicate()
    with ensure(home) as server:
        assert server_pid(home) == before
        assert remembered(server) == ["killed"]
    assert server_pid(home) is None


def test_another_port_is_found_when_ours_is_taken(home):
    with ensure(home) as server:
        port = server.address.port
    with socket.socket() as squatter:
        # Without it the server's own closed connections would keep the port for a minute.
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # taken already, by whoever runs beside us
            squatter.bind(("127.0.0.1", port))
            squatter.listen()
        with ensure(home) as server:
            assert server.address.port != port
            remember(server, "elsewhere")


def test_a_folder_of_another_version_is_explained_and_left_alone(home):
    ensure(home).close()
    version = home / "postgres" / "data" / "PG_VERSION"
    version.write_text("12\n")
    with pytest.raises(DatabaseUnavailable, match="made by PostgreSQL 12"):
        ensure(home)
    assert version.read_text() == "12\n"


def test_a_folder_that_is_no_cluster_is_explained_and_left_alone(home):
    stray = home / "postgres" / "data" / "letter.txt"
    stray.parent.mkdir(parents=True)
    stray.write_text("mine")
    with pytest.raises(DatabaseUnavailable, match="not a PostgreSQL data folder"):
        ensure(home)
    assert stray.read_text() == "mine"


def test_a_place_that_cannot_be_written_is_explained():
    with pytest.raises(DatabaseUnavailable, match="/proc/tongxin"):
        ensure(Path("/proc/tongxin"))


def test_no_folder_above_ours_is_opened(home, tmp_path):
    tmp_path.chmod(0o700)
    ensure(home).close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "postgres" / "data").stat().st_mode) == 0o700


def test_root_hands_the_server_to_an_unprivileged_user_where_it_can(open_home):
    with ensure(open_home) as server:
        remember(server, "whoever")
        server_user = Path(f"/proc/{server_pid(open_home)}").stat().st_uid
        assert server_user == (65534 if os.geteuid() == 0 else os.geteuid())


def as_nobody(work):
    """Whether `work()` is true for an unprivileged user (for ourselves, if that is what we are)."""
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        os._exit(0 if work() else 1)
    return os.waitpid(child, 0)[1] == 0


def test_an_ordinary_user_runs_it_directly(open_home):
    open_home.parent.chmod(0o777)

    def serve():
        with ensure(open_home) as server:
            remember(server, "nobody")
            return remembered(server) == ["nobody"]

    assert as_nobody(serve)


def test_the_database_of_another_user_is_refused_in_words(home):
    ensure(home).close()
    data = home / "postgres" / "data"

    def refused():
        from tongxin.database.identity import choose

        try:
            choose(data.parent, Path("/"))
        except DatabaseUnavailable as trouble:
            return "belongs to user 0" in str(trouble)
        return False

    assert as_nobody(refused)


def test_a_secret_stays_the_same_and_is_ours_alone(home):
    first = secret(home, "django")
    assert secret(home, "django") == first != secret(home, "other")
    assert stat.S_IMODE((home / "secrets" / "django").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("postgres://ann:p%40ss@db:6543/town", ("db", 6543, "ann", "p@ss", "town", {})),
        ("postgresql://ann@db/town", ("db", 5432, "ann", "", "town", {})),
        ("postgres://[::1]/t?sslmode=require", ("::1", 5432, "", "", "t", {"sslmode": "require"})),
        ("postgres:///t?host=/run/pg", ("/run/pg", 5432, "", "", "t", {})),
        ("postgres://u@h/%E5%90%8C", ("h", 5432, "u", "", "同", {})),
    ],
)
def test_a_database_url_is_read_and_written_back(url, found):
    address = parse_url(url)
    parts = (address.host, address.port, address.user, address.password, address.name)
    assert (*parts, address.options) == found
    assert parse_url(address.url) == address


@pytest.mark.parametrize(
    "url", ["mysql://u@h/t", "postgres://u@h:port/t", "postgres://u@h", "var/db.sqlite3", ""]
)
def test_a_database_url_of_another_kind_is_explained(url):
    with pytest.raises(DatabaseUnavailable, match="DATABASE_URL"):
        parse_url(url)


def test_a_database_url_starts_nothing_and_its_password_stays_secret(home):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"postgres://ann:hush@127.0.0.1:{closed.getsockname()[1]}/town"
        with pytest.raises(DatabaseUnavailable, match="cannot be reached") as trouble:
            ensure(home, url=url)
    assert "hush" not in str(trouble.value) + repr(parse_url(url))
    assert not home.exists()
