"""One request to WeChat's interface, or to the simulator: the same address rules for both."""

import json
from functools import lru_cache
from typing import Any

import httpx
from django.conf import settings

from tongxin.channels.wechat.refusals import Unreachable

TIMEOUT = httpx.Timeout(8.0, connect=4.0)
MOST_BYTES = 1 << 20


def call(path: str, params: dict[str, str], body: dict[str, Any] | None = None) -> dict[str, Any]:
    """What WeChat answers, its error code included. A body makes it a POST.

    The body is sent as UTF-8 itself: WeChat shows escaped letters as they are escaped.

    Raises:
        Unreachable: no answer, or none that can be read. Neither names the token.
    """
    content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    try:
        with client_of(settings.WECHAT_API).stream(
            "GET" if content is None else "POST",
            path,
            params=params,
            content=content,
            headers={"Content-Type": "application/json; charset=utf-8"},
        ) as answer:
            text = _bounded(answer)
        if answer.status_code != httpx.codes.OK:
            raise Unreachable(reason=f"HTTP {answer.status_code}")
        found = json.loads(text)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise Unreachable(reason=type(error).__name__, is_unsent=True) from None
    except (httpx.HTTPError, OSError) as error:
        raise Unreachable(reason=type(error).__name__) from None  # its text holds the token
    except ValueError as error:
        raise Unreachable(reason="no JSON") from error
    if not isinstance(found, dict):
        raise Unreachable(reason="no JSON object")
    return found


def code_of(answer: dict[str, Any]) -> int:
    """WeChat's error code; 0 where all is well."""
    code = answer.get("errcode", 0)
    return code if isinstance(code, int) else -1


def _bounded(answer: httpx.Response) -> bytes:
    whole = b""
    for part in answer.iter_bytes():
        whole += part
        if len(whole) > MOST_BYTES:
            raise Unreachable(reason="too long")
    return whole


@lru_cache(maxsize=4)
def client_of(base: str) -> httpx.Client:
    """One for the process, so that connections are kept. No proxy of the environment."""
    return httpx.Client(base_url=base, timeout=TIMEOUT, trust_env=False, follow_redirects=False)
