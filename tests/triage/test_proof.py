import pytest

from tests.triage import naive
from tests.triage.conftest import named, pack_of
from tongxin.triage.proof import faults
from tongxin.triage.proof_report import report
from tongxin.triage.rules import outcome


def told(pack, language="en"):
    return report(pack, faults(pack), 0, language, lambda text: text)


def test_the_covid_pack_is_proved(pack):
    assert faults(pack) == []
    assert "✓ Every input ends in exactly one disposition." in told(pack)


def clause(said, name, **changed):
    named(said["clause"], name).update(changed)


def gap(said):
    said["clause"].pop()


def unreachable(said):
    said["clause"].insert(1, named(said["clause"], "rest") | {"id": "early", "when": []})
    said["clause"].pop()


def shadowed(said):
    extra = named(said["clause"], "blue") | {"id": "again"}
    said["clause"].insert(1, extra)


def idle(said):
    extra = named(said["question"], "fever") | {"key": "pet", "asks_en": "Any pets?"}
    said["question"].append({k: v for k, v in extra.items() if k != "danger"})


def never_asked(said):
    named(said["question"], "temperature")["when"] = {"age": ["baby"], "fever": ["yes"]}
    extra = named(said["question"], "fever") | {"key": "never", "when": {"age": ["adult"]}}
    last = named(said["question"], "fever") | {"key": "pet"}
    last["when"] = {"never": ["yes"], "age": ["baby"]}
    said["question"] += [extra, last]


def exception_for_danger(said):
    well = named(said["clause"], "rest") | {"id": "well", "when": [{"fever": ["yes"]}]}
    clause(said, "cough", when=[{"signs": ["cough"]}])
    said["clause"].insert(2, well)


def hotter_is_milder(said):
    clause(said, "hot", when=[{"temperature": [">= 38", "<= 39"]}])


def option_lowers(said):
    home = named(said["clause"], "rest") | {"id": "blue-only", "when": [{"signs": ["blue"]}]}
    said["clause"].insert(0, home)
    clause(said, "blue", when=[{"signs": ["cough"]}])


def careless_unknown(said):
    named(said["question"], "signs")["unknown_as"] = ["cough"]


def careless_number(said):
    question = named(said["question"], "temperature")
    question["unknown_as"], question["unknown_covers"] = ["37"], ["<= 39"]


BREAKS = [
    (lambda said: None, None),
    (gap, ("gap", "")),
    (unreachable, ("disposition never reached", "clinic")),
    (unreachable, ("clause never decides", "hot")),
    (shadowed, ("clause never decides", "again")),
    (idle, ("question never used", "pet")),
    (never_asked, ("question never asked", "pet")),
    (exception_for_danger, ("danger lowers urgency", "fever")),
    (hotter_is_milder, ("danger lowers urgency", "temperature")),
    (option_lowers, ("danger lowers urgency", "signs")),
    (careless_unknown, ("unknown lowers urgency", "signs")),
    (careless_number, ("unknown lowers urgency", "temperature")),
]


@pytest.mark.parametrize(("broken", "fault"), BREAKS)
def test_the_proof_finds_what_walking_everybody_finds(small, broken, fault):
    broken(small)
    pack = pack_of(small)
    found = {(one.fault, one.subject) for one in faults(pack)}
    assert found == naive.faults(pack)
    assert (fault in found) if fault else not found


@pytest.mark.parametrize("broken", [exception_for_danger, option_lowers, careless_unknown])
def test_a_witness_is_a_person_whom_the_rules_treat_so(small, broken):
    broken(small)
    pack = pack_of(small)
    for one in faults(pack):
        if one.after is not None:
            before, after = outcome(pack, one.before), outcome(pack, one.after)
            urgency = pack.urgency
            assert urgency(after.disposition.key) < urgency(before.disposition.key)


def test_a_gap_is_told_by_somebody_who_falls_into_it(small):
    gap(small)
    said = told(pack_of(small))
    assert "✗ For this person no clause holds:" in said
    assert "A fever? No" in said and "→ no disposition" in said


def test_a_danger_sign_that_lowers_urgency_is_shown_before_and_after(small):
    option_lowers(small)
    said = told(pack_of(small))
    assert "“Any signs? Blue”: a worse answer makes the advice less urgent" in said
    assert "→ Home (blue-only)" in said  # the solver chooses who it was before
    assert "→ Emergency (blue)" in said or "→ Clinic (hot)" in said


def test_careless_ignorance_is_shown(small):
    careless_unknown(small)
    said = told(pack_of(small))
    assert "less urgent than an answer that it must cover" in said and "I do not know" in said


def test_an_idle_question_is_named_with_somebody_who_is_asked(small):
    idle(small)
    assert "“Any pets?” is asked, and its answer changes nothing" in told(pack_of(small))


def test_a_covid_pack_in_which_a_danger_sign_is_softened_is_caught(covid):
    well = named(covid["clause"], "ill-otherwise") | {"id": "soft"}
    well["when"] = [{"course": ["worse"], "test": ["negative"]}]
    covid["clause"].insert(0, well)
    found = {(one.fault, one.subject, one.value) for one in faults(pack_of(covid))}
    assert ("danger lowers urgency", "course", "worse") in found
