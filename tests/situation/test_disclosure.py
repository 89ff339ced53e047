from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tongxin.situation.disclosure import (
    Table,
    days_recoverable,
    feasible,
    recoverable,
    suppress,
    withhold_days,
)

count = st.one_of(st.just(0), st.integers(0, 6), st.integers(0, 60))


@st.composite
def trees(draw):
    """Country, up to four provinces, up to five cities each; some cases allotted to no city."""
    values, parents = {"CN": 0}, {"CN": None}
    for p in range(draw(st.integers(1, 4))):
        province = f"P{p}"
        cities = draw(st.lists(count, max_size=5))
        rest = draw(st.sampled_from([0, 0, 0, 2, 9])) if cities else draw(count)
        for i, n in enumerate(cities):
            values[f"{province}C{i}"], parents[f"{province}C{i}"] = n, province
        values[province], parents[province] = sum(cities) + rest, "CN"
        values["CN"] += values[province]
    return Table(values, parents)


def by_linear_programme(table, withheld):
    """The same bounds by an engine that knows nothing of trees."""
    hidden = sorted(withheld)
    column = {place: i for i, place in enumerate(hidden)}
    equal, level, at_most, limit = [], [], [], []
    for parent, children in table.families().items():
        row, known = np.zeros(len(hidden)), 0
        for place, sign in [(parent, -1), *((c, 1) for c in children)]:
            if place in column:
                row[column[place]] = sign
            else:
                known += sign * table.values[place]
        exact = sum(table.values[c] for c in children) == table.values[parent]
        (equal if exact else at_most).append(row)
        (level if exact else limit).append(-known)
    bounds = {}
    for place in hidden:
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(hidden))
            goal[column[place]] = sign
            solved = linprog(
                goal,
                A_ub=at_most or None,
                b_ub=limit or None,
                A_eq=equal or None,
                b_eq=level or None,
                bounds=(1, None),
            )
            ends.append(sign * solved.fun if solved.status == 0 else np.inf)
        bounds[place] = tuple(round(end, 6) for end in ends)
    return bounds


@settings(max_examples=40, deadline=None)
@given(trees(), st.randoms(use_true_random=False))
def test_the_bounds_equal_a_linear_programmes(table, random):
    withheld = {p for p, n in table.values.items() if n > 0 and random.random() < 0.5}
    assert feasible(table, withheld) == by_linear_programme(table, withheld)


@settings(max_examples=200, deadline=None)
@given(trees(), st.integers(3, 8))
def test_no_withheld_small_count_can_be_worked_out(table, threshold):
    found = suppress(table, threshold=threshold)
    left = recoverable(table, found.withheld, threshold=threshold)
    assert left.keys() == found.unprotected


def test_a_cover_found_for_one_place_is_tried_for_the_others_before_giving_up():
    values = {"CN": 11, "P0": 1, "P0C0": 1, "P1": 1, "P1C0": 1, "P2": 9}
    parents = {"CN": None, "P0": "CN", "P1": "CN", "P2": "CN", "P0C0": "P0", "P1C0": "P1"}
    found = suppress(Table(values, parents))
    assert found.complementary == {"P2"}
    assert not found.unprotected


@settings(max_examples=100, deadline=None)
@given(trees())
def test_only_what_has_nowhere_to_hide_is_left_and_it_is_said(table):
    found = suppress(table)
    for place in found.unprotected:
        above = place
        while above is not None:
            assert above in found.withheld
            above = table.parents[above]


@settings(max_examples=100, deadline=None)
@given(trees())
def test_no_complement_could_be_given_back_and_no_nought_is_withheld(table):
    found = suppress(table)
    for place in found.complementary:
        fewer = found.withheld - {place}
        assert recoverable(table, fewer).keys() - found.unprotected
    assert all(table.values[place] > 0 for place in found.withheld)


PROVINCE = {"a": "p", "b": "p", "c": "p", "d": "p", "p": None}


@pytest.mark.parametrize(
    "cells, withheld",
    [
        ({"p": 60, "a": 3, "b": 20, "c": 37, "d": 0}, "ab"),
        ({"p": 60, "a": 0, "b": 23, "c": 37, "d": 0}, ""),
        ({"p": 60, "a": 3, "b": 4, "c": 53, "d": 0}, "ab"),
        ({"p": 42, "a": 1, "b": 1, "c": 40, "d": 0}, "abc"),
        ({"p": 12, "a": 4, "b": 4, "c": 4, "d": 0}, "abc"),
        ({"p": 4, "a": 1, "b": 1, "c": 1, "d": 1}, "abcdp"),
    ],
)
def test_a_province_of_four_cities(cells, withheld):
    assert suppress(Table(cells, PROVINCE)).withheld == set(withheld)


def test_small_children_that_fill_a_published_parent_hide_it_as_well():
    cells = {"p": 5, "a": 1, "b": 1, "c": 1, "d": 2, "q": 300, "r": 305}
    parents = {**PROVINCE, "p": "r", "q": "r", "r": None}
    found = suppress(Table(cells, parents))
    assert found.complementary == {"p", "q"}
    assert not found.unprotected


@pytest.mark.parametrize("b, c, exposed", [(3, 20, {}), (2, 21, {"a": (1, 3), "b": (1, 3)})])
def test_a_withheld_pair_must_leave_as_many_values_as_the_mark_itself(b, c, exposed):
    table = Table({"p": 25, "a": 2, "b": b, "c": c, "d": 0}, PROVINCE)
    assert recoverable(table, {"a", "b"}) == exposed


def test_a_figure_that_was_left_open_is_reported():
    table = Table({"p": 60, "a": 3, "b": 20, "c": 37, "d": 0}, PROVINCE)
    assert recoverable(table, {"a"}) == {"a": (3, 3)}
    assert recoverable(table, set()) == {"a": (3, 3)}


@given(st.lists(st.one_of(st.none(), st.integers(0, 40)), max_size=40), st.integers(2, 9))
def test_days_left_open_never_differ_by_a_small_number(series, threshold):
    held = withhold_days(series, threshold=threshold)
    assert days_recoverable(series, held, threshold=threshold) == ()
    shown = [0] + [v for v, h in zip(series, held, strict=True) if v is not None and not h]
    gaps = [abs(b - a) for a, b in pairwise(shown)]
    assert all(gap == 0 or gap >= threshold for gap in gaps)


def test_a_country_of_three_thousand_counties_is_done_in_seconds():
    rng = np.random.default_rng(6)
    values, parents = {}, {"CN": None}
    for p in range(31):
        for c in range(11):
            for k in range(9):
                values[f"{p}-{c}-{k}"] = int(rng.lognormal(2.5, 1.6))
                parents[f"{p}-{c}-{k}"] = f"{p}-{c}"
            values[f"{p}-{c}"] = sum(values[f"{p}-{c}-{k}"] for k in range(9))
            parents[f"{p}-{c}"] = str(p)
        values[str(p)] = sum(values[f"{p}-{c}"] for c in range(11))
        parents[str(p)] = "CN"
    values["CN"] = sum(values[str(p)] for p in range(31))
    found = suppress(Table(values, parents))
    assert not recoverable(Table(values, parents), found.withheld)
    assert len(found.complementary) < len(found.primary)
