from functools import partial

from allauth.mfa.models import Authenticator
from django.db import transaction

from tongxin.audit.actions import record
from tongxin.people import guesses
from tongxin.people.models import Organisation, Person, User
from tongxin.people.roles import Permission, Role
from tongxin.refusal import Refusal, noop


class NotAllowedToManage(Refusal):
    says = noop("Only an administrator may do this.")


class NameTaken(Refusal):
    says = noop("There is already an account named {username}.")


class NotYourOwn(Refusal):
    says = noop("Another administrator has to do this to your account.")


class NotAManagedAccount(Refusal):
    says = noop("Members of the cast have no password; they sign in on the development page.")


def _require_manager(by: User | str) -> None:
    if not isinstance(by, str) and not by.may(Permission.ACCOUNTS_MANAGE):
        raise NotAllowedToManage()


def _managed(user_id: int, *, by: User | str) -> User:
    """The account, locked for a change that its owner may not make alone."""
    _require_manager(by)
    user = User.objects.select_for_update().get(pk=user_id)
    if user == by:
        raise NotYourOwn()
    return user


@transaction.atomic
def add_organisation(
    *, kind: str, name_zh: str, name_en: str, place: str, by: User | str
) -> Organisation:
    """The organisation of this name in this place, made if it is new."""
    _require_manager(by)
    body, new = Organisation.objects.get_or_create(
        name_zh=name_zh, place_id=place, defaults={"kind": kind, "name_en": name_en}
    )
    if new:
        record("people.organisation_added", body, by=by, kind=kind)
    return body


@transaction.atomic
def add_person(*, name: str, place: str | None = None, by: User | str) -> Person:
    """A new person record."""
    person = Person.objects.create(name=name, place_id=place)
    record("people.person_added", person, by=by)
    return person


@transaction.atomic
def add_account(
    *,
    username: str,
    role: Role,
    by: User | str,
    display_name: str = "",
    one_time_password: str | None = None,
    organisation: Organisation | None = None,
    person: Person | None = None,
    is_cast: bool = False,
) -> User:
    """A new account with a role; without a password it cannot sign in by one.

    Raises:
        NotAllowedToManage: ``by`` is a user without the right to manage accounts.
        NameTaken: the user name exists.
    """
    _require_manager(by)
    if User.objects.filter(username__iexact=username).exists():
        raise NameTaken(username=username)
    user = User(
        username=username,
        first_name=display_name,
        role=role,
        organisation=organisation,
        person=person,
        has_one_time_password=one_time_password is not None,
        is_cast=is_cast,
    )
    user.set_password(one_time_password)
    user.save()
    record("people.account_added", user, by=by, role=str(role))
    return user


@transaction.atomic
def change_role(user_id: int, *, role: Role, by: User | str) -> User:
    """Give an account another role; its open sessions follow at once."""
    user = _managed(user_id, by=by)
    before, user.role = user.role, role
    if before != role:
        user.save(update_fields=["role"])
        record("people.role_changed", user, by=by, before=before, after=str(role))
    return user


@transaction.atomic
def move_account(user_id: int, *, organisation: Organisation | None, by: User | str) -> User:
    """Let an account act for another organisation, or for none."""
    user = _managed(user_id, by=by)
    before, user.organisation = user.organisation_id, organisation
    if before != user.organisation_id:
        user.save(update_fields=["organisation"])
        record("people.account_moved", user, by=by, before=before, after=user.organisation_id)
    return user


@transaction.atomic
def close_account(user_id: int, *, by: User | str) -> User:
    """The account can no longer sign in and its sessions end; what it did stays in the trail."""
    user = _managed(user_id, by=by)
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        record("people.account_closed", user, by=by)
    return user


@transaction.atomic
def reopen_account(user_id: int, *, by: User | str) -> User:
    """A closed account may sign in again, with the password and factor it had."""
    user = _managed(user_id, by=by)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        record("people.account_reopened", user, by=by)
    return user


@transaction.atomic
def give_one_time_password(user_id: int, *, password: str, by: User | str) -> User:
    """Help somebody who lost password or phone: both are reset and open sessions end.

    Raises:
        NotAManagedAccount: a member of the cast, which signs in without a password.
    """
    user = _managed(user_id, by=by)
    if user.is_cast:
        raise NotAManagedAccount()
    user.set_password(password)
    user.has_one_time_password = True
    user.save(update_fields=["password", "has_one_time_password"])
    Authenticator.objects.filter(user=user).delete()
    record("people.sign_in_reset", user, by=by)
    return user


@transaction.atomic
def lift_sign_in_limit(user_id: int, *, by: User | str) -> User:
    """Let an account try at once again, after too many failures of whoever it was."""
    user = _managed(user_id, by=by)
    record("people.sign_in_limit_lifted", user, by=by)
    transaction.on_commit(partial(guesses.lift, user.username))
    return user


@transaction.atomic
def own_password_chosen(*, by: User) -> None:
    """The owner replaced the password: what an administrator knew no longer opens the account."""
    User.objects.filter(pk=by.pk).update(has_one_time_password=False)
    record("people.password_changed", by, by=by)
