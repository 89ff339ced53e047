from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tongxin.people.models import User
from tongxin.people.roles import Role

GUARDED = ("/desk/", "/cms/")


class SecondFactorMiddleware:
    """Staff choose their own password and a second factor before the desk opens.

    The cast of a development installation is let through: it signs in by one click.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if request.path.startswith(GUARDED) and user.is_authenticated:
            missing = still_to_do(user)
            if missing:
                return redirect(missing)
        return self.get_response(request)


def still_to_do(user: User) -> str | None:
    """The name of the page where an account completes its sign-in; None when it is complete."""
    if not Role(user.role).is_staff_role or (settings.DEVELOPMENT and user.is_cast):
        return None
    if user.has_one_time_password:
        return "account_change_password"
    return None if is_mfa_enabled(user) else "mfa_index"
