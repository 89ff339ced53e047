import pytest
from django.db import IntegrityError, connection, transaction

from tests.situation.tidy_files import AT, brought_in, daily, line_of, tidy_file
from tongxin.audit.models import Entry
from tongxin.refusal import Refusal, Unreadable
from tongxin.situation.actions.figures import import_figures
from tongxin.situation.models import Batch, Caveat, Held, Reading, Series
from tongxin.situation.queries.followers import figures_of

pytestmark = pytest.mark.django_db


def total(report):
    return report.new + report.revised + report.same + report.held + report.refused + report.empty


def test_a_file_becomes_readings_a_batch_and_a_line_in_the_trail(tmp_path):
    report = brought_in(tmp_path, *daily([5, 8, 13]), note="first report")
    batch = Batch.objects.get()
    assert (report.read, report.new, report.batch) == (3, 3, batch.pk)
    assert line_of("CN-421000") == {1: 5, 2: 8, 3: 13}
    assert (batch.source_id, batch.format, batch.note) == ("own", "csv", "first report")
    assert batch.report["new"] == 3
    entry = Entry.objects.get(deed="situation.imported_figures")
    assert (entry.by, entry.facts["new"], entry.facts["sha256"]) == ("tests", 3, batch.sha256)


def test_the_same_file_twice_is_all_the_same(tmp_path):
    rows = [*daily([5, 8, 13, 9]), "哪里市,confirmed,2020-02-01,3", "荆州市,deaths,2020-02-01,x"]
    first, second = brought_in(tmp_path, *rows), brought_in(tmp_path, *rows)
    assert (first.new, first.held, first.same) == (3, 3, 0)
    assert (second.new, second.held, second.same) == (0, 0, 6)
    assert (Reading.objects.count(), Held.objects.count()) == (3, 3)


def test_another_value_is_a_revision_and_both_stay(tmp_path):
    brought_in(tmp_path, *daily([5, 8]), at=AT)
    later = AT.replace(hour=9)
    report = brought_in(tmp_path, *daily([5, 9]), at=later, note="recount")
    assert (report.same, report.revised) == (1, 1)
    said = Reading.objects.filter(about_on="2020-02-02").order_by("known_at")
    assert list(said.values_list("known_at", "value")) == [(AT, 8), (later, 9)]


def test_known_at_is_the_rows_own_then_the_imports_then_now(tmp_path):
    head = "place,metric,date,value,known_at"
    yesterday = AT.replace(day=19)
    rows = ["荆州市,confirmed,2020-02-01,5,2020-02-01 20:00", "荆州市,confirmed,2020-02-02,6,"]
    brought_in(tmp_path, *rows, head=head, known_at=yesterday)
    known = dict(Reading.objects.values_list("about_on__day", "known_at"))
    assert known[1].isoformat() == "2020-02-01T12:00:00+00:00"  # 20:00 in Beijing
    assert known[2] == yesterday


def test_an_older_figure_that_arrives_late_does_not_hide_the_newer(tmp_path):
    brought_in(tmp_path, *daily([9]), known_at=AT)
    brought_in(tmp_path, *daily([7]), known_at=AT.replace(day=10))
    assert line_of("CN-421000") == {1: 9}
    assert Reading.objects.count() == 2


@pytest.mark.parametrize(
    ("rows", "code", "held"),
    [
        (["哪里市,confirmed,2020-02-01,3"], "unknown_place", 1),
        (["待明确地区,confirmed,2020-02-01,3"], "not_a_place", 1),
        (["朝阳,confirmed,2020-02-01,3"], "ambiguous_place", 1),
        (["荆州市,height,2020-02-01,3"], "unknown_metric", 1),
        (["荆州市,confirmed,2020-02-30,3"], "unreadable_date", 1),
        (["荆州市,confirmed,2020-02-01,12人"], "unreadable_value", 1),
        (["荆州市,confirmed,2020-02-01,1.2万"], "unreadable_value", 1),
        (["荆州市,confirmed,2020-02-01,-3"], "unreadable_value", 1),
        (["荆州市,confirmed,2020-02-01,3.5"], "unreadable_value", 1),
        (["荆州市,confirmed,2020-02-01,99999999999999999999"], "unreadable_value", 1),
        (["荆州市,confirmed,2020-03-21,3"], "future_date", 1),
        ([*daily([3]), *daily([4])], "duplicate_differs", 2),
        (daily([30, 29, 28, 30]), "total_fell", 2),
        (daily([10, 12, 15, 20, 24, 400, 401]), "jump", 2),
        (daily([30, 31, 310]), "drift", 1),
    ],
)
def test_what_is_odd_waits_for_an_officer(tmp_path, rows, code, held):
    report = brought_in(tmp_path, *rows)
    assert {row.reasons[0]["code"] for row in Held.objects.all()} == {code}
    assert report.held == held
    assert total(report) == report.read


def test_exchanged_cities_are_both_held(tmp_path):
    rows = [*daily([100, 102, 40, 41]), *daily([38, 40, 103, 104], place="黄冈市")]
    brought_in(tmp_path, *rows)
    held = {row.place_id: row for row in Held.objects.all()}
    assert {code: row.reasons[0]["code"] for code, row in held.items()} == {
        "CN-421000": "swapped",
        "CN-421100": "swapped",
    }
    assert held["CN-421000"].reasons[0]["with"] == "CN-421100"
    assert line_of("CN-421100") == {1: 38, 2: 40}


def test_columns_that_moved_are_held_as_drift(tmp_path):
    rows = [
        *daily([500, 510, 20]),
        *daily([18, 19, 511], metric="recovered"),
    ]
    brought_in(tmp_path, *rows)
    reasons = Held.objects.values_list("reasons", flat=True)
    assert {(r[0]["code"], r[0]["column"]) for r in reasons} == {
        ("drift", "recovered"),
        ("drift", "confirmed"),
    }


def test_days_below_a_held_fall_stand_or_fall_with_it(tmp_path):
    report = brought_in(tmp_path, *daily([50, 60, 52, 55, 59, 61, 62]))
    held = Held.objects.get()
    assert (report.held, report.decisions) == (3, 1)
    assert [(f.about_on.day, f.value) for f in figures_of(held)] == [(3, 52), (4, 55), (5, 59)]
    assert line_of("CN-421000") == {1: 50, 2: 60, 6: 61, 7: 62}


def test_a_new_level_that_lasts_is_held_for_its_first_days_only(tmp_path):
    report = brought_in(tmp_path, *daily([10, 20, 30, 40, 50, 900, 910, 920, 930, 940, 950]))
    assert report.held == 4
    assert sorted(line_of("CN-421000")) == [1, 2, 3, 4, 5, 10, 11]


def test_a_stated_reason_lets_a_leap_through(tmp_path):
    Caveat.objects.create(
        place_id="CN-420000",
        from_on="2020-02-05",
        to_on="2020-02-06",
        text_zh="改变口径",
        text_en="counted otherwise",
        source="tests",
        known_at=AT,
    )
    report = brought_in(tmp_path, *daily([10, 20, 30, 40, 50, 900, 910]))
    assert (report.new, report.held) == (7, 0)


def test_a_caveat_about_a_year_excuses_nothing(tmp_path):
    facts = {"text_zh": "口径说明", "text_en": "what is counted", "source": "tests"}
    Caveat.objects.create(
        place_id="CN", from_on="2020-01-01", to_on="2020-12-31", known_at=AT, **facts
    )
    assert brought_in(tmp_path, *daily([10, 20, 15])).held == 1


def test_the_next_day_of_a_held_fall_hangs_on_the_same_question(tmp_path):
    brought_in(tmp_path, *daily([50, 60, 52]))
    brought_in(tmp_path, *daily([50, 60, 52, 53]))
    first, second = Held.objects.order_by("pk")
    assert second.about_on.day == 4
    assert second.reasons[0]["follows"] == first.pk


def test_blank_cells_and_lines_without_a_place_are_counted(tmp_path):
    rows = ["荆州市,confirmed,2020-02-01,", ",confirmed,2020-02-02,5", ",,,", *daily([7], first=3)]
    report = brought_in(tmp_path, *rows)
    assert (report.read, report.empty, report.refused, report.new) == (3, 1, 1, 1)
    assert report.refused_lines == [(3, "no place")]


def test_names_dates_and_headers_in_chinese_are_understood(tmp_path):
    head = "地区,指标,日期,数值"
    report = brought_in(tmp_path, "荆州市,累计确诊,2020年2月1日,5", head=head)
    assert (report.new, line_of("CN-421000")) == (1, {1: 5})


def test_a_file_in_gb18030_is_read(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_bytes("地区,指标,日期,数值\n洪湖市,死亡,2020-02-01,2\n".encode("gb18030"))
    assert import_figures(path, format="csv", by="tests", at=AT).new == 1
    assert line_of("CN-421083", "deaths") == {1: 2}


def test_a_file_that_is_nearly_all_odd_is_refused_and_changes_nothing(tmp_path):
    rows = [f"荆州市,confirmed,2020-02-01,{number}人" for number in range(2_100)]
    with pytest.raises(Unreadable, match="questions"):
        brought_in(tmp_path, *rows)
    assert not Batch.objects.exists() and not Held.objects.exists() and not Series.objects.exists()


@pytest.mark.parametrize("facts", [{"format": "doc"}, {"source": "nobody"}, {"disease": "hiccups"}])
def test_what_nobody_knows_is_refused_by_name(tmp_path, facts):
    path = tidy_file(tmp_path, *daily([1]))
    with pytest.raises(Refusal, match=next(iter(facts.values()))):
        import_figures(path, by="tests", at=AT, **{"format": "csv"} | facts)
    assert not Batch.objects.exists()


def test_readings_of_a_series_that_does_not_exist_are_impossible(tmp_path):
    brought_in(tmp_path, *daily([1]))
    orphan = (
        "INSERT INTO situation_reading (series_id, about_on, known_at, value, batch_id) "
        "SELECT -1, about_on, known_at, value, batch_id FROM situation_reading"
    )
    for statement in (orphan, "DELETE FROM situation_series", "DELETE FROM situation_batch"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
