from itertools import combinations
from pathlib import Path

import pytest
from django.utils.translation import override

from tests.triage.conftest import pack_of
from tongxin.triage import tables
from tongxin.triage.refusals import BrokenRow, BrokenTable
from tongxin.triage.rules import State

BENCH = Path(__file__).resolve().parents[2] / "bench/data"
VIGNETTES = BENCH / "triage_vignettes.csv"


def test_the_vignettes_end_as_the_criteria_say(pack):
    checked = tables.check_table(pack, VIGNETTES, "en")
    assert len(checked) >= 60
    assert [(r.id, r.expected, r.key, r.waits_for) for r in checked if r.key != r.expected] == []


def test_nobody_who_is_severely_ill_is_sent_home(pack):
    checked = tables.check_table(pack, VIGNETTES, "en")
    assert sum(row.expected in ("emergency", "fever-clinic") for row in checked) >= 40
    assert tables.sent_home(pack, checked) == []


def test_the_bank_that_ships_is_the_one_that_the_pack_gives(pack):
    assert (BENCH / "triage_pairs.csv").read_text(encoding="utf-8") == tables.bank(pack)


def test_every_two_answers_that_can_stand_together_do_so_in_the_bank(small):
    pack = pack_of(small)
    people = [
        {q.key: one[q.key] for q in State(pack, one).answered} for one in tables.paired_people(pack)
    ]
    met = {pair for one in people for pair in combinations(one.items(), 2)}
    choices = {q.key: tables.levels(q, pack) for q in pack.question}
    for (a, xs), (b, ys) in combinations(choices.items(), 2):
        for x in xs:
            for y in ys:
                impossible = (a, b, x) == ("fever", "temperature", "no")
                assert impossible or ((a, x), (b, y)) in met


@pytest.fixture
def table(tmp_path):
    def written(text: str) -> Path:
        file = tmp_path / "cases.csv"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    return written


def test_a_row_that_is_not_settled_says_what_it_lacks(pack, table):
    (row,) = tables.check_table(pack, table("age,signs\nadult,nothing\n"), "en")
    assert (row.disposition, row.waits_for, row.id) == (None, "pregnant", "2")


@pytest.mark.parametrize(
    ("text", "refusal", "says"),
    [
        ("age,shoe\nadult,42\n", BrokenTable, "unknown column shoe"),
        ("id,note\n1,x\n", BrokenTable, "no column of a question"),
        ("age,age\nadult,adult\n", BrokenTable, "twice"),
        ("", BrokenTable, "no column"),
        ("age,signs\nadult\n", BrokenRow, "line 2: too many or too few cells"),
        ("age,signs\nadult,nothing,x\n", BrokenRow, "line 2: too many or too few cells"),
        ("age,signs\nadult,nothing\ndog,nothing\n", BrokenRow, "line 3: .*dog is not one"),
        ("age,expected\nadult,moon\n", BrokenRow, "moon is no disposition"),
        ("age,oxygen\nadult,140\n", BrokenRow, "140 cannot be"),
        ('age,signs\n"adult,nothing\n', BrokenTable, "cannot be read as a table"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(pack, table, text, refusal, says):
    with override("en"), pytest.raises(refusal, match=says):
        tables.check_table(pack, table(text), "en")


def test_bytes_that_are_no_text_are_refused(pack, table, tmp_path):
    file = tmp_path / "cases.csv"
    file.write_bytes(b"age\n\xff\xfe\x00")
    for broken in (file, tmp_path / "missing.csv", tmp_path):
        with pytest.raises(BrokenTable):
            tables.check_table(pack, broken, "en")
