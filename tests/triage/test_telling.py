"""A change of the rules: who it would concern, and telling them once."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from tests.triage.conftest import named, pack_of
from tests.triage.test_keeping import DANGER, WELL, kept
from tongxin.audit.models import Entry
from tongxin.channels.models import TextMessage
from tongxin.consent.actions import add_ward
from tongxin.triage import queries
from tongxin.triage.actions import tell_of_change
from tongxin.triage.models import Check, PackVersion, Reassessment
from tongxin.triage.past import is_more_urgent

__all__ = ["kept"]
PHONE = "+8613800138000"
FORTNIGHT = timedelta(days=14)
CHANGES = "/desk/self-check/changes/"


@pytest.fixture
def stricter(covid):
    """The same rules, but who is well with a negative test asks a doctor by video."""
    well = named(covid["clause"], "well") | {"id": "well-video", "disposition": "video"}
    covid["clause"].insert(-1, well | {"when": [{"ill": ["no"], "test": ["negative"]}]})
    return pack_of(covid | {"version": "2026.12.1"})


@pytest.fixture
def milder(covid):
    """The same rules, but chest pain is for the fever clinic."""
    named(covid["clause"], "chest-pain")["disposition"] = "fever-clinic"
    return pack_of(covid | {"version": "2026.12.1"})


@pytest.fixture
def in_force(monkeypatch):
    """in_force(pack): from now on these are the rules."""

    def one(pack):
        for module in ("triage.views_desk", "triage.views_keeping", "residents.views"):
            monkeypatch.setattr(f"tongxin.{module}.shipped_pack", lambda disease: pack)
        name = "tongxin.triage.management.commands.triage.shipped_pack"
        monkeypatch.setattr(name, lambda disease: pack)

    return one


@pytest.fixture
def phone(rui):
    rui.person.phone = PHONE
    rui.person.save()
    return PHONE


def test_a_past_version_is_read_as_it_was_when_somebody_kept_a_check(rui, kept, pack):
    row = kept(rui, DANGER)
    assert PackVersion.objects.get().pack == pack
    assert PackVersion.objects.get().pack.digest == row.rules.digest == pack.digest


def test_who_would_get_more_urgent_advice_is_told_once_and_by_text(
    rui, kept, stricter, noon, phone
):
    kept(rui, WELL, days=2)
    kept(rui, DANGER, days=1)
    since = noon - FORTNIGHT
    told = tell_of_change(stricter, since=since, by="tests", at=noon)
    assert (told.checks, told.more_urgent, told.texts) == (1, 1, 1)
    text = TextMessage.objects.get()
    assert text.to == PHONE and "120" in text.text and "/my/" in text.text
    assert "video" not in text.text and "well" not in text.text  # whoever picks it up reads it
    again = tell_of_change(stricter, since=since, by="tests", at=noon)
    assert (again.checks, again.texts) == (0, 0)
    assert TextMessage.objects.count() == Reassessment.objects.count() == 1
    assert Entry.objects.filter(deed="triage.change_told").count() == 1
    line = Entry.objects.get(deed="triage.check_reassessed")
    assert line.target == f"people.Person:{rui.person_id}"


def test_who_would_get_less_urgent_advice_is_told_on_their_page_only(
    rui, kept, milder, noon, phone
):
    kept(rui, DANGER)
    told = tell_of_change(milder, since=noon - FORTNIGHT, by="tests", at=noon)
    assert (told.checks, told.more_urgent, told.texts) == (1, 0, 0)
    assert not TextMessage.objects.exists()


def test_one_text_a_person_however_many_checks(rui, kept, stricter, noon, phone):
    for days in (1, 2, 3, 20):
        kept(rui, WELL, days=days)
    told = tell_of_change(stricter, since=noon - FORTNIGHT, by="tests", at=noon)
    assert (told.checks, told.texts) == (3, 1)
    assert Reassessment.objects.filter(check_kept__at__lt=noon - FORTNIGHT).count() == 0


def test_a_ward_without_a_telephone_is_told_through_who_acts_for_them(
    rui, kept, stricter, noon, phone
):
    ward = add_ward(
        name="奶奶", born_on=None, relation="grandparent", basis="spoken", by=rui, at=noon
    ).person
    kept(rui, WELL, person=ward)
    assert tell_of_change(stricter, since=noon - FORTNIGHT, by="tests", at=noon).texts == 1
    assert TextMessage.objects.get().to == PHONE


def test_a_later_version_is_told_of_again(rui, kept, covid, stricter, noon):
    kept(rui, WELL)
    tell_of_change(stricter, since=noon - FORTNIGHT, by="tests", at=noon)
    named(covid["clause"], "well-video")["disposition"] = "test"
    newer = pack_of(covid | {"version": "2026.12.2"})
    assert tell_of_change(newer, since=noon - FORTNIGHT, by="tests", at=noon).checks == 1
    assert Reassessment.objects.count() == 2


def test_the_persons_pages_say_where_the_answers_would_lead_now(
    client, rui, kept, stricter, noon, in_force
):
    kept(rui, WELL, days=2)
    tell_of_change(stricter, since=noon - FORTNIGHT, by="tests", at=noon)
    client.force_login(rui)
    english = {"accept-language": "en"}
    assert "would now lead elsewhere" not in client.get("/my/", headers=english).content.decode()
    in_force(stricter)
    assert "would now lead elsewhere" in client.get("/my/", headers=english).content.decode()
    page = client.get(f"/my/{rui.person_id}/self-checks/", headers=english).content.decode()
    assert "would now lead to: <strong>Ask a doctor by video or phone today</strong>" in page
    assert "March 18, 2020" in page or "18 March 2020" in page


def test_the_reviewer_sees_examples_and_counts_and_tells(
    client, rui, qing, kept, stricter, noon, in_force, phone
):
    kept(rui, WELL, days=2)
    kept(rui, DANGER, days=20)
    in_force(stricter)
    client.force_login(qing)
    page = client.get(CHANGES, headers={"accept-language": "en"}).content.decode()
    assert "Of 1 kept checks 1 would now end elsewhere, 1 of them more urgent." in page
    assert "No sign of COVID-19 now → Ask a doctor by video or phone today" in page
    assert "Example" in page and not Reassessment.objects.exists()
    wider = client.get(CHANGES + "?days=30", headers={"accept-language": "en"}).content.decode()
    assert "Of 2 kept checks 1" in wider
    stale = client.post(CHANGES, {"days": "14", "digest": "x"})
    assert stale.status_code == 409 and not Reassessment.objects.exists()
    sent = client.post(CHANGES, {"days": "14", "digest": stricter.digest}, follow=True)
    assert Reassessment.objects.count() == TextMessage.objects.count() == 1
    assert Entry.objects.get(deed="triage.change_told").by == f"user:{qing.pk}"
    assert b"digest" not in sent.content  # nothing is left to tell


@pytest.mark.parametrize("name", ["sam", "rui", "chen", "lin", "yan", "ola", "dara", "wei", "sato"])
def test_nobody_else_may_look_or_tell(client, cast, name):
    client.force_login(cast[name])
    assert client.get(CHANGES).status_code == 403
    assert client.post(CHANGES, {"days": "14"}).status_code == 403


@pytest.mark.parametrize("days", ["", "0", "-3", "9999999", "x", "١٤"])
def test_days_that_are_none_are_taken_as_usual(client, qing, days):
    client.force_login(qing)
    assert client.get(CHANGES, {"days": days}).status_code == 200


def test_the_command_shows_and_tells_only_when_told_to(rui, kept, stricter, in_force, capsys):
    kept(rui, WELL)
    in_force(stricter)
    with translation.override("en"):
        call_command("triage", "tell", "--days", "14")
        shown = capsys.readouterr().out
        assert "2026.12.1" in shown and "Nobody has been told" in shown
        assert "Of 1 kept checks 1" in shown and not Reassessment.objects.exists()
        call_command("triage", "tell", "--days", "14", "--yes")
    assert "Told of 1 checks" in capsys.readouterr().out
    assert Entry.objects.get(deed="triage.change_told").by == "command line"
    with pytest.raises(CommandError):
        call_command("triage", "tell", "--days", "0")


def test_what_this_build_cannot_read_is_counted_and_shown_by_its_keys(
    client, rui, qing, kept, stricter, noon, in_force
):
    row = kept(rui, WELL)
    content = row.rules.content.replace('"kind":"one"', '"kind":"other"')
    PackVersion.objects.filter(pk=row.rules_id).update(content=content, digest="f" * 64)
    in_force(stricter)
    found = queries.weighed(
        stricter, queries.older_versions(stricter, since=noon - FORTNIGHT), since=noon - FORTNIGHT
    )
    assert (found.total, found.unread, found.moved) == (1, 1, [])
    client.force_login(rui)
    page = client.get(f"/my/{rui.person_id}/self-checks/")
    assert page.status_code == 200 and "negative" in page.content.decode()
    assert client.get(f"/my/{rui.person_id}/record/").status_code == 200
    client.force_login(qing)
    assert client.get(CHANGES).status_code == 200
    assert Check.objects.get().given == {}


def test_more_urgent_is_judged_by_the_new_ladder(pack, covid):
    assert is_more_urgent(pack, "none", pack, "video")
    assert not is_more_urgent(pack, "emergency", pack, "fever-clinic")
    gone = [one for one in covid["disposition"] if one["key"] != "test"]
    for clause in covid["clause"]:
        if clause["disposition"] == "test":
            clause["disposition"] = "video"
    new = pack_of(covid | {"disposition": gone})
    assert is_more_urgent(pack, "test", new, "emergency")
    assert not is_more_urgent(pack, "test", new, "video")
