from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxin.releases import rules

NOW = datetime(2020, 12, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "is_safe"),
    [
        ("en/index.html", True),
        ("releases.json", True),
        ("situation/CN-421083/card.zh-hans.svg", True),
        ("", False),
        ("/etc/passwd", False),
        ("en//index.html", False),
        ("en/../../etc/passwd", False),
        ("en/./index.html", False),
        ("en/.hidden", False),
        ("en\\index.html", False),
        ("en/index.html\x00", False),
        ("en/index.html\n", False),
        ("en/%2e%2e/x", False),
        ("a/" * 200 + "b", False),
    ],
)
def test_a_release_holds_no_path_that_leaves_it(path, is_safe):
    assert rules.is_safe_path(path) is is_safe


@given(st.text())
def test_a_safe_path_has_no_hidden_or_upward_step(path):
    if rules.is_safe_path(path):
        assert not any(part.startswith(".") or part == "" for part in path.split("/"))


@pytest.mark.parametrize(
    ("accepted", "ours"),
    [
        ("", []),
        ("gzip", ["gzip"]),
        ("gzip, deflate, br, zstd", ["br", "gzip"]),
        ("br;q=0, gzip;q=0.5", ["gzip"]),
        ("*", ["br", "gzip"]),
        ("*;q=0", []),
        ("identity", []),
        ("BR", ["br"]),
    ],
)
def test_a_browser_gets_an_encoding_it_takes(accepted, ours):
    assert rules.encodings(accepted) == ours


def test_the_id_is_of_the_content_and_not_of_the_moment():
    manifest = {"as_of": "a", "files": {"sha256": "x"}, "built_at": "1", "seal": "s"}
    same = manifest | {"built_at": "2", "seal": "t", "id": "anything"}
    other = manifest | {"files": {"sha256": "y"}}
    assert rules.release_id(manifest) == rules.release_id(same) != rules.release_id(other)


def test_all_of_thirty_days_stay_then_one_a_day_then_one_a_week():
    hours = [NOW - timedelta(hours=12 * n) for n in range(2 * 500)]
    stays = rules.kept([(f"{at:%Y-%m-%d %H}", at) for at in hours], now=NOW)
    recent = [at for at in hours if NOW - at <= timedelta(days=30)]
    assert {f"{at:%Y-%m-%d %H}" for at in recent} <= stays
    assert "2020-06-15 12" in stays and "2020-06-15 00" not in stays  # the last of the day
    assert "2019-10-13 12" in stays  # a Sunday, the last of its week
    assert "2019-10-12 12" not in stays


def test_a_release_published_again_is_as_young_as_its_last_publication():
    old = [("a", NOW - timedelta(days=200, hours=2)), ("b", NOW - timedelta(days=200))]
    assert rules.kept(old, now=NOW) == {"b"}
    assert rules.kept([*old, ("a", NOW)], now=NOW) == {"a", "b"}


@pytest.mark.parametrize(
    ("reason", "is_good"),
    [("", False), ("因为", False), ("a a a a a a a", False), ("官方已经说明口径合并了", True)],
)
def test_a_reason_says_something(reason, is_good):
    assert rules.is_good_reason(reason) is is_good
