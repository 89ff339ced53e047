"""Who signed in, who failed to and who left: Django's and allauth's signals, into the trail.

A typed name or password never gets here: a failure names the account it was aimed at by its
number, or nothing.
"""

from allauth.account.signals import password_changed
from allauth.mfa import signals as second_factor
from allauth.socialaccount import signals as own_sign_in
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth import signals
from django.http import HttpRequest

from tongxin.audit.actions import record
from tongxin.people.actions import own_password_chosen
from tongxin.people.models import User


def connect() -> None:
    """Write a line for every sign-in, failure, sign-out and change of a second factor."""
    signals.user_logged_in.connect(_signed_in, dispatch_uid="trail")
    signals.user_logged_out.connect(_signed_out, dispatch_uid="trail")
    signals.user_login_failed.connect(_failed, dispatch_uid="trail")
    password_changed.connect(_password_changed, dispatch_uid="trail")
    second_factor.authenticator_added.connect(_factor_added, dispatch_uid="trail")
    second_factor.authenticator_removed.connect(_factor_removed, dispatch_uid="trail")
    second_factor.authenticator_reset.connect(_factor_reset, dispatch_uid="trail")
    second_factor.authentication_failed.connect(_factor_failed, dispatch_uid="trail")
    own_sign_in.social_account_added.connect(_connected, dispatch_uid="trail")
    own_sign_in.social_account_removed.connect(_disconnected, dispatch_uid="trail")


def _signed_in(user: User, **_: object) -> None:
    record("people.signed_in", user, by=user)


def _signed_out(user: User | None, **_: object) -> None:
    if user is not None:
        record("people.signed_out", user, by=user)


def _failed(credentials: dict[str, str], **_: object) -> None:
    aimed_at = User.objects.filter(username__iexact=credentials.get("username", "")).first()
    record("people.sign_in_failed", aimed_at or "unknown account", by="sign-in page")


def _password_changed(user: User, **_: object) -> None:
    own_password_chosen(by=user)


def _factor_added(user: User, authenticator: object, **_: object) -> None:
    record("people.second_factor_added", user, by=user, kind=authenticator.type)


def _factor_removed(user: User, authenticator: object, **_: object) -> None:
    record("people.second_factor_removed", user, by=user, kind=authenticator.type)


def _factor_reset(user: User, **_: object) -> None:
    record("people.recovery_codes_made", user, by=user)


def _factor_failed(user: User, request: HttpRequest, **_: object) -> None:
    record("people.second_factor_failed", user, by="sign-in page")


def _connected(sociallogin: SocialLogin, **_: object) -> None:
    """The authority's own sign-in may open this account from now on."""
    user = sociallogin.user
    record("people.sign_in_connected", user, by=user, provider=sociallogin.account.provider)


def _disconnected(socialaccount: SocialAccount, **_: object) -> None:
    user = socialaccount.user
    record("people.sign_in_disconnected", user, by=user, provider=socialaccount.provider)
