from datetime import date, timedelta
from itertools import product

import pytest

from tongxin.data_files import BrokenData
from tongxin.situation.risk import NOTICE, Level, assess, load_notice

AT = date(2020, 3, 15)
ORDER = [Level.LOW, Level.MEDIUM, Level.HIGH]


def county(total, *, new_ago=None, cluster_ago=None, known=True, last_rise=1):
    """A county with ``total`` cases whose last new one came ``new_ago`` days before AT."""
    days = [AT - timedelta(days=ago) for ago in range(30, -1, -1)]
    before = total if new_ago is None else total - last_rise
    values = [before if new_ago is None or (AT - day).days > new_ago else total for day in days]
    cluster_on = None if cluster_ago is None else AT - timedelta(days=cluster_ago)
    return assess(days, values, at=AT, last_cluster_on=cluster_on, clusters_known=known)


@pytest.mark.parametrize(
    "total, new_ago, cluster_ago, level, clause, can_fall",
    [
        (0, None, None, "low", "low-no-case", None),
        (30, 14, None, "low", "low-no-new-case", None),
        (30, 13, None, "medium", "medium-few-cases", 1),
        (50, 0, None, "medium", "medium-few-cases", 14),
        (50, 0, 0, "medium", "medium-few-cases", 14),
        (51, 0, None, "medium", "medium-no-cluster", 14),
        (51, 5, 14, "medium", "medium-no-cluster", 9),
        (51, 5, 13, "high", "high-cluster", 1),
        (51, 0, 0, "high", "high-cluster", 14),
        (5000, 14, None, "low", "low-no-new-case", None),
    ],
)
def test_each_clause_of_the_notice(total, new_ago, cluster_ago, level, clause, can_fall):
    found = county(total, new_ago=new_ago, cluster_ago=cluster_ago)
    assert (found.level, found.clause, found.can_fall_in_days) == (level, clause, can_fall)
    assert found.certain


def test_more_cases_never_lower_the_level():
    for new_ago, cluster_ago, known in product(range(16), [None, *range(16)], [True, False]):
        levels = [
            ORDER.index(county(total, new_ago=new_ago, cluster_ago=cluster_ago, known=known).level)
            for total in (1, 2, 49, 50, 51, 52, 500)
        ]
        assert levels == sorted(levels)


def test_a_later_new_case_or_a_later_cluster_never_lowers_the_level():
    for total, cluster_ago in product((1, 50, 51, 400), [None, 0, 13, 14]):
        by_day = [county(total, new_ago=d, cluster_ago=cluster_ago).level for d in range(20)]
        assert [ORDER.index(x) for x in by_day] == sorted(map(ORDER.index, by_day), reverse=True)
        by_day = [county(total, new_ago=0, cluster_ago=d).level for d in range(20)]
        assert [ORDER.index(x) for x in by_day] == sorted(map(ORDER.index, by_day), reverse=True)


def test_the_level_falls_on_the_day_that_was_foretold():
    days = [AT - timedelta(days=ago) for ago in range(30, -1, -1)]
    values = [0] * 20 + [7] * 11
    for ahead in range(40):
        at = AT + timedelta(days=ahead)
        series = [*days, *(AT + timedelta(days=d + 1) for d in range(ahead))]
        found = assess(series, values + [7] * ahead, at=at, clusters_known=True)
        if found.level == Level.LOW:
            break
        fall = at + timedelta(days=found.can_fall_in_days)
    assert at == fall


def test_without_word_of_clusters_the_level_is_a_lower_bound_that_says_so():
    found = county(200, new_ago=2, known=False)
    assert (found.level, found.could_be) == ("medium", "high")
    assert found.unknown == ("clusters",) and not found.certain
    assert found.facts == {
        "cumulative": 200,
        "new_in_window": 1,
        "days_since_new": 2,
        "days_since_cluster": None,
        "could_be": "high",
        "unknown": ["clusters"],
    }
    assert county(40, new_ago=2, known=False).certain
    assert county(200, new_ago=20, known=False).certain


def test_a_short_or_late_series_is_not_certain():
    short = assess([AT], [3], at=AT, clusters_known=True)
    assert (short.level, short.unknown) == ("medium", ("history",))
    late = assess([AT - timedelta(days=d) for d in (20, 3)], [0, 0], at=AT, clusters_known=True)
    assert (late.level, late.unknown) == ("low", ("late",))
    assert assess([], [], at=AT, clusters_known=True).unknown == ("history", "late")


def test_new_cases_across_a_gap_count_on_the_later_day():
    days = [AT - timedelta(days=d) for d in (25, 18, 10, 0)]
    found = assess(days, [0, 2, 5, 5], at=AT, clusters_known=True)
    assert (found.days_since_new, found.new_in_window) == (10, 3)


def test_a_correction_downwards_is_no_new_case_and_the_future_is_not_read():
    days = [AT - timedelta(days=d) for d in (30, 20, 2, -1)]
    found = assess(days, [9, 10, 8, 99], at=AT, clusters_known=True)
    assert (found.level, found.cumulative, found.days_since_new) == ("low", 8, 20)
    assert found.unknown == ("late",)


def test_a_cluster_in_a_county_without_new_cases_is_a_contradiction_that_shows():
    assert county(30, new_ago=20, cluster_ago=3).unknown == ("cluster-without-cases",)


def test_every_clause_the_rule_uses_has_its_words_in_both_languages():
    notice = load_notice()
    assert {c.code for c in notice.clause} == {
        "low-no-case",
        "low-no-new-case",
        "medium-few-cases",
        "medium-no-cluster",
        "high-cluster",
    }
    assert notice.issued_on == date(2020, 2, 17)
    assert (notice.window_days, notice.cumulative_above) == (14, 50)


@pytest.mark.parametrize(
    "old, new, where",
    [
        ("window_days = 14", "", "window_days"),
        ("window_days = 14", 'window_days = "14"', "window_days"),
        ('level = "high"', 'level = "extreme"', "clause.4.level"),
        ("window_days = 14", "window_days = 14\nextra = 1", "extra"),
        ("review_by = 2027-11-22", "review_by = 2020-01-01", "file"),
        ("window_days = 14", "window_days = ", "TOML"),
    ],
)
def test_a_broken_notice_is_refused_by_field(tmp_path, old, new, where):
    broken = tmp_path / "notice.toml"
    broken.write_text(NOTICE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(BrokenData) as refused:
        load_notice(broken)
    assert refused.value.facts["where"] == where
