from pathlib import Path

from tests.triage import naive
from tests.triage.conftest import SMALL, data, named, pack_of
from tongxin.triage import difference, tables
from tongxin.triage.rules import outcome

BANK = Path(__file__).resolve().parents[2] / "bench/data/triage_pairs.csv"


def moved(old, new):
    """Every (from, to) that walking everybody finds."""
    ends = [{c.id: c.disposition for c in pack.clause} for pack in (old, new)]
    pairs = {
        (ends[0][naive.decides(old, one)], ends[1][naive.decides(new, one)])
        for one in naive.everybody(old)
    }
    return {pair for pair in pairs if pair[0] != pair[1]}


def test_the_same_rules_send_nobody_elsewhere(pack):
    assert difference.changes(pack, pack) == []


def test_all_changes_are_found_with_people_to_whom_they_happen(small):
    old = pack_of(small)
    changed = data(SMALL)
    named(changed["clause"], "hot")["when"] = [{"temperature": [">= 41"]}]
    changed["clause"].pop(2)
    new = pack_of(changed | {"version": "2026.2.1"})
    found = difference.changes(old, new)
    assert {(one.before, one.after) for one in found} == moved(old, new) == {("clinic", "home")}
    for one in found:
        assert outcome(old, one.old_answers).disposition.key == one.before
        assert outcome(new, one.new_answers).disposition.key == one.after


def test_a_new_question_and_a_new_option_are_allowed_for(small):
    old = pack_of(small)
    changed = data(SMALL)
    extra = {"key": "rash", "name_zh": "疹", "name_en": "Rash", "is_danger": True}
    named(changed["question"], "signs")["option"].append(extra)
    pet = named(changed["question"], "fever") | {"key": "pet", "asks_en": "Any pets?"}
    changed["question"].append(pet)
    named(changed["clause"], "blue")["when"] += [{"signs": ["rash"]}]
    named(changed["clause"], "cough")["when"] += [{"pet": ["yes"]}]
    found = difference.changes(old, pack_of(changed))
    assert {(one.before, one.after) for one in found} == {("home", "clinic")}
    assert all("rash" not in one.old_answers["signs"] for one in found)
    assert all(one.new_answers["pet"] in ("yes", "unknown") for one in found)


def test_past_answers_are_counted_by_where_they_would_go_now(pack, covid, tmp_path):
    named(covid["clause"], "oxygen-low")["when"] = [{"oxygen": ["<= 90"]}]
    new = pack_of(covid)
    past = difference.past(pack, new, BANK, "en")
    assert past.total == len(tables.check_table(pack, BANK, "en"))
    assert past.changed == past.moved["emergency", "fever-clinic"] > 0
    assert past.unread == 0


def test_the_report_names_examples_in_words(small):
    old = pack_of(small)
    changed = data(SMALL)
    named(changed["clause"], "blue")["disposition"] = "clinic"
    new = pack_of(changed | {"version": "2026.2.1"})
    said = difference.report(old, new, difference.changes(old, new), None, "en", lambda text: text)
    assert "Emergency → Clinic" in said
    assert "Any signs? Blue" in said
    assert "2026.1.1: Emergency (blue)" in said and "2026.2.1: Clinic (blue)" in said
