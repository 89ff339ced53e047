"""Alerts and notices as answers: what stands before the public now, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.assistant.conftest import row as row_of
from tests.notices.conftest import SAID
from tongxin.assistant import actions
from tongxin.assistant.answering import Asked, answer
from tongxin.assistant.knowledge import state_of_words
from tongxin.assistant.models import Opinion
from tongxin.guidance import packs
from tongxin.guidance.models import AdviceBlock
from tongxin.notices.actions import alerts
from tongxin.notices.models import Agency, Notice, Step
from tongxin.notices.queries import SHOWN, standing

CLOSED = "Is the railway station closed?"
MASKS = "mask-in-crowded-places"


@pytest.fixture
def one_block(db):
    """One published piece of advice, on masks in crowded places."""
    shipped = packs.shipped_blocks("covid-19")
    [found] = [row_of(w, b, timezone.now()) for w, b in shipped if b.slug == MASKS]
    AdviceBlock.objects.bulk_create([found])
    return found


def ids(reply, part="quotes"):
    return [quote["id"] for quote in reply[part]]


def test_an_alert_is_quoted_with_source_date_and_link(alert, ask, settings):
    settings.AUTHORITY = "Honghu CDC"
    row = alert()
    reply = ask(CLOSED)
    assert (reply["kind"], reply["language"]) == ("answer", "en")
    [quote] = reply["quotes"]
    assert (quote["kind"], quote["id"]) == ("notice", f"notice:{row.code}")
    assert (quote["label"], quote["title"], quote["text"]) == ("Alert", row.title_en, row.text_en)
    assert (quote["source"], quote["on"]) == ("Honghu CDC", "2020-03-20")
    assert quote["url"] == f"/en/notices/{row.code}/"
    assert quote["holds"] == "Honghu · until 21 March 2020, 12:00"


def test_a_chinese_question_is_answered_with_the_chinese_alert(alert, ask):
    row = alert()
    reply = ask("洪湖火车站停止服务了吗")
    [quote] = reply["quotes"]
    assert (quote["label"], quote["title"], quote["text"]) == ("警报", row.title_zh, row.text_zh)
    assert quote["url"] == f"/zh-hans/notices/{row.code}/"
    assert quote["holds"] == "洪湖市 · 有效至2020年3月21日 12:00"


def test_an_alert_looks_like_one_on_the_page(alert, client):
    alert(severity="Severe")
    page = client.post("/en/ask/", {"question": CLOSED}).content.decode()
    assert "tx-ask-quote--notice tx-ask-quote--severe" in page
    assert "<strong>Alert</strong>" in page and "until 21 March 2020, 12:00" in page


@pytest.mark.parametrize("step", [Step.CANCEL, Step.ALL_CLEAR])
def test_what_was_taken_back_is_not_given(alert, ask, chen, noon, step):
    row = alert()
    assert ids(ask(CLOSED)) == [f"notice:{row.code}"]
    end = alerts.end_alert(row.code, step=step, text_zh="误报", text_en="Wrong", by=chen, at=noon)
    reply = ask(CLOSED)
    assert not {f"notice:{one.code}" for one in (row, end)} & {*ids(reply), *ids(reply, "offers")}


def test_an_alert_is_given_until_its_hour_and_not_after(alert, noon):
    row = alert(expires_at=noon + timedelta(hours=2))
    for minutes, expected in ((119, [f"notice:{row.code}"]), (120, [])):
        reply = answer(Asked(CLOSED, page="en"), at=noon + timedelta(minutes=minutes))
        assert [quote.id for quote in reply.quotes + reply.offers] == expected


def test_an_update_is_given_in_the_place_of_what_it_follows(alert, ask, chen, noon):
    row = alert()
    said = replace(
        SAID,
        title_zh="洪湖火车站部分恢复",
        title_en="Honghu railway station is closed at night only",
        effective_at=noon,
        expires_at=noon + timedelta(days=1),
    )
    newer = alerts.update_alert(row.code, said, by=chen, at=noon)
    assert ids(ask("Is the railway station closed at night?")) == [f"notice:{newer.code}"]


def test_the_gravest_is_not_given_before_a_second_person_let_it_out(alert, ask, lin, noon):
    row = alert(severity="Extreme")
    assert ids(ask(CLOSED)) == []
    alerts.let_out(row.code, by=lin, at=noon)
    assert ids(ask(CLOSED)) == [f"notice:{row.code}"]


def test_an_alert_that_begins_later_says_from_when(alert, ask, noon):
    alert(effective_at=noon + timedelta(hours=3))
    [quote] = ask(CLOSED)["quotes"]
    assert "from 20 March 2020, 15:00 until 21 March 2020, 12:00" in quote["holds"]


def test_an_alert_is_told_with_the_advice_it_changes(one_block, alert, ask):
    row = alert(
        title_zh="公共场所一律佩戴口罩",
        title_en="Masks are required in all public places",
        blocks=[MASKS],
    )
    reply = ask(one_block.asks_en[0])
    assert ids(reply) == [f"block:{MASKS}", f"notice:{row.code}"]


def test_an_alert_is_told_with_the_verdict_it_speaks_to(claims, alert, ask):
    [quote] = ask("喝白酒能杀死新冠病毒")["quotes"]
    row = alert(claims=[quote["id"].partition(":")[2]])
    assert ids(ask("喝白酒能杀死新冠病毒")) == [quote["id"], f"notice:{row.code}"]


def test_a_receipt_answered_with_advice_shows_the_alert_that_changes_it(
    one_block, alert, client, yan, noon
):
    question, code = actions.hand_over("坐车戴口罩吗", language="en", by="tests", at=noon)
    actions.answer_question(question, f"block:{MASKS}", by=yan, at=noon)
    row = alert(blocks=[MASKS])
    assert f"/en/notices/{row.code}/" in client.get(f"/en/ask/receipt/{code}/").content.decode()


def test_a_tie_is_told_no_longer_than_the_alert_holds(one_block, alert, noon):
    alert(blocks=[MASKS], expires_at=noon + timedelta(hours=2))
    later = answer(Asked(one_block.asks_en[0]), at=noon + timedelta(hours=3))
    assert [quote.id for quote in later.quotes] == [f"block:{MASKS}"]


def test_of_two_ties_the_one_for_the_place_that_is_named_comes_first(one_block, alert, ask):
    elsewhere = alert(blocks=[MASKS], places=["CN-110000"], severity="Severe")
    here = alert(blocks=[MASKS])
    question = one_block.asks_en[0]
    assert ids(ask(question))[1:] == [f"notice:{here.code}", f"notice:{elsewhere.code}"]
    assert ids(ask(question, place="北京"))[1:] == [f"notice:{elsewhere.code}"]


def test_an_alert_for_another_place_is_not_preferred(alert, ask):
    words = {"title_zh": "火车站停止客运服务", "title_en": "The railway station is closed"}
    there = alert(**words, places=["CN-110000"], severity="Severe")
    here = alert(**words, places=["CN-421083"])
    assert ids(ask(CLOSED)) == [f"notice:{here.code}"]
    assert ids(ask(CLOSED, place="CN-110000")) == [f"notice:{there.code}"]
    assert ids(ask("Is the railway station in Beijing closed?", place="洪湖"))[:1] == [
        f"notice:{there.code}"
    ]


def test_an_alert_for_elsewhere_alone_is_offered_with_its_place_and_not_given(alert, ask):
    row = alert(
        title_zh="火车站停止客运服务",
        title_en="The railway station is closed",
        places=["CN-110000"],
    )
    reply = ask(CLOSED)
    assert (reply["kind"], ids(reply), ids(reply, "offers")) == (
        "offer",
        [],
        [f"notice:{row.code}"],
    )
    assert reply["offers"][0]["holds"].startswith("Beijing")


def test_a_notice_of_an_agency_is_quoted_as_it_came(passed_on, ask):
    row = passed_on("全省中小学推迟开学", "全省各级各类学校延期开学，时间另行通知。", days=2)
    [quote] = ask("中小学推迟开学了吗")["quotes"]
    assert (quote["label"], quote["source"], quote["severity"]) == ("通知", "湖北省教育厅", "")
    assert (quote["source_url"], quote["on"]) == ("https://jyt.example.cn/1", "2020-03-18")
    assert (quote["text"], quote["holds"]) == (row.text_zh, "湖北")


def test_a_notice_in_one_language_says_which(passed_on, client, ask):
    passed_on("全省中小学推迟开学", "全省各级各类学校延期开学。")
    quote = ask("latest notice about schools")["quotes"][0]
    assert (quote["written_in"], quote["label"]) == ("zh-Hans", "Notice")
    page = client.post("/en/ask/", {"question": "latest notice about schools"}).content.decode()
    assert '<h3 class="tx-ask-quote__title" lang="zh-Hans">' in page


def test_who_asks_for_alerts_is_told_those_in_force_here(alert, ask):
    grave = alert(severity="Severe")
    minor = alert(severity="Minor", title_zh="请节约用水", title_en="Save water, please")
    alert(places=["CN-110000"])
    assert ids(ask("有什么警报？")) == [f"notice:{grave.code}", f"notice:{minor.code}"]
    assert ids(ask("Any alerts?"))[0] == f"notice:{grave.code}"


@pytest.mark.parametrize(
    "facts", [{"days": 15}, {"tier": 4}], ids=["older than two weeks", "of the press"]
)
def test_not_every_notice_that_has_a_page_is_quoted(passed_on, ask, facts):
    passed_on("全省中小学推迟开学", **facts)
    reply = ask("中小学推迟开学了吗")
    assert (ids(reply), ids(reply, "offers")) == ([], [])


def test_a_long_text_ends_with_a_sentence(alert, ask):
    alert(text_en="Tickets are refunded at the counter. " * 20)
    [quote] = ask(CLOSED)["quotes"]
    assert 150 < len(quote["text"]) <= 300 and quote["text"].endswith("counter.")


def test_a_hostile_headline_is_harmless(alert, client, ask):
    alert(
        title_en="Honghu railway station is closed <script>alert(1)</script>\u202egnp.exe",
        text_en="</p><img src=x onerror=alert(1)>\u2066",
        link="javascript:alert(1)",
    )
    [quote] = ask(CLOSED)["quotes"]
    assert not {"\u202e", "\u2066"} & set(quote["title"] + quote["text"])
    assert quote["source_url"] == ""
    page = client.post("/en/ask/", {"question": CLOSED}).content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page and "javascript:" not in page


@pytest.mark.parametrize(
    ("title_zh", "title_en"),
    [
        ("口罩", "Masks"),
        ("关于口罩的通知", "Notice about masks"),
        ("出门戴口罩", "Wear a mask"),
        ("口罩 发烧 隔离 学校 疫苗 检测 孕妇 老人", "mask fever isolation school vaccine test"),
    ],
)
def test_a_short_or_stuffed_headline_does_not_take_the_place_of_advice(
    words, alert, ask, title_zh, title_en
):
    asked = ["口罩", "mask", "戴什么口罩", "出门要戴口罩吗？", "Do I need a mask outdoors?", "发烧"]
    before = {text: ask(text) for text in asked}
    alert(title_zh=title_zh, title_en=title_en)
    for text in asked:
        reply = ask(text)
        assert (reply["kind"], ids(reply)) == (before[text]["kind"], ids(before[text]))
        assert ids(reply, "offers")[:3] == ids(before[text], "offers")


def test_questions_that_no_notice_concerns_are_answered_as_before(words, alert, passed_on, noon):
    rows = AdviceBlock.objects.order_by("?")[:12]
    asked = [text for row in rows for text in (row.asks_zh[0], row.asks_en[0][:-4])]
    before = [answer(Asked(text), at=noon) for text in asked]
    alert()
    alert(title_zh="自来水请煮沸后饮用", title_en="Boil tap water before drinking")
    passed_on("全省中小学推迟开学")
    assert [answer(Asked(text), at=noon) for text in asked] == before


def test_danger_is_told_without_asking_any_notice(words, alert, ask, django_assert_max_num_queries):
    alert(blocks=["danger-call-emergency"])
    with django_assert_max_num_queries(6):
        reply = ask("my father can't breathe")
    assert (reply["kind"], ids(reply)[0]) == ("danger", "block:danger-call-emergency")
    assert not any(name.startswith("notice:") for name in ids(reply))


def test_the_state_of_words_follows_every_notice_to_the_minute(alert, chen, passed_on, noon):
    states = [state_of_words(noon)]
    row = alert(expires_at=noon + timedelta(minutes=30))
    states.append(state_of_words(noon))
    assert state_of_words(noon + timedelta(minutes=29)) == states[-1]
    assert state_of_words(noon + timedelta(minutes=31)) == states[0]
    alerts.end_alert(row.code, step=Step.CANCEL, text_zh="误", text_en="No", by=chen, at=noon)
    assert state_of_words(noon) == states[0]
    passed_on("全省中小学推迟开学")
    assert state_of_words(noon) not in states


def test_years_of_notices_are_not_read(passed_on, noon, django_assert_num_queries):
    one = passed_on("全省中小学推迟开学")
    agency = Agency.objects.get()
    Notice.objects.bulk_create(
        Notice(
            code=f"{number:012d}",
            agency=agency,
            guid=f"old{number}",
            kind="notice",
            title_zh=f"第{number}号通告：学校推迟开学",
            places=["CN-420000"],
            issued_at=noon - timedelta(hours=number),
            known_at=noon,
            published_at=noon - timedelta(hours=number),
        )
        for number in range(1, 3000)
    )
    found = list(standing(at=noon))
    assert len(found) == SHOWN and found[0] == one
    with django_assert_num_queries(4):
        state_of_words(noon)


def test_an_opinion_on_an_alert_reaches_the_editors_also_when_it_is_over(
    alert, client, yan, noon, monkeypatch
):
    row = alert()
    about = {"about": f"notice:{row.code}", "kind": "wrong", "note": "It is open"}
    assert client.post("/en/ask/opinion/", about).status_code == 200
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(days=2))
    assert client.post("/en/ask/opinion/", about).status_code == 422
    client.force_login(yan)
    page = client.get("/desk/questions/opinions/", headers={"accept-language": "en"})
    assert Opinion.objects.count() == 1
    assert f'href="/en/notices/{row.code}/">{row.title_en}</a>' in page.content.decode()


def test_an_editor_answers_with_a_notice(alert, client, yan, noon):
    row = alert()
    question, code = actions.hand_over("火车停运了?", language="zh-hans", by="tests", at=noon)
    client.force_login(yan)
    chosen = {"answer": f"notice:{row.code}"}
    assert client.post(f"/desk/questions/{question.pk}/", chosen).status_code == 302
    page = client.get(f"/zh-hans/ask/receipt/{code}/").content.decode()
    assert row.title_zh in page
