"""The cast: the few people and places every test may use, on the real database.

One throw-away PostgreSQL serves all test processes; each has a database of its own, copied
from a template that holds the shipped places. Tests roll back; a test that commits
(``transaction=True``, a live server) gets a fresh copy after it.
"""

import atexit
import os
import shutil
import socket
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import django
import psycopg
import pytest

from tongxin import database

NOON = datetime(2020, 3, 20, 4, tzinfo=UTC)  # noon in Honghu
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
TEMPLATE, NAME = f"template_{WORKER}", f"test_{WORKER}"


def start_database() -> None:
    """The first process starts the server and tells the others by the environment."""
    home = Path(tempfile.mkdtemp(prefix="tongxin-test-"))
    home.chmod(0o755)  # the server runs as another user when we are root
    server = database.ensure(home, url=os.environ.get("DATABASE_URL"), durable=False)
    os.environ["TONGXIN_TEST_HOME"] = os.environ["TONGXIN_HOME"] = str(home)
    os.environ["TONGXIN_MODE"] = "development"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs beside the ORM
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongxin.settings"
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(server.close)


if "TONGXIN_TEST_HOME" not in os.environ:
    start_database()
django.setup()


def run_on_server(*statements: str) -> None:
    from django.conf import settings

    default = settings.DATABASES["default"]
    with psycopg.connect(
        host=default["HOST"],
        port=default["PORT"],
        user=default["USER"],
        password=default["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as connection:
        for statement in statements:
            connection.execute(statement)


def use_database(name: str) -> None:
    from django.conf import settings
    from django.db import connections

    connections["default"].close()
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


def fresh_database() -> None:
    """A new copy of the template, whatever the last test committed."""
    use_database(NAME)
    run_on_server(
        f'drop database if exists "{NAME}" with (force)',
        f'create database "{NAME}" template "{TEMPLATE}"',
    )


def make_template() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from tongxin.places.actions import load_shipped

    default = settings.DATABASES["default"]
    address = database.parse_url(
        f"postgres://{default['USER']}:{default['PASSWORD']}@{default['HOST']}:{default['PORT']}/x"
    )
    database.create_from_snapshot(address, TEMPLATE)
    # A test's database may be emptied; the trail of a real one may not.
    run_on_server(f"alter database \"{TEMPLATE}\" set tongxin.may_truncate = 'on'")
    use_database(TEMPLATE)
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)
    load_shipped(by="tests")
    connections["default"].close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    from django.test import TransactionTestCase

    with django_db_blocker.unblock():
        make_template()
        fresh_database()
    TransactionTestCase._fixture_teardown = lambda self: fresh_database()
    yield
    with django_db_blocker.unblock():
        use_database("postgres")
        run_on_server(
            f'drop database if exists "{NAME}" with (force)',
            f'drop database if exists "{TEMPLATE}" with (force)',
        )


@pytest.fixture(autouse=True)
def noon(request, monkeypatch):
    """Stop the clock, so no test depends on the day it runs."""
    if not request.node.get_closest_marker("real_clock"):
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    return NOON


@pytest.fixture(autouse=True)
def own_home(tmp_path, settings):
    """Files that a test writes (releases, uploads) stay with the test."""
    settings.HOME = tmp_path / "home"
    settings.MEDIA_ROOT = settings.HOME / "files"
    settings.HOME.mkdir()
    settings.CACHES = {  # what one test counts (failed sign-ins) is none of another's business
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": str(tmp_path),
        }
    }
    # Strong hashing is Django's own, tested there; here it would cost minutes.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return settings.HOME


@pytest.fixture(autouse=True)
def no_outside(monkeypatch):
    """Nothing in the tests talks to another machine."""
    connect = socket.socket.connect

    def local_only(self, address):
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test reached out to {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real public files, unchanged; not part of the product."""
    if not SHARED.is_dir():
        pytest.skip("the shared data folder is not beside this checkout")
    return SHARED


@pytest.fixture
def cast(db):
    """Everybody, by user name."""
    from tongxin.people.cast import assemble_cast

    return assemble_cast(by="tests", place="CN-421083")


def member(name):
    @pytest.fixture(name=name)
    def one(cast):
        return cast[name]

    one.__doc__ = f"{name.title()} of the cast."
    return one


chen, lin, yan, ola = member("chen"), member("lin"), member("yan"), member("ola")
dara, sato, wei, meng = member("dara"), member("sato"), member("wei"), member("meng")
rui, sam, qing = member("rui"), member("sam"), member("qing")
