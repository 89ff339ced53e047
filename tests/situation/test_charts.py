"""Curves as SVG: axes, bars, gaps, and the colours of both themes."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import translation

from tests.situation.colour_vision import contrast
from tests.situation.sample_pages import curve_of
from tongxin.situation import charts
from tongxin.situation.map_classes import DARK, LIGHT

THEME = Path(__file__).resolve().parents[2] / "frontend/src/styles/_theme.scss"


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([], (0, 1, 2, 3, 4)),
        ([0, 0], (0, 1, 2, 3, 4)),
        ([37], (0, 10, 20, 30, 40)),
        ([13_436, None], (0, 5000, 10_000, 15_000)),
        ([-3, 100], (0, 50, 100)),
        ([-60, 100], (-50, 0, 50, 100)),
    ],
)
def test_a_linear_axis_has_round_numbers(values, ticks):
    assert charts.linear_axis(values).ticks == ticks


def test_an_axis_reaches_down_to_a_correction():
    assert charts.linear_axis([-3, 100]).low == -3


def test_a_log_axis_counts_in_powers_of_ten():
    axis = charts.log_axis([3, 1000])
    assert axis.ticks == (1, 10, 100, 1000)
    assert [round(axis.y(v)) for v in (1, 10, 1000)] == [1000, 667, 0]


def test_a_log_axis_reaches_down_to_the_smallest_rate_and_writes_it_out():
    axis = charts.log_axis([None, 0, 0.04, 2], least=-3)
    assert axis.ticks == (0.01, 0.1, 1, 10)
    assert charts.line([0.04, 0, 2], axis, "x").count("M") == 2
    plot = charts.Plot("x", "x", "x", [date(2020, 2, 1)], axis, "en")
    assert re.findall(r'<text class="tx-tick" y="-?[0-9.]+">([^<]+)<', charts.drawn(plot)) == [
        "0.01",
        "0.1",
        "1",
        "10",
    ]


def test_a_bar_stands_on_nought_and_a_correction_hangs_below():
    axis = charts.linear_axis([-10, 40])
    zero = round(axis.y(0))
    drawn = charts.bars([40, None, 0, -10], axis)
    assert re.findall(r"M(\d+)\.1 (\d+)V(\d+)", drawn) == [
        ("0", str(zero), "0"),
        ("3", str(zero), "1000"),
    ]


def test_a_line_stops_where_nothing_is_known():
    drawn = charts.line([1, 2, None, 4], charts.linear_axis([4]), "x")
    assert re.search(r'd="([^"]+)"', drawn).group(1) == "M0.5 750L1.5 500M3.5 0"


def test_a_log_line_leaves_out_nought():
    assert charts.line([0, 10], charts.log_axis([10]), "x").count("M") == 1


@pytest.mark.parametrize("count", [1, 2, 8, 30, 61, 150, 400, 1143])
def test_no_curve_has_too_many_days_written_below(count):
    days = [date(2020, 1, 20) + timedelta(days=i) for i in range(count)]
    ticks = charts.day_ticks(days)
    assert 1 <= len(ticks) <= 12
    assert all(on in days and 0 < share < 1 for on, share, _style in ticks)


def test_a_curve_is_described_in_words():
    with translation.override("en"):
        drawn = charts.new_cases(curve_of([1, 4, 5]), "en", [])
    assert (
        '<desc id="new-d">New cases a day from 21 January 2020 to 22 January 2020. '
        "Highest 3 on 21 January 2020; last 1.</desc>" in drawn
    )


def test_no_r_no_picture():
    assert charts.reproduction(curve_of([1, 2]), "en") == ""


def theme(name):
    """The custom properties of a theme."""
    block = re.search(rf"@mixin {name} \{{(.*?)\n\}}", THEME.read_text("utf-8"), re.S).group(1)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


@pytest.mark.parametrize(("name", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_the_style_sheet_has_the_tested_shades_of_the_map(name, palette):
    colours = theme(name)
    assert tuple(colours[f"map-{i}"] for i in range(6)) == palette.shades
    assert colours["map-line"] == palette.stroke
    assert (colours["map-none"], colours["map-none-line"]) == (
        palette.no_data,
        palette.no_data_lines,
    )
    assert colours["card"] == palette.page


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "backs", "least"),
    [
        ("text", ("page", "card", "ground", "tint", "callout", "input"), 7),
        ("quiet", ("page", "card", "ground", "input"), 4.5),
        ("link", ("page", "card", "ground", "tint"), 4.5),
        ("link-hover", ("page", "card"), 4.5),
        ("link-visited", ("page", "card"), 4.5),
        ("rise", ("card",), 4.5),
        ("fall", ("card",), 4.5),
        ("error", ("page", "card"), 4.5),
        ("on-brand", ("brand", "brand-line"), 4.5),
        ("on-button", ("button", "button-hover", "danger"), 4.5),
        ("on-focus", ("focus",), 7),
        ("button-2-text", ("page", "card", "button-2-hover"), 4.5),
        ("low", ("low-ground",), 4.5),
        ("medium", ("medium-ground",), 4.5),
        ("high", ("high-ground",), 4.5),
        ("curve", ("card", "bar", "band"), 3),
        ("mark", ("card", "page"), 3),
        ("input-line", ("page", "card", "input"), 3),
    ],
)
def test_colours_can_be_read(name, front, backs, least):
    colours = theme(name)
    for back in backs:
        assert contrast(colours[front], colours[back]) >= least, (front, back)
