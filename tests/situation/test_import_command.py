import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import load_workbook

from tests.situation.tidy_files import daily, line_of, tidy_file
from tongxin.situation.models import Batch, Reading

pytestmark = pytest.mark.django_db


def test_the_closing_report_counts_every_figure_and_names_refused_lines(tmp_path, capsys):
    rows = [*daily([5, 8, 3]), ",confirmed,2020-02-04,5", "荆州市,deaths,2020-02-01,"]
    with translation.override("en"):
        call_command("import", "csv", tidy_file(tmp_path, *rows))
    said = capsys.readouterr().out
    assert "read 5, new 2, revised 0, same 0, held 1, refused 1, blank 1" in said
    assert "1 decision" in said
    assert "line 5 refused: no place" in said


def test_options_reach_the_batch(tmp_path):
    path = tidy_file(tmp_path, *daily([5]))
    facts = {"source": "dxy", "note": "as shown", "known_at": "2020-02-12T20:00+08:00"}
    words = [
        word for name, value in facts.items() for word in (f"--{name.replace('_', '-')}", value)
    ]
    call_command("import", "csv", str(path), *words)
    batch = Batch.objects.get()
    assert (batch.source_id, batch.note, batch.by) == ("dxy", "as shown", "command line")
    assert Reading.objects.get().known_at.isoformat() == "2020-02-12T12:00:00+00:00"


def test_a_refused_file_is_named_and_the_others_are_read(tmp_path, capsys):
    good = tidy_file(tmp_path, *daily([5]), name="good.csv")
    bad = tidy_file(tmp_path, "cut", name="bad.csv")
    with pytest.raises(CommandError, match="bad.csv") as refused, translation.override("en"):
        call_command("import", "csv", str(bad), str(good))
    assert refused.value.returncode == 1
    assert "Line 2 of bad.csv" in capsys.readouterr().err
    assert line_of("CN-421000") == {1: 5}


def test_the_template_has_both_languages_and_guards_its_cells(tmp_path):
    call_command("import", "--template", tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    figures, examples, help_page = book.worksheets
    assert [cell.value for cell in figures[1]][:3] == ["place 地区", "code 代码", "metric 指标"]
    kinds = {rule.type for rule in figures.data_validations.dataValidation}
    assert kinds == {"list", "date", "whole"}
    assert figures.max_row == 200 and figures["A2"].value is None
    assert examples.max_row == 4 and help_page.max_row > 10
