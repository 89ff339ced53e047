"""The editor's caveat, a new colleague's first sign-in, a passkey."""

import base64
import hmac
import re
import struct
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESK, faults

OWN_PASSWORD = "lotus lake at six 洪湖"
CAVEAT = {
    "place": "CN-420100",
    "from_on": "2020-04-28",
    "to_on": "2020-04-30",
    "text_zh": "五一假期前，两家检测机构的报告推迟了一天。",
    "text_en": "Before the holiday two laboratories reported a day late.",
    "source": "Wuhan Health Commission, by telephone",
    "known_at": "2020-04-30 09:00",
}


def test_an_editor_writes_a_caveat_and_the_next_release_prints_it(sign_in, visit, town):
    page = sign_in("yan")
    page.get_by_role("link", name="Public text").click()
    page.goto("/cms/snippets/situation/caveat/add/")
    for name, text in CAVEAT.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="Save").last.press("Enter")  # a calendar may lie over it
    expect(page.get_by_text(re.compile("created", re.IGNORECASE)).first).to_be_visible()
    assert town.command("publish").returncode == 0
    for language in ("en", "zh-hans"):
        public = visit(f"/{language}/situation/CN-420100/")
        text = CAVEAT["text_en" if language == "en" else "text_zh"]
        expect(public.locator(".tx-notes")).to_contain_text(text)


def test_an_editor_publishes_no_figures(sign_in):
    page = sign_in("yan")
    assert page.goto("/desk/figures/imports/").status == 403
    assert page.goto("/desk/releases/").status == 200
    expect(page.get_by_role("button", name="Publish now")).to_have_count(0)


def code_of(secret: str) -> str:
    """The six digits of this half minute: RFC 6238."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    (number,) = struct.unpack(">I", digest[digest[-1] & 15 :][:4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"


def hire(page, name) -> str:
    """Ola makes an account; the one-time password that she hands over."""
    page.goto("/desk/accounts/add/")
    page.locator("#id_username").fill(name)
    page.locator("#id_role").select_option("duty_officer")
    assert faults(page) == []
    page.get_by_role("button", name="Make the account").click()
    assert faults(page) == []
    return page.locator("dd code").inner_text()


@pytest.fixture
def first_day(sign_in, visit, town):
    """A colleague who has signed in for the first time and chosen a password; their page."""

    def arrive(name):
        password = hire(sign_in("ola"), name)
        at_a_name = {"base_url": town.url.replace("127.0.0.1", "localhost")}  # a passkey needs one
        page = visit("/accounts/login/", language="en-GB", size=DESK, **at_a_name)
        assert faults(page) == []
        page.locator("#id_login").fill(name)
        page.locator("#id_password").fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/password/change/**")
        page.goto("/desk/")
        page.wait_for_url("**/password/change/**")
        page.locator("#id_oldpassword").fill(password)
        for field in ("#id_password1", "#id_password2"):
            page.locator(field).fill(OWN_PASSWORD)
        page.locator("main form button[type=submit]").click()
        page.wait_for_load_state()
        return page

    return arrive


def test_a_new_colleague_sets_up_a_second_factor_before_the_desk_opens(first_day, visit):
    page = first_day("zhao")
    page.goto("/desk/")
    page.wait_for_url("**/accounts/2fa/**")
    page.goto("/accounts/2fa/totp/activate/")
    confirm(page)
    assert faults(page) == []
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("#id_code").fill(code_of(secret))
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: "/activate/" not in url)
    page.goto("/desk/")
    expect(page.locator("h1")).to_contain_text("Today")
    again = visit("/accounts/login/?next=/desk/", language="en-GB", size=DESK)
    again.locator("#id_login").fill("zhao")
    again.locator("#id_password").fill(OWN_PASSWORD)
    again.get_by_role("button", name="Sign in", exact=True).click()
    again.wait_for_url("**/2fa/authenticate/**")
    assert faults(again) == []
    again.locator("#id_code").fill("000000")
    again.locator("main form button[type=submit]").first.click()
    expect(again.locator("main")).to_contain_text(re.compile("incorrect|invalid", re.IGNORECASE))


AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def confirm(page):
    """Give the password once more where a change of the sign-in asks for it."""
    page.wait_for_load_state()
    if "reauthenticate" in page.url:
        page.locator("#id_password").fill(OWN_PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()


def test_a_passkey_opens_the_desk(first_day):
    page = first_day("qian")
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    assert faults(page) == []
    page.locator("#id_name").fill("My phone")
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    page.goto("/accounts/logout/")
    page.locator("main form button[type=submit]").click()
    page.goto("/accounts/login/?next=/desk/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/desk/")
    expect(page.locator("h1")).to_contain_text("Today")
