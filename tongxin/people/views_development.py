"""The development sign-in page: one click makes you a member of the cast."""

from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from tongxin.people.access import public
from tongxin.people.cast import CAST
from tongxin.people.models import User
from tongxin.people.roles import Role
from tongxin.people.this_machine import comes_from_this_machine


def _where_to(request: HttpRequest, user: User) -> str:
    """The page that was asked for before, or the home of this kind of user."""
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}):
        return asked
    return "/desk/" if Role(user.role).is_staff_role else "/"


@public
@never_cache
def dev_sign_in(request: HttpRequest) -> HttpResponse:
    """The cast with their roles; in production there is no such page."""
    if not settings.DEVELOPMENT:
        raise Http404
    if not comes_from_this_machine(request):
        raise PermissionDenied
    if request.method == "POST":
        username = request.POST.get("username", "")
        user = get_object_or_404(User, username=username, is_cast=True, is_active=True)
        login(request, user, backend="tongxin.people.backends.RoleBackend")
        return redirect(_where_to(request, user))
    present = User.objects.in_bulk([part.username for part in CAST], field_name="username")
    cast = [(part, present[part.username]) for part in CAST if part.username in present]
    facts = {"cast": cast, "next": request.GET.get("next", "")}
    return render(request, "people/dev_sign_in.html", facts)
