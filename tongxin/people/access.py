"""Who may use a route. Nothing is open unless it says so."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja.errors import AuthorizationError
from ninja.security import django_auth

from tongxin.people.roles import Permission

PUBLIC = "public"
OWN = "own record"
"""Pages on which a person sees themselves and those they act for, and nobody else."""


def needs(permission: Permission) -> Callable:
    """Guard a page: sign-in, then ``permission``, else 403."""

    def guard(view: Callable) -> Callable:
        @login_required
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.needs = permission
        return guarded

    return guard


def own(view: Callable) -> Callable:
    """Guard a page of residents: sign-in by telephone; the page itself looks up whose it is."""

    @login_required(login_url="resident_sign_in")
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.user.person_id is None or not request.user.is_active:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    guarded.needs = OWN
    return guarded


def public(view: Callable) -> Callable:
    """Mark a page as open to everyone."""
    view.needs = PUBLIC
    return view


def session(permission: Permission) -> Callable:
    """Guard an API operation the same way: ``auth=session(Permission.X)``."""

    def authenticate(request: HttpRequest):
        user = django_auth(request)
        if user and not user.may(permission):
            raise AuthorizationError
        return user

    authenticate.needs = permission
    return authenticate


def anyone(request: HttpRequest) -> bool:
    """Mark an API operation as open to everyone: ``auth=anyone``."""
    return True


anyone.needs = PUBLIC
