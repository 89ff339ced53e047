"""The door that the operator's gateway knocks at. Closed to whoever has not its token."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tongxin.channels.sms.intake import LONGEST, Inbound, take_text
from tongxin.people.access import public
from tongxin.people.phones import NotAPhoneNumber, e164

LARGEST = 16 << 10  # bytes
LONGEST_NUMBER = 100


@public
@csrf_exempt
@require_POST
def incoming(request: HttpRequest) -> HttpResponse:
    """One text as JSON: ``id``, ``from``, ``text``. 200 says that it is stored and answered."""
    given = request.headers.get("Authorization", "")
    token = settings.SMS_TOKEN
    if not token or not constant_time_compare(given.encode(), f"Bearer {token}".encode()):
        return HttpResponse(status=403)
    try:
        inbound = _read(request.read(LARGEST + 1))
    except (ValueError, TypeError, KeyError, NotAPhoneNumber):
        return HttpResponse(status=422)
    is_new = take_text(inbound, by="sms gateway", at=inbound.at)
    return JsonResponse({"new": is_new})


def _read(body: bytes) -> Inbound:
    """The text. Raises ValueError, TypeError, KeyError or `NotAPhoneNumber` where it is none."""
    if len(body) > LARGEST:
        raise ValueError("too large")
    said = json.loads(body)
    number, phone, text = (said[name] for name in ("id", "from", "text"))
    if not all(isinstance(one, str) for one in (number, phone, text)):
        raise TypeError("text expected")
    if not 0 < len(number) <= LONGEST_NUMBER or "\x00" in text:
        raise ValueError("no such message")
    return Inbound(number, e164(phone), text[:LONGEST], timezone.now())
