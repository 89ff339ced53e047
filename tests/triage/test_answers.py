import pytest

from tongxin.triage import coding
from tongxin.triage.answers import read_answer, read_answers, said, written
from tongxin.triage.conditions import UNKNOWN
from tongxin.triage.refusals import (
    BrokenCode,
    Contradiction,
    NoSuchQuestion,
    NotAnAnswer,
    NotAnswered,
    NotANumber,
    NotPlausible,
    OtherVersion,
)
from tongxin.triage.rules import State
from tongxin.triage.tables import paired_people


@pytest.mark.parametrize(
    ("key", "given", "answer"),
    [
        ("age", ["adult"], "adult"),
        ("fever", ["unknown"], UNKNOWN),
        ("signs", ["nothing"], frozenset()),
        ("signs", ["chest", "blue"], frozenset({"chest", "blue"})),
        ("temperature", ["38.5"], 385),
        ("temperature", [" 38，5 "], 385),
        ("oxygen", ["97", "unknown"], UNKNOWN),
        ("oxygen", ["", "unknown"], UNKNOWN),
    ],
)
def test_answers_are_read(pack, key, given, answer):
    assert read_answer(pack.questions[key], given, "en") == answer


@pytest.mark.parametrize(
    ("key", "given", "refusal"),
    [
        ("age", [""], NotAnswered),
        ("age", ["unknown"], NotAnAnswer),
        ("age", ["dog"], NotAnAnswer),
        ("fever", ["yes", "no"], NotAnAnswer),
        ("signs", ["nothing", "chest"], Contradiction),
        ("signs", ["unknown", "chest"], Contradiction),
        ("temperature", ["hot"], NotANumber),
        ("temperature", ["nan"], NotPlausible),
        ("temperature", ["1e3"], NotPlausible),
        ("temperature", ["385"], NotPlausible),
        ("temperature", ["38.55"], NotPlausible),
        ("oxygen", ["93.5"], NotPlausible),
        ("oxygen", ["101"], NotPlausible),
        ("breaths", ["-20"], NotPlausible),
    ],
)
def test_what_cannot_be_is_refused_with_the_question_named(pack, key, given, refusal):
    question = pack.questions[key]
    with pytest.raises(refusal) as refused:
        read_answer(question, given, "en")
    assert refused.value.facts["question"] == question.asks_en
    with pytest.raises(refusal) as refused:
        read_answer(question, given, "zh-hans")
    assert refused.value.facts["question"] == question.asks_zh


def test_a_question_that_is_not_asked_here_is_refused(pack):
    with pytest.raises(NoSuchQuestion):
        read_answers(pack, {"shoe_size": "42"}, "en")


def test_answers_are_said_in_both_languages(pack):
    signs = pack.questions["signs"]
    assert said(signs, frozenset({"fit"}), "en") == "A fit (seizure)"
    assert said(signs, frozenset(), "zh-hans") == "都没有"
    assert said(pack.questions["temperature"], 385, "en") == "38.5 °C"
    assert said(pack.questions["oxygen"], UNKNOWN, "en") == "I have no oximeter"


def test_what_is_written_is_read_again(pack):
    for person in paired_people(pack):
        for question in State(pack, person).answered:
            text = written(question, person[question.key])
            assert read_answer(question, text.split("|"), "en") == person[question.key]


def test_a_code_gives_the_answers_back(pack):
    for person in paired_people(pack):
        text = coding.code(pack, person)
        kept = {q.key: person[q.key] for q in State(pack, person).answered}
        assert coding.decoded(pack, text) == kept
        assert len(text) < 60


def test_a_code_typed_in_small_letters_with_look_alikes_is_read(pack):
    answers = {"age": "older", "signs": frozenset({"mind"})}
    text = coding.code(pack, answers)
    typed = text.lower().replace("0", "o").replace("tx1", "txl")
    assert coding.decoded(pack, f" {typed[:20]} {typed[20:]}\n") == answers


def test_a_mistyped_or_cut_code_is_refused(pack):
    text = coding.code(pack, {"age": "older", "signs": frozenset({"mind"})})
    head, _, body = text.rpartition("-")
    for at, letter in enumerate(body):
        wrong = "2" if letter != "2" else "3"
        with pytest.raises(BrokenCode):
            coding.decoded(pack, f"{head}-{body[:at]}{wrong}{body[at + 1 :]}")
    for hostile in ("", "TX1", text[:-1], text + "A", "TX1-2026.11.1-ZZZZ-1", "x" * 10_000):
        with pytest.raises(BrokenCode):
            coding.decoded(pack, hostile)


def test_a_code_of_other_rules_is_refused(pack):
    text = coding.code(pack, {"age": "older", "signs": frozenset({"mind"})})
    with pytest.raises(OtherVersion):
        coding.decoded(pack, text.replace(pack.version, "2025.1.1"))
