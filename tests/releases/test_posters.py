"""Posters of the current release as pictures."""

from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from tests.conftest import NOON
from tongxin.releases import actions

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="108" height="135">'
    b'<rect width="108" height="135" fill="#0b4a58"/></svg>'
)


@pytest.fixture
def published(db, django_capture_on_commit_callbacks):
    release = actions.build(
        [("guidance/pets/poster.en.svg", SVG), ("guidance/pets/other.en.svg", SVG)],
        facts={"disease": "covid-19"},
        findings=[],
        as_of=NOON,
        by="tests",
        at=NOON,
    )
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish(release.pk, by="tests", at=NOON)


def test_a_poster_is_a_picture_drawn_once(published):
    first = Client().get("/guidance/pets/poster.en.png")
    assert first.headers["Content-Type"] == "image/png"
    assert Image.open(BytesIO(first.content)).size == (108, 135)
    kept = list((settings.HOME / "cache" / "posters").glob("*.png"))
    assert Client().get("/guidance/pets/poster.en.png").content == first.content
    assert list((settings.HOME / "cache" / "posters").glob("*.png")) == kept


@pytest.mark.parametrize(
    "path",
    [
        "guidance/pets/poster.zh-hans.png",
        "guidance/pets/other.en.png",
        "guidance/../poster.en.png",
        "guidance/pets/poster-wall.en.png",
        "myths/%2e%2e/poster.en.png",
    ],
)
def test_what_is_no_poster_of_the_release_is_not_drawn(published, path):
    assert Client().get(f"/{path}").status_code == 404
