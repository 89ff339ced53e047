import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongxin.people import actions
from tongxin.people.access import needs, public
from tongxin.people.forms import AccountForm, NewAccountForm, OrganisationForm, refuse
from tongxin.people.models import User
from tongxin.people.roles import Permission, Role
from tongxin.refusal import Refusal


@needs(Permission.ACCOUNTS_MANAGE)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account, with its role and whether it can sign in."""
    users = User.objects.select_related("organisation").order_by("-is_active", "username")
    return render(request, "people/accounts.html", {"users": users})


@needs(Permission.ACCOUNTS_MANAGE)
@never_cache
def add_account(request: HttpRequest) -> HttpResponse:
    """A form; then the one-time password, shown this once."""
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = secrets.token_urlsafe(12)
        facts = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
        try:
            user = actions.add_account(**facts, one_time_password=password, by=request.user)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return render(request, "people/password.html", {"user_": user, "password": password})
    return render(request, "people/add_account.html", {"form": form})


@needs(Permission.ACCOUNTS_MANAGE)
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    """One account: its role and organisation, to change."""
    user = get_object_or_404(User, pk=user_id)
    form = AccountForm(
        request.POST or None, initial={"role": user.role, "organisation": user.organisation_id}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_role(user_id, role=Role(form.cleaned_data["role"]), by=request.user)
            actions.move_account(
                user_id, organisation=form.cleaned_data["organisation"], by=request.user
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, gettext("The account is saved."))
            return redirect("desk_accounts")
    return render(request, "people/account.html", {"user_": user, "form": form})


@needs(Permission.ACCOUNTS_MANAGE)
@require_POST
def close_account(request: HttpRequest, user_id: int) -> HttpResponse:
    """The account can no longer sign in."""
    get_object_or_404(User, pk=user_id)
    actions.close_account(user_id, by=request.user)
    messages.success(request, gettext("The account is closed and its sessions have ended."))
    return redirect("desk_account", user_id)


@needs(Permission.ACCOUNTS_MANAGE)
@require_POST
def reopen_account(request: HttpRequest, user_id: int) -> HttpResponse:
    """A closed account may sign in again."""
    get_object_or_404(User, pk=user_id)
    actions.reopen_account(user_id, by=request.user)
    messages.success(request, gettext("The account is open again."))
    return redirect("desk_account", user_id)


@needs(Permission.ACCOUNTS_MANAGE)
@require_POST
@never_cache
def reset_sign_in(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new one-time password, shown this once; the second factor is to be set up again."""
    get_object_or_404(User, pk=user_id)
    password = secrets.token_urlsafe(12)
    user = actions.give_one_time_password(user_id, password=password, by=request.user)
    return render(request, "people/password.html", {"user_": user, "password": password})


@needs(Permission.ACCOUNTS_MANAGE)
def add_organisation(request: HttpRequest) -> HttpResponse:
    """A form for a new organisation."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_organisation(**form.cleaned_data, by=request.user)
        messages.success(request, gettext("The organisation is saved."))
        return redirect("desk_accounts")
    return render(request, "people/add_organisation.html", {"form": form})


@public
@require_safe
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Who helps: nothing is mailed, an administrator gives a new one-time password."""
    return render(request, "people/forgotten_password.html")


@public
def not_offered(request: HttpRequest) -> HttpResponse:
    """Pages of the sign-in library for which this house has no use."""
    raise Http404
