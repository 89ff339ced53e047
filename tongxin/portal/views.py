from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe

from tongxin.people.access import needs, public
from tongxin.people.roles import Permission
from tongxin.portal import queries


@public
@require_safe
def by_browser(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The same address in the language that the browser asks for."""
    language = get_language_from_request(request)
    response = HttpResponseRedirect(f"/{language}{request.get_full_path()}")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@public
@require_safe
def choose_language(request: HttpRequest, language: str) -> HttpResponse:
    """Remember a language for pages whose address has none, and go back to the page."""
    onward = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()}):
        onward = "/"
    response = HttpResponseRedirect(onward)
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 86_400,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Database, release and worker, each with its age in seconds. 503 when one is down."""
    try:
        report = queries.health(at=timezone.now())
    except DatabaseError:
        report = {"status": "down", "database": {"status": "down"}}
    status = 503 if report["status"] == "down" else 200
    return JsonResponse(report, status=status, headers={"Cache-Control": "no-store"})


@needs(Permission.DESK_OPEN)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the person who signed in."""
    waiting = queries.waiting_for(request.user, at=timezone.now())
    return render(request, "portal/desk.html", {"waiting": waiting})
