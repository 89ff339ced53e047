import pytest

from tongxin.people.cast import CAST
from tongxin.people.roles import Permission, Role


def test_every_role_says_what_it_may():
    assert {role for role in Role if role.permissions} == set(Role) - {Role.RESIDENT}


def test_every_permission_is_held_by_somebody():
    assert set(Permission) == set().union(*(role.permissions for role in Role))


def test_every_role_is_played_by_one_of_the_cast():
    assert {part.role for part in CAST} == set(Role)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MEDIATOR, Role.EDITOR, Role.STOREKEEPER])
def test_who_runs_or_writes_opens_no_records_and_publishes_nothing(role):
    assert not role.permissions & {Permission.PERSONS_READ, Permission.RELEASE_PUBLISH}


def test_those_who_publish_make_no_accounts():
    for role in Role:
        assert not role.permissions >= {Permission.RELEASE_PUBLISH, Permission.ACCOUNTS_MANAGE}
