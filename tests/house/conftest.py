"""A small installation that the tests of the whole product share."""

import tempfile
from pathlib import Path

import pytest

from tests.house.town import make_town


@pytest.fixture(scope="session")
def town_home():
    """The home of a small installation that is not running; leave it stopped and whole."""
    with tempfile.TemporaryDirectory(prefix="tongxin 镇 ") as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        make_town(home)
        yield home
