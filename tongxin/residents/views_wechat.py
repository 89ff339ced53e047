"""Signing in by WeChat: there and back, and once the question whether it may be linked."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongxin.channels.models import Follower
from tongxin.channels.reaching import actions as reaching
from tongxin.channels.wechat import oauth
from tongxin.channels.wechat.accounts import account
from tongxin.channels.wechat.linking import account_of, link_follower
from tongxin.people.access import own, public
from tongxin.refusal import Refusal
from tongxin.residents import wechat_sign_in
from tongxin.residents.views_sign_in import onward, stay_signed_in


@public
@never_cache
@require_safe
def leave(request: HttpRequest, name: str) -> HttpResponse:
    """To WeChat, which says who this is."""
    back = request.build_absolute_uri(reverse("resident_wechat_back", args=[name]))
    try:
        address = oauth.begin(account(name), request.session, back_to=back, at=timezone.now())
    except Refusal as refusal:
        return _refused(request, refusal)
    request.session[wechat_sign_in.ONWARD] = onward(request)
    return redirect(address)


@public
@never_cache
@require_safe
def back(request: HttpRequest, name: str) -> HttpResponse:
    """Who is linked is signed in; who is not gives a telephone once, and is then asked."""
    given = {key: request.GET.get(key, "") for key in ("code", "state")}
    now = timezone.now()
    try:
        number = oauth.finish(account(name), request.session, **given, at=now)
    except Refusal as refusal:
        return _refused(request, refusal)
    wanted = request.session.pop(wechat_sign_in.ONWARD, "")
    user = account_of(number)
    if user is not None:
        login(request, user, backend="tongxin.people.backends.RoleBackend")
        stay_signed_in(request)
        return redirect(wanted or "my")
    wechat_sign_in.hold(request, number, at=now)
    request.session["after sign-in"] = wanted
    if getattr(request.user, "person_id", None):
        return redirect("resident_wechat_link")
    messages.info(request, gettext("This WeChat is not linked to anybody yet. Sign in once."))
    return redirect("resident_sign_in")


@own
@never_cache
def link(request: HttpRequest) -> HttpResponse:
    """May this account know who you are? Asked in plain words; no is as good as yes."""
    follower, person = wechat_sign_in.held(request), request.user.person
    wanted = request.session.get("after sign-in", "")
    if follower is None:
        return redirect(wanted or "my")
    others = Follower.objects.filter(person=person).exists()
    if request.method == "POST":
        request.session.pop("after sign-in", None)
        if request.POST.get("answer") == "yes":
            _join(request, follower, may_several=others and "several" in request.POST)
        wechat_sign_in.let_go(request)
        return redirect(wanted or "my")
    title = account(follower.account).title(get_language() or "zh-hans")
    return render(request, "residents/wechat_link.html", {"title": title, "others": others})


def _join(request: HttpRequest, follower: Follower, *, may_several: bool) -> None:
    person, now = request.user.person, timezone.now()
    try:
        link_follower(follower.pk, person, by=request.user, at=now)
    except Refusal as refusal:
        messages.error(request, gettext(refusal.says).format(**refusal.facts))
        return
    if may_several:
        reaching.let_several_accounts(person, is_allowed=True, by=request.user, at=now)
    messages.success(request, gettext("Linked. You can end it under “How I am reached”."))


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Back to the page of the telephone, which always works."""
    messages.error(request, gettext(refusal.says).format(**refusal.facts))
    return redirect("resident_sign_in")
