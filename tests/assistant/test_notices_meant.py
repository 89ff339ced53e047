"""Notices found by what is meant, with the real encoder beside some of the shipped advice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.assistant.conftest import row
from tongxin.assistant.answering import Asked, answer
from tongxin.assistant.knowledge import knowledge, read_ahead
from tongxin.guidance import packs
from tongxin.guidance.models import AdviceBlock

ADVICE = {
    "mask-in-crowded-places",
    "fit-your-mask",
    "positive-no-public-transport",
    "travel-mask-on-board",
    "go-to-school-when-well",
    "mind-help-line",
    "no-gathering-when-high",
    "symptoms-fever-medicine",
}


@pytest.fixture(scope="session")
def vectors_kept(tmp_path_factory):
    return tmp_path_factory.mktemp("vectors")


@pytest.fixture
def read(db, settings, vectors_kept, noon):
    """Some advice is public; call it to have the worker read what stands."""
    settings.VECTORS = vectors_kept
    shipped = packs.shipped_blocks("covid-19")
    rows = [row(where, one, timezone.now()) for where, one in shipped if one.slug in ADVICE]
    AdviceBlock.objects.bulk_create(rows)
    assert len(rows) == len(ADVICE)

    def reading(at=noon):
        while not read_ahead(at=at):
            pass

    return reading


def given(question, at, **known):
    return [quote.id for quote in answer(Asked(question, **known), at=at).quotes]


def offered(question, at, **known):
    return [quote.id for quote in answer(Asked(question, **known), at=at).offers]


@pytest.mark.parametrize(
    "question", ["Is the railway station closed?", "火车站关了吗", "洪湖火车站还能坐车吗"]
)
def test_an_alert_is_found_by_what_is_meant(read, alert, noon, question):
    row = alert()
    read()
    assert given(question, noon) == [f"notice:{row.code}"]


def test_a_closed_city_is_found_by_its_name(read, alert, noon):
    words = {"title_zh": "{}实行全域封闭管理", "title_en": "{} is closed off"}
    there = alert(**{k: v.format("监利") for k, v in words.items()}, places=["CN-421023"])
    here = alert(**{k: v.format("洪湖") for k, v in words.items()})
    read()
    assert given("洪湖封城了吗", noon) == [f"notice:{here.code}"]
    assert given("监利封城了吗", noon) == [f"notice:{there.code}"]
    assert given("武汉封城了吗", noon) == []


def test_what_is_only_near_is_offered_and_not_given(read, alert, noon):
    row = alert()
    read()
    for question in ("Is the airport closed?", "Is the Honghu museum open?"):
        assert given(question, noon) == []
        assert offered(question, noon)[0] == f"notice:{row.code}"


@pytest.mark.parametrize(
    ("title_zh", "title_en"),
    [("口罩", "Masks"), ("关于口罩的通知", "Notice about masks"), ("发热", "Fever")],
)
def test_a_vague_headline_changes_no_answer(read, alert, noon, title_zh, title_en):
    asked = ["口罩", "口罩怎么戴", "masks", "发烧", "坐地铁要不要戴口罩？", "Do I need a mask?"]
    read()
    before = [answer(Asked(text), at=noon) for text in asked]
    alert(title_zh=title_zh, title_en=title_en, text_zh="请大家注意。", text_en="Please note.")
    read()
    assert [answer(Asked(text), at=noon) for text in asked] == before


def test_a_headline_that_is_the_question_leaves_the_advice_beside_it(read, passed_on, noon):
    row = passed_on("出门戴口罩")
    read()
    assert given("出门戴口罩", noon) == [f"notice:{row.code}", "block:mask-in-crowded-places"]
    assert given("出门要戴口罩吗？", noon) == ["block:mask-in-crowded-places"]
    assert offered("口罩", noon)[0].startswith("block:")


def test_an_alert_that_nobody_has_read_yet_is_found_by_its_words(read, alert, noon):
    read()
    assert given("出门要戴口罩吗？", noon) == ["block:mask-in-crowded-places"]
    row = alert()
    assert given("Is the railway station closed?", noon) == [f"notice:{row.code}"]
    assert given("出门要戴口罩吗？", noon) == ["block:mask-in-crowded-places"]


def test_an_alert_leaves_the_index_in_its_last_hour(read, alert, noon):
    row = alert(expires_at=noon + timedelta(hours=1))
    read()
    assert given("火车站关了吗", noon) == [f"notice:{row.code}"]
    assert f"notice:{row.code}" in knowledge().notices
    later = noon + timedelta(hours=1)
    assert given("火车站关了吗", later) == []
    read(later)
    answer(Asked("火车站关了吗"), at=later)
    assert f"notice:{row.code}" not in knowledge().notices
