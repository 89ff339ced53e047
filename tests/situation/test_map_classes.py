from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongxin.situation.map_classes import (
    DARK,
    LIGHT,
    classify,
    natural_breaks,
    readable_between,
)

from .colour_vision import DEFICIENCIES, contrast, difference, lightness, seen_by

HUBEI_12_FEB = [32994, 2874, 2831, 1620, 1312, 1228, 917, 1018, 602, 476, 451, 249, 197, 180]
HUBEI_12_FEB += [101, 59, 10]
PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
EYES = pytest.mark.parametrize("eye", [None, *DEFICIENCIES])


def squares(values):
    return sum((v - sum(values) / len(values)) ** 2 for v in values)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=9), st.integers(1, 4))
def test_no_other_parting_is_tighter(values, classes):
    ordered = sorted(values)
    cuts = [i for i in range(1, len(ordered)) if ordered[i] != ordered[i - 1]]
    wanted = min(classes, len(set(ordered))) - 1

    def cost(breaks):
        ends = [0, *breaks, len(ordered)]
        return sum(squares(ordered[a:b]) for a, b in pairwise(ends))

    best = min(map(cost, combinations(cuts, wanted)))
    assert cost(natural_breaks(ordered, classes)) == pytest.approx(best)


@given(st.floats(0, 1e7, allow_nan=False), st.floats(1e-3, 1e7, allow_nan=False))
def test_a_readable_break_lies_between_and_is_short(a, b):
    above, most = sorted((a, b))
    if above < most:
        assert above < readable_between(above, most) <= most


@given(st.lists(st.one_of(st.none(), st.integers(-5, 70_000), st.floats(0.01, 900)), max_size=80))
def test_rounding_moves_no_area_and_every_area_is_counted(values):
    found = classify(values)
    above = sorted(v for v in values if v is not None and v > 0)
    starts = [0, *natural_breaks(np.log(above), 5)] if above else []
    by_break = [sum(i >= s for s in starts) for i in range(len(above))]
    assert [found.place(v) for v in above] == by_break
    assert [c.areas for c in found.classes] == [by_break.count(i + 1) for i in range(len(starts))]
    assert sum(c.areas for c in found.classes) + found.zero + found.unknown == len(values)


def test_a_break_is_above_the_lower_value_even_where_that_is_round():
    assert [readable_between(20, 25), readable_between(0, 20)] == [25, 20]


def test_hubei_on_12_february_2020_reads_well():
    found = classify(HUBEI_12_FEB)
    assert [c.least for c in found.classes] == [10, 50, 400, 1200, 30000]
    assert found.place(32994) == 5 and found.place(2874) < 5
    assert found.saturated == ""


def test_a_top_class_that_hides_a_big_difference_says_so():
    assert classify([3, 9, 700, 60_000], most=2).saturated == "spread"
    assert classify([1] + [100] * 9, most=2).saturated == "share"
    assert classify([1, 10, 100, 1000]).saturated == ""


def test_nought_unknown_and_corrections_have_their_own_place():
    found = classify([0, -2, None, float("nan"), 8])
    assert (found.zero, found.unknown) == (2, 2)
    assert [found.place(v) for v in (0, -2, None, float("nan"), 8)] == [0, 0, None, None, 1]
    assert classify([]).classes == ()


def test_three_thousand_counties_are_classed_exactly():
    values = np.random.default_rng(5).lognormal(3, 2, 3000).round()
    assert len(classify(values.tolist()).classes) == 5


def test_the_ruler_of_colours_measures_as_published():
    # Three pairs of Sharma, Wu & Dalal 2005, Color Res Appl 30:21-30, table 1.
    assert difference((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert difference((50, 2.5, 0), (73, 25, -18)) == pytest.approx(27.1492, abs=1e-4)
    assert difference((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514)) == pytest.approx(
        0.9082, abs=1e-4
    )


@PALETTES
@EYES
def test_neighbouring_shades_are_told_apart_by_every_eye(palette, eye):
    seen = [seen_by(shade, eye) for shade in palette.shades]
    assert min(difference(a, b) for a, b in pairwise(seen)) >= 10
    assert min(difference(a, b) for a, b in combinations(seen, 2)) >= 10


@PALETTES
@EYES
def test_shades_go_one_way_in_lightness_for_every_eye(palette, eye):
    steps = np.diff([lightness(seen_by(shade, eye)) for shade in palette.shades])
    assert (np.abs(steps) >= 5).all() and len(set(np.sign(steps))) == 1


@PALETTES
def test_labels_on_the_shades_can_be_read(palette):
    # WCAG 2.2, success criterion 1.4.3: 4.5 to 1 for text.
    pairs = zip(palette.text, palette.shades, strict=True)
    assert min(contrast(text, shade) for text, shade in pairs) >= 4.5


@PALETTES
def test_every_area_has_an_edge_on_the_page(palette):
    # WCAG 2.2, success criterion 1.4.11: 3 to 1 for what is needed to see a graphic.
    assert contrast(palette.stroke, palette.page) >= 3
    assert contrast(palette.no_data_lines, palette.no_data) >= 3
    assert contrast(palette.shades[-1], palette.page) >= 3


@PALETTES
@EYES
def test_the_hatching_of_no_data_is_seen_by_every_eye(palette, eye):
    lines, ground = seen_by(palette.no_data_lines, eye), seen_by(palette.no_data, eye)
    assert difference(lines, ground) >= 20
