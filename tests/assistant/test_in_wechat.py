"""Inside WeChat: danger, a question, the editors, a receipt, the self-check; the same commits."""

from datetime import timedelta

import pytest
from django.conf import settings as real
from django.db import connection

from tests.channels.wechat.conftest import clock, county, follower, texts
from tests.channels.wechat.conftest import wechat as simulator
from tests.myths.test_queue import heard
from tests.triage.test_dialogue import FEVER_AT_NIGHT
from tongxin.assistant import actions
from tongxin.assistant import wechat as inside
from tongxin.assistant.danger import danger
from tongxin.assistant.models import Question
from tongxin.channels.models import Talk
from tongxin.channels.tasks import answer_wechat, forget_talks
from tongxin.channels.wechat.replies import MOST_TEXT
from tongxin.receipt_codes import grouped_code
from tongxin.tracing import actions as tracing
from tongxin.tracing.actions import Told
from tongxin.triage import dialogue
from tongxin.triage.packs import shipped_pack

__all__ = ["clock", "county", "follower", "simulator"]
pytestmark = pytest.mark.django_db
ANSWERS, LATER = list(real.WECHAT_ANSWERS), list(real.WECHAT_ANSWERS_LATER)


@pytest.fixture
def wechat(simulator, settings):
    """As the site is shipped: every app attached."""
    settings.WECHAT_ANSWERS, settings.WECHAT_ANSWERS_LATER = ANSWERS, LATER
    return simulator


@pytest.fixture(scope="module", autouse=True)
def warm():
    """The encoders are loaded once; that is not what is measured here."""
    danger("…")


@pytest.fixture
def phone(wechat, follower):
    return wechat.phone("rui")


def said(phone):
    return texts(phone)[-1]


def test_danger_is_answered_at_once_and_first(phone, words):
    phone.says("我爸胸口剧痛，喘不上气")
    assert said(phone).startswith("⚠ 请马上拨打 120") or "120" in said(phone).splitlines()[0]
    assert not Question.objects.exists() and not Talk.objects.exists()


def test_a_question_gets_the_quoted_answer_with_source_and_page(phone, words):
    phone.says(next(one for row in words for one in row.asks_en))
    text = said(phone)
    assert "【Advice】" in text and "—— " in text and "/en/guidance/block/" in text
    assert len(text.encode()) <= MOST_TEXT


def test_what_was_heard_by_voice_is_read_like_a_text(phone, words):
    fields = {"MsgType": "voice", "MediaId": "m", "Format": "amr"}
    phone.sends(fields | {"Recognition": "胸口剧痛，喘不上气"})
    assert "120" in said(phone)


def test_what_nobody_knows_is_handed_over_and_its_receipt_is_read_here(phone, words, qing, noon):
    phone.says("地下室返潮要不要消毒")
    assert "转交" in said(phone) and not Question.objects.exists(), "kept only when they say so"
    phone.says("转交")
    question = Question.objects.get()
    line = next(line for line in said(phone).splitlines() if line.count("-") == 3)
    code = line.removeprefix("您的回执：")
    assert question.text == "地下室返潮要不要消毒" and not Talk.objects.exists()
    for typed in (line, f"回执 {code.lower()}"):
        phone.says(typed)
        assert "地下室返潮" in said(phone) and "编辑" in said(phone)
    actions.answer_question(question, "block:know-danger-signs", by=qing, at=noon)
    phone.says(code)
    assert "/guidance/block/know-danger-signs/" in said(phone)


@pytest.mark.parametrize("order", sorted(inside.HAND_OVER))
def test_an_order_to_hand_over_is_no_danger(phone, words, follower, clock, order):
    kept = '{"question": "地下室返潮", "offers": []}'
    until = clock() + timedelta(hours=1)
    Talk.objects.create(follower=follower, about="question", kept=kept, until=until)
    phone.says(order)
    assert Question.objects.count() == 1 and "回执" in said(phone)


def test_an_offer_is_chosen_by_its_number(phone, words, follower, clock):
    Talk.objects.create(
        follower=follower,
        about="question",
        kept='{"question": "x", "offers": ["block:know-danger-signs"]}',
        until=clock() + timedelta(hours=1),
    )
    phone.says("1")
    assert "/guidance/block/know-danger-signs/" in said(phone)


def test_a_rumours_receipt_and_a_suspected_cases(phone, noon):
    rumour = heard()[1]
    phone.says(f"receipt: {grouped_code(rumour)}")
    assert "/myths/receipt/" in said(phone) or "/myths/" in said(phone)
    where = "新堤街道3号楼2单元"
    told = Told(
        about="other", place="CN-421083", where=where, since_on=noon.date(), symptoms=("fever",)
    )
    _, case = tracing.report_case(told, by="tests", at=noon)
    phone.says(f"回执{grouped_code(case)}")
    assert "已收到" in said(phone) and "120" in said(phone) and where not in said(phone)


def test_a_code_that_nobody_gave_is_said_to_be_none(phone):
    phone.says("回执 ABCD-EFGH-2345-6789")
    assert "没有" in said(phone)


def test_the_self_check_is_led_in_ones_own_words(phone, clock):
    phone.says("我要自查")
    assert "120" in said(phone) and "A. " in said(phone)
    for _, typed, _, _ in FEVER_AT_NIGHT:
        clock.passes(seconds=5)
        phone.says(typed)
    end = said(phone)
    assert "TX1-" in end and "发热门诊" in end and len(end.encode()) <= MOST_TEXT
    assert not Talk.objects.exists(), "what was answered is forgotten at the end"


def test_the_menu_begins_it_and_stop_ends_it(phone):
    phone.clicks("self-check")
    assert Talk.objects.get().about == "self-check"
    phone.says("香蕉")
    assert "A. " in said(phone), "what is not understood is asked again"
    phone.says("停止")
    assert not Talk.objects.exists() and "自查已结束" in said(phone)


def test_danger_in_a_self_check_is_told_and_the_check_goes_on(phone):
    phone.says("自查")
    phone.says("70岁")
    phone.says("胸口剧痛，喘不上气")
    assert "120" in said(phone).splitlines()[0] and "——" in said(phone)
    assert len(said(phone).encode()) <= MOST_TEXT


def test_answers_are_sealed_and_forgotten_after_an_hour(phone, clock):
    phone.says("自查")
    phone.says("70岁")
    with connection.cursor() as cursor:
        cursor.execute("SELECT kept FROM channels_talk")
        assert "TX1" not in cursor.fetchone()[0]
    clock.passes(minutes=61)
    phone.says("A")
    assert "A. " not in said(phone), "after an hour an answer is no answer any more"
    phone.says("自查")
    forget_talks(clock.passes(minutes=61))
    assert not Talk.objects.exists()


def test_a_retry_of_wechat_answers_the_same_question_once(phone, wechat):
    phone.says("自查")
    turn = phone.says("70岁")
    before = Talk.objects.get().kept
    assert phone.post(turn.body).answer == turn.answer and Talk.objects.get().kept == before


def test_where_too_many_ask_the_worker_answers_by_customer_service(
    phone, words, clock, monkeypatch
):
    class Full:
        def acquire(self, timeout):
            return False

    with monkeypatch.context() as patched:
        patched.setattr(inside, "_room", Full())
        phone.says(next(one for row in words for one in row.asks_zh))
        assert texts(phone) == []
        phone.says("胸口剧痛，喘不上气")
        assert "120" in said(phone), "danger does not wait for a place"
    answer_wechat(clock.passes(seconds=1))
    line = [one for one in phone.contact.screen if one.get("way") == "customer"][-1]
    assert "/guidance/block/" in line["text"]["content"]


def test_one_follower_cannot_fill_the_editors_queue(phone, words):
    for number in range(8):
        phone.says(f"地下室{number}号返潮要不要消毒呢")
        phone.says("转交")
    assert Question.objects.count() == 6
    assert "太频繁" in said(phone)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_question_and_every_end_fits_into_one_message(language):
    pack = shipped_pack("covid-19")
    for question in pack.question:
        now = dialogue.turn(pack, {}, language=language)
        lines = [question.asks_zh, question.asks_en, question.hint_zh or "", question.hint_en or ""]
        lines += [one.text for one in dialogue.choices(question, language)]
        assert now.question and len("\n".join(lines).encode()) < MOST_TEXT - 400
