import csv
import gzip
import io
import json

import polars as pl
import pytest

from tests.situation.figures import day, evening, readings
from tongxin.situation.queries.areas import area_page
from tongxin.situation.queries.atlas import atlas
from tongxin.situation.queries.known import known
from tongxin.situation.queries.overview import overview
from tongxin.situation.takeaway import area_files

pytestmark = pytest.mark.django_db
HUBEI, WUHAN, JINGZHOU, HONGHU = "CN-420000", "CN-420100", "CN-421000", "CN-421083"


def files_of(code, on=28):
    found, places = known(as_of=evening(on), disease="covid-19"), atlas()
    ready = overview(found, places)
    page = area_page(code, known=found, atlas=places, today=day(on), ready=ready)
    files = area_files(page, found, ready)
    return {path.removeprefix(f"situation/{code}/"): data for path, data in files.items()}


def test_the_csv_has_a_row_per_figure_and_opens_with_its_header():
    readings(HUBEI, "confirmed", [10, 20])
    readings(HUBEI, "deaths", {2: 1})
    rows = list(csv.DictReader(io.StringIO(files_of(HUBEI)["series.csv"].decode())))
    assert [(r["date"], r["metric"], r["value"], r["source"]) for r in rows] == [
        ("2020-02-01", "confirmed", "10", "dxy"),
        ("2020-02-02", "confirmed", "20", "dxy"),
        ("2020-02-02", "deaths", "1", "dxy"),
    ]
    assert rows[0]["known_at"] == "2020-02-01T08:00:00Z"
    assert (rows[0]["name_zh"], rows[0]["name_en"]) == ("湖北省", "Hubei")


def test_parquet_says_the_same_as_csv():
    readings(HUBEI, "confirmed", [10, 20])
    files = files_of(HUBEI)
    frame = pl.read_parquet(io.BytesIO(files["series.parquet"]))
    assert frame.schema["date"] == pl.Date
    assert frame["value"].to_list() == [10, 20]
    assert frame.columns == files["series.csv"].decode().splitlines()[0].split(",")


def test_the_json_has_one_calendar_and_a_column_per_metric():
    readings(HUBEI, "confirmed", {1: 10, 3: 30})
    readings(HUBEI, "suspected", {1: 7})
    body = json.loads(files_of(HUBEI)["series.json"])
    assert body["days"] == ["2020-02-01", "2020-02-02", "2020-02-03"]
    assert body["columns"]["confirmed"] == [10, None, 30]
    assert body["columns"]["suspected"] == [7, None, None]
    assert body["sources"]["confirmed"]["source"] == "dxy"


def test_only_the_source_that_speaks_is_in_the_files():
    readings(HUBEI, "confirmed", [10], source="nhc", tier=2)
    readings(HUBEI, "confirmed", [11], source="dxy", tier=3)
    text = files_of(HUBEI)["series.csv"].decode()
    assert "nhc" in text
    assert "dxy" not in text


def test_a_place_without_figures_takes_those_of_the_place_above_by_name():
    readings(HUBEI, "confirmed", [10])
    files = files_of(HONGHU)
    assert json.loads(files["series.json"])["place"] == HUBEI
    assert "slider.json" not in files


def test_the_slider_gives_back_every_total_of_every_part():
    readings(WUHAN, "confirmed", [3, 10, None, 8])
    readings(JINGZHOU, "confirmed", {2: 5})
    body = json.loads(files_of(HUBEI)["slider.json"])
    assert (body["first"], body["days"]) == ("2020-02-01", 4)
    assert body["areas"] == {WUHAN: [3, 7, None, -2], JINGZHOU: [None, 5, None, None]}


def test_the_sliders_colours_are_the_same_on_every_day():
    readings(WUHAN, "confirmed", [1, 10, 100, 1000, 10_000])
    legend = json.loads(files_of(HUBEI)["slider.json"])["metrics"]["confirmed"]
    assert legend["breaks"] == sorted(set(legend["breaks"]))
    assert len(legend["light"]) == len(legend["dark"]) == len(legend["breaks"]) + 1
    classes = [sum(b <= n for b in legend["breaks"]) for n in (0, 1, 10, 100, 1000, 10_000)]
    assert classes == [0, 1, 2, 3, 4, 5]


def test_a_slider_of_all_provinces_over_a_year_is_small():
    places = atlas()
    for at, code in enumerate(places.children("CN", on=day(1))):
        values = {n: (n * (at + 3)) ** 2 // 7 for n in range(1, 366)}
        readings(code, "confirmed", values, known_at=evening(1))
    assert len(gzip.compress(files_of("CN", 400)["slider.json"])) <= 60_000


def test_files_of_the_same_knowledge_are_the_same_bytes():
    readings(WUHAN, "confirmed", [3, 10])
    assert files_of(WUHAN) == files_of(WUHAN)
