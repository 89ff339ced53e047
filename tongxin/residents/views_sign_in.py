from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongxin.channels.models import TextMessage
from tongxin.people.access import public
from tongxin.people.actions import redeem_code
from tongxin.people.forms import refuse
from tongxin.people.phones import masked
from tongxin.people.this_machine import comes_from_this_machine
from tongxin.refusal import Refusal
from tongxin.residents import wechat_sign_in
from tongxin.residents.devices import remember_device
from tongxin.residents.forms import CodeForm, PhoneForm
from tongxin.residents.signing_in import forget_phone, lane_waiting, phone_waiting, send_code

STAYS_FOR = timedelta(days=30)
"""A telephone is one's own; signing in every day would keep people from logging."""


@public
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """The number; then the page for the code."""
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            send_code(request, form.cleaned_data["phone"], at=timezone.now())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            wanted = onward(request) or request.session.get("after sign-in", "")
            request.session["after sign-in"] = wanted
            return redirect("resident_code")
    facts = {"form": form, "next": onward(request), "wechats": wechat_sign_in.offered(request)}
    return render(request, "residents/sign_in.html", facts)


@public
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """The code; then the page that was asked for."""
    phone = phone_waiting(request)
    if phone is None:
        return redirect("resident_sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = redeem_code(
                phone,
                form.cleaned_data["code"],
                lane=lane_waiting(request),
                by="sign-in page",
                at=timezone.now(),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            wanted = request.session.pop("after sign-in", "")
            forget_phone(request)
            login(request, user, backend="tongxin.people.backends.RoleBackend")
            stay_signed_in(request)
            if wechat_sign_in.held(request):
                request.session["after sign-in"] = wanted
                response = redirect("resident_wechat_link")
            else:
                response = redirect(wanted or "my")
            remember_device(request, response, phone)
            return response
    return render(request, "residents/code.html", {"form": form, "phone": masked(phone)})


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """This device forgets who it was."""
    logout(request)
    return redirect("root")


@public
@require_safe
@never_cache
def dev_phone(request: HttpRequest) -> HttpResponse:
    """Development only: the texts that would have gone to telephones."""
    if not settings.DEVELOPMENT:
        raise Http404
    if not comes_from_this_machine(request):
        raise PermissionDenied
    texts = TextMessage.objects.order_by("-pk")[:20]
    return render(request, "residents/dev_phone.html", {"texts": texts})


def stay_signed_in(request: HttpRequest) -> None:
    """This device goes on knowing who it is."""
    request.session.set_expiry(int(STAYS_FOR.total_seconds()))


def onward(request: HttpRequest) -> str:
    """The page of ours that was asked for before signing in."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if is_ours else ""
