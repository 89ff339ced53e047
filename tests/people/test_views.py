import pytest
from django.test import Client

from tongxin.audit.models import Entry
from tongxin.people.models import Organisation, User


@pytest.fixture
def desk(client, ola):
    """Ola at the desk."""
    client.force_login(ola)
    return client


NEW = {"username": "zhao", "display_name": "赵", "role": "clinician", "organisation": ""}


def test_a_new_account_shows_its_password_once(desk):
    page = desk.post("/desk/accounts/add/", NEW)
    password = page.context["password"]
    assert password in page.content.decode()
    assert User.objects.get(username="zhao").check_password(password)
    assert "no-store" in page.headers["Cache-Control"]
    assert password not in desk.get("/desk/accounts/").content.decode()


def test_a_second_click_makes_no_second_account(desk):
    desk.post("/desk/accounts/add/", NEW)
    page = desk.post("/desk/accounts/add/", NEW)
    assert User.objects.filter(username="zhao").count() == 1
    assert "error-summary" in page.content.decode()


def test_what_was_typed_stays_when_something_is_wrong(desk):
    page = desk.post("/desk/accounts/add/", {**NEW, "username": "not a name!"}).content.decode()
    assert 'value="not a name!"' in page and 'value="赵"' in page
    assert 'href="#id_username"' in page
    assert 'id="id_username_error"' in page


def test_an_account_gets_a_role_and_an_organisation(desk, sato, chen):
    facts = {"role": "clinician", "organisation": chen.organisation_id}
    desk.post(f"/desk/accounts/{sato.pk}/", facts)
    sato.refresh_from_db()
    assert (sato.role, sato.organisation_id) == ("clinician", chen.organisation_id)


def test_ones_own_account_is_left_to_another_administrator(desk, ola):
    page = desk.post(f"/desk/accounts/{ola.pk}/", {"role": "resident", "organisation": ""})
    ola.refresh_from_db()
    assert ola.role == "administrator"
    assert page.status_code == 200
    assert desk.post(f"/desk/accounts/{ola.pk}/close/").status_code == 409


def test_an_account_is_closed_and_opened_again(desk, sato):
    desk.post(f"/desk/accounts/{sato.pk}/close/")
    sato.refresh_from_db()
    assert not sato.is_active
    desk.post(f"/desk/accounts/{sato.pk}/reopen/")
    sato.refresh_from_db()
    assert sato.is_active


def test_a_lost_phone_gets_a_new_one_time_password(desk):
    desk.post("/desk/accounts/add/", NEW)
    user = User.objects.get(username="zhao")
    page = desk.post(f"/desk/accounts/{user.pk}/reset/")
    user.refresh_from_db()
    assert user.check_password(page.context["password"])


def test_an_organisation_is_added_where_its_place_exists(desk):
    facts = {"name_zh": "某", "name_en": "Some", "kind": "donor", "place": "cn-421083"}
    desk.post("/desk/accounts/organisation/", facts)
    assert Organisation.objects.get(name_en="Some").place_id == "CN-421083"
    page = desk.post("/desk/accounts/organisation/", {**facts, "place": "XX-1"})
    assert "error-summary" in page.content.decode()


@pytest.mark.parametrize("deed", ["close", "reopen", "reset"])
def test_deeds_need_a_post_from_our_own_page(ola, sato, deed):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ola)
    assert strict.get(f"/desk/accounts/{sato.pk}/{deed}/").status_code == 405
    assert strict.post(f"/desk/accounts/{sato.pk}/{deed}/").status_code == 403


def test_the_trail_is_read_and_filtered(client, meng, chen):
    client.force_login(meng)
    page = client.get("/desk/audit/?deed=people.account_added")
    assert {row.deed for row, _ in page.context["rows"]} == {"people.account_added"}
    page = client.get("/desk/audit/?by=meng")
    mine = [(row.deed, name) for row, name in page.context["rows"]]
    assert mine == [
        ("audit.trail_read", meng.shown_name),
        ("people.signed_in", meng.shown_name),
    ]


def test_older_lines_are_on_the_next_page(client, lin):
    from tongxin.audit.actions import record

    for n in range(60):
        record("tests.written", str(n), by="tests")
    client.force_login(lin)
    first = client.get("/desk/audit/?deed=tests").context
    older = client.get(f"/desk/audit/?{first['older']}").context
    seen = [row.target for row, _ in [*first["rows"], *older["rows"]]]
    assert seen == [str(n) for n in reversed(range(60))]
    assert older["older"] == ""


def test_reading_the_trail_is_a_line_in_it(client, meng):
    client.force_login(meng)
    client.get("/desk/audit/?target=people.User:1")
    line = Entry.objects.get(deed="audit.trail_read")
    assert (line.by, line.facts) == (f"user:{meng.pk}", {"asked": ["target"]})


def test_nonsense_in_the_filter_is_an_error_beside_the_field(client, meng):
    client.force_login(meng)
    page = client.get("/desk/audit/?from_on=yesterday&below=x")
    assert page.status_code == 200
    assert 'id="id_from_on_error"' in page.content.decode()


def test_the_trail_is_checked_by_a_button(client, meng):
    client.force_login(meng)
    page = client.post("/desk/audit/verify/", follow=True)
    assert "tx-message--success" in page.content.decode()
    assert Entry.objects.filter(deed="audit.verified").exists()
