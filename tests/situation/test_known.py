from datetime import UTC, datetime

import pytest

from tests.situation.figures import day, evening, prefer, readings
from tongxin.situation.queries.known import known

pytestmark = pytest.mark.django_db
HUBEI = "CN-420000"


def told(on, place=HUBEI, metric="confirmed", **more):
    line = known(as_of=evening(on), disease="covid-19", **more).line(place, metric)
    return line and dict(zip(line.days.tolist(), line.values.tolist(), strict=True))


def test_a_figure_is_known_from_its_moment_on():
    readings(HUBEI, "confirmed", [10, 20, 40])
    assert told(2) == {day(1): 10, day(2): 20}


def test_a_correction_replaces_a_figure_only_after_it_was_made():
    readings(HUBEI, "confirmed", [10, 20])
    readings(HUBEI, "confirmed", {1: 12}, known_at=evening(5))
    assert told(4) == {day(1): 10, day(2): 20}
    assert told(5) == {day(1): 12, day(2): 20}


def test_a_withdrawn_figure_is_left_out():
    readings(HUBEI, "confirmed", [10, 20])
    readings(HUBEI, "confirmed", {2: None}, known_at=evening(3))
    assert told(3) == {day(1): 10}


def test_nothing_known_is_no_line_and_no_moment():
    nothing = known(as_of=evening(1), disease="covid-19")
    assert nothing.line(HUBEI, "confirmed") is None
    assert nothing.latest_known_at is None
    assert nothing.places() == set()


def test_a_line_says_when_its_newest_figure_became_known():
    readings(HUBEI, "confirmed", [10, 20])
    readings(HUBEI, "confirmed", {1: 11}, known_at=evening(9))
    line = known(as_of=evening(9), disease="covid-19").line(HUBEI, "confirmed")
    assert line.known_at == evening(9)


def test_another_disease_is_another_world():
    readings(HUBEI, "confirmed", [7], disease="influenza")
    assert told(9) is None


def test_the_authoritys_own_figures_come_before_a_collectors():
    readings(HUBEI, "confirmed", [10], source="dxy", tier=3)
    readings(HUBEI, "confirmed", [11], source="own", tier=1)
    found = known(as_of=evening(9), disease="covid-19")
    assert [line.source for line in found.lines(HUBEI, "confirmed")] == ["own", "dxy"]


def test_a_stated_precedence_of_the_country_comes_before_tiers():
    readings(HUBEI, "confirmed", [10], source="dxy", tier=3)
    readings(HUBEI, "confirmed", [11], source="own", tier=1)
    prefer("CN", "dxy")
    assert told(9) == {day(1): 10}


def test_a_source_two_weeks_behind_yields_and_is_named():
    readings(HUBEI, "confirmed", [11], source="own", tier=1)
    readings(HUBEI, "confirmed", {16: 90}, source="dxy", tier=3)
    found = known(as_of=evening(20), disease="covid-19")
    assert found.line(HUBEI, "confirmed").source == "dxy"
    assert found.is_stale(HUBEI, "confirmed", "own")


def test_one_query_reads_all_figures(django_assert_num_queries):
    for place in ("CN", HUBEI, "CN-420100", "US"):
        readings(place, "confirmed", [1, 2, 3])
    with django_assert_num_queries(4):  # places, figures, series with sources, precedence
        known(as_of=evening(9), disease="covid-19")


def test_some_places_only():
    readings(HUBEI, "confirmed", [1])
    readings("US", "confirmed", [2])
    found = known(as_of=evening(9), disease="covid-19", places=["US"])
    assert found.places() == {"US"}


def test_revisions_say_before_after_and_when():
    readings(HUBEI, "confirmed", [10, 20])
    readings(HUBEI, "confirmed", {1: 12, 2: 20}, known_at=evening(5), note="recounted")
    (found,) = known(as_of=evening(9), disease="covid-19").revisions(since=evening(1))
    assert (found.about_on, found.before, found.after) == (day(1), 10, 12)
    assert found.known_at == evening(5)


def test_moments_are_kept_to_the_microsecond():
    at = datetime(2020, 2, 3, 4, 5, 6, 789123, tzinfo=UTC)
    readings(HUBEI, "confirmed", [10], known_at=at)
    assert known(as_of=at, disease="covid-19").latest_known_at == at
