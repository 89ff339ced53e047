import re

import pytest
from django.core.management import CommandError, call_command

from tongxin.audit.models import Entry
from tongxin.people.models import User


def test_an_account_is_added_and_signs_in_with_what_was_printed(cast, capsys):
    hospital = "--organisation=Honghu People's Hospital"
    call_command("accounts", "add", "zhao", "--role=clinician", hospital)
    (password,) = re.findall(r"(?<!\S)[\w-]{16}(?!\S)", capsys.readouterr().out)
    user = User.objects.get(username="zhao")
    assert user.check_password(password)
    assert user.organisation == cast["dara"].organisation
    assert Entry.objects.last().by == "command line"


def test_a_role_is_changed_and_an_account_closed_and_opened(cast):
    call_command("accounts", "role", "sato", "duty_officer")
    call_command("accounts", "close", "sato")
    sato = User.objects.get(username="sato")
    assert (sato.role, sato.is_active) == ("duty_officer", False)
    call_command("accounts", "reopen", "SATO")
    assert User.objects.get(username="sato").is_active


def test_the_list_names_everybody(cast, capsys):
    call_command("accounts", "list")
    assert len(capsys.readouterr().out.splitlines()) == len(cast)


@pytest.mark.parametrize(
    "words",
    [
        ("close", "nobody"),
        ("add", "chen", "--role=clinician"),
        ("add", "zhao", "--role=clinician", "--organisation=Nowhere"),
        ("password", "chen"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(cast, words):
    with pytest.raises(CommandError, match="."):
        call_command("accounts", *words)
