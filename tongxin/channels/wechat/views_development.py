"""A WeChat-sized phone in the browser, for development: it speaks through the simulator."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache

from tongxin.channels.wechat.accounts import Account, accounts
from tongxin.channels.wechat.calling import call
from tongxin.channels.wechat.refusals import Unreachable
from tongxin.people.access import public
from tongxin.people.this_machine import comes_from_this_machine

OPENID = "o-development-phone"
ACTS = {"says", "clicks", "scans", "subscribes", "unsubscribes"}


@public
@never_cache
def phone(request: HttpRequest) -> HttpResponse:
    """The conversation as the phone shows it; in production there is no such page."""
    if not settings.DEVELOPMENT or settings.WECHAT_API != settings.WECHAT_SIMULATOR:
        raise Http404
    if not comes_from_this_machine(request):
        raise PermissionDenied
    known = accounts()
    name = request.POST.get("account") or request.GET.get("account") or next(iter(known))
    if name not in known:
        raise Http404
    if request.method == "POST":
        _act(request, known[name])
        return redirect(f"{reverse('dev_wechat')}?account={name}#say")
    facts = {"account": known[name], "accounts": list(known.values()), **_screen(known[name])}
    return render(request, "channels/dev_wechat.html", facts)


def _act(request: HttpRequest, account: Account) -> None:
    """What was pressed, done by the simulated phone; where it is not running the page says so."""
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise Http404
    value = request.POST.get("value", "")[:2000]
    body = {"app_id": account.app_id, "openid": OPENID, "act": act, "value": value}
    try:
        call("/simulator/act", {}, body)
    except Unreachable:
        return


def _screen(account: Account) -> dict[str, Any]:
    try:
        shown = call("/simulator/screen", {"app_id": account.app_id, "openid": OPENID})
    except Unreachable:
        return {"is_running": False}
    lines = [line | {"at": parse_datetime(line["at"])} for line in shown.get("screen", [])]
    return {
        "is_running": "screen" in shown,
        "is_subscribed": shown.get("is_subscribed"),
        "menu": shown.get("menu"),
        "lines": lines,
    }
