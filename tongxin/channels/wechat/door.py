"""The short way to the callback: what pages need (sessions, languages, styles) WeChat does not."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse

from tongxin.channels.wechat.views import callback

START = "/wechat/"


class WeChatDoor:
    """The first middleware: our callbacks are answered without the others.

    Nor is the database asked first whether it is there. Where it is not, WeChat asks again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        name = path.removeprefix(START).removesuffix("/")
        if not path.startswith(START) or "/" in name or path != f"{START}{name}/":
            return self.get_response(request)
        connection.health_check_done = True
        return callback(request, name)
