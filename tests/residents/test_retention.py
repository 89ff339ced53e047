"""What nobody uses any more ends by itself, with a warning and a proof; staff's records never."""

import re
from datetime import date, timedelta

import pytest

from tests.residents.conftest import own
from tongxin.audit.models import Entry
from tongxin.channels.models import TextMessage
from tongxin.consent.actions import add_ward, give_consent
from tongxin.consent.models import Purpose
from tongxin.people.actions import CannotBeErased, add_person, make_code, redeem_code
from tongxin.people.models import Person, User
from tongxin.residents.actions import ending
from tongxin.residents.actions.ending import end_idle_records
from tongxin.residents.keeping import idle_persons

PHONE = "+8613800138000"
DAY = timedelta(days=1)


@pytest.fixture
def somebody(db, noon):
    """Signed in once, on 20 March 2020, and never again."""
    user = redeem_code(PHONE, make_code(PHONE, by="tests", at=noon), by="tests", at=noon)
    User.objects.filter(pk=user.pk).update(last_login=noon)
    Person.objects.filter(pk=user.person_id).update(made_at=noon)
    return user


def run(at):
    return end_idle_records(by="worker", at=at)


def test_an_unused_record_is_announced_to_end_and_ends_with_a_proof(somebody, client, noon):
    assert run(noon + 365 * DAY) == (0, 0)
    assert run(noon + 366 * DAY) == (1, 0)
    assert "30" in TextMessage.objects.get(kind="record").text
    assert run(noon + 367 * DAY) == (0, 0) and run(noon + 395 * DAY) == (0, 0)
    assert TextMessage.objects.filter(kind="record").count() == 1
    assert run(noon + 396 * DAY) == (0, 1)
    assert not Person.objects.exists() and not User.objects.exists()
    proof = re.search(r"[0-9a-f]{64}", TextMessage.objects.latest("pk").text)[0]
    said = client.post("/my/proof/", {"proof": proof}, HTTP_ACCEPT_LANGUAGE="en")
    assert "This proof is in the trail" in said.content.decode()
    assert run(noon + 397 * DAY) == (0, 0)


def test_who_comes_back_after_the_warning_stays(somebody, noon):
    run(noon + 366 * DAY)
    User.objects.filter(pk=somebody.pk).update(last_login=noon + 380 * DAY)
    assert run(noon + 400 * DAY) == (0, 0)
    assert Person.objects.get().warned_at is None
    assert run(noon + 380 * DAY + 366 * DAY) == (1, 0)  # warned anew, a year later


def test_nobody_is_written_to_at_night(somebody, noon):
    midnight = timedelta(hours=12)
    assert run(noon + 366 * DAY + midnight) == (0, 0)


def test_a_record_that_somebody_may_see_or_acts_for_is_in_use(somebody, dara, rui, noon):
    later = noon + 300 * DAY
    give_consent(
        somebody.person,
        to=dara.organisation,
        purpose=Purpose.CARE,
        until=later,
        by=somebody,
        at=noon,
    )
    assert somebody.person not in idle_persons(since=noon + 299 * DAY)
    assert somebody.person in idle_persons(since=noon + 301 * DAY)
    facts = {"name": "外婆", "born_on": date(1949, 1, 1), "relation": "grandparent"}
    ward = add_ward(**facts, basis="spoken", by=somebody, at=noon).person
    used = idle_persons(since=noon + 364 * DAY)
    assert somebody.person not in used and ward not in used
    gone = idle_persons(since=noon + 366 * DAY)
    assert somebody.person in gone and ward in gone


def test_staff_and_the_cast_are_never_idle(cast, noon):
    Person.objects.update(made_at=noon)
    assert not idle_persons(since=noon + 3650 * DAY).exists()
    assert run(noon + 3650 * DAY) == (0, 0)


def test_one_run_ends_a_batch_and_the_next_goes_on(db, noon, monkeypatch):
    monkeypatch.setattr(ending, "BATCH", 2)
    for number in range(3):
        add_person(name=str(number), by="tests")
    Person.objects.update(made_at=noon)
    assert [run(noon + 366 * DAY)[0] for _ in range(3)] == [2, 1, 0]
    assert [run(noon + 396 * DAY)[1] for _ in range(3)] == [2, 1, 0]
    assert Entry.objects.filter(deed="people.person_erased", by="worker").count() == 3


def test_what_must_be_kept_for_now_is_looked_at_again(somebody, noon, monkeypatch):
    run(noon + 366 * DAY)

    def kept(*_, **__):
        raise CannotBeErased

    monkeypatch.setattr(ending, "erase_person", kept)
    assert run(noon + 396 * DAY) == (0, 0)
    assert Entry.objects.filter(deed="people.end_postponed").count() == 1
    assert run(noon + 397 * DAY) == (0, 0) and Person.objects.exists()
    monkeypatch.undo()
    assert run(noon + 426 * DAY) == (0, 1)


def test_the_record_says_until_when_each_kind_is_kept(sign_in):
    client = sign_in()
    page = client.get(f"/my/{own(client)}/record/").content.decode()
    assert "nobody may see it for 365 days" in page and "As long as the record itself" in page
