import re

import pytest
from django.test import Client

from tongxin.channels.models import TextMessage

PHONE = "13800138000"


def newest_code() -> str:
    """The code of the last text that left."""
    return re.search(r"\b\d{6}\b", TextMessage.objects.latest("pk").text)[0]


@pytest.fixture
def sign_in(db, django_capture_on_commit_callbacks):
    """sign_in("138…") → the client of a browser that has signed in with this telephone."""

    def one(phone=PHONE, **headers):
        client = Client(HTTP_ACCEPT_LANGUAGE="en", **headers)
        assert client.post("/my/sign-in/", {"phone": phone}).url == "/my/sign-in/code/"
        assert client.post("/my/sign-in/code/", {"code": newest_code()}).status_code == 302
        return client

    return one


def own(client) -> str:
    """The number of the record that this browser has signed in to."""
    page = client.get("/my/").content.decode()
    return re.search(r"/my/([0-9a-f-]{36})/record/", page)[1]
