"""One person is told something: by their ways, in their order, until one gives a receipt."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from tests.channels.push_service import Browser
from tests.channels.wechat.conftest import told_back
from tongxin.audit.models import Entry
from tongxin.channels.models import Attempt, Follower, Letter, Message, Spending, TextMessage
from tongxin.channels.reaching import actions, carrying
from tongxin.channels.reaching.actions import tell_person
from tongxin.channels.reaching.queries import undelivered
from tongxin.channels.refusals import NotAKey
from tongxin.channels.sms import tasks as texts
from tongxin.channels.tasks import carry_letters, deliver, forget_letters
from tongxin.channels.wechat import accounts
from tongxin.channels.words import Words
from tongxin.people.actions import erase_person
from tongxin.people.models import Person, User

pytestmark = pytest.mark.django_db
PHONE = "+8613800138000"
WORDS = {
    "zh-hans": Words("奶奶发烧了", "体温 39.4，请马上联系她。", "/my/"),
    "en": Words("Grandmother has a fever", "39.4 °C. Please call her now.", "/my/"),
}


@pytest.fixture
def rui(db, noon):
    person = Person.objects.create(phone=PHONE, made_at=noon)
    User.objects.create(username="rui-at-home", person=person, email="rui@example.org")
    return person


@pytest.fixture
def linked(follower, rui, noon):
    """Rui follows the county in WeChat and has said that it may know who she is."""
    Follower.objects.filter(pk=follower.pk).update(person=rui, linked_at=noon)
    return follower


def tell(person, at, **more):
    given = {"kind": "flag", "key": "flag:1", "holds_for": timedelta(hours=20), "by": "tests"}
    return tell_person(person, WORDS, **(given | more), at=at)


def browser_of(person, service, at, name="rui"):
    browser = Browser()
    given = actions.Browser(f"{service.url}/{name}", language="en", **browser.keys)
    actions.tell_on_this_browser(person, given, by="tests", at=at)
    return browser


def taken(letter):
    return list(letter.attempts.order_by("pk").values_list("way", "state"))


def state(letter):
    letter.refresh_from_db()
    return letter.state, letter.delivered_by


def run(at):
    """One turn of the worker: the letters, then the outboxes, then the letters again."""
    carry_letters(at)
    deliver(at)
    texts.send_texts(at)
    carry_letters(at + timedelta(seconds=3))


def test_who_has_a_telephone_only_gets_a_text_and_its_receipt_delivers(rui, noon):
    letter = tell(rui, noon)
    run(noon)
    text = TextMessage.objects.get()
    assert text.to == PHONE and text.text.startswith("奶奶发烧了") and text.text.endswith("/my/")
    assert state(letter) == ("delivered", "sms")


def test_wechat_comes_first_and_its_arrival_delivers(linked, rui, wechat, clock):
    letter = tell(rui, clock())
    carry_letters(clock())
    assert taken(letter) == [("wechat", "open")], "a template was sent; nobody knows if it arrived"
    told_back(wechat)
    carry_letters(clock.passes(seconds=5))
    assert state(letter) == ("delivered", "wechat") and not TextMessage.objects.exists()
    (shown,) = wechat.phone("rui").contact.screen
    assert shown["data"]["thing1"]["value"] == "奶奶发烧了"


def test_without_a_receipt_in_time_the_next_way_is_taken(linked, rui, wechat, clock, service):
    browser = browser_of(rui, service, clock())
    letter = tell(rui, clock())
    carry_letters(clock())
    carry_letters(clock.passes(minutes=9))
    assert taken(letter) == [("wechat", "open")]
    run(clock.passes(minutes=2))
    assert taken(letter) == [("wechat", "silent"), ("push", "delivered")]
    assert state(letter) == ("delivered", "push")
    assert browser.read(service.requests[0][2])["title"] == "Grandmother has a fever"
    assert Message.objects.get().payload == {}, "the words stand in the letter only, encrypted"


def test_a_receipt_that_comes_late_still_counts(linked, rui, wechat, clock):
    letter = tell(rui, clock())
    carry_letters(clock())
    carry_letters(clock.passes(minutes=11))
    assert taken(letter) == [("wechat", "silent"), ("sms", "open")]
    told_back(wechat)
    carry_letters(clock.passes(seconds=5))
    assert state(letter) == ("delivered", "wechat")
    texts.send_texts(clock())
    assert TextMessage.objects.get().sent_at is None, "what was not sent yet stays unsaid"


def test_a_wechat_that_cannot_pay_is_passed_over_at_once(linked, rui, wechat, clock):
    Follower.objects.update(is_subscribed=False)
    letter = tell(rui, clock())
    run(clock())
    assert list(letter.attempts.order_by("pk").values_list("way", "reason"))[0] == (
        "wechat",
        "unsubscribed",
    )
    assert state(letter) == ("delivered", "sms")


def test_who_just_wrote_is_answered_there_and_an_urgent_letter_wants_a_sign(
    linked, rui, wechat, clock, county, monkeypatch
):
    plain = replace(county, letter_template="")
    monkeypatch.setattr(accounts, "simulated", lambda: plain)
    wechat.phone("rui").says("你好")
    calm, urgent = tell(rui, clock()), tell(rui, clock(), key="flag:2", is_urgent=True)
    clock.passes(seconds=1)
    carry_letters(clock())
    assert state(calm) == ("delivered", "wechat"), "that WeChat took it is all there will be"
    assert taken(urgent) == [("wechat", "open")]
    clock.passes(seconds=2)
    wechat.phone("rui").says("好的")
    carry_letters(clock.passes(seconds=2))
    assert state(urgent) == ("delivered", "wechat"), "she wrote after it: she has seen it"


def test_a_red_flag_waits_seconds_and_takes_what_was_switched_off(linked, rui, wechat, clock):
    said = {"language": "en", "is_one_conversation": False, "by": "tests", "at": clock()}
    actions.choose_ways(rui, order=["wechat", "sms"], off=["sms"], **said)
    calm = tell(rui, clock())
    flag = tell(rui, clock(), key="flag:2", is_urgent=True)
    carry_letters(clock())
    carry_letters(clock.passes(seconds=31))
    assert taken(calm) == [("wechat", "open")]
    assert [way for way, _ in taken(flag)] == ["wechat", "sms"]
    assert TextMessage.objects.get().text.startswith("Grandmother has a fever")


def test_the_order_is_the_persons_own(linked, rui, wechat, clock):
    said = {"language": "en", "is_one_conversation": False, "by": "tests", "at": clock()}
    actions.choose_ways(rui, order=["sms", "wechat"], off=[], **said)
    letter = tell(rui, clock())
    run(clock())
    assert state(letter) == ("delivered", "sms") and not Spending.objects.exists()


def test_when_every_way_fails_whoever_wrote_it_sees_it(rui, noon, settings):
    settings.SMS_URL = "http://127.0.0.1:9/"  # nobody listens there
    letter, other = tell(rui, noon), tell(rui, noon, key="x", kind="reminder")
    run(noon)
    run(noon + timedelta(minutes=11))
    assert taken(letter) == [("sms", "silent")] and list(undelivered(kind="flag")) == [letter]
    assert list(undelivered(kind="reminder")) == [other]
    line = Entry.objects.filter(deed="channels.letter_undelivered").first()
    assert line.target == f"channels.Letter:{letter.pk}" and PHONE not in str(line.facts)


def test_who_cannot_be_found_at_all_is_undelivered_at_once(noon):
    letter = tell(Person.objects.create(made_at=noon), noon)
    carry_letters(noon)
    assert state(letter) == ("undelivered", "") and taken(letter) == []


def test_an_e_mail_goes_last_and_once(rui, noon, settings):
    settings.EMAIL_HOST = "mail.example"
    said = {"language": "en", "is_one_conversation": False, "by": "tests", "at": noon}
    actions.choose_ways(rui, order=[], off=["sms"], **said)
    letter = tell(rui, noon)
    carry_letters(noon)
    (sent,) = mail.outbox
    assert sent.to == ["rui@example.org"] and sent.subject == "Grandmother has a fever"
    assert "/my/" in sent.body and state(letter) == ("delivered", "email")


def test_nobody_is_woken_by_what_can_wait(rui, noon):
    night = noon + timedelta(hours=11)  # 23:00 in Honghu
    calm = tell(rui, night, key="calm")
    flag = tell(rui, night, key="flag", is_urgent=True)
    run(night)
    assert taken(calm) == [] and state(flag) == ("delivered", "sms")
    run(night + timedelta(hours=8, seconds=1))
    assert state(calm) == ("delivered", "sms")


def test_what_no_longer_matters_takes_no_further_way(rui, noon):
    night = noon + timedelta(hours=11)
    letter = tell(rui, night, holds_for=timedelta(hours=1))
    for hours in (0, 1, 8):
        run(night + timedelta(hours=hours))
    assert state(letter) == ("undelivered", "") and not TextMessage.objects.exists()


def test_a_worker_that_dies_says_nothing_twice(linked, rui, wechat, clock, monkeypatch):
    """After the message has left and before anything of it is written in the letter."""
    letter = tell(rui, clock())
    with monkeypatch.context() as patched:
        patched.setattr(actions, "look_again", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            carry_letters(clock())
    assert len(wechat.phone("rui").contact.screen) == 1
    carry_letters(clock.passes(seconds=30))
    assert taken(letter) == [("wechat", "open")], "still the dead worker's for two minutes"
    carry_letters(clock.passes(minutes=2))
    assert len(wechat.phone("rui").contact.screen) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(letter=letter, way="wechat", began_at=clock(), waits_until=clock())


def test_an_e_mail_that_nobody_knows_of_is_not_sent_again(rui, noon, settings, monkeypatch):
    settings.EMAIL_HOST = "mail.example"
    said = {"language": "en", "is_one_conversation": False, "by": "tests", "at": noon}
    actions.choose_ways(rui, order=["email"], off=["sms"], **said)
    letter = tell(rui, noon)
    with monkeypatch.context() as patched:
        patched.setattr(actions, "settle_delivered", lambda *a, **k: 1 / 0)
        carry_letters(noon)
    assert len(mail.outbox) == 1
    carry_letters(noon + timedelta(minutes=3))
    carry_letters(noon + timedelta(minutes=12))
    assert len(mail.outbox) == 1 and state(letter) == ("undelivered", "")


def test_wechat_out_of_reach_is_asked_again_until_the_receipt_is_due(linked, rui, wechat, clock):
    letter = tell(rui, clock())
    wechat.world.faults["/cgi-bin/message/template/send"] = [-1]
    carry_letters(clock())
    assert taken(letter) == [("wechat", "open")] and not wechat.phone("rui").contact.screen
    carry_letters(clock.passes(seconds=3))
    told_back(wechat)
    carry_letters(clock.passes(seconds=3))
    assert state(letter) == ("delivered", "wechat")
    assert len(wechat.phone("rui").contact.screen) == 1


def test_the_same_key_is_one_letter(rui, noon):
    assert tell(rui, noon).pk == tell(rui, noon).pk
    assert Entry.objects.filter(deed="channels.letter_queued").count() == 1


def test_one_broken_letter_stops_no_other(rui, noon):
    broken, whole = tell(rui, noon), tell(rui, noon, key="flag:2")
    Letter.objects.filter(pk=broken.pk).update(words="")
    run(noon)
    assert state(whole) == ("delivered", "sms") and state(broken)[0] == "waiting"


def test_words_are_encrypted_and_forgotten(rui, noon):
    letter = tell(rui, noon)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM channels_letter")
        (stored,) = cursor.fetchone()
    assert "39.4" not in stored and "奶奶" not in stored
    forget_letters(noon + timedelta(days=29))
    letter.refresh_from_db()
    assert letter.words_in("en").title == "Grandmother has a fever"
    forget_letters(noon + timedelta(days=31))
    letter.refresh_from_db()
    assert letter.words == ""
    forget_letters(noon + timedelta(days=400))
    assert not Letter.objects.exists()


def test_an_erased_person_leaves_no_letter_and_no_browser(rui, noon, service):
    browser_of(rui, service, noon)
    tell(rui, noon)
    run(noon)
    erase_person(rui, by="tests")
    forget_letters(noon)
    deliver(noon)
    assert not Letter.objects.exists() and not Message.objects.exists()
    assert not actions.Subscription.objects.exists()


def test_keys_that_no_browser_made_are_refused(rui, noon):
    made_up = actions.Browser("https://push.example/1", "AAAA", "AAAA", "en")
    with pytest.raises(NotAKey):
        actions.tell_on_this_browser(rui, made_up, by="tests", at=noon)
    assert not actions.Subscription.objects.exists()


def test_the_letters_step_is_given_to_the_worker(settings):
    assert settings.SCHEDULE["tongxin.channels.tasks.carry_letters"] <= 2
    assert carrying.STARTS
