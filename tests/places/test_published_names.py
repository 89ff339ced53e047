"""Every place that the published figures name is found, or is a category we know."""

import csv
import gzip
import json
from collections import Counter

import pytest

from tongxin.places.queries import Gazetteer

# Names that mean two places or one that ended: an officer decides, a program may not.
HONESTLY_UNSURE = {"圣马丁", "荷属安的列斯"}


def outcome(gazetteer, parts, *, within=None):
    """The match of the last name, each looked up inside the one before."""
    match = None
    for part in parts:
        if part:
            match = gazetteer.find(part, within=within)
            within = match.code or within
    return match


def check(gazetteer, rows, categories):
    outcomes = {row: outcome(gazetteer, row) for row in rows}
    counts = Counter(match.why for match in outcomes.values())
    lost = {
        row: match
        for row, match in outcomes.items()
        if match.code is None and match.why != "category" and row[-1] not in HONESTLY_UNSURE
    }
    assert lost == {}
    assert counts["category"] == categories


def test_every_place_of_dxy_is_found(db, shared_data):
    rows = set()
    with (shared_data / "figures/dxy/DXYArea.csv").open(encoding="utf-8-sig") as file:
        for r in csv.DictReader(file):
            rows.add(("中国", r["provinceName"], r["cityName"]))
    for path in (shared_data / "figures/dxy/area_snapshots").glob("*.gz"):
        for area in json.loads(gzip.decompress(path.read_bytes()))["results"]:
            abroad = area.get("countryName") or area["provinceName"]
            rows.add(("中国" if area["cities"] else abroad, area["provinceName"]))
            rows |= {("中国", area["provinceName"], c["cityName"]) for c in area["cities"] or []}
    check(Gazetteer.load(), rows, categories=88)


@pytest.mark.parametrize(
    ("name", "categories"),
    [
        ("china_province_city_daily", 74),
        ("official_bulletins_parsed_2020-01-19_02-06", 4),
        ("world_country_daily", 0),
    ],
)
def test_every_place_of_canghailan_is_found(db, shared_data, name, categories):
    with (shared_data / f"figures/canghailan/{name}.csv").open(encoding="utf-8-sig") as file:
        rows = {(r["country"], r["province"], r["city"]) for r in csv.DictReader(file)}
    rows = {tuple(part for part in row if part) for row in rows}
    check(Gazetteer.load(), rows, categories)


@pytest.mark.parametrize(
    ("metric", "categories"), [("confirmed", 2), ("deaths", 2), ("recovered", 1)]
)
def test_every_place_of_jhu_is_found(db, shared_data, metric, categories):
    path = shared_data / f"figures/jhu/time_series_covid19_{metric}_global.csv"
    with path.open(encoding="utf-8-sig") as file:
        rows = {(r["Country/Region"], r["Province/State"]) for r in csv.DictReader(file)}
    check(Gazetteer.load(), rows, categories)
