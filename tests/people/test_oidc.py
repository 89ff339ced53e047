"""The authority's own sign-in: only for accounts that were connected, and never the only factor."""

import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client

from tests.people.oidc_server import oidc_server
from tests.people.test_sign_in import PASSWORD, code_of, deeds, sign_in
from tongxin.people import actions
from tongxin.people.models import User
from tongxin.people.roles import Role


@pytest.fixture
def provider(settings, db):
    cache.clear()
    with oidc_server() as server:
        app = {
            "provider_id": "county",
            "name": "County sign-in",
            "client_id": "tongxin",
            "secret": "s",
            "settings": {"server_url": server.url},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        yield server


@pytest.fixture
def zhao(ola):
    user = actions.add_account(
        username="zhao", role=Role.DUTY_OFFICER, one_time_password=PASSWORD, by=ola
    )
    User.objects.filter(pk=user.pk).update(has_one_time_password=False)
    return user


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the test client goes on with the address itself."""

    def redirect_request(self, *_):
        return None


def by_own_sign_in(client, process="login"):
    """To the authority's page and back with what it says."""
    there = client.post(f"/accounts/oidc/county/login/?process={process}")
    with pytest.raises(urllib.error.HTTPError) as sent_back:
        urllib.request.build_opener(Stay).open(there.url)
    back = urlsplit(sent_back.value.headers["Location"])
    sent_back.value.close()
    return client.get(f"{back.path}?{back.query}", follow=True)


def connected(client):
    sign_in(client)
    return by_own_sign_in(client, "connect")


def test_a_stranger_to_us_gets_no_account(client, provider, zhao):
    before = User.objects.count()
    by_own_sign_in(client)
    assert User.objects.count() == before
    assert client.get("/desk/").status_code == 302
    assert "people.signed_in" not in deeds()


def test_the_sign_in_page_offers_it(client, provider):
    assert "County sign-in" in client.get("/accounts/login/").content.decode()


def test_a_connected_account_still_needs_its_second_factor(client, provider, zhao):
    connected(client)
    assert deeds()[-1] == "people.sign_in_connected"
    secret = generate_totp_secret()
    TOTP.activate(zhao, secret)
    elsewhere = Client()
    page = by_own_sign_in(elsewhere)
    assert page.redirect_chain == [("/accounts/2fa/authenticate/", 302)]
    assert elsewhere.get("/desk/").status_code == 302
    elsewhere.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert elsewhere.get("/desk/").status_code == 200


def test_a_connected_account_without_a_second_factor_must_set_one_up(client, provider, zhao):
    connected(client)
    elsewhere = Client()
    by_own_sign_in(elsewhere)
    assert elsewhere.get("/desk/").url == "/accounts/2fa/"


def test_another_person_of_the_authority_does_not_get_in(client, provider, zhao):
    connected(client)
    provider.subject = "somebody-else"
    elsewhere = Client()
    by_own_sign_in(elsewhere)
    assert elsewhere.get("/desk/").status_code == 302
    assert "/accounts/login/" in elsewhere.get("/desk/").url
