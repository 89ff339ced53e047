"""The self-check inside the conversation: the same questions, the same end as the form."""

import random
import re
from html import unescape

import pytest
from django.contrib.sessions.models import Session

from tests.assistant.test_doors import lines
from tests.triage.test_doors import FEVER_AT_NIGHT, hidden
from tongxin.assistant.answering import Asked, answer
from tongxin.assistant.models import Question
from tongxin.triage import coding
from tongxin.triage.answers import said, value_name, written
from tongxin.triage.conditions import UNKNOWN
from tongxin.triage.models import Check
from tongxin.triage.packs import shipped_pack

PACK = shipped_pack("covid-19")
END = re.compile(r"tx-check-end--([a-z-]+)")
CLAUSE = re.compile(r"clause ([a-z-]+)|条款([a-z-]+)")
STATE = re.compile(r'data-ask-form>\s*<input type="hidden" name="check" value="([^"]*)"')
CODE = re.compile(r"TX1-[0-9.]+-[0-9A-F]{4}-[0-9A-Z]+")
ADVICE = re.compile(r"/guidance/block/([a-z-]+)/")


def told(page: str) -> tuple:
    """Disposition, clauses, code, and advice of an end."""
    page = page[END.search(page).start() :]  # before it a danger that was typed may stand
    return (
        END.search(page)[1],
        [a or b for a, b in CLAUSE.findall(page)],
        CODE.findall(page)[-1],
        list(dict.fromkeys(ADVICE.findall(page))),
    )


@pytest.fixture
def post(client):
    """post("en", check=…): the page of the assistant; each address may ask much."""
    number = iter(range(10_000))

    def sent(language: str, **form) -> str:
        headers = {"x-forwarded-for": f"10.1.{next(number) // 20}.1"}
        return client.post(f"/{language}/ask/", form, headers=headers).content.decode()

    return sent


def state_of(page: str) -> str:
    """What the conversation's own form carries along."""
    return unescape(
        re.search(r'data-ask-form>\s*<input type="hidden" name="check" value="([^"]*)"', page)[1]
    )


def asked_in(page: str) -> str:
    """The key of the question that a page asks."""
    asks = unescape(re.search(r"data-check-asks>([^<]+)<", page)[1])
    return next(q.key for q in PACK.question if asks in (q.asks_zh, q.asks_en))


def by_form(client, person, language):
    """The end of the form for somebody who answers so."""
    page = client.post(f"/{language}/self-check/", {"begin": "yes"}).content.decode()
    while 'name="question"' in page:
        form = hidden(page)
        question = PACK.questions[form["question"]]
        form["answer"] = written(question, person[question.key]).split("|")
        page = client.post(f"/{language}/self-check/", form).content.decode()
    return page


def by_talk(post, person, language, chance):
    """The end of the dialogue, each answer by button or typed, now and then back and again."""
    page = post(language, question="我要自查" if language != "en" else "Do a self-check")
    while "data-check-asks" in page and not END.search(page):
        question = PACK.questions[asked_in(page)]
        answer_ = person[question.key]
        values = written(question, answer_).split("|")
        if chance.random() < 0.1:
            page = post(language, check=state_of(page), question=chance.choice(["返回", "back"]))
        elif chance.random() < 0.5 and len(values) == 1 and answer_ != UNKNOWN:
            words = said(question, answer_, language)
            page = post(language, check=state_of(page), question=words)
        elif question.kind == "number" and answer_ != UNKNOWN:
            page = post(language, check=state_of(page), question=values[0], answered="yes")
        else:
            page = post(language, check=state_of(page), answer=values, answered="yes")
        assert "nhsuk-error-message" not in page, (question.key, values)
    return page


def somebody(chance):
    """A random person, mostly without danger signs, so that all ends are met."""
    person = {}
    for question in PACK.question:
        if question.kind == "several":
            most = 0 if question.dangers and chance.random() < 0.85 else 2
            answer_ = frozenset(chance.sample(question.values, chance.randint(0, most)))
        elif question.kind == "number":
            answer_ = chance.randint(question.lowest, question.highest)
            if chance.random() < 0.8:
                answer_ = question.treated_as
        else:
            answer_ = chance.choice(question.values)
        is_unknown = question.may_be_unknown and not question.dangers and chance.random() < 0.1
        person[question.key] = UNKNOWN if is_unknown else answer_
    return person


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_random_paths_end_in_the_conversation_where_they_end_in_the_form(
    client, post, words, language
):
    chance = random.Random(f"self-check {language}")
    ends = set()
    for _ in range(12):
        person = somebody(chance)
        form = by_form(client, person, language)
        talk = by_talk(post, person, language, chance)
        assert told(talk) == told(form)
        ends.add(told(form)[0])
    assert len(ends) >= 4


def test_fever_at_night_in_ones_own_words(post, words):
    page = post("zh-hans", question="自查")
    for typed in ("70岁", "都没有", "有点难受", "浑身酸痛", "发烧了", "38度9", "1天", "没有血氧仪"):
        page = post("zh-hans", check=state_of(page), question=typed)
    while not END.search(page):
        key = asked_in(page)
        value = FEVER_AT_NIGHT[key]
        page = post("zh-hans", check=state_of(page), question=value_name_or(key, value))
    assert told(page)[0] == "fever-clinic" and "版本" in page and "TX1-" in page
    assert state_of(page) == ""  # what is asked next is asked of the assistant


def value_name_or(key, value):
    return value_name(PACK.questions[key], value, "zh-hans")


def test_who_tells_of_symptoms_is_offered_the_check_and_others_are_not(post, words):
    for typed in (
        "我发烧了，嗓子疼，怎么办",
        "I have a sore throat and a cough, what should I do?",
    ):
        page = post("en", question=typed)
        assert 'name="check"' in page.split("data-ask-form")[0] and "tx-ask-check__offer" in page
    assert "tx-ask-check__offer" not in post("en", question="Do I have to wear a mask on the bus?")


def test_danger_comes_first_at_any_time(post, words):
    page = post("en", question="do a self-check")
    page = post("en", check=state_of(page), question="my father can't breathe")
    assert 0 < page.index("tel:120", page.index("tx-ask-danger")) < page.index("data-check-asks")
    assert "Call 120 now" in page and asked_in(page) == "age"


FEVERISH = {"age": "adult", "signs": frozenset(), "pregnant": "no", "ill": "yes"}


@pytest.mark.parametrize("said_", ["I want to kill myself", "cough, and I want to kill myself"])
def test_danger_beside_an_answer_is_seen_too(post, words, said_):
    page = post("en", check=f"en:{coding.code(PACK, FEVERISH)}", question=said_)
    assert "12356" in page.split("data-check-asks")[0]


@pytest.mark.parametrize("said_", ["38.9", "better", "H", "no", "stop", "back", "I do not know"])
def test_a_plain_answer_is_not_mistaken_for_danger(post, words, said_):
    for known in ({}, FEVERISH | {"symptoms": frozenset({"aches"}), "fever": "yes"}):
        page = post("en", check=f"en:{coding.code(PACK, known)}", question=said_)
        if "nhsuk-error-message" not in page:  # it was an answer to what was asked
            assert "tx-ask-danger" not in page


def test_what_is_not_understood_is_said_and_nothing_is_lost(post, words):
    page = post("en", check=state_of(post("en", question="self-check")), question="older than you")
    assert "I did not understand that" in page and asked_in(page) == "age"
    page = post("en", check=state_of(page), question="H")
    page = post("en", check=state_of(page), answered="yes")
    assert "choose an answer" in page and asked_in(page) == "signs"
    kept = state_of(page)
    page = post("en", check=kept, question="x" * 501)
    assert "too long" in page and state_of(page) == kept


@pytest.mark.parametrize("state", ["en:TX1-x", "en:", "x", "zh-hans:" + "9" * 5000, "en:\x00", ":"])
def test_a_broken_state_begins_anew(post, words, state):
    page = post("en", check=state, question="hello")
    assert asked_in(page) == "age"


def test_one_stops_and_nothing_is_stored_or_set(client, post, words):
    page = post("en", question="do a self-check")
    page = post("en", check=state_of(page), answer="adult", answered="yes")
    page = post("en", check=state_of(page), question="stop")
    assert "Nothing of it is stored" in page and state_of(page) == ""
    assert not client.cookies
    assert not (Check.objects.exists() or Session.objects.exists() or Question.objects.exists())


def test_the_language_of_who_begins_stays(post, words):
    page = post("en", question="我要自查")
    assert "病人多大？" in page
    assert "现在有下面的危险信号吗？" in post("en", check=state_of(page), question="H")


def test_the_conversation_streams_the_same_turns(client, words):
    told_ = lines(client.post("/en/ask/stream/", {"question": "do a self-check"}))
    assert [line["event"] for line in told_] == ["heard", "reply", "end"]
    assert 'data-check-state="en:TX1-' in told_[1]["html"]
    state = re.search(r'data-check-state="([^"]+)"', told_[1]["html"])[1]
    form = {"check": state, "answer": "older", "answered": "yes"}
    told_ = lines(client.post("/en/ask/stream/", form))
    assert "Age: 60 years or older" in told_[1]["html"]


def test_the_programming_interface_says_where_the_check_is(db, noon):
    reply = answer(Asked("我要自查"), at=noon).as_json()
    assert reply["kind"] == "check" and "/zh-hans/self-check/" in reply["note"]
