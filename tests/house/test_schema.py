"""`schema.sql` is what the migrations give, no more and no less; `make schema` writes it again."""

import pytest
from django.core.management import call_command

from tongxin.database import create_from_snapshot, ensure
from tongxin.database.snapshot import SCHEMA, comparable, dump, fill_if_empty
from tongxin.runner.snapshot import migrated


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with ensure(tmp_path_factory.mktemp("schema"), durable=False) as server:
        yield server


def test_the_snapshot_is_what_the_migrations_give(server):
    assert comparable(migrated(server.address)) == comparable(SCHEMA.read_text(encoding="utf-8"))


def without_conditions(text):
    """The lines but for conditions, which PostgreSQL words differently the second time."""
    return [line for line in text.splitlines() if " CHECK " not in line and " WHERE " not in line]


def test_a_database_filled_from_the_snapshot_has_all_of_it(server):
    assert create_from_snapshot(server.address, "filled")
    filled = dump(server.address.named("filled"))
    assert without_conditions(filled) == without_conditions(SCHEMA.read_text(encoding="utf-8"))


def test_a_database_with_tables_is_left_alone(server):
    create_from_snapshot(server.address, "taken")
    assert not fill_if_empty(server.address.named("taken"))


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
