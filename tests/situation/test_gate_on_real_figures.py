"""The gate over a year of real figures: it finds what happened and keeps still otherwise.

Thresholds were tuned on the Chinese series; the world's series were not looked at before.
"""

import csv
import re
from collections import Counter
from datetime import date

import numpy as np
import pytest

from tongxin.situation.diseases import packs
from tongxin.situation.gate import GateTable, check, reasons_of

METRICS = {"confirmed": "confirmed", "deaths": "dead", "recovered": "cured"}


@pytest.fixture
def china(shared_data):
    """China by province and prefecture, December 2019 to June 2020."""
    path = shared_data / "figures/canghailan/china_province_city_daily.csv"
    lines, parents = {}, {"CN": None}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["date"] > "2020-06-30" or (row["city"] and not row["cityCode"]):
                continue
            code = row["cityCode"] or row["provinceCode"]
            place = f"CN-{code}" if code else "CN"
            if code:
                parents[place] = f"CN-{row['provinceCode']}" if row["cityCode"] else "CN"
            for metric, column in METRICS.items():
                lines.setdefault((place, metric), {})[row["date"]] = int(row[column])
    return GateTable(parents, {key: arrays(line) for key, line in lines.items()})


@pytest.fixture
def world(shared_data):
    """Countries and states, January 2020 to March 2023, all side by side."""
    lines, parents = {}, {}
    for metric in METRICS:
        path = shared_data / f"figures/jhu/time_series_covid19_{metric}_global.csv"
        with path.open(encoding="utf-8-sig") as file:
            head, *rows = csv.reader(file)
        days = [iso(text) for text in head[4:]]
        for row in rows:
            place = "/".join(row[1::-1])
            parents[place] = None
            pairs = zip(days, row[4:], strict=True)
            lines[place, metric] = {day: float(value) for day, value in pairs if value}
    return GateTable(parents, {key: arrays(line) for key, line in lines.items()})


def iso(text):
    month, day, year = map(int, re.split("[/-]", text))
    return date(year % 100 + 2000, month, day).isoformat()


def arrays(line):
    days = sorted(line)
    return np.array(days, "datetime64[D]"), np.array([line[day] for day in days])


def test_the_great_revisions_of_china_are_found_and_little_else_is_a_jump(china):
    found = check(china, today=date(2020, 6, 30))
    jumps = {(f.place, f.metric, f.on) for f in found if f.rule == "jump"}
    assert ("CN-420000", "confirmed", date(2020, 2, 12)) in jumps
    assert ("CN-420100", "deaths", date(2020, 4, 17)) in jumps
    assert ("CN-370800", "confirmed", date(2020, 2, 21)) in jumps
    assert len(jumps) <= 16
    assert not any(f.rule == "areas_swapped" for f in found)


def test_the_packs_reasons_turn_the_great_revisions_into_warnings(china):
    found = check(china, today=date(2020, 6, 30), reasons=reasons_of(packs()["covid-19"]))
    excused = {(f.place, f.rule) for f in found if f.excused}
    assert {("CN-420000", "jump"), ("CN-420100", "jump"), ("CN", "jump")} <= excused


def test_two_prefectures_exchanged_in_a_copy_are_found_with_what_follows_from_it(china):
    before = Counter(f.rule for f in check(china, today=date(2020, 6, 30)))
    values = dict(china.values)
    wuhan, xiaogan = values["CN-420100", "confirmed"], values["CN-420900", "confirmed"]
    one, other = wuhan[1].copy(), xiaogan[1].copy()
    assert (wuhan[0][-1], len(one)) == (xiaogan[0][-1], len(one))
    one[-1], other[-1] = other[-1], one[-1]
    values["CN-420100", "confirmed"] = wuhan[0], one
    values["CN-420900", "confirmed"] = xiaogan[0], other
    after = Counter(
        f.rule for f in check(GateTable(china.parents, values), today=date(2020, 6, 30))
    )
    # Wuhan's deaths and recovered are now above its confirmed, Xiaogan's figure.
    assert after - before == Counter(areas_swapped=1, active_negative=1)


def test_on_figures_it_was_not_tuned_on_one_in_a_thousand_is_a_jump(world):
    found = Counter(f.rule for f in check(world, today=date(2023, 3, 9)))
    figures = sum(len(days) for days, _ in world.values.values())
    assert figures > 900_000
    assert found["jump"] / figures < 0.001
