from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxin.tracing import rules

TODAY = date(2020, 2, 10)


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ("received", "looking", True),
        ("received", "closed", True),
        ("looking", "case", True),
        ("looking", "received", False),
        ("case", "closed", False),
        ("closed", "looking", True),
        ("closed", "case", False),
    ],
)
def test_what_may_follow_what(before, after, may):
    assert rules.may_follow(before, after) is may


def test_who_is_short_of_breath_waits_two_hours_and_others_a_day():
    at = datetime(2020, 2, 1, 22, tzinfo=UTC)
    assert rules.due_at(at, ["breath", "cough"]) - at == timedelta(hours=2)
    assert rules.due_at(at, ["cough"]) - at == timedelta(hours=24)


@pytest.mark.parametrize(("days_ago", "is_so"), [(0, True), (60, True), (61, False), (-1, False)])
def test_a_day_that_can_matter(days_ago, is_so):
    assert rules.is_plausible(TODAY - timedelta(days=days_ago), today=TODAY) is is_so


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_a_share_and_the_same_both_ways(one, other):
    share = rules.likeness(one, other)
    assert 0 <= share <= 1 and share == rules.likeness(other, one)


def test_the_same_door_written_in_other_words_is_alike():
    assert rules.likeness("新堤街道3号楼2单元", "3号楼2单元 王大爷家") >= rules.ALIKE
    assert rules.likeness("Building 3, door 2", "building 3 door 2 (old Mr Wang)") >= rules.ALIKE
    assert rules.likeness("新堤街道3号楼", "汉河路菜市场") < rules.ALIKE
