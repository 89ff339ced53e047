"""A shelf of small releases, built by the actions themselves."""

from datetime import timedelta

import pytest

from tests.conftest import NOON
from tongxin.releases import actions

PAGE = b"<!doctype html><title>Honghu</title>" + b"<p>confirmed 12</p>" * 60


def files(text: str = "12", **more: bytes) -> list[tuple[str, bytes]]:
    return [
        ("en/situation/CN-421083/index.html", PAGE + text.encode()),
        ("en/embed/CN-421083/index.html", PAGE),
        ("situation/CN-421083/series.json", b'{"points":[' + b"1," * 400 + text.encode() + b"]}"),
        ("search.json", b"[]"),
        *more.items(),
    ]


@pytest.fixture
def build(db, django_capture_on_commit_callbacks):
    """build("12", day=0) -> Release; what it knows is of that many days after NOON."""

    def one(text="12", *, day=0, findings=(), by="tests", at=NOON):
        return actions.build(
            files(text),
            facts={"disease": "covid-19"},
            findings=list(findings),
            as_of=NOON + timedelta(days=day),
            by=by,
            at=at,
        )

    return one


@pytest.fixture
def publish(build, django_capture_on_commit_callbacks):
    """Build and publish in one, and let readers see it."""

    def one(text="12", **facts):
        release = build(text, **facts)
        with django_capture_on_commit_callbacks(execute=True):
            actions.publish(release.pk, by="tests", at=facts.get("at", NOON))
        return release

    return one


STOP = {"rule": "children_sum", "severity": "stops", "place": "CN-421000", "figures": {"sum": 3}}
