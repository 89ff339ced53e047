"""Every page and operation against every role, from the addresses themselves."""

import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tongxin.people.access import OWN, PUBLIC
from tongxin.people.cast import CAST
from tongxin.people.roles import Permission, Role

TABLE = Path(settings.BASE_DIR) / "docs/permissions.md"
FILLED = {
    "release_id": "0" * 64,
    "language": "en",
    "code": "CN-421083",
    "day": "2020-02-12",
    "path": "x",
    "rest": "situation/",
}
THIRD_PARTIES = ("accounts/", "cms/")  # guarded by their own libraries; tested below


def leaves(patterns, prefix=""):
    """(address as the resolver has it, view) of every page."""
    for one in patterns:
        here = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from leaves(one.url_patterns, here)
        elif isinstance(one, URLPattern):
            yield here, one.callback


def ours():
    """Our own pages: address, permission."""
    found = {}
    for address, view in leaves(get_resolver().url_patterns):
        if not address.startswith((*THIRD_PARTIES, "api/")) and "NOT_OFFERED" not in address:
            found[address] = getattr(view, "needs", None)
    return found


def filled(address):
    """The address with something in its blanks that need not exist."""
    text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda m: FILLED.get(m[1], "1"), address)
    text = re.sub(
        r"<(?:(\w+):)?(\w+)>",
        lambda m: FILLED.get(m[2], str(uuid.UUID(int=1)) if m[1] == "uuid" else "1"),
        text,
    )
    return "/" + text.replace("^", "").replace("$", "").replace("\\", "")


DESK = {address: needs for address, needs in ours().items() if needs not in (None, PUBLIC, OWN)}
MINE = [address for address, needs in ours().items() if needs == OWN]


def test_every_page_says_who_may_use_it():
    unsaid = [a for a, needs in ours().items() if needs is None and not is_not_offered(a)]
    assert unsaid == []


def is_not_offered(address):
    return address.startswith("^(?:accounts/")


@pytest.mark.parametrize("part", CAST, ids=lambda part: part.role)
def test_a_role_opens_its_pages_and_no_others(cast, part):
    client = Client(raise_request_exception=False)
    client.force_login(cast[part.username])
    for address, needs in DESK.items():
        status = client.get(filled(address)).status_code
        if part.role.permissions >= {needs}:
            assert status in {200, 302, 404, 405}, (address, status)
        else:
            assert status == 403, (address, status)
            assert client.post(filled(address)).status_code == 403, address


def test_strangers_are_sent_to_sign_in_by_every_page_of_the_desk(client, db):
    for address in DESK:
        for answer in (client.get(filled(address)), client.post(filled(address))):
            assert answer.status_code == 302, address
            assert answer.url.startswith("/accounts/login/"), address


def test_strangers_are_sent_to_sign_in_by_every_page_of_residents(client, db):
    assert MINE
    for address in MINE:
        for answer in (client.get(filled(address)), client.post(filled(address))):
            assert answer.status_code == 302, address
            assert answer.url.startswith("/my/sign-in/"), address


@pytest.mark.parametrize("part", CAST, ids=lambda part: part.role)
def test_nobody_opens_a_page_of_somebody_else(cast, part):
    """Neither a neighbour nor any role of staff: the record of another is not there."""
    client = Client(raise_request_exception=False)
    client.force_login(cast[part.username])
    other = cast["rui" if part.username == "sam" else "sam"].person_id
    for address in MINE:
        if "<uuid:person_id>" in address:
            page = filled(address).replace(str(uuid.UUID(int=1)), str(other))
            assert client.get(page).status_code in {404, 405}, page
            assert client.post(page).status_code in {404, 405}, page


@pytest.mark.parametrize("part", CAST, ids=lambda part: part.role)
def test_only_editors_and_reviewers_enter_the_cms(cast, part):
    client = Client()
    client.force_login(cast[part.username])
    for address in (
        "/cms/",
        "/cms/snippets/situation/caveat/",
        "/cms/snippets/situation/caveat/add/",
        "/cms/snippets/guidance/adviceblock/",
        "/cms/snippets/guidance/adviceblock/add/",
        "/cms/snippets/myths/claim/",
        "/cms/snippets/myths/claim/add/",
    ):
        answer = client.get(address)
        if part.role in {Role.EDITOR, Role.REVIEWER}:
            assert answer.status_code == 200, address
        else:
            assert answer.status_code in {302, 403}, address
            assert "login" in answer.url if answer.status_code == 302 else True


def test_editors_reach_no_page_tree_users_or_settings(client, yan):
    client.force_login(yan)
    for address in (
        "/cms/users/",
        "/cms/groups/",
        "/cms/pages/",
        "/cms/images/",
        "/cms/documents/",
        "/cms/sites/",
        "/cms/collections/",
        "/cms/redirects/",
    ):
        assert client.get(address).status_code in {302, 403, 404}, address


def table():
    """The table of docs/permissions.md, from the code."""
    roles = [role for role in Role if role.is_staff_role]
    lines = [
        "# Who may do what",
        "",
        "Made from `tongxin/people/roles.py` and the addresses; `tests/test_matrix.py` checks it.",
        "",
        "| permission | " + " | ".join(role.value for role in roles) + " |",
        "|---|" + "---|" * len(roles),
    ]
    for permission in Permission:
        marks = ["●" if permission in role.permissions else "" for role in roles]
        lines.append(f"| {permission.value} | " + " | ".join(marks) + " |")
    lines += ["", "| page | needs |", "|---|---|"]
    for address, needs in sorted(ours().items()):
        said = "not offered" if is_not_offered(address) else str(needs)
        shown = address.replace("|", "\\|")
        lines.append(f"| `{shown}` | {said} |")
    return "\n".join(lines) + "\n"


def test_the_table_of_permissions_is_current():
    assert TABLE.read_text(encoding="utf-8") == table(), (
        "docs/permissions.md is stale: python -m tests.test_matrix writes it"
    )


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
