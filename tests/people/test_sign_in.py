import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from tongxin.audit.models import Entry
from tongxin.people import actions, guesses
from tongxin.people.models import User
from tongxin.people.roles import Role

PASSWORD = "a long enough phrase 7"


@pytest.fixture(autouse=True)
def no_limits_left_over():
    cache.clear()


@pytest.fixture
def zhao(ola):
    """A member of staff who is not of the cast, with a password of her own."""
    user = actions.add_account(
        username="zhao", role=Role.DUTY_OFFICER, one_time_password=PASSWORD, by=ola
    )
    User.objects.filter(pk=user.pk).update(has_one_time_password=False)
    return user


@pytest.fixture
def totp(zhao):
    """Zhao's authenticator app: gives the code of the moment."""
    secret = generate_totp_secret()
    TOTP.activate(zhao, secret)
    return lambda: code_of(secret)


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def sign_in(client, username="zhao", password=PASSWORD, **more):
    return client.post(
        "/accounts/login/", {"login": username, "password": password}, follow=True, **more
    )


def confirm(client):
    """What a change of the sign-in itself asks for: the password once more."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def deeds(beginning="people."):
    found = Entry.objects.filter(deed__startswith=beginning).order_by("pk")
    return list(found.values_list("deed", flat=True))


def test_the_desk_sends_strangers_to_the_sign_in(client, db):
    response = client.get("/desk/")
    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/desk/")


def test_a_password_alone_opens_no_desk(client, zhao):
    response = sign_in(client)
    assert response.redirect_chain[-1][0] == "/accounts/2fa/"
    assert client.get("/desk/audit/").url == "/accounts/2fa/"
    assert client.get("/cms/").url == "/accounts/2fa/"


def test_a_password_and_a_code_open_the_desk(client, zhao, totp):
    response = sign_in(client)
    assert response.redirect_chain[-1][0] == "/accounts/2fa/authenticate/"
    assert client.get("/desk/").status_code == 302
    response = client.post("/accounts/2fa/authenticate/", {"code": totp()})
    assert (response.status_code, response.url) == (302, "/desk/")
    assert deeds()[-1] == "people.signed_in"


def test_a_wrong_code_opens_nothing_and_is_in_the_trail(client, zhao, totp):
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert client.get("/desk/").status_code == 302
    assert deeds()[-1] == "people.second_factor_failed"


def test_a_one_time_password_must_be_changed_first(client, zhao):
    User.objects.filter(pk=zhao.pk).update(has_one_time_password=True)
    response = sign_in(client)
    assert response.redirect_chain[-1][0] == "/accounts/password/change/"
    new = "another long phrase 8"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    zhao.refresh_from_db()
    assert not zhao.has_one_time_password
    assert deeds()[-1] == "people.password_changed"
    assert client.get("/desk/").url == "/accounts/2fa/"


def test_guessing_is_counted_by_who_asks_the_web_server_in_front(client, zhao):
    """Behind it the application is asked over a socket of its own, which has no address."""
    behind = {"REMOTE_ADDR": "", "headers": {"X-Forwarded-For": "203.0.113.7"}}
    assert sign_in(client, **behind).status_code == 200
    assert "_auth_user_id" in client.session


def test_a_weak_password_is_refused(client, zhao):
    sign_in(client)
    for weak in ("12345678", "password", "zhao-zhao", "short7"):
        client.post(
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": weak, "password2": weak},
        )
        zhao.refresh_from_db()
        assert zhao.check_password(PASSWORD), weak


def test_failures_are_in_the_trail_without_what_was_typed(client, zhao):
    sign_in(client, password="my secret typo")
    sign_in(client, username="13800001234", password="x")
    first, second = Entry.objects.filter(deed="people.sign_in_failed").order_by("pk")
    assert (first.target, second.target) == (f"people.User:{zhao.pk}", "unknown account")
    trail = str(list(Entry.objects.values()))
    assert "typo" not in trail and "13800001234" not in trail


def test_guessing_is_slowed_down(client, zhao):
    for _ in range(5):
        sign_in(client, password="guess")
    sign_in(client)
    assert "_auth_user_id" not in client.session
    assert deeds().count("people.sign_in_failed") == 5


def at(address):
    """A browser at an address, as the web server in front tells it."""
    return {"REMOTE_ADDR": "", "headers": {"X-Forwarded-For": address}}


def test_a_stranger_who_guesses_does_not_lock_the_officer_out(client, zhao):
    for _ in range(6):
        sign_in(Client(), password="guess", **at("198.51.100.9"))
    sign_in(client, **at("198.51.100.9"))
    assert "_auth_user_id" not in client.session
    sign_in(client, **at("203.0.113.7"))
    assert "_auth_user_id" in client.session


def guess_from_everywhere():
    for number in range(guesses.FREE + 5):
        guesses.failed("zhao", at=time.time())
        assert number < guesses.FREE or guesses.must_wait("ZHAO", "192.0.2.1", at=time.time())


def test_guesses_from_everywhere_make_a_name_wait_but_not_where_it_is_at_home(client, zhao):
    sign_in(Client(), **at("203.0.113.7"))
    guess_from_everywhere()
    assert "_auth_user_id" not in sign_in(Client(), **at("203.0.113.8")).client.session
    assert "_auth_user_id" in sign_in(Client(), **at("203.0.113.7")).client.session


def test_the_operator_lifts_the_limit(zhao, django_capture_on_commit_callbacks):
    for _ in range(5):
        sign_in(Client(), password="guess", **at("203.0.113.7"))
    guess_from_everywhere()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("accounts", "unlock", "zhao")
    assert "_auth_user_id" in sign_in(Client(), **at("203.0.113.7")).client.session
    assert "people.sign_in_limit_lifted" in deeds()


def test_signing_out_is_in_the_trail(client, zhao):
    sign_in(client)
    client.post("/accounts/logout/")
    assert deeds()[-2:] == ["people.signed_in", "people.signed_out"]


def test_a_closed_account_is_out_at_once(client, zhao, totp, ola):
    client.force_login(zhao)
    assert client.get("/desk/").status_code == 200
    actions.close_account(zhao.pk, by=ola)
    assert client.get("/desk/").status_code == 302
    fresh = sign_in(Client())
    assert "_auth_user_id" not in fresh.client.session


def test_a_second_factor_is_set_up_and_is_in_the_trail(
    client, zhao, django_capture_on_commit_callbacks
):
    sign_in(client)
    assert client.get("/accounts/2fa/totp/activate/").url.startswith("/accounts/reauthenticate/")
    confirm(client)
    page = client.get("/accounts/2fa/totp/activate/")
    assert b"data:image/svg+xml" in page.content
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert {"totp", "recovery_codes"} == set(Authenticator.objects.values_list("type", flat=True))
    assert "people.second_factor_added" in deeds()
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "accounts/signup/",
        "accounts/email/",
        "accounts/password/reset/done/",
        "accounts/password/reset/key/1-a/",
        "accounts/password/set/",
        "cms/login/",
        "cms/password_reset/",
    ],
)
def test_ways_around_the_second_factor_do_not_exist(client, zhao, path):
    for answer in (client.get(f"/{path}"), client.post(f"/{path}", {"username": "zhao"})):
        assert answer.status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "login/",
        "logout/",
        "password/reset/",
        "password/change/",
        "2fa/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "2fa/totp/activate/",
        "reauthenticate/",
    ],
)
def test_sign_in_pages_work_under_the_strict_policy(client, zhao, path, language):
    if path != "login/" and path != "password/reset/":
        sign_in(client)
        confirm(client)
    client.cookies["django_language"] = language
    page = client.get(f"/accounts/{path}")
    assert page.status_code == 200, path
    html = page.content.decode()
    assert "<script>" not in html and "onclick" not in html and "style=" not in html
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in html
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
