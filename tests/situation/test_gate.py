import time
from datetime import date, timedelta

import numpy as np
import pytest

from tongxin.situation.gate import SAYS, GateTable, Reason, check, stops

FIRST = date(2020, 2, 1)
PARENTS = {"CN": None, "HB": "CN", "GD": "CN", "WH": "HB", "XG": "HB", "HG": "HB"}


def day(n):
    return FIRST + timedelta(days=n)


def table(withheld=None, **lines):
    """``HB_confirmed=[…]``: a series of totals on consecutive days; None: no figure."""
    values = {}
    for name, totals in lines.items():
        place, metric = name.split("_", 1)
        known = [i for i, total in enumerate(totals) if total is not None]
        days = np.array([day(i) for i in known], "datetime64[D]")
        values[place, metric] = days, np.array([totals[i] for i in known])
    return GateTable(PARENTS, values, withheld or {})


def found(figures, *, today=date(2020, 3, 2), **more):
    quiet = check(figures, today=today, **more)
    return [(f.rule, f.severity, f.place, f.on) for f in quiet if f.rule != "missing_since"]


def test_figures_that_fit_together_pass():
    good = table(
        CN_confirmed=[30, 42], HB_confirmed=[20, 28], GD_confirmed=[10, 14],
        HB_deaths=[1, 2], HB_recovered=[0, 3],
    )  # fmt: skip
    assert check(good, today=day(1)) == ()


def test_children_above_their_parent_stop_and_children_below_warn():
    over = check(table(HB_confirmed=[100], WH_confirmed=[80], XG_confirmed=[40]), today=day(0))
    assert [(f.rule, f.severity, f.place) for f in over] == [
        ("children_exceed_parent", "stops", "HB")
    ]
    assert over[0].figures == {
        "parent": 100, "children": 120, "difference": 20, "absent": 1, "days": 1,
    }  # fmt: skip
    short = check(table(HB_confirmed=[100], WH_confirmed=[60], XG_confirmed=[20]), today=day(0))
    assert [(f.rule, f.severity) for f in short] == [("children_do_not_sum", "warns")]
    assert short[0].figures["difference"] == -20
    assert not stops(short)


@pytest.mark.parametrize("parent, child", [(100, 104), (1000, 1020), (100, 96), (3, 8)])
def test_children_may_differ_a_little_because_bulletins_close_at_other_hours(parent, child):
    assert not found(table(HB_confirmed=[parent], WH_confirmed=[child]), today=day(0))


def test_a_childs_last_total_stands_until_its_next_but_a_current_figure_does_not():
    late = table(HB_confirmed=[100, 100], WH_confirmed=[100, None])
    assert not found(late, today=day(1))
    now = table(HB_suspected=[10, 10], WH_suspected=[30, None])
    assert found(now, today=day(1)) == [("children_exceed_parent", "stops", "HB", day(0))]


def test_days_in_a_row_are_one_finding():
    long = table(HB_confirmed=[10, 10, 10], WH_confirmed=[30, 30, 30])
    (finding,) = [f for f in check(long, today=day(2)) if f.rule == "children_exceed_parent"]
    assert (finding.on, finding.figures["days"]) == (day(2), 3)


def test_a_total_that_falls_stops_until_someone_says_why():
    fallen = table(HB_confirmed=[62457, 62031])
    assert found(fallen) == [("cumulative_fell", "stops", "HB", day(1))]
    said = Reason("HB", "confirmed", day(1), day(2))
    (excused,) = [f for f in check(fallen, today=day(1), reasons=[said])]
    assert (excused.severity, excused.excused) == ("warns", True)
    assert excused.figures == {"before": 62457, "after": 62031}


@pytest.mark.parametrize(
    "reason, covers",
    [
        (Reason("HB", "", day(0), day(9)), True),
        (Reason("WH", "confirmed", day(1), day(1)), True),
        (Reason("CN", "confirmed", day(1), day(1)), True),
        (Reason("GD", "confirmed", day(1), day(1)), False),
        (Reason("HB", "deaths", day(1), day(1)), False),
        (Reason("HB", "confirmed", day(2), day(9)), False),
    ],
)
def test_a_reason_covers_its_line_of_places_its_metric_and_its_days(reason, covers):
    findings = check(table(HB_confirmed=[10, 8]), today=day(1), reasons=[reason])
    assert stops(findings) != covers


def test_a_current_figure_may_fall():
    assert not found(table(HB_suspected=[900, 4], HB_active=[50, 10]))


def test_the_revision_of_12_february_2020_stops_and_its_reason_lets_it_pass():
    hubei = [9074, 11177, 13522, 16678, 19665, 22112, 24953, 27100, 29631, 31728, 33366, 48206]
    figures = table(HB_confirmed=hubei)
    assert found(figures) == [("jump", "stops", "HB", date(2020, 2, 12))]
    said = Reason("HB", "confirmed", date(2020, 2, 12), date(2020, 2, 13))
    assert not stops(check(figures, today=day(11), reasons=[said]))


def test_two_cities_exchanged_are_one_finding_and_not_a_fall_and_a_jump():
    cities = table(WH_confirmed=[900, 905, 910, 120], XG_confirmed=[100, 105, 110, 930])
    (finding,) = check(cities, today=day(3))
    assert (finding.rule, {finding.place, finding.other}) == ("areas_swapped", {"WH", "XG"})


def test_a_withheld_figure_that_the_others_give_away_stops():
    lines = {"HB_confirmed": [30], "WH_confirmed": [26], "XG_confirmed": [4]}
    alone = {("confirmed", day(0)): frozenset({"XG"})}
    (finding,) = check(table(alone, **lines), today=day(0))
    assert (finding.rule, finding.place, finding.severity) == (
        "suppressed_recoverable", "XG", "stops",
    )  # fmt: skip
    assert (finding.figures["low"], finding.figures["high"]) == (4, 4)
    both = {("confirmed", day(0)): frozenset({"XG", "WH"})}
    assert check(table(both, **lines), today=day(0)) == ()


def test_silence_and_the_future():
    lines = table(HB_confirmed=[1, 2], GD_confirmed=[1, 2, 3, 4, 5, 6])
    findings = check(lines, today=day(5))
    assert [(f.rule, f.place, f.on, f.figures["days"]) for f in findings] == [
        ("missing_since", "HB", day(1), 4)
    ]
    assert [f.rule for f in check(table(GD_confirmed=[1, 2, 3]), today=day(1))] == ["future_date"]


def test_more_dead_and_recovered_than_confirmed_stops():
    wrong = table(HB_confirmed=[10, 10], HB_deaths=[2, 2], HB_recovered=[3, 9])
    (finding,) = check(wrong, today=day(1))
    assert (finding.rule, finding.on) == ("active_negative", day(1))
    assert finding.figures == {"confirmed": 10, "deaths": 2, "recovered": 9, "days": 1}


def test_an_outbreak_that_is_over_is_no_contradiction():
    assert not found(table(HB_confirmed=[10], HB_deaths=[2], HB_recovered=[8]), today=day(0))


def test_findings_of_days_that_were_published_before_can_be_left_out():
    old = table(HB_confirmed=[10, 8, 9, 9])
    assert found(old, since=day(2)) == []
    assert found(old, since=day(1)) == [("cumulative_fell", "stops", "HB", day(1))]


def test_every_rule_has_words():
    used = {"children_exceed_parent", "children_do_not_sum", "cumulative_fell", "jump"}
    used |= {"areas_swapped", "suppressed_recoverable", "missing_since", "future_date"}
    assert set(SAYS) == used | {"active_negative"}


def test_an_empty_release_has_no_findings():
    assert check(GateTable({}, {}), today=day(0)) == ()


def test_four_hundred_places_of_150_days_and_four_metrics_take_under_a_second():
    rng = np.random.default_rng(7)
    days = np.arange("2020-01-20", "2020-06-18", dtype="datetime64[D]")
    parents = {"CN": None} | {f"P{i}": "CN" for i in range(31)}
    parents |= {f"C{i}": f"P{i % 31}" for i in range(370)}
    values = {
        (place, metric): (days, np.cumsum(rng.poisson(20, len(days))))
        for place in parents
        for metric in ("confirmed", "deaths", "recovered", "suspected")
    }
    began = time.process_time()
    assert check(GateTable(parents, values), today=date(2020, 6, 17))
    assert time.process_time() - began < 1


def test_a_few_parts_that_report_say_nothing_about_the_whole():
    one_of_three = table(HB_confirmed=[100], WH_confirmed=[8])
    assert not found(one_of_three, today=day(0))
