import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxin.situation.checks import Figures, columns_crossed, drifted, fell, jumped, swapped


def series(*lines):
    """Figures of several series, each a list of totals on consecutive days; None: no row."""
    rows = [
        (s, day, total)
        for s, line in enumerate(lines)
        for day, total in enumerate(line)
        if total is not None
    ]
    return Figures(*(np.array(column) for column in zip(*rows, strict=True)))


def odd_rows(check):
    return np.flatnonzero(check.odd).tolist()


lines = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 3000)), min_size=1, max_size=25).filter(
        lambda line: any(v is not None for v in line)
    ),
    min_size=1,
    max_size=4,
)


@given(lines)
def test_fell_and_jumped_equal_plain_loops(many):
    found = series(*many)
    falls, jumps, row = [], [], 0
    for line in many:
        known = [(day, total) for day, total in enumerate(line) if total is not None]
        rises = {}
        for i, (day, total) in enumerate(known):
            if i:
                before_day, before = known[i - 1]
                rise = (total - before) / (day - before_day)
                earlier = [r for d, r in rises.items() if day - d <= 14]
                if total < before:
                    falls.append(row)
                if len(earlier) >= 3 and rise > max(50, 4 * max([0, *earlier])):
                    jumps.append(row)
                rises[day] = rise
            row += 1
    assert odd_rows(fell(found)) == falls
    assert odd_rows(jumped(found)) == jumps


def test_the_change_of_definition_of_12_february_2020_is_found_and_only_it():
    # Hubei, 31 January to 14 February 2020, the provincial commission's bulletins.
    hubei = [7153, 9074, 11177, 13522, 16678, 19665, 22112, 24953, 27100, 29631, 31728, 33366]
    found = jumped(series([*hubei, 48206, 51986, 54406]))
    assert odd_rows(found) == [12]
    assert (found.facts["new"][12], found.facts["usual"][12]) == (14840, 3156)


def test_ordinary_growth_is_no_jump_even_when_it_doubles_every_day():
    assert not jumped(series([2**day for day in range(16)])).odd.any()
    assert not jumped(series([0, 0, 0, 0, 0, 49])).odd.any()


@pytest.mark.parametrize("quiet_days, jumps", [(13, []), (14, [16])])
def test_a_rise_is_compared_with_the_fortnight_before(quiet_days, jumps):
    line = [0, 100, *range(101, 101 + quiet_days)]
    assert odd_rows(jumped(series([*line, line[-1] + 300]))) == jumps


def test_a_first_report_is_no_jump():
    assert not jumped(series([5000, 9000, 20_000])).odd.any()


def test_a_rise_over_missing_days_is_shared_among_them():
    assert not jumped(series([0, 20, 40, 60, None, None, None, 260])).odd.any()
    assert odd_rows(jumped(series([0, 20, 40, 60, 260]))) == [4]


def test_two_cities_that_changed_places_are_named_as_a_pair():
    found = swapped(series([400, 410, 105], [95, 100, 421], [50, 60, 70]), np.array([7] * 9))
    assert odd_rows(found) == [2, 5]
    assert found.facts["partner"][[2, 5]].tolist() == [5, 2]


@pytest.mark.parametrize(
    "one, other, parents",
    [
        ([400, 410, 105], [95, 100, 421], (7, 8)),
        ([10, 5], [5, 10], (7, 7)),
        ([400, 300], [100, 500], (7, 7)),
        ([400, 170], [100, 400], (7, 7)),
        ([100, 400], [100, 410], (7, 7)),
    ],
)
def test_no_swap_between_strangers_by_chance_or_where_both_only_moved(one, other, parents):
    parent = np.repeat(parents, [len(one), len(other)])
    assert not swapped(series(one, other), parent).odd.any()


@pytest.mark.parametrize(
    "line, powers",
    [
        ([33366, 48206, 54406], [0, 0, 0]),
        ([400, 4100, 4150], [0, 1, 0]),
        ([40_000, 4010], [0, -1]),
        ([480, 4_820_000], [0, 4]),
        ([3, 30], [0, 0]),
        ([400, 2600], [0, 0]),
        ([0, 1000], [0, 0]),
    ],
)
def test_a_unit_that_drifts_is_named_by_its_power_of_ten(line, powers):
    assert drifted(series(line)).facts["power"].tolist() == powers


def test_columns_that_changed_places_or_became_copies():
    confirmed, recovered = series([900, 950, 310]), series([290, 300, 980])
    assert odd_rows(columns_crossed(confirmed, recovered)) == [2]
    copied = columns_crossed(series([900, 950, 960]), series([290, 300, 960]))
    assert odd_rows(copied) == [2]
    assert not columns_crossed(series([0, 0, 5]), series([0, 0, 5])).odd.any()
    ended = columns_crossed(series([8, 8, 0]), series([752, 752, 0]))
    assert not ended.odd.any()


@pytest.mark.parametrize(
    "rows",
    [
        ([2, 1], [0, 0], [1, 1]),
        ([1, 1], [1, 0], [1, 1]),
        ([1, 1], [0, 0], [1, 1]),
        ([1, 1], [0, 1], [1, np.nan]),
        ([1], [0, 1], [1, 1]),
    ],
)
def test_figures_out_of_order_are_refused(rows):
    with pytest.raises(ValueError, match=r"sorted|missing|length"):
        Figures(*(np.array(column) for column in rows))


def test_an_empty_table_is_in_order():
    empty = Figures(np.array([], int), np.array([], int), np.array([], float))
    assert not fell(empty).odd.size and not jumped(empty).odd.size
