"""Which headlines tell the same: cases of the house, and the real ones of March 2020."""

import csv
from datetime import datetime, timedelta

import pytest

from tongxin.notices.nearness import alike, gist

PLACES = ("湖北", "湖南", "武汉", "云南", "天津")
DAY = "2020年2月{}日0-24时，云南省报告新增确诊病例8例，全省累计149例，均在定点医院隔离治疗。"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("湖北新增196例", ""), ("湖北：新增196例。", ""), True),
        (("湖北新增196例", ""), ("湖北新增34例", ""), False),
        (("湖北新增1例", ""), ("湖南新增1例", ""), False),
        (("云南新增8例", DAY.format(10)), ("云南新增8例", DAY.format(11)), False),
        (("云南新增8例累计149例", DAY.format(10)), ("云南累计149例", DAY.format(10)), True),
        (("云南无新增，累计149例", DAY.format(10)), ("云南新增，累计149例", DAY.format(10)), False),
        (("First member of Congress tests positive", ""),
         ("Second member of Congress tests positive", ""), False),
        (("US California issues 'stay at home' order amid virus", ""),
         ("California issues 'stay at home' order amid virus", ""), True),
        (("", ""), ("", ""), False),
    ],
)  # fmt: skip
def test_two_headlines(one, other, expected):
    first, second = gist(*one, places=PLACES), gist(*other, places=PLACES)
    assert alike(first, second) == alike(second, first) == expected


# Judged one by one on 22 November 2026: all pairs of March 2020 that are found, and these were not.
WRONG = {
    ("McDonald's to close all UK restaurants", "McDonald's and Nando's to close all restaurants"),
    (
        "McDonald's to close all UK restaurants",
        "McDonald's and Nando's to close all UK restaurants",
    ),
}


def test_real_headlines_of_march_are_joined_rightly(shared_data):
    rows = march(shared_data / "figures/dxy/DXYNews.csv")
    gists = [gist(title, text, places=PLACES) for _, title, text in rows]
    pairs = [
        (rows[i][1], rows[j][1])
        for i in range(len(rows))
        for j in range(i + 1, len(rows))
        if rows[j][0] - rows[i][0] <= timedelta(hours=18) and alike(gists[i], gists[j])
    ]
    wrong = [pair for pair in pairs if pair in WRONG]
    assert 20 <= len(pairs) <= 60 and len(wrong) / len(pairs) <= 0.1


def march(path):
    csv.field_size_limit(10**7)
    found = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["pubDate"].startswith("2020-03"):
                moment = datetime.fromisoformat(row["pubDate"])
                found[row["title"], row["infoSource"]] = (moment, row["title"], row["summary"])
    return sorted(found.values())
