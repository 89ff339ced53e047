import math
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxin.situation.indicators import (
    active,
    change_on_week,
    doubling_days,
    falls,
    new_per_day,
    on_calendar,
    per_100k,
    rise_over,
    summarise,
    trailing_mean,
)

NAN = np.nan
totals = st.lists(st.one_of(st.none(), st.integers(0, 5000)), min_size=1, max_size=40)


def as_array(values):
    return np.array([NAN if v is None else v for v in values], float)


@given(totals)
def test_new_equals_a_plain_loop(values):
    expected = [NAN]
    for yesterday, today in pairwise(values):
        expected.append(NAN if None in (yesterday, today) else today - yesterday)
    np.testing.assert_array_equal(new_per_day(as_array(values)), expected)


@given(totals)
def test_spread_keeps_the_sum_between_first_and_last_known_day(values):
    known = [v for v in values if v is not None]
    if known:
        spread = new_per_day(as_array(values), spread=True)
        assert np.nansum(spread) == pytest.approx(known[-1] - known[0])


@given(totals, st.integers(1, 9), st.integers(1, 5))
def test_trailing_mean_equals_a_plain_loop(values, days, at_least):
    expected = []
    for i in range(len(values)):
        known = [v for v in values[max(0, i - days + 1) : i + 1] if v is not None]
        expected.append(sum(known) / len(known) if len(known) >= at_least else NAN)
    found = trailing_mean(as_array(values), days=days, at_least=at_least)
    np.testing.assert_allclose(found, expected)


@given(totals)
def test_doubling_equals_numpys_own_fit(values):
    found = doubling_days(as_array(values))
    for i in range(len(values)):
        days = [d for d in range(max(0, i - 6), i + 1) if values[d] is not None]
        window = [values[d] for d in days]
        if len(days) < 4 or min(window) <= 0:
            assert math.isnan(found[i])
            continue
        slope = np.polyfit(days, np.log(window), 1)[0]
        if abs(slope) < 1e-9:
            assert found[i] == math.inf or found[i] > 1e8 or math.isnan(found[i])
        else:
            np.testing.assert_allclose(found[i], math.log(2) / slope if slope > 0 else NAN, 1e-6)


def test_areas_at_once_equal_areas_one_by_one():
    table = np.cumsum(np.random.default_rng(1).poisson(9.0, (5, 30)), axis=1).astype(float)
    table[2, 4:7] = NAN
    for rule in (new_per_day, falls, trailing_mean, rise_over, doubling_days, change_on_week):
        np.testing.assert_array_equal(rule(table), np.stack([rule(row) for row in table]))


def test_a_fall_is_negative_and_flagged_even_across_a_gap():
    series = np.array([10.0, NAN, 8, 9])
    assert falls(series).tolist() == [False, False, True, False]
    assert new_per_day(np.array([10.0, 8]))[1] == -2


def test_rates_without_a_population_are_unknown_not_nought():
    assert np.isnan(per_100k(np.array([3.0]), None)).all()
    assert np.isnan(per_100k(np.array([3.0]), 0)).all()
    assert per_100k(np.array([[50.0], [50.0]]), np.array([100_000, 50_000])).tolist() == [
        [50],
        [100],
    ]


def test_active_is_unknown_where_one_figure_is_missing():
    assert active(np.array([9.0]), np.array([1.0]), np.array([2.0]))[0] == 6
    assert np.isnan(active(np.array([9.0]), np.array([NAN]), np.array([2.0]))[0])


def test_hubei_across_12_february_2020():
    # National Health Commission's daily bulletins, 5 to 13 February 2020.
    figures = [19665, 22112, 24953, 27100, 29631, 31728, 33366, 48206, 51986]
    days = [date(2020, 2, 5) + timedelta(days=i) for i in range(9)]
    found = summarise(days, figures, population=59_270_000)
    assert (found.on, found.new, found.fell) == (date(2020, 2, 13), 3780, False)
    assert found.new_week == 51986 - 22112
    assert found.per_100k_total == pytest.approx(87.71, abs=0.01)


def test_the_summary_stands_on_the_last_day_that_was_reported():
    days = [date(2020, 2, d) for d in (1, 2, 3)]
    assert summarise(days, [4, 6, None]).on == date(2020, 2, 2)
    assert summarise(days, [4, 6, None]).new_mean is None


@pytest.mark.parametrize("dates, values", [([], []), ([date(2020, 2, 1)], [None])])
def test_a_series_without_a_figure_is_refused(dates, values):
    with pytest.raises(ValueError, match="day"):
        summarise(dates, values)


def test_a_day_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        on_calendar([date(2020, 2, 1)] * 2, [1, 2])
