from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from tongxin.refusal import Refusal


class RefusalMiddleware:
    """A refusal that no page caught becomes a page that says what the house rule is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        message = gettext(error.says).format(**error.facts)
        return render(request, "refused.html", {"message": message}, status=error.status)
