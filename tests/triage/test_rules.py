from hypothesis import given, settings
from hypothesis import strategies as st

from tests.triage import naive
from tests.triage.conftest import SMALL, data, named, pack_of
from tongxin.triage.conditions import UNKNOWN
from tongxin.triage.packs import shipped_pack
from tongxin.triage.rules import State, outcome

SMALL_PACK = pack_of(data(SMALL))
COVID = shipped_pack("covid-19")


def walked(pack, person):
    """Asked one question at a time: the outcome and how many answers it took."""
    answers = {}
    while (found := outcome(pack, answers)).next:
        assert found.next.key not in answers
        answers[found.next.key] = person[found.next.key]
    return found, answers


def test_asking_one_by_one_ends_where_the_whole_form_ends_for_everybody():
    ends = {clause.id: clause.disposition for clause in SMALL_PACK.clause}
    for person in naive.everybody(SMALL_PACK):
        found, _ = walked(SMALL_PACK, person)
        assert found.disposition.key == ends[naive.decides(SMALL_PACK, person)]
        assert outcome(SMALL_PACK, person).disposition == found.disposition


@st.composite
def people(draw):
    """Somebody who answers every question of the COVID-19 pack in some way."""
    person = {}
    for question in COVID.question:
        if question.kind == "several":
            known = st.frozensets(st.sampled_from(question.values), max_size=2)
        elif question.kind == "number":
            known = st.integers(question.lowest, question.highest)
        else:
            known = st.sampled_from(question.values)
        person[question.key] = draw(known | st.just(UNKNOWN) if question.may_be_unknown else known)
    return person


@settings(max_examples=300, deadline=None)
@given(people())
def test_the_shipped_pack_asked_one_by_one_ends_where_its_whole_form_ends(person):
    ends = {clause.id: clause.disposition for clause in COVID.clause}
    found, answers = walked(COVID, person)
    assert found.disposition.key == ends[naive.decides(COVID, person)]
    assert len(answers) <= len(COVID.question)


def test_a_danger_sign_ends_it_at_once():
    found = outcome(COVID, {"age": "adult", "signs": frozenset({"chest"})})
    assert found.disposition.key == "emergency"
    assert [clause.id for clause in found.clauses] == ["chest-pain"]
    assert found.advice[:2] == ["danger-call-emergency", "danger-what-to-say"]


def test_all_clauses_that_lead_there_are_told():
    signs = frozenset({"chest", "blue"})
    found = outcome(COVID, {"age": "adult", "signs": signs})
    assert [clause.id for clause in found.clauses] == ["breathing-fails", "chest-pain"]


def test_what_can_no_longer_matter_is_not_asked():
    answers = {"age": "adult", "signs": frozenset(), "pregnant": "no", "ill": "no"}
    assert outcome(COVID, answers).next.key == "test"
    assert outcome(COVID, answers | {"test": "positive"}).disposition.key == "watch"


def test_an_answer_to_what_is_not_asked_of_a_person_counts_for_nothing():
    answers = {"age": "older", "signs": frozenset(), "pregnancy_signs": frozenset({"bleeding"})}
    found = outcome(COVID, answers)
    assert found.disposition is None
    assert [question.key for question in State(COVID, answers).answered] == ["age", "signs"]


def test_not_knowing_about_danger_signs_is_taken_as_danger():
    found = outcome(COVID, {"age": "adult", "signs": UNKNOWN})
    assert found.disposition.key == "emergency"


def test_a_baby_with_fever_goes_to_a_doctor_however_well_it_seems():
    answers = {"age": "baby", "signs": frozenset(), "child_signs": frozenset(), "ill": "yes"}
    answers |= {"symptoms": frozenset(), "temperature_baby": 380, "oxygen": UNKNOWN}
    found = outcome(COVID, answers)
    assert found.disposition.key == "fever-clinic"
    assert "baby-fever-doctor" in found.advice


def test_a_clause_of_lesser_urgency_may_stand_above_as_an_exception(small):
    clauses = small["clause"]
    clauses.insert(0, named(clauses, "rest") | {"id": "well", "when": [{"fever": ["no"]}]})
    pack = pack_of(small)
    for person in naive.everybody(pack):
        ends = {clause.id: clause.disposition for clause in pack.clause}
        assert walked(pack, person)[0].disposition.key == ends[naive.decides(pack, person)]
