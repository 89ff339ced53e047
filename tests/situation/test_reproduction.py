import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gamma

from tongxin.situation.reproduction import estimate, serial_interval, without_negatives

from .epiestim_values import EXAMPLES, WEIGHTS_4_7_2_9

NISHIURA = {"interval_mean": 4.7, "interval_sd": 2.9}


def naive(cases, mean, sd, window=7):
    """Cori's equations in plain loops."""
    shape, scale = ((mean - 1) / sd) ** 2, sd**2 / (mean - 1)

    def f(k):
        return gamma.cdf(k, shape, scale=scale)

    def g(k):
        return shape * scale * gamma.cdf(k, shape + 1, scale=scale)

    w = [
        max(
            0.0,
            k * f(k) + (k - 2) * f(k - 2) - 2 * (k - 1) * f(k - 1)
            + 2 * g(k - 1) - g(k - 2) - g(k),
        )
        for k in range(len(cases))
    ]  # fmt: skip
    force = [sum(w[s] * cases[t - s] for s in range(1, t + 1)) for t in range(len(cases))]
    rows = []
    for t in range(len(cases)):
        window_days = range(t - window + 1, t + 1)
        if t < window or t + 1 <= mean or sum(force[d] for d in window_days) <= 0:
            rows.append((np.nan,) * 3)
            continue
        a = 1 + sum(cases[d] for d in window_days)
        b = 1 / (1 / 5 + sum(force[d] for d in window_days))
        rows.append((a * b, gamma.ppf(0.025, a, scale=b), gamma.ppf(0.975, a, scale=b)))
    return np.array(rows).T


@pytest.mark.parametrize("name", EXAMPLES)
def test_epiestims_examples_come_out_as_epiestim_gives_them(name):
    example = EXAMPLES[name]
    found = estimate(
        np.array(example.incidence, float),
        interval_mean=example.mean,
        interval_sd=example.sd,
        greatest_cv=None,
    )
    rows = np.array(example.rows, float)
    ends = rows[:, 0].astype(int) - 1
    shown = np.stack([found.mean, found.low, found.high])
    np.testing.assert_allclose(shown[:, ends].T, rows[:, 1:], rtol=1e-9)
    assert np.isnan(np.delete(found.mean, ends)).all()


def test_the_serial_interval_is_epiestims():
    found = serial_interval(4.7, 2.9, days=len(WEIGHTS_4_7_2_9))
    np.testing.assert_allclose(found, WEIGHTS_4_7_2_9, atol=1e-13)
    assert serial_interval(4.7, 2.9, days=200).sum() == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 400), min_size=9, max_size=45),
    st.floats(1.5, 9),
    st.floats(0.5, 4),
)
def test_fast_equals_plain_loops(cases, mean, sd):
    found = estimate(np.array(cases, float), interval_mean=mean, interval_sd=sd, greatest_cv=None)
    expected = naive(cases, mean, sd)
    np.testing.assert_allclose(
        np.stack([found.mean, found.low, found.high]), expected, rtol=1e-9, atol=1e-9
    )


def test_a_steady_epidemic_has_r_one_and_a_growing_one_more():
    steady = estimate(np.full(60, 200.0), **NISHIURA)
    assert steady.mean[-1] == pytest.approx(1, abs=0.01)
    growing = estimate(np.round(20 * 1.15 ** np.arange(40)), **NISHIURA)
    assert growing.low[-1] > 1
    falling = estimate(np.round(2000 * 0.85 ** np.arange(40)), **NISHIURA)
    assert falling.high[25] < 1


def test_more_cases_make_a_narrower_interval_around_the_same_r():
    few, many = (estimate(np.full(40, n), **NISHIURA) for n in (3.0, 300.0))
    assert few.high[-1] - few.low[-1] > 5 * (many.high[-1] - many.low[-1])
    assert few.low[-1] < many.mean[-1] < few.high[-1]


@pytest.mark.parametrize("in_window, shown", [(10, False), (11, True)])
def test_fewer_than_eleven_cases_in_the_window_give_no_estimate(in_window, shown):
    cases = np.zeros(30)
    cases[15], cases[25] = 40, in_window
    assert np.isfinite(estimate(cases, **NISHIURA).mean[29]) == shown


def test_nothing_is_estimated_before_the_window_and_one_interval_have_passed():
    shown = np.isfinite(estimate(np.full(30, 50.0), **NISHIURA).mean)
    assert shown.tolist() == [False] * 7 + [True] * 23
    late = estimate(np.full(30, 50.0), interval_mean=12, interval_sd=3)
    assert np.isfinite(late.mean).argmax() == 12


def test_an_area_starts_on_its_own_first_day():
    cases = np.concatenate([np.full(5, np.nan), np.full(30, 50.0)])
    alone = estimate(cases[5:], **NISHIURA)
    np.testing.assert_array_equal(estimate(cases, **NISHIURA).mean[5:], alone.mean)


def test_a_missing_day_empties_the_windows_that_need_it():
    cases = np.full(60, 50.0)
    cases[30] = np.nan
    shown = np.isfinite(estimate(cases, **NISHIURA).mean)
    assert shown[29] and not shown[30:38].any() and shown[37 + 7 :].all()


def test_a_correction_is_taken_off_the_days_before_and_said():
    cases = np.full(40, 50.0)
    cases[30] = -70
    found = estimate(cases, **NISHIURA)
    assert found.corrected[30:37].all() and not found.corrected[:28].any()
    assert np.isfinite(found.mean[30])


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30))
def test_without_negatives_keeps_the_sum_where_it_can(cases):
    mended, _ = without_negatives(np.array(cases, float))
    assert (mended >= 0).all()
    assert mended.sum() >= sum(cases)
    running = np.cumsum(cases)
    if (running >= 0).all():
        assert mended.sum() == sum(cases)


def test_areas_at_once_equal_areas_one_by_one():
    table = np.random.default_rng(3).poisson(12, (6, 50)).astype(float)
    table[1, 20], table[2, 7], table[4, :9] = np.nan, -30, np.nan
    together = estimate(table, **NISHIURA)
    for row, mean, high in zip(table, together.mean, together.high, strict=True):
        alone = estimate(row, **NISHIURA)
        np.testing.assert_allclose(mean, alone.mean, rtol=1e-12)
        np.testing.assert_allclose(high, alone.high, rtol=1e-12)


def test_three_thousand_areas_of_a_hundred_days_are_well_under_five_seconds():
    table = np.random.default_rng(4).poisson(30, (3000, 100)).astype(float)
    began = time.process_time()
    found = estimate(table, **NISHIURA)
    assert np.isfinite(found.mean[:, 7:]).all()
    assert time.process_time() - began < 5


@pytest.mark.parametrize("mean, sd", [(1, 2), (4.7, 0), (float("nan"), 1)])
def test_a_serial_interval_that_is_none_is_refused(mean, sd):
    with pytest.raises(ValueError, match="serial interval"):
        serial_interval(mean, sd, days=10)
