import pytest

from tests.situation.figures import day, evening, readings
from tongxin.places.models import Place
from tongxin.situation.freshness import Age
from tongxin.situation.models import Caveat
from tongxin.situation.queries.areas import area_page
from tongxin.situation.queries.atlas import atlas
from tongxin.situation.queries.known import known
from tongxin.situation.queries.overview import overview

pytestmark = pytest.mark.django_db
HUBEI, WUHAN, JINGZHOU, HONGHU = "CN-420000", "CN-420100", "CN-421000", "CN-421083"


def page_of(code, on=28):
    found = known(as_of=evening(on), disease="covid-19")
    return area_page(code, known=found, atlas=atlas(), today=day(on))


def headline(page, metric):
    return next(h for h in page.headlines if h.metric == metric)


def test_a_headline_has_the_newest_figure_and_its_change():
    readings(HUBEI, "confirmed", [10, 30, 37])
    found = headline(page_of(HUBEI), "confirmed")
    assert (found.value, found.about_on, found.change_day) == (37, day(3), 7)
    assert found.source == "dxy"


def test_no_change_is_told_where_yesterday_is_missing():
    readings(HUBEI, "confirmed", {1: 10, 3: 37})
    assert headline(page_of(HUBEI), "confirmed").change_day is None


def test_the_weekly_change_compares_the_means():
    readings(HUBEI, "confirmed", [0, *range(10, 80, 10), *range(90, 230, 20)])
    assert headline(page_of(HUBEI), "confirmed").change_week == pytest.approx(1.0)


def test_active_is_confirmed_less_deaths_and_recovered():
    for metric, values in (("confirmed", [50, 60]), ("deaths", [5, 6]), ("recovered", [10, 20])):
        readings(HUBEI, metric, values)
    found = headline(page_of(HUBEI), "active")
    assert (found.value, found.change_day) == (34, -1)


def test_the_curve_has_every_day_and_none_where_nobody_spoke():
    readings(HUBEI, "confirmed", {1: 10, 2: 15, 4: 40})
    curve = page_of(HUBEI).curve
    assert curve.days == [day(1), day(2), day(3), day(4)]
    assert curve.confirmed == [10, 15, None, 40]
    assert curve.new == [None, 5, None, None]


def test_parts_are_ordered_by_new_in_a_week_and_unknown_is_never_nought():
    readings(WUHAN, "confirmed", [100] * 7 + [110])
    readings(JINGZHOU, "confirmed", [1] * 7 + [60])
    rows = page_of(HUBEI).children
    assert [row.place.code for row in rows[:2]] == [JINGZHOU, WUHAN]
    assert (rows[0].new7, rows[0].confirmed) == (59, 60)
    assert {(r.confirmed, r.new7, r.map_class) for r in rows[2:]} == {(None, None, None)}


def test_the_map_has_the_parts_and_a_legend_that_counts_them():
    readings(WUHAN, "confirmed", [1000])
    readings(JINGZHOU, "confirmed", [0])
    page = page_of(HUBEI)
    assert {WUHAN, JINGZHOU} <= {shape.code for shape in page.map.shapes}
    assert [c.count for c in page.map.classes] == [1, 1]
    assert {r.place.code: r.map_class for r in page.children if r.confirmed is not None} == {
        WUHAN: 1,
        JINGZHOU: 0,
    }


def test_the_world_shows_countries_and_those_without_data():
    readings("CN", "confirmed", [10])
    page = page_of("001")
    rows = {row.place.code: row.confirmed for row in page.children}
    assert rows["CN"] == 10
    assert rows["FR"] is None
    assert page.map.shapes


def test_a_county_without_figures_shows_the_nearest_aboves():
    readings(HUBEI, "confirmed", [10, 20])
    page = page_of(HONGHU)
    assert page.figures_from.code == HUBEI
    assert headline(page, "confirmed").value == 20
    assert page.place.code == HONGHU


def test_a_county_has_a_risk_level_with_its_reason():
    readings(HONGHU, "confirmed", [0] * 10 + [3, 3])
    risk = page_of(HONGHU).risk
    assert (risk.level, risk.clause) == ("medium", "medium-few-cases")
    assert risk.can_fall_in_days == 13


def test_a_province_has_no_risk_level():
    readings(HUBEI, "confirmed", [0, 3])
    assert page_of(HUBEI).risk is None


def test_other_sources_and_their_difference_are_shown():
    readings(HUBEI, "confirmed", [10, 20], source="nhc", tier=2)
    readings(HUBEI, "confirmed", [10, 23], source="dxy", tier=3)
    page = page_of(HUBEI)
    assert [(s.code, s.is_chosen) for s in page.sources] == [("nhc", True), ("dxy", False)]
    (found,) = page.disagreements
    assert (found.chosen_value, found.other_value, found.difference) == (20, 23, 3)


def test_caveats_above_hold_below_once_they_are_known():
    readings(WUHAN, "confirmed", [10, 20])
    Caveat.objects.create(
        place_id=HUBEI,
        from_on=day(2),
        to_on=day(2),
        text_zh="口径变化",
        text_en="Definition",
        known_at=evening(5),
    )
    told = [[c.en for c in page_of(WUHAN, on).caveats] for on in (4, 5)]
    assert told == [[], ["Definition"]]


def test_a_page_lists_what_was_revised_in_the_last_fortnight_and_why():
    readings(HUBEI, "confirmed", [10, 20])
    readings(HUBEI, "confirmed", {1: 12}, known_at=evening(5), note="recounted")
    assert [(r.before, r.after, r.why) for r in page_of(HUBEI, 18).revisions] == [
        (10, 12, "recounted")
    ]
    assert page_of(HUBEI, 19).revisions == []


def test_nothing_known_is_a_page_without_figures():
    page = page_of(HUBEI)
    assert (page.headlines, page.curve, page.last_day, page.sources) == ([], None, None, [])
    assert all(row.confirmed is None for row in page.children)


def test_pages_of_one_release_share_the_sums(django_assert_num_queries):
    readings(WUHAN, "confirmed", [10, 20, 40])
    found, places = known(as_of=evening(9), disease="covid-19"), atlas()
    ready = overview(found, places)
    area_page(HUBEI, known=found, atlas=places, today=day(9), ready=ready)
    with django_assert_num_queries(0):
        for code in (HUBEI, WUHAN, JINGZHOU):
            area_page(code, known=found, atlas=places, today=day(9), ready=ready)


def test_places_that_no_longer_exist_are_no_parts_today():
    Place.objects.filter(code=WUHAN).update(valid_to=day(5))
    readings(HUBEI, "confirmed", [10])
    assert WUHAN in {row.place.code for row in page_of(HUBEI, 4).children}
    assert WUHAN not in {row.place.code for row in page_of(HUBEI, 5).children}


def test_the_worlds_total_is_the_sum_of_its_countries_last_ones():
    readings("CN", "confirmed", [10, 20, 30])
    readings("FR", "confirmed", [1, 2], source="jhu")
    readings("CN-420000", "confirmed", [9, 18, 27])
    page = page_of("001")
    assert page.curve.confirmed == [11, 22, 32]
    assert (headline(page, "confirmed").value, headline(page, "confirmed").change_day) == (32, 10)
    assert [s.code for s in page.sources] == ["sum-of-countries", "dxy", "jhu"]


def test_a_day_that_few_countries_have_spoken_for_waits():
    readings("CN", "confirmed", [10, 20, 21])
    readings("FR", "confirmed", [100, 200], source="jhu")
    assert page_of("001").curve.confirmed == [110, 220]
    readings("FR", "confirmed", {3: 300}, source="jhu")
    assert page_of("001").curve.confirmed == [110, 220, 321]


def test_a_source_that_speaks_for_the_world_is_believed():
    readings("CN", "confirmed", [10])
    readings("001", "confirmed", [99], source="who")
    assert headline(page_of("001"), "confirmed").source == "who"


def test_one_event_is_one_note_though_two_name_its_days():
    """The pack dates it by the day that the figures cover, the editor by the bulletin's."""
    readings(HUBEI, "confirmed", [10] * 28)
    Caveat.objects.create(
        place_id=HUBEI, metric="confirmed", disease="covid-19", from_on=day(13), to_on=day(14),
        text_zh="一", text_en="Clinical cases.", known_at=evening(13),
    )  # fmt: skip
    told = [c.en for c in page_of(HUBEI).caveats if c.metric == "confirmed"]
    about_the_12th = [text for text in told if "13,332" in text or "Clinical" in text]
    assert about_the_12th == ["Clinical cases."]


def test_parts_without_figures_are_named_where_the_table_shows_others():
    readings(JINGZHOU, "confirmed", [5, 6])
    page = page_of(JINGZHOU)
    assert page.parts_of.code == HUBEI
    assert HONGHU in [part.code for part in page.silent]
    assert page_of(HUBEI).silent == []


def test_a_page_knows_when_its_newest_figure_is_old():
    readings(JINGZHOU, "confirmed", [5, 6])
    assert page_of(JINGZHOU, 10).age is None
    assert page_of(JINGZHOU, 28).age == Age("weeks", 3)


def test_a_review_of_a_city_does_not_drive_the_r_of_its_province():
    Caveat.objects.create(
        place_id=WUHAN, metric="", disease="covid-19", from_on=day(20), to_on=day(21),
        text_zh="一", text_en="A review.", known_at=evening(20),
    )  # fmt: skip
    readings(HUBEI, "confirmed", [100] * 19 + [425] * 9)
    assert not any(page_of(HUBEI).curve.r_mean)
