import tomllib
from pathlib import Path

import pytest

from tongxin.data_files import _fixed
from tongxin.triage.packs import FOLDER, Pack, shipped_pack

SMALL = Path(__file__).with_name("small.toml")


def data(file: Path) -> dict:
    """What a pack's file says, to be changed by a test."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


def pack_of(said: dict) -> Pack:
    return Pack.model_validate(_fixed(said))


def named(rows: list[dict], name: str) -> dict:
    """The question or clause of this name."""
    return next(row for row in rows if row.get("key", row.get("id")) == name)


@pytest.fixture
def small() -> dict:
    return data(SMALL)


@pytest.fixture
def covid() -> dict:
    return data(FOLDER / "covid-19.toml")


@pytest.fixture
def pack() -> Pack:
    return shipped_pack("covid-19")
