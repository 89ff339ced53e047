"""Our own sheet corrects what our own sheet said, as a county officer does at four."""

from datetime import timedelta

import pytest
from openpyxl import load_workbook

from tests.situation.tidy_files import AT, brought_in, daily, line_of
from tongxin.situation.actions.figures import import_figures
from tongxin.situation.actions.held import accept_held
from tongxin.situation.importers import template
from tongxin.situation.models import Batch, Held, Reading
from tongxin.situation.queries.held import effect_of, waiting

GONGAN = "CN-421022"
NEXT = AT + timedelta(hours=1)
SLIP = "A slip of the pen: 130, not 1,700"


def sheet(folder, *rows, at=NEXT, note=SLIP):
    """The report of importing the sheet that the desk offers, with these rows filled in."""
    path = folder / "corrected.xlsx"
    template.write(path)
    book = load_workbook(path)
    for day, value in rows:
        book.worksheets[0].append(["公安县", "421022", "confirmed", f"2020-02-{day:02}", value])
    book.save(path)
    return import_figures(path, format="xlsx", note=note, by="tests", at=at)


@pytest.fixture
def slip(tmp_path, chen):
    """Gong'an grew by one a day to 129, then 1,700: held as a jump, and accepted."""
    brought_in(
        tmp_path, *daily(range(120, 130), place="公安县"), "公安县,confirmed,2020-02-11,1700"
    )
    (jump,) = waiting()
    assert (jump.code, jump.first.value) == ("jump", 1700)
    accept_held(jump.ids, by=chen, at=AT)


def test_a_lower_figure_for_the_same_day_is_a_revision_with_its_note(slip, tmp_path):
    report = sheet(tmp_path, (11, 130))
    assert (report.read, report.revised, report.held) == (1, 1, 0)
    assert line_of(GONGAN)[11] == 130
    said = Reading.objects.filter(series__place=GONGAN, about_on="2020-02-11").order_by("known_at")
    assert [row.value for row in said] == [1700, 130]  # what was known before is not lost
    assert Batch.objects.get(pk=report.batch).note == SLIP


def test_days_that_grew_from_the_slip_are_corrected_with_it(slip, tmp_path):
    brought_in(tmp_path, "公安县,confirmed,2020-02-12,1701", at=AT + timedelta(minutes=5))
    report = sheet(tmp_path, (11, 130), (12, 131))
    assert (report.revised, report.held) == (2, 0)
    assert (line_of(GONGAN)[11], line_of(GONGAN)[12]) == (130, 131)


def test_a_correction_below_the_day_before_waits_and_says_what_it_changes(slip, tmp_path, chen):
    report = sheet(tmp_path, (11, 128))
    assert (report.revised, report.held) == (0, 1)
    (fall,) = waiting()
    assert (fall.code, fall.first.reasons[0]["before"]) == ("total_fell", 129)
    (change,) = effect_of(Held.objects.get(pk=fall.ids[0])).changes
    assert (change.before, change.after, change.new_after) == (1700, 128, -1)
    accept_held(fall.ids, note=SLIP, by=chen, at=NEXT)
    assert line_of(GONGAN)[11] == 128


def test_what_is_held_alone_comes_in_beside_the_correction_of_the_day_before(slip, tmp_path):
    report = sheet(tmp_path, (10, 128), (11, 128))
    assert (report.revised, report.held) == (2, 0)
