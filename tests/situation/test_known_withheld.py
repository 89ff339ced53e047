"""Small counts of a township are in no public output at all."""

import json

import pytest

from tests.situation.figures import day, evening, readings
from tongxin.places.models import Place
from tongxin.releases.store import store
from tongxin.situation.actions.publishing import build_release
from tongxin.situation.disclosure import Table, feasible
from tongxin.situation.queries.areas import area_page
from tongxin.situation.queries.atlas import atlas
from tongxin.situation.queries.known import known
from tongxin.situation.queries.overview import overview
from tongxin.situation.release_gate import COUNTS_NOBODY, SUMS_PARTS
from tongxin.situation.takeaway import area_files

pytestmark = pytest.mark.django_db
HONGHU = "CN-421083"
XINDI, LUOSHAN, WULIN = (f"{HONGHU}-{name}" for name in ("001", "102", "103"))
TOWNS = (XINDI, LUOSHAN, WULIN)
STORY = {
    XINDI: [0, 6, 7, 16, 16, 30],  # one new on the third
    LUOSHAN: [0, 0, 2, 3, 9, 15],  # small at first
    WULIN: [0, 10, 20, 30, 40, 50],
}


@pytest.fixture
def towns(db):
    for code in TOWNS:
        Place.objects.create(
            code=code, level="township", parent_id=HONGHU, name_zh=code, name_en=code
        )
        readings(code, "confirmed", STORY[code])
        readings(code, "confirmed", STORY[code], source="other", known_at=evening(9))
    readings(HONGHU, "confirmed", [sum(values) for values in zip(*STORY.values(), strict=True)])


def shown(code, **more):
    line = known(as_of=evening(10), disease="covid-19", **more).line(code, "confirmed")
    return line and dict(zip(line.days.tolist(), line.values.tolist(), strict=True))


def test_no_shown_totals_differ_by_a_small_number(towns):
    for code in TOWNS:
        values = [0, *shown(code).values()]
        assert all(b == a or b - a >= 5 for a, b in zip(values, values[1:], strict=False))


def test_a_withheld_total_cannot_be_had_by_subtraction(towns):
    seen = {code: shown(code) for code in TOWNS}
    for number in range(1, 7):
        today = {code: STORY[code][number - 1] for code in TOWNS}
        table = Table({**today, HONGHU: sum(today.values())}, dict.fromkeys(TOWNS, HONGHU))
        hidden = {code for code in TOWNS if day(number) not in seen[code]}
        assert all(low < high for low, high in feasible(table, hidden).values())


def test_asking_for_one_township_withholds_the_same(towns):
    assert shown(XINDI, places=[XINDI]) == shown(XINDI)


def test_officers_see_everything_and_the_county_is_open(towns):
    assert list(shown(LUOSHAN, raw=True).values()) == STORY[LUOSHAN]
    assert len(shown(HONGHU)) == 6


def test_a_small_newest_count_is_marked_and_not_shown(db):
    Place.objects.create(code=XINDI, level="township", parent_id=HONGHU, name_zh="x", name_en="x")
    readings(XINDI, "confirmed", [0, 3])
    found, places = known(as_of=evening(9), disease="covid-19"), atlas()
    page = area_page(XINDI, known=found, atlas=places, today=day(9))
    assert [(h.value, h.is_suppressed) for h in page.headlines] == [(None, True)]
    (row,) = area_page(HONGHU, known=found, atlas=places, today=day(9)).children
    assert (row.is_suppressed, row.confirmed, row.new7, row.map_class) == (True, None, None, None)


def test_deaths_that_are_withheld_do_not_come_back_through_active(db):
    Place.objects.create(code=XINDI, level="township", parent_id=HONGHU, name_zh="x", name_en="x")
    figures = {"confirmed": 50, "recovered": 20, "deaths": 2, "active": 28}
    for metric, value in figures.items():
        readings(XINDI, metric, [value])
    found = known(as_of=evening(9), disease="covid-19")
    page = area_page(XINDI, known=found, atlas=atlas(), today=day(9))
    assert {h.metric: h.value for h in page.headlines} == {
        "confirmed": 50,
        "deaths": None,
        "recovered": 20,
        "active": None,
    }
    assert page.curve.active == [None]


def test_no_public_output_has_a_withheld_figure(towns, client):
    found, places = known(as_of=evening(10), disease="covid-19"), atlas()
    ready = overview(found, places)
    hidden = {code: {day(n) for n in range(1, 7)} - shown(code).keys() for code in TOWNS}
    assert all(hidden[code] for code in (XINDI, LUOSHAN))
    for code in TOWNS:
        page = area_page(code, known=found, atlas=places, today=day(10), ready=ready)
        for on, total, new in zip(
            page.curve.days, page.curve.confirmed, page.curve.new, strict=True
        ):
            assert on not in hidden[code] or (total is None and new is None)
        assert (page.revisions, page.disagreements) == ([], [])
        lines = area_files(page, found)[f"situation/{code}/series.csv"].decode().splitlines()
        assert not {on.isoformat() for on in hidden[code]} & {row.split(",")[3] for row in lines}
        told = client.get("/api/situation/series", {"place": code}).json()["points"]
        assert {p["date"]: p["value"] for p in told} == {
            on.isoformat(): value for on, value in shown(code).items()
        }
        for source in ("other", "dxy"):
            asked = {"place": code, "source": source}
            text = client.get("/api/situation/series.csv", asked).content.decode()
            assert not any(on.isoformat() in text for on in hidden[code])
        points = client.get("/api/situation/indicators", {"place": code}).json()["points"]
        assert all(p["new"] is None or p["new"] == 0 or p["new"] >= 5 for p in points)


def test_the_slider_and_the_list_of_parts_leave_gaps(towns, client):
    found, places = known(as_of=evening(10), disease="covid-19"), atlas()
    ready = overview(found, places)
    page = area_page(HONGHU, known=found, atlas=places, today=day(10), ready=ready)
    areas = json.loads(area_files(page, found, ready)[f"situation/{HONGHU}/slider.json"])["areas"]
    assert areas[LUOSHAN][2] is None
    asked = {"parent": HONGHU, "date": day(3).isoformat()}
    listed = client.get("/api/situation/areas", asked).json()["areas"]
    told = {area["place"]: (area["value"], area["is_suppressed"]) for area in listed}
    assert told[LUOSHAN] == told[XINDI] == (None, True)
    for path in ("revisions", "disagreements"):
        asked = {"place": LUOSHAN, "since": "2020-01-01"}
        assert client.get(f"/api/situation/{path}", asked).json()[path] == []


def test_the_published_checks_tell_no_count_of_a_township(towns):
    """Totals that fall and parts above their whole: what the gate saw is not what it tells."""
    readings(XINDI, "confirmed", {4: 3}, known_at=evening(9))
    readings(HONGHU, "confirmed", {4: 2}, known_at=evening(9))
    release = build_release(as_of=evening(10), by="tests", at=evening(10))
    told = json.loads((store().tree(release.pk) / "checks.json").read_bytes())
    of_towns = [f for f in told if {f["place"], f["other"]} & {*TOWNS} or f["rule"] in SUMS_PARTS]
    assert {f["rule"] for f in of_towns} >= {"cumulative_fell", "children_exceed_parent"}
    counts = [f["figures"] for f in of_towns if f["rule"] not in COUNTS_NOBODY]
    assert {n for figures in counts for n in figures.values()} == {None}
