import pytest
from django.test import Client

from tests.channels.push_service import ask_to_follow, push_service
from tongxin.assistant import actions as questions


@pytest.fixture
def service():
    with push_service() as running:
        yield running


@pytest.fixture
def follow(service):
    """A browser asks at a door, from a page of this site: ``follow(RUMOUR, code)``."""

    def asked(door, code=None, *, client=None, **wish):
        client = client or Client(headers={"origin": "http://testserver"})
        wish |= {} if code is None else {"code": code}
        return ask_to_follow(client, service, door, **wish)

    return asked


@pytest.fixture
def question(noon):
    """A question handed over, and its receipt's code."""
    return questions.hand_over("地下室返潮要不要消毒", language="zh-hans", by="tests", at=noon)
