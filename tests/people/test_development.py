import pytest
from django.test import Client

from tongxin.people.cast import CAST


@pytest.fixture
def client():
    """A browser on this machine that asks for this machine."""
    return Client(SERVER_NAME="localhost")


def test_the_page_lists_the_cast_and_one_click_signs_in(client, cast):
    page = client.get("/dev/sign-in/").content.decode()
    assert all(part.name in page for part in CAST)
    response = client.post("/dev/sign-in/", {"username": "chen"})
    assert (response.status_code, response.url) == (302, "/desk/")
    assert client.get("/desk/").status_code == 200


def test_a_resident_goes_home_and_a_wish_is_followed(client, cast):
    assert client.post("/dev/sign-in/", {"username": "rui"}).url == "/"
    wish = {"username": "chen", "next": "/desk/audit/"}
    assert client.post("/dev/sign-in/", wish).url == "/desk/audit/"
    wish = {"username": "chen", "next": "https://example.org/"}
    assert client.post("/dev/sign-in/", wish).url == "/desk/"


def test_nobody_but_the_cast_signs_in_here(client, cast, ola):
    from tongxin.people.actions import add_account

    add_account(username="zhao", role="clinician", by=ola)
    assert client.post("/dev/sign-in/", {"username": "zhao"}).status_code == 404


def test_in_production_there_is_no_such_page(client, cast, settings):
    settings.DEVELOPMENT = False
    assert client.get("/dev/sign-in/").status_code == 404
    assert client.post("/dev/sign-in/", {"username": "chen"}).status_code == 404


def test_in_production_the_cast_needs_a_second_factor_too(client, chen, settings):
    client.force_login(chen)
    settings.DEVELOPMENT = False
    assert client.get("/desk/").url == "/accounts/2fa/"


@pytest.mark.parametrize(
    "where",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 192.0.2.7"},
        {"HTTP_X_FORWARDED_FOR": "not an address"},
    ],
)
def test_another_machine_is_refused(client, cast, where):
    assert client.get("/dev/sign-in/", **where).status_code == 403
    assert client.post("/dev/sign-in/", {"username": "chen"}, **where).status_code == 403


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("localhost", 200),
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("rebound.example", 403),
        ("rebound.example:8000", 403),
        ("localhost.rebound.example", 403),
        ("192.0.2.7", 403),
    ],
)
def test_a_name_that_is_not_this_machines_is_refused(client, cast, settings, name, status):
    settings.ALLOWED_HOSTS = ["*"]
    assert client.get("/dev/sign-in/", headers={"host": name}).status_code == status
    answer = client.post("/dev/sign-in/", {"username": "chen"}, headers={"host": name})
    assert (answer.status_code == 403) == (status == 403)


def test_a_web_server_in_front_on_this_machine_is_let_through(client, cast):
    assert client.get("/dev/sign-in/", HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 200
    assert client.get("/dev/sign-in/", REMOTE_ADDR="").status_code == 200


def test_a_click_from_another_site_is_refused(cast):
    strict = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    assert strict.post("/dev/sign-in/", {"username": "chen"}).status_code == 403
