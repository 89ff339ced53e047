import csv
from pathlib import Path

import pytest

from tongxin.assistant import learned_danger
from tongxin.assistant.danger import _odds, danger
from tongxin.assistant.red_flags import danger_by_rules, red_flags
from tongxin.meaning.normal import normal
from tongxin.meaning.vectors import EncoderMissing

NOW = {
    "breathing": ["my father can't breathe", "cant braethe", "我爸喘不上氣了", "呼吸困男怎么办"],
    "colour": ["her lips are turning blue", "孩子嘴唇青紫"],
    "chest": ["crushing pain in my chest", "没有发烧，但是胸闷得厉害"],
    "consciousness": ["grandma won't wake up", "奶奶叫不醒了", "媽媽昏迷了"],
    "oxygen": ["oxygen dropped from 97 to 88", "血氧掉到八十五了"],
    "baby-fever": ["our 3-week-old has a fever", "出生20天的宝宝发烫"],
    "self-harm": ["I want to kill myself", "我老婆说活着没意思", "我爷爷去世了我不想活了"],
    "seizure": ["my son is having a seizure", "孩子抽搐了"],
    "bleeding": ["he's coughing up blood", "老公咳血"],
    "poison": ["she drank bleach", "孩子误服消毒液"],
}
CALM = {
    "denied": ["not short of breath", "no fever, chest pain or shortness of breath", "没有胸痛"],
    "past": ["last year I had chest pain", "去年我有过胸痛", "my uncle died of a heart attack"],
    "over": ["my chest pain went away", "胸痛已经好了"],
    "sayings": ["气死我了", "laughed so hard I couldn't breathe", "工作压得我喘不过气"],
    "mild": ["I have a sore throat", "鼻塞透不过气", "我发烧38度"],
    "older child": ["my 8 month old has a fever", "五个月的宝宝发烧了"],
    "figures": ["my oxygen is 98", "孝感2月1日确诊多少"],
    "masks": ["Is it hard to breathe in an N95 mask?", "戴口罩呼吸困难怎么办"],
    "animals": ["my dog is having a seizure"],
}
ABOUT = ["What are the signs of a heart attack?", "哪些症状说明呼吸困难", "怎么判断宝宝呼吸困难"]
HELD_OUT = Path(__file__).parents[2] / "bench/data/red_flags_heldout.csv"


@pytest.mark.parametrize(("sign", "text"), [(k, t) for k, many in NOW.items() for t in many])
def test_danger_now_is_recognised(sign, text):
    found = danger(text)
    assert found.level == "now"
    assert sign in found.signs


@pytest.mark.parametrize("text", [t for many in CALM.values() for t in many])
def test_what_is_no_danger_now_raises_no_alarm(text):
    assert danger(text).level != "now"


@pytest.mark.parametrize("text", ABOUT)
def test_questions_about_danger_are_told_apart(text):
    assert danger(text).level == "about"


def test_an_old_stroke_does_not_hide_what_happens_now():
    assert danger("My father who had a stroke two years ago can't breathe").level == "now"


def test_danger_in_the_middle_of_a_long_story_is_found():
    story = "我们一家三口上周从外地回来，" * 30 + "我妈现在喘不上气，" + "不知道去哪里看，" * 30
    assert danger(story).level == "now"


def test_zero_width_characters_hide_nothing():
    assert danger("my dad c\u200ban't bre\u200bathe").level == "now"


def test_a_very_long_text_is_read_in_no_time():
    assert danger("a" * 10_000_000 + " I can't breathe").level == "now"


def test_the_gravest_is_told_first():
    assert danger("she took all the pills, unconscious, she wanted to die").answers == (
        "emergency",
        "self-harm",
    )


def test_the_words_name_who_reviewed_them_and_until_when():
    assert red_flags().source
    assert red_flags().review_by > red_flags().reviewed_on


def test_held_out_messages_are_recognised_as_well_as_the_documents_say():
    with HELD_OUT.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))[::5]  # all of them: `make bench`
    grave = [danger(r["text"]).level == "now" for r in rows if r["danger"] == "1"]
    calm = [danger(r["text"]).level == "now" for r in rows if r["danger"] == "0"]
    assert sum(grave) / len(grave) >= LEAST_RECALL
    assert sum(calm) / len(calm) <= MOST_ALARMS


LEAST_RECALL, MOST_ALARMS = 0.97, 0.07


def test_the_weights_were_learned_from_these_phrasings_and_these_words():
    told = "phrasings or words have changed: run `tongxin assistant learn-danger`"
    assert learned_danger.learned_danger().digest == learned_danger.digest(), told
    assert learned_danger.worded_danger().digest == learned_danger.digest(), told


def test_no_message_that_is_measured_was_learned_from():
    with HELD_OUT.open(encoding="utf-8-sig", newline="") as lines:
        measured = {normal(row["text"]) for row in csv.DictReader(lines)}
    assert not measured & {normal(text) for text, _ in learned_danger.phrasings()}


def test_without_encoders_the_rules_decide(monkeypatch):
    def missing(*_):
        raise EncoderMissing("e5")

    monkeypatch.setattr("tongxin.assistant.danger.questions_read", missing)
    for text in ("my father can't breathe", "not short of breath", "奶奶叫不醒了"):
        assert danger(text) == danger_by_rules(text)


def test_danger_at_the_end_of_a_long_question_is_read():
    polite = "请问疫苗接种点周末开门吗，需要带身份证还是社保卡，可以带孩子一起去吗？" * 6
    assert danger(polite).level == "none"
    assert danger(polite + "对了，我爸现在走两步胸口就压得疼，满头冷汗。").level == "now"


def test_an_infant_with_fever_is_told_by_the_baby_s_age():
    assert "baby" in danger("my 6 week old has a fever of 38.4").answers
    assert danger("my 8 month old has a fever").level != "now"


def test_the_surest_danger_is_not_lost_to_rounding():
    sure = dict.fromkeys(learned_danger.learned_danger().kinds, 0.0)
    assert _odds(sure | {"now:breathing": 1.0000002}, 0.0) > 5


@pytest.mark.parametrize(
    "text",
    [
        "宝宝11月20日出生，今天发烧38.5度",
        "我今年30岁，刚生完孩子，小家伙身上滚烫38.7",
        "I am 28 years old and my baby, born on Tuesday, is burning up at 38.9",
    ],
)
def test_dates_and_ages_of_others_do_not_make_a_newborn_older(text):
    assert "baby" in danger(text).answers


@pytest.mark.parametrize(
    "text", ["my 8 month old has a fever of 39 and is floppy", "8个月宝宝发烧39度一直睡不肯吃奶"]
)
def test_an_older_infant_in_danger_is_in_danger(text):
    assert danger(text).level == "now"


def test_what_is_told_far_apart_is_put_together():
    chat = "我们一家住在城东，平时都是老人带，最近小区里有几家阳了，楼下超市也关了门。" * 2
    text = f"我家宝宝才出生四十天。{chat}昨晚一量体温三十八度六。{chat}"
    assert "baby" in danger(text).answers


def test_wanting_to_die_and_what_the_rules_see_is_certain():
    assert danger("I can't breathe").is_certain
    assert danger("I want to kill myself").is_certain
    assert danger("活着没什么意思了，药我都准备好了").is_certain
