"""How public figures are answered: to everyone, from any page, unchanged ones not twice."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags
from ninja import Router
from pydantic import PlainSerializer, WithJsonSchema

from tongxin.people.access import anyone

FRESH_SECONDS = 60
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, Accept, Accept-Language",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}
# To the microsecond, so that what is asked as of a moment told has all that was told.
Moment = Annotated[
    datetime,
    PlainSerializer(lambda moment: timezone.localtime(moment).isoformat()),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


def tag_of(*parts: object) -> str:
    """A strong ETag that names exactly these parts."""
    return f'"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


def already_has(request: HttpRequest, tag: str) -> bool:
    """Whether the reader says it holds this version."""
    held = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in held or any(one.removeprefix("W/") == tag for one in held)


def unchanged(tag: str) -> HttpResponse:
    """304 without a body."""
    return HttpResponse(status=304, headers={"ETag": tag})


def open_data(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap an operation: CORS, caching, ETag and 304, HEAD, and the browser's own question."""

    @wraps(run)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=OPEN | PREFLIGHT)
        response = run(request, *args, **kwargs)
        if response.status_code == 200 and not response.has_header("ETag"):
            response["ETag"] = tag_of(response.content)
            if already_has(request, response["ETag"]):
                response = unchanged(response["ETag"])
        if response.status_code in (200, 304):
            response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
        for name, value in OPEN.items():
            response[name] = value
        if request.method == "HEAD":
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return answered


def offers_open(router: Router, path: str, **described: Any) -> Callable:
    """Register an open read: GET in the document, HEAD and OPTIONS beside it."""

    def register(view: Callable) -> Callable:
        router.get(path, auth=anyone, **described)(view)
        unlisted = {**described, "include_in_schema": False}
        router.api_operation(["HEAD", "OPTIONS"], path, auth=anyone, **unlisted)(view)
        return view

    return register
