from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.triage.test_rules import COVID, people
from tongxin.triage import coding, dialogue, spoken
from tongxin.triage.answers import written
from tongxin.triage.conditions import UNKNOWN
from tongxin.triage.dialogue import as_text, turn
from tongxin.triage.refusals import NotPlausible, NotUnderstood
from tongxin.triage.rules import outcome

FEVER_AT_NIGHT = [
    ("zh-hans", "70岁", "age", "older"),
    ("zh-hans", "都没有", "signs", frozenset()),
    ("zh-hans", "有点不舒服", "ill", "yes"),
    ("zh-hans", "浑身酸痛、咳嗽", "symptoms", frozenset({"aches", "cough"})),
    ("zh-hans", "发烧了", "fever", "yes"),
    ("zh-hans", "38度9", "temperature", 389),
    ("zh-hans", "没法数", "breaths", UNKNOWN),
    ("zh-hans", "97%", "oxygen", 97),
]


def test_fever_at_night_is_told_in_ones_own_words(pack):
    now = turn(pack, {})
    for language, typed, key, answer in FEVER_AT_NIGHT:
        now = turn(pack, now.known, typed=typed, language=language)
        assert now.heard and (now.heard.key, now.known[key]) == (key, answer), typed
    assert now.outcome.disposition.key == "fever-clinic"


def typed_by(question, answer, language, how):
    """An answer as somebody might type it: by letters, by names, or as forms write it."""
    values = [UNKNOWN] if answer == UNKNOWN else written(question, answer).split("|")
    if isinstance(answer, int):
        return values[0]
    letters = {choice.value: choice for choice in dialogue.choices(question, language)}
    if how == "letters":
        return " ".join(letters[value].letter for value in values)
    if how == "names" and len(values) == 1:
        return letters[values[0]].text
    return "；".join(values)


@settings(max_examples=150, deadline=None)
@given(people(), st.sampled_from(["letters", "names", "keys"]), st.sampled_from(["zh-hans", "en"]))
def test_typed_letter_for_letter_or_by_name_it_ends_where_the_form_ends(person, how, language):
    now = turn(COVID, {}, language=language)
    while now.question:
        typed = typed_by(now.question, person[now.question.key], language, how)
        now = turn(COVID, now.known, typed=typed, language=language)
        assert now.refused is None, typed
    assert now.outcome == outcome(COVID, now.known)
    assert now.outcome.disposition == outcome(COVID, person).disposition
    assert coding.decoded(COVID, coding.code(COVID, now.known)) == now.known


def test_buttons_lead_where_typing_leads(pack):
    by_button = turn(pack, turn(pack, {}, chosen=["adult"]).known, chosen=["chest", "blue"])
    by_words = turn(pack, turn(pack, {}, typed="A，").known, typed="")
    by_words = turn(pack, {"age": "adult"}, typed="胸痛，嘴唇发紫")
    assert by_button.outcome == by_words.outcome
    assert by_button.outcome.disposition.key == "emergency"


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("age", "65岁", "older"),
        ("age", "8 months", "infant"),
        ("age", "两个月", "baby"),
        ("age", "My son is 7 years old", "child"),
        ("age", "h", "older"),
        ("fever", "没有发烧", "no"),
        ("fever", "Yes, a fever", "yes"),
        ("fever", "NO", "no"),
        ("fever", "不知道", UNKNOWN),
        ("fever", "I don’t know", UNKNOWN),
        ("temperature", "体温38.5℃", 385),
        ("temperature", "三十九度", 390),
        ("temperature", "102.2 °F", 390),
        ("temperature", "A", UNKNOWN),
        ("signs", "BC", frozenset({"chest", "blue"})),
        ("signs", "She cannot be woken", frozenset({"mind"})),
        ("signs", "无", frozenset()),
        ("symptoms", "cough and sore throat", frozenset({"cough", "throat"})),
        ("test", "阳了", "positive"),
        ("test", "没做", "none"),
        ("course", "much worse", "worse"),
    ],
)
def test_variants_are_understood(pack, key, typed, value):
    question = pack.questions[key]
    given_ = spoken.understood(pack, question, typed)
    assert dialogue.read_answer(question, given_, "en") == value


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("age", "6"),  # years, months, or the sixth answer?
        ("age", "not yet 2 months"),
        ("signs", "没有胸痛"),
        ("signs", "no chest pain, but blue lips"),
        ("signs", "had a fit last year"),
        ("signs", "有"),
        ("signs", "胸痛和别的什么"),
        ("signs", "bad"),
        ("signs", "没有，不知道"),
        ("fever", "not sure, maybe a fever"),
        ("fever", "有时没有"),
        ("temperature", "不到38"),
        ("temperature", "38 or 39"),
        ("temperature", "38.5-39"),
        ("temperature", "high"),
        ("course", "better, then worse"),
        ("test", "阳性还是阴性"),
        ("ill", "x" * 5000),
        ("ill", "\x00"),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_again(pack, key, typed):
    with pytest.raises(NotUnderstood):
        spoken.understood(pack, pack.questions[key], typed)


def test_what_is_not_understood_changes_nothing_and_shows_the_answers_again(pack):
    now = turn(pack, {"age": "adult"}, typed="what do you mean?", language="en")
    assert isinstance(now.refused, NotUnderstood) and now.known == {"age": "adult"}
    assert now.question.key == "signs" and now.choices[1].letter == "B"
    far = turn(pack, {"age": "adult", "signs": frozenset(), "pregnant": "no"} | FEVER, typed="50")
    assert isinstance(far.refused, NotPlausible) and "temperature" not in far.known


FEVER = {"ill": "yes", "symptoms": frozenset(), "fever": "yes"}


def test_one_can_go_back_begin_again_and_stop(pack):
    known = {"age": "adult", "signs": frozenset()}
    assert turn(pack, known, typed="返回").known == {"age": "adult"}
    assert turn(pack, {}, typed="back").question.key == "age"
    assert turn(pack, known, typed="重新开始").known == {}
    left = turn(pack, known, typed="退出")
    assert left.is_left and left.known == known
    ended = {"age": "adult", "signs": frozenset({"fit"})}
    assert turn(pack, ended, typed="thanks").outcome.disposition.key == "emergency"
    assert turn(pack, ended, typed="back").question.key == "signs"


def test_a_turn_is_one_plain_message(pack):
    asked = as_text(pack, turn(pack, {}, typed="65岁"), "zh-hans")
    assert (
        asked.startswith("✓ 年龄：60岁及以上\n现在有下面的危险信号吗？")
        and "\nA. 静坐也喘" in asked
    )
    end = as_text(pack, turn(pack, {"age": "adult"}, typed="B", language="en"), "en")
    assert "CALL FOR EMERGENCY HELP NOW" in end and "clause chest-pain" in end
    assert "Call 120 now." in end and f"Version {pack.version}" in end


def test_every_phrasing_is_understood_as_what_it_stands_for(pack):
    wrong = []
    for key, values in spoken.phrasings(pack.key).items():
        question = pack.questions[key]
        for value, phrases in values.items():
            assert value in question.values and phrases
            for phrase in phrases:
                try:
                    found = spoken.understood(pack, question, phrase)
                except NotUnderstood:
                    found = []
                if found != [value]:
                    wrong.append((key, value, phrase, found))
    assert wrong == []


def test_the_ages_cover_every_month_once(pack):
    for key, spans in spoken.spans(pack.key).items():
        assert set(spans) == set(pack.questions[key].values)
        covered = [m for low, high in spans.values() for m in range(low, high + 1)]
        assert covered == list(range(len(covered)))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.sampled_from([q.key for q in COVID.question]))
def test_any_text_at_all_gets_a_turn(text, key):
    now = turn(COVID, {"age": "adult"}, typed=text)
    assert now.question or now.outcome.disposition
    with suppress(NotUnderstood):
        assert spoken.understood(COVID, COVID.questions[key], text)
