"""The programming interface: one document, one way to say no."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tongxin.assistant.api import router as assistant
from tongxin.myths.api import router as myths
from tongxin.notices.api import router as push
from tongxin.people.access import public
from tongxin.questionnaires.api import router as questionnaires
from tongxin.refusal import Refusal
from tongxin.releases.api import router as releases
from tongxin.situation.api import router as situation

api = NinjaAPI(
    title="Tongxin",
    version="1",
    description="Public figures of an epidemic, as known at any moment.",
    openapi_url="/openapi.json",
    docs_url=None,
)
api.add_router("/situation", situation)
api.add_router("/releases", releases)
api.add_router("/assistant", assistant)
api.add_router("/myths", myths)
api.add_router("/push", push)
api.add_router("/questionnaires", questionnaires)


def answer(request: HttpRequest, code: str, message: str, status: int) -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message}, status=status)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    message = gettext(refusal.says).format(**refusal.facts)
    return answer(request, type(refusal).__name__, message, refusal.status)


@api.exception_handler(ObjectDoesNotExist)
@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(request, "NotFound", gettext("There is nothing here."), 404)


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    where = ", ".join(str(fault["loc"][-1]) for fault in error.errors)
    message = gettext("This request cannot be read. Check: {where}.").format(where=where)
    return answer(request, "Unreadable", message, 422)


@api.exception_handler(HttpError)
def broken(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is not JSON."""
    message = gettext("This request cannot be read. Check: {where}.").format(where="JSON")
    return answer(request, "Unreadable", message, 422)


@public
@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    """The operations for people to read, in the language of the browser."""
    paths = api.get_openapi_schema()["paths"]
    operations = [
        {"method": method.upper(), "path": path, **facts}
        for path, methods in paths.items()
        for method, facts in methods.items()
    ]
    return render(request, "portal/api.html", {"operations": operations})
