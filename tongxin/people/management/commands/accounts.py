import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from tongxin.people import actions
from tongxin.people.models import Organisation, User
from tongxin.people.roles import Role
from tongxin.refusal import Refusal, noop

BY = "command line"


class Command(BaseCommand):
    help = noop("Staff accounts: add, list, close, change the role, give a one-time password.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        add = deeds.add_parser("add", help=noop("make an account and print its one-time password"))
        add.add_argument("username")
        add.add_argument("--role", required=True, choices=Role.values)
        add.add_argument("--organisation", default="", help=noop("its Chinese or English name"))
        add.add_argument("--name", default="", help=noop("the name that colleagues see"))
        deeds.add_parser("list", help=noop("every account, with role and state"))
        role = deeds.add_parser("role", help=noop("give an account another role"))
        role.add_argument("username")
        role.add_argument("role", choices=Role.values)
        for deed, words in (
            ("close", noop("the account can no longer sign in")),
            ("reopen", noop("a closed account may sign in again")),
            ("unlock", noop("forget failed sign-ins: the account may try again at once")),
            ("password", noop("print a new one-time password; the second factor is removed")),
        ):
            deeds.add_parser(deed, help=words).add_argument("username")

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        try:
            getattr(self, f"_{deed}")(**options)
        except Refusal as refusal:
            raise CommandError(gettext(refusal.says).format(**refusal.facts)) from refusal

    def _add(self, username: str, role: str, organisation: str, name: str, **_: Any) -> None:
        password = secrets.token_urlsafe(12)
        actions.add_account(
            username=username,
            role=Role(role),
            display_name=name,
            organisation=_organisation(organisation) if organisation else None,
            one_time_password=password,
            by=BY,
        )
        self._print_password(username, password)

    def _list(self, **_: Any) -> None:
        for user in User.objects.select_related("organisation").order_by("username"):
            state = gettext("open") if user.is_active else gettext("closed")
            body = user.organisation.name_en if user.organisation else "-"
            self.stdout.write(f"{user.username:<20} {user.role:<18} {state:<8} {body}")

    def _role(self, username: str, role: str, **_: Any) -> None:
        actions.change_role(_account(username).pk, role=Role(role), by=BY)

    def _close(self, username: str, **_: Any) -> None:
        actions.close_account(_account(username).pk, by=BY)

    def _reopen(self, username: str, **_: Any) -> None:
        actions.reopen_account(_account(username).pk, by=BY)

    def _unlock(self, username: str, **_: Any) -> None:
        actions.lift_sign_in_limit(_account(username).pk, by=BY)

    def _password(self, username: str, **_: Any) -> None:
        password = secrets.token_urlsafe(12)
        actions.give_one_time_password(_account(username).pk, password=password, by=BY)
        self._print_password(username, password)

    def _print_password(self, username: str, password: str) -> None:
        words = gettext("{username} signs in with the one-time password {password}")
        self.stdout.write(words.format(username=username, password=password))


def _account(username: str) -> User:
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        raise CommandError(
            gettext("There is no account named {username}.").format(username=username)
        )
    return user


def _organisation(name: str) -> Organisation:
    found = Organisation.objects.filter(name_en=name) | Organisation.objects.filter(name_zh=name)
    if found.count() != 1:
        raise CommandError(gettext("There is no organisation named {name}.").format(name=name))
    return found.get()
