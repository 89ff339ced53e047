import csv
import io
import json
import re
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.situation.figures import evening, prefer, readings
from tongxin.api import api

pytestmark = pytest.mark.django_db
HUBEI, WUHAN = "CN-420000", "CN-420100"
SERIES = "/api/situation/series"


def ask(client, path=SERIES, /, **params):
    return client.get(path, params)


def test_a_series_is_answered_in_the_shape_others_rely_on(client):
    readings(HUBEI, "confirmed", [10, 20])
    body = ask(client, place=HUBEI, metric="confirmed", disease="covid-19").json()
    assert {name: body[name] for name in ("place", "metric", "source", "points")} == {
        "place": HUBEI,
        "metric": "confirmed",
        "source": "dxy",
        "points": [{"date": "2020-02-01", "value": 10}, {"date": "2020-02-02", "value": 20}],
    }
    assert body["as_of"] == "2020-02-02T16:00:00+08:00"
    assert body["unit"] == "persons"


def test_as_of_a_day_is_what_its_evening_knew(client):
    readings(HUBEI, "confirmed", {12: 33366})
    readings(HUBEI, "confirmed", {12: 48206}, known_at=evening(14))
    told = [
        ask(client, place=HUBEI, as_of=as_of).json()["points"][0]["value"]
        for as_of in ("2020-02-13", "2020-02-14", "2020-02-14T15:59:59+08:00")
    ]
    assert told == [33366, 48206, 33366]


def test_the_day_ends_where_the_authority_is(client):
    readings(HUBEI, "confirmed", {12: 1}, known_at=evening(12).replace(hour=15, minute=59))
    readings(HUBEI, "confirmed", {12: 2}, known_at=evening(12).replace(hour=16))
    assert ask(client, place=HUBEI, as_of="2020-02-12").json()["points"][0]["value"] == 1


def test_a_plus_sign_that_became_a_space_is_understood(client):
    readings(HUBEI, "confirmed", [10])
    answer = client.get(f"{SERIES}?place={HUBEI}&as_of=2020-02-12T16:00:00+08:00")
    assert answer.json()["as_of"] == "2020-02-12T16:00:00+08:00"


@pytest.mark.parametrize(
    "as_of",
    ["2999-01-01", "2020-03-21", "2020-03-20T12:00:01+08:00", "x", "2020-02-30", "0001-01-01"]
    + ["9999-12-31T23:59:59-23:59", "2020-02-12\x00", "1" * 500, "2020-02-12T25:00"],
)
def test_a_moment_that_cannot_be_is_refused_in_words(client, as_of):
    answer = ask(client, place=HUBEI, as_of=as_of)
    assert answer.status_code == 422
    assert answer.json()["code"] in {"NotAMoment", "NotYet"}


def test_today_is_what_is_known_up_to_now(client):
    readings(HUBEI, "confirmed", [10])
    assert ask(client, place=HUBEI, as_of="2020-03-20").json()["points"]


def test_refusals_speak_the_readers_language(client):
    answer = client.get(SERIES, {"place": "CN-999999"}, headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "CN-999999" in answer.json()["message"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"place": "XX"}, "NoSuchPlace"),
        ({"place": "CN-42\x00"}, "NoSuchPlace"),
        ({"place": "' or 1=1"}, "NoSuchPlace"),
        ({"metric": "cases"}, "NoSuchMetric"),
        ({"disease": "plague"}, "NoSuchDisease"),
        ({"source": "nobody"}, "NoSuchSource"),
        ({"source": "\x00"}, "NoSuchSource"),
    ],
)
def test_what_is_not_there_is_a_404_that_names_it(client, wrong, code):
    answer = ask(client, **({"place": HUBEI} | wrong))
    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_no_figures_yet_is_an_empty_answer_not_an_error(client):
    answer = ask(client, place=HUBEI)
    assert answer.status_code == 200
    assert (answer.json()["points"], answer.json()["source"]) == ([], None)


def test_from_and_to_bound_the_days(client):
    readings(HUBEI, "confirmed", [1, 2, 3, 4])
    points = ask(client, place=HUBEI, **{"from": "2020-02-02", "to": "2020-02-03"}).json()["points"]
    assert [p["value"] for p in points] == [2, 3]


def test_another_source_can_be_asked_for_by_name(client):
    readings(HUBEI, "confirmed", [10], source="nhc", tier=2)
    readings(HUBEI, "confirmed", [11], source="dxy", tier=3)
    chosen = ask(client, place=HUBEI).json()
    assert (chosen["source"], chosen["other_sources"]) == ("nhc", ["dxy"])
    assert ask(client, place=HUBEI, source="dxy").json()["points"][0]["value"] == 11


def test_the_stated_precedence_of_a_place_above_chooses(client):
    readings(WUHAN, "confirmed", [10], source="nhc", tier=2)
    readings(WUHAN, "confirmed", [11], source="dxy", tier=3)
    prefer("CN", "dxy")
    assert ask(client, place=WUHAN).json()["source"] == "dxy"
    prefer(HUBEI, "nhc", metric="confirmed")
    assert ask(client, place=WUHAN).json()["source"] == "nhc"


def test_pages_go_on_where_the_last_one_ended(client):
    readings(HUBEI, "confirmed", [1, 2, 3, 4, 5])
    told, cursor = [], ""
    while cursor is not None:
        body = ask(client, place=HUBEI, limit=2, cursor=cursor).json()
        told.append([p["value"] for p in body["points"]])
        cursor = body["next"]
    assert told == [[1, 2], [3, 4], [5]]


def test_a_forged_cursor_is_refused(client):
    answer = ask(client, place=HUBEI, cursor="WzFd:forged")
    assert (answer.status_code, answer.json()["code"]) == (422, "NotACursor")


def test_the_hot_series_costs_two_queries_and_unchanged_one(client, django_assert_num_queries):
    readings(HUBEI, "confirmed", [10, 20])
    with django_assert_num_queries(2):
        first = ask(client, place=HUBEI)
    with django_assert_num_queries(1):
        again = client.get(SERIES, {"place": HUBEI}, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_etag_changes_with_a_new_figure_and_only_then(client):
    readings(HUBEI, "confirmed", [10])
    first, second = ask(client, place=HUBEI), ask(client, place=HUBEI)
    assert first["ETag"] == second["ETag"]
    assert first.content == second.content
    readings(HUBEI, "confirmed", {1: 11}, known_at=evening(1).replace(hour=7))
    assert ask(client, place=HUBEI)["ETag"] != first["ETag"]


def test_every_page_of_the_web_may_read_it(client):
    answer = ask(client, place=HUBEI)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Expose-Headers"] == "ETag"
    assert "max-age" in answer["Cache-Control"]
    asked = client.options(SERIES)
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")


def test_head_has_the_headers_and_no_body(client):
    readings(HUBEI, "confirmed", [10])
    answer = client.head(SERIES, {"place": HUBEI})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"] == ask(client, place=HUBEI)["ETag"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_can_write(client, method):
    assert getattr(client, method)(SERIES).status_code == 405


def test_csv_and_parquet_say_the_same_as_json(client):
    readings(HUBEI, "confirmed", [10, 20])
    told = [p["value"] for p in ask(client, place=HUBEI).json()["points"]]
    text = ask(client, f"{SERIES}.csv", place=HUBEI).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    frame = pl.read_parquet(io.BytesIO(ask(client, f"{SERIES}.parquet", place=HUBEI).content))
    assert [int(r["value"]) for r in rows] == frame["value"].to_list() == told
    assert rows[0]["known_at"] == "2020-02-01T08:00:00Z"
    assert rows[0]["name_zh"] == "湖北省"


def test_an_empty_table_still_has_its_header(client):
    text = ask(client, f"{SERIES}.csv", place=HUBEI).content.decode()
    assert text == "place,name_zh,name_en,date,metric,value,source,known_at\n"


def test_places_page_by_code_and_are_found_by_name(client):
    first = ask(client, "/api/situation/places", parent="CN", limit=3).json()
    second = ask(client, "/api/situation/places", parent="CN", limit=3, cursor=first["next"]).json()
    codes = [p["code"] for p in first["places"] + second["places"]]
    assert codes == sorted(set(codes))
    assert len(codes) == 6
    found = ask(client, "/api/situation/places", q="武汉").json()["places"]
    assert found[0]["code"] == WUHAN


def test_a_place_tells_what_is_above_it_and_what_is_known(client):
    readings(WUHAN, "confirmed", [10])
    body = ask(client, f"/api/situation/places/{WUHAN}").json()
    assert body["ancestors"][-2:] == ["CN", HUBEI]
    assert body["series"] == [{"metric": "confirmed", "disease": "covid-19", "source": "dxy"}]


def test_areas_give_all_parts_at_once_and_null_where_nobody_spoke(client):
    readings(WUHAN, "confirmed", [10, 20])
    body = ask(client, "/api/situation/areas", parent=HUBEI).json()
    told = {area["place"]: area["value"] for area in body["areas"]}
    assert told[WUHAN] == 20
    assert set(told.values()) == {20, None}
    body = ask(client, "/api/situation/areas", parent=HUBEI, date="2020-02-01").json()
    assert {a["place"]: a["value"] for a in body["areas"]}[WUHAN] == 10


def test_areas_choose_the_same_source_as_the_series(client):
    readings(WUHAN, "confirmed", [10], source="nhc", tier=2)
    readings(WUHAN, "confirmed", [11], source="dxy", tier=3)
    prefer("CN", "dxy")
    body = ask(client, "/api/situation/areas", parent=HUBEI).json()
    assert {a["place"]: a["source"] for a in body["areas"]}[WUHAN] == "dxy"


def test_revisions_page_and_say_why(client):
    readings(HUBEI, "confirmed", [10, 20])
    readings(HUBEI, "confirmed", [11, 22], known_at=evening(5), note="recounted")
    path, told, cursor = "/api/situation/revisions", [], ""
    while cursor is not None:
        asked = {"place": HUBEI, "since": "2020-02-03", "limit": 1, "cursor": cursor}
        body = ask(client, path, **asked).json()
        told += [(r["date"], r["before"], r["after"], r["why"]) for r in body["revisions"]]
        cursor = body["next"]
    assert told == [("2020-02-02", 20, 22, "recounted"), ("2020-02-01", 10, 11, "recounted")]


def test_disagreements_show_both_figures(client):
    readings(HUBEI, "confirmed", [10], source="nhc", tier=2)
    readings(HUBEI, "confirmed", [13], source="dxy", tier=3)
    (found,) = ask(client, "/api/situation/disagreements", place=HUBEI).json()["disagreements"]
    assert (found["value"], found["other_value"], found["difference"]) == (10, 13, 3)


def test_indicators_are_those_of_the_page(client):
    readings(WUHAN, "confirmed", [2**n for n in range(1, 21)])
    body = ask(client, "/api/situation/indicators", place=WUHAN).json()
    assert (body["new"], body["doubling_days"]) == (2**19, 1.0)
    assert body["r"]["low"] < body["r"]["mean"] < body["r"]["high"]
    assert len(body["points"]) == 20
    assert body["risk"]["level"] == "medium"


def test_lists_of_metrics_diseases_and_sources(client):
    readings(HUBEI, "confirmed", [10])
    codes = [
        [one["code"] for one in ask(client, f"/api/situation/{name}").json()]
        for name in ("metrics", "diseases", "sources")
    ]
    assert "confirmed" in codes[0]
    assert "covid-19" in codes[1]
    assert codes[2] == ["dxy"]


def test_the_document_describes_every_operation_once(client):
    paths = json.loads(client.get("/api/openapi.json").content)["paths"]
    ours = [path for path in paths if path.startswith("/api/situation")]
    assert len(ours) == 12
    assert all(set(paths[path]) == {"get"} for path in ours)


FIGURES = ("series", "indicators", "disagreements", "revisions")


@pytest.mark.parametrize("operation", [*FIGURES, "areas"])
def test_every_operation_about_figures_says_as_of_when(client, operation):
    readings(HUBEI, "confirmed", [10, 20])
    readings(WUHAN, "confirmed", [5])
    path = f"/api/situation/{operation}"
    whole = {"parent": HUBEI} if operation == "areas" else {"place": HUBEI}
    newest = evening(1 if operation == "areas" else 2)

    def told(**asked):
        return datetime.fromisoformat(ask(client, path, **whole, **asked).json()["as_of"])

    assert told() == newest
    assert told(as_of="2020-02-12").date() == date(2020, 2, 12)
    past = ask(client, path, **whole, as_of="2020-01-12").json()
    assert past["as_of"].startswith("2020-01-12T23:59:59.999999")


def test_every_revision_is_told_where_no_day_is_named(client):
    readings(HUBEI, "confirmed", [10])
    readings(HUBEI, "confirmed", {1: 12}, known_at=evening(5))
    first = ask(client, "/api/situation/revisions", place=HUBEI)
    assert [r["after"] for r in first.json()["revisions"]] == [12]
    assert first.json()["since"] is None
    assert (
        ask(client, "/api/situation/revisions", place=HUBEI, since="2020-02-05").json()["revisions"]
        == []
    )


READS = ("/api/situation/", "/api/releases")


def documented():
    """Path, and the examples of what is required, of every open read in the description."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        if "get" not in methods or not path.startswith(READS):
            continue
        for parameter in (given := methods["get"].get("parameters", [])):
            assert parameter["schema"].get("description") or parameter.get("description"), path
        needed = {p["name"]: p["schema"].get("examples", []) for p in given if p["required"]}
        yield path, needed


@pytest.mark.parametrize("path", [path for path, _ in documented() if "release_id" not in path])
def test_every_example_works_from_any_page_and_is_not_sent_twice(client, path):
    readings(HUBEI, "confirmed", [10, 20])
    needed = {name: examples[0] for name, examples in dict(documented())[path].items()}
    url = path.format(**needed)
    first = client.get(url, needed)
    assert first.status_code == 200, first.content
    assert first["Access-Control-Allow-Origin"] == "*"
    again = client.get(url, needed, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(url, needed)["ETag"] == first["ETag"]
    assert client.options(url, needed).status_code == 204


def test_a_refusal_speaks_the_language_asked_for_and_is_told_to_any_page(client):
    for language, words in (("en", "No place has the code XX."), ("zh-CN", "没有代码为")):
        answer = client.get(
            "/api/situation/series", {"place": "XX"}, headers={"Accept-Language": language}
        )
        assert words in answer.json()["message"]
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Accept-Language" in answer["Vary"]


def test_the_page_for_people_lists_what_an_operation_takes(client):
    text = client.get("/api/docs").content.decode()
    assert text.count("<code>as_of</code>") >= 7
    assert "<code>since</code>" in text


DOCS = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"curl (?:-H '[^']+' )?'https://fever.example([^']+)'", DOCS)


def test_the_manual_names_every_operation_and_parameter():
    for path, methods in api.get_openapi_schema()["paths"].items():
        assert path.removeprefix("/api/situation") in DOCS, path
        for parameter in methods.get("get", {}).get("parameters", []):
            assert re.search(f"[`{{]{parameter['name']}[`}}]", DOCS), (path, parameter["name"])


@pytest.mark.parametrize("url", EXAMPLES)
def test_an_example_of_the_manual_works_when_pasted(client, url):
    readings(HUBEI, "confirmed", [10, 20])
    assert client.get(url).status_code == 200
