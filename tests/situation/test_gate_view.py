from datetime import datetime, timedelta

import pytest

from tests.conftest import NOON
from tests.situation.figures import day, evening, readings
from tongxin.releases import actions
from tongxin.releases.models import Release
from tongxin.situation.models import Caveat
from tongxin.situation.queries.atlas import atlas
from tongxin.situation.queries.gate_view import difference, gate_view
from tongxin.situation.queries.matter import gather
from tongxin.situation.release_gate import findings

HUBEI, WUHAN, HONGHU = "CN-420000", "CN-420100", "CN-421083"


def found(*, as_of: datetime, before: datetime | None = None) -> list[dict]:
    return findings(gather(as_of=as_of, disease="covid-19"), before=before)


def release(as_of: datetime, text: str = "", *, gate: list[dict] | None = None) -> Release:
    return actions.build(
        [("search.json", text.encode())],
        facts={"disease": "covid-19"},
        findings=gate or [],
        as_of=as_of,
        by="tests",
        at=NOON,
    )


@pytest.fixture
def fall(db):
    """Honghu's total falls on the fifth of February."""
    readings(HONGHU, "confirmed", [10, 20, 30, 40, 25])


def test_a_falling_total_stops_and_names_place_figures_and_rule(fall):
    (stop,) = found(as_of=evening(5))
    assert (stop["rule"], stop["severity"], stop["place"]) == ("cumulative_fell", "stops", HONGHU)
    assert (stop["figures"]["before"], stop["figures"]["after"]) == (40, 25)
    assert stop["place_zh"] == "洪湖市" and stop["on"] == "2020-02-05"


def test_a_stated_reason_turns_the_stop_into_a_note(fall):
    Caveat.objects.create(
        place_id=HUBEI,
        from_on=day(5),
        to_on=day(5),
        text_zh="口径",
        text_en="Definition",
        source="notice",
        known_at=evening(5),
    )
    (note,) = found(as_of=evening(5))
    assert note["severity"] == "warns" and note["excused"]


def test_a_reason_given_later_does_not_excuse_the_past(fall):
    Caveat.objects.create(
        place_id=HUBEI,
        from_on=day(5),
        to_on=day(5),
        text_zh="口径",
        text_en="Definition",
        source="notice",
        known_at=evening(6),
    )
    assert found(as_of=evening(5))[0]["severity"] == "stops"


def test_what_is_said_of_a_whole_season_excuses_no_day(fall):
    Caveat.objects.create(
        place_id="CN",
        from_on=day(1),
        to_on=day(60),
        text_zh="日期为通报之日",
        text_en="Days are those of the bulletins",
        source="notice",
        known_at=evening(1),
    )
    assert found(as_of=evening(5))[0]["severity"] == "stops"


def test_what_the_public_was_told_already_does_not_stop_again(fall):
    readings(HONGHU, "confirmed", {6: 26})
    (carried,) = found(as_of=evening(6), before=evening(5))
    assert carried["severity"] == "warns" and not carried["excused"]
    readings(HONGHU, "confirmed", {7: 20})
    new, old = found(as_of=evening(7), before=evening(6))
    assert (new["on"], new["severity"]) == ("2020-02-07", "stops")
    assert (old["on"], old["severity"]) == ("2020-02-05", "warns")


def test_a_past_day_revised_into_a_fall_stops_however_old(db):
    readings(HONGHU, "confirmed", list(range(10, 35)))
    assert found(as_of=evening(25)) == []
    readings(HONGHU, "confirmed", {3: 90}, known_at=evening(26))
    stops = [f for f in found(as_of=evening(26), before=evening(25)) if f["severity"] == "stops"]
    assert {(f["rule"], f["on"]) for f in stops} >= {("cumulative_fell", "2020-02-04")}


def test_the_first_release_is_not_stopped_by_what_is_long_past(fall):
    readings(HONGHU, "confirmed", {n: 30 + n for n in range(6, 29)})
    assert found(as_of=evening(28)) == []


def test_a_place_that_stopped_reporting_long_ago_is_not_listed(db):
    readings(HONGHU, "confirmed", [1, 2])
    assert [f["rule"] for f in found(as_of=evening(12))] == ["missing_since"]
    assert found(as_of=evening(28) + timedelta(days=80)) == []


def test_the_view_says_it_in_both_languages_worst_first(fall):
    readings(WUHAN, "confirmed", [1])
    shown = release(evening(5), gate=found(as_of=evening(5)))
    english, chinese = (gate_view(shown, language=code) for code in ("en", "zh-hans"))
    assert english.stops[0].sentence == (
        "Honghu City: the total fell from 40 to 25 (Confirmed cases, 5 February 2020)"
    )
    assert "洪湖市" in chinese.stops[0].sentence and "40" in chinese.stops[0].sentence
    assert english.warnings[0].rule == "missing_since"
    assert not english.may_go_out


def test_a_granted_override_lets_it_out_in_the_view(fall, chen, lin):
    shown = release(evening(5), gate=found(as_of=evening(5)))
    asked = actions.ask_override(shown.pk, reason="the bulletin says so", by=chen, at=NOON)
    assert not gate_view(shown, language="en").may_go_out
    actions.grant_override(asked.pk, by=lin, at=NOON)
    assert gate_view(shown, language="en").may_go_out


def test_the_preview_marks_what_differs(db):
    readings(HONGHU, "confirmed", [1, 2, 3])
    readings(WUHAN, "confirmed", [5, 5, 5, 5])
    before = release(evening(3), "before")
    readings(HONGHU, "confirmed", {4: 9})
    readings(HONGHU, "confirmed", {2: 1}, known_at=evening(4))
    readings(HUBEI, "deaths", {4: 7})
    after = release(evening(4), "after")
    revised, appeared, continued = difference(before, after, atlas=atlas(), language="en")
    assert (revised.place.code, revised.before, revised.after, revised.change) == (HONGHU, 3, 9, 6)
    assert (revised.days_added, revised.days_revised) == (1, 1)
    assert (appeared.place.code, appeared.metric_name, appeared.before) == (HUBEI, "Deaths", None)
    assert (continued.place.code, continued.kind, continued.change) == (WUHAN, "continued", 0)
    assert difference(after, after, atlas=atlas(), language="en") == []


def test_without_a_current_release_everything_appeared(db):
    readings(HONGHU, "confirmed", [1, 2, 3])
    (one,) = difference(None, release(evening(3)), atlas=atlas(), language="zh-hans")
    assert (one.kind, one.after, one.metric_name) == ("appeared", 3, "累计确诊")
