import csv
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.situation.tidy_files import AT
from tongxin.audit.models import Entry
from tongxin.situation.actions import shipped
from tongxin.situation.actions.shipped import load_shipped_figures
from tongxin.situation.models import Batch, Caveat, Held, Reading, Source

TODAY = AT.replace(year=2026)


@pytest.fixture
def loaded(db):
    return load_shipped_figures(by="tests", at=TODAY)


def hubei(day, **facts):
    rows = Reading.objects.filter(series__place="CN-420000", series__metric="confirmed", **facts)
    return list(rows.filter(about_on=day).order_by("known_at").values_list("value", flat=True))


def test_loading_twice_loads_once(loaded):
    readings, batches = Reading.objects.count(), Batch.objects.count()
    assert load_shipped_figures(by="tests", at=TODAY) == []
    assert (Reading.objects.count(), Batch.objects.count()) == (readings, batches)
    assert readings > 45_000


def test_hubei_reads_as_it_was_shown_on_each_day(loaded):
    assert hubei("2020-02-12") == [33366]
    assert hubei("2020-02-13") == [48206]
    assert hubei("2020-02-20") == [62031, 62457]
    before = datetime(2020, 2, 21, 16, tzinfo=UTC)
    assert hubei("2020-02-20", known_at__lt=before) == [62031]


def test_wuhans_review_of_its_records_comes_with_its_reason(loaded):
    row = Reading.objects.select_related("batch").get(
        series__place="CN-420100", series__metric="deaths", about_on="2020-04-17"
    )
    assert row.value == 3869
    assert "1,290" in row.batch.note and "核查" in row.batch.note


def test_nothing_was_known_before_its_day(loaded):
    for day, known_at in Reading.objects.values_list("about_on", "known_at"):
        assert known_at.date() >= day


def test_every_shipped_province_and_prefecture_of_hubei_has_figures(loaded):
    codes = set(
        Reading.objects.filter(batch__filename="china_2020.csv").values_list(
            "series__place", flat=True
        )
    )
    assert len(codes) == 1 + 34 + 17
    world = Reading.objects.filter(series__metric="confirmed", about_on="2020-04-30")
    assert world.values("series__place").distinct().count() > 200


def test_sources_and_caveats_speak_both_languages(loaded):
    for source in Source.objects.all():
        assert source.name_zh and source.name_en
    caveats = Caveat.objects.all()
    assert caveats.count() >= 10
    for caveat in caveats:
        assert caveat.text_zh and caveat.text_en and caveat.source


def test_the_tables_are_small():
    tables = [path.stat().st_size for path in Path(shipped.DATA).glob("*.csv")]
    assert sum(tables) < 1_200_000


def test_no_question_about_the_shipped_tables_is_left_to_a_newcomer(loaded):
    assert not Held.objects.filter(state="waiting").exists()
    states = Held.objects.values_list("state", flat=True)
    assert set(states) == {"accepted", "rejected"}
    for held in Held.objects.all():
        english, chinese = held.note.split(" | ")
        assert english and chinese and held.decided_by is None
    assert Entry.objects.filter(by="shipped", deed__contains="held_figure").count() == len(states)


def test_what_a_source_itself_published_stands_as_it_said_it(loaded):
    sweden = Reading.objects.get(series__place="SE", series__metric="deaths", about_on="2020-04-04")
    assert sweden.value == 373  # after 605 the day before
    wuhan = Reading.objects.filter(series__place="CN-420100", series__metric="recovered")
    assert not wuhan.filter(about_on="2020-01-25").exists()  # a 0 for "none given", after 31


def test_every_decision_that_ships_answers_a_question(loaded):
    with (shipped.DATA / "reviewed_2020.csv").open(encoding="utf-8", newline="") as table:
        assert sum(1 for _ in csv.DictReader(table)) == Held.objects.count()


def test_a_question_that_nobody_reviewed_waits(tmp_path, db, monkeypatch):
    for file in Path(shipped.DATA).glob("*.csv"):
        shutil.copy(file, tmp_path)
    table = tmp_path / "reviewed_2020.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if ",SE,deaths," not in line), encoding="utf-8")
    monkeypatch.setattr(shipped, "DATA", tmp_path)
    load_shipped_figures(by="tests", at=TODAY)
    (waits,) = Held.objects.filter(state="waiting")
    assert (waits.place_id, waits.metric) == ("SE", "deaths")
