import shutil
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from tests.conftest import NOON
from tests.releases.conftest import STOP, files
from tongxin.audit.models import Entry
from tongxin.people.actions import add_account
from tongxin.people.roles import Role
from tongxin.releases import actions, queries
from tongxin.releases.models import Appointment, Override, Publication
from tongxin.releases.refusals import (
    AlreadyAsked,
    AlreadyCurrent,
    AlreadyDecided,
    AlreadyGranted,
    AnotherPublisher,
    CurrentHasChanged,
    HourHasPassed,
    NeverPublished,
    NoReplayInProduction,
    NotAllowedToRelease,
    NothingToOverride,
    OlderThanCurrent,
    ReasonTooShort,
    ReleasePruned,
    ReleaseStopped,
    SecondPersonNeeded,
)
from tongxin.releases.store import store

REASON = "The bulletin itself explains the difference."


def test_publishing_moves_the_pointer_and_signs_it(build, chen, django_capture_on_commit_callbacks):
    release = build()
    with django_capture_on_commit_callbacks(execute=True):
        row = actions.publish(release.pk, by=chen, at=NOON)
    assert store().current() == release.pk == queries.current_release().pk
    assert (store().root / "current/search.json").read_bytes() == b"[]"
    assert (row.by, row.at) == (f"user:{chen.pk}", NOON)
    assert Entry.objects.filter(deed="releases.published").count() == 1


def test_readers_see_nothing_before_the_commit(build):
    release = build()
    actions.publish(release.pk, by="tests", at=NOON)
    assert store().current() is None
    assert not (store().root / "trees" / release.pk).exists()


def test_a_release_is_not_published_over_itself(publish):
    release = publish()
    with pytest.raises(AlreadyCurrent):
        actions.publish(release.pk, by="tests", at=NOON)


def test_older_figures_need_a_roll_back(publish, build):
    publish("2", day=1)
    with pytest.raises(OlderThanCurrent):
        actions.publish(build("1").pk, by="tests", at=NOON)


def test_who_decided_on_another_current_release_must_look_again(publish, build):
    first = publish("1")
    publish("2", day=1)
    with pytest.raises(CurrentHasChanged):
        actions.publish(build("3", day=2).pk, by="tests", at=NOON, seen=first.pk)


def test_only_the_duty_officers_publish(build, cast):
    release = build()
    for name in set(cast) - {"chen", "lin"}:
        with pytest.raises(NotAllowedToRelease):
            actions.publish(release.pk, by=cast[name], at=NOON)
    assert not Publication.objects.exists()


def test_rolling_back_needs_a_reason_and_a_release_that_was_public(publish, build, chen):
    first, _ = publish("1"), publish("2", day=1)
    with pytest.raises(ReasonTooShort):
        actions.roll_back(first.pk, reason="oops", by=chen, at=NOON)
    with pytest.raises(NeverPublished):
        actions.roll_back(build("3").pk, reason=REASON, by=chen, at=NOON)
    row = actions.roll_back(first.pk, reason=REASON, by=chen, at=NOON)
    assert queries.current_release() == first and row.kind == "roll_back" and row.reason == REASON


def test_after_a_roll_back_the_newer_may_be_published_again(publish, chen):
    first, second = publish("1"), publish("2", day=1)
    actions.roll_back(first.pk, reason=REASON, by=chen, at=NOON)
    actions.publish(second.pk, by=chen, at=NOON)
    assert queries.current_release() == second


def test_a_pruned_release_is_not_shown(build):
    release = build()
    release.pruned_at = NOON
    release.save()
    with pytest.raises(ReleasePruned):
        actions.publish(release.pk, by="tests", at=NOON)


def test_a_stopped_release_needs_two_people(build, chen, lin):
    release = build(findings=[STOP])
    with pytest.raises(ReleaseStopped):
        actions.publish(release.pk, by=chen, at=NOON)
    override = actions.ask_override(release.pk, reason=REASON, by=chen, at=NOON)
    with pytest.raises(ReleaseStopped):
        actions.publish(release.pk, by=chen, at=NOON)
    with pytest.raises(SecondPersonNeeded):
        actions.grant_override(override.pk, by=chen, at=NOON)
    actions.grant_override(override.pk, by=lin, at=NOON)
    actions.publish(release.pk, by=chen, at=NOON)
    out = queries.current_release()
    (printed,) = out.manifest["overrides"]
    assert printed["reason"] == REASON and printed["stopped"] == release.pk
    assert (printed["asked_by"], printed["granted_by"]) == ("duty_officer", "duty_chief")
    assert queries.faults(out) == []


def test_what_cannot_be_overridden_is_refused(build, chen, lin, rui):
    fine, stopped = build("1"), build("2", findings=[STOP])
    with pytest.raises(NothingToOverride):
        actions.ask_override(fine.pk, reason=REASON, by=chen, at=NOON)
    with pytest.raises(ReasonTooShort):
        actions.ask_override(stopped.pk, reason="because", by=chen, at=NOON)
    with pytest.raises(NotAllowedToRelease):
        actions.ask_override(stopped.pk, reason=REASON, by=rui, at=NOON)
    override = actions.ask_override(stopped.pk, reason=REASON, by=chen, at=NOON)
    with pytest.raises(AlreadyAsked):
        actions.ask_override(stopped.pk, reason=REASON, by=lin, at=NOON)
    with pytest.raises(NotAllowedToRelease):
        actions.grant_override(override.pk, by=rui, at=NOON)
    actions.grant_override(override.pk, by=lin, at=NOON)
    with pytest.raises(AlreadyGranted):
        actions.grant_override(override.pk, by=lin, at=NOON)
    assert Override.objects.count() == 1


def test_a_release_is_published_at_its_hour(build, chen):
    release, four = build(), NOON + timedelta(hours=4)
    row = actions.appoint(release.pk, due_at=four, by=chen, at=NOON)
    assert list(queries.due_appointments(at=NOON)) == []
    assert [due.pk for due in queries.due_appointments(at=four)] == [row.pk]
    assert actions.keep_appointment(row.pk, by="worker", at=four) == "published"
    assert actions.keep_appointment(row.pk, by="worker", at=four) == ""
    assert Publication.objects.get().by == f"user:{chen.pk}"


def test_an_appointment_that_may_not_be_kept_says_why(build, publish, chen):
    row = actions.appoint(build("1").pk, due_at=NOON + timedelta(hours=1), by=chen, at=NOON)
    newer = publish("2", day=1)
    actions.keep_appointment(row.pk, by="worker", at=NOON + timedelta(hours=1))
    row.refresh_from_db()
    assert row.outcome == OlderThanCurrent.says and queries.current_release() == newer


def test_an_officer_who_left_publishes_nothing(build, db):
    gone = add_account(username="gone", role=Role.DUTY_OFFICER, by="tests")
    row = actions.appoint(build().pk, due_at=NOON + timedelta(hours=1), by=gone, at=NOON)
    gone.is_active = False
    gone.save()
    outcome = actions.keep_appointment(row.pk, by="worker", at=NOON + timedelta(hours=1))
    assert outcome == NotAllowedToRelease.says and not Publication.objects.exists()


def test_appointments_lie_ahead_and_are_cancelled_once(build, chen, lin):
    release = build()
    with pytest.raises(HourHasPassed):
        actions.appoint(release.pk, due_at=NOON, by=chen, at=NOON)
    row = actions.appoint(release.pk, due_at=NOON + timedelta(hours=1), by=chen, at=NOON)
    actions.cancel_appointment(row.pk, by=lin, at=NOON)
    with pytest.raises(AlreadyDecided):
        actions.cancel_appointment(row.pk, by=chen, at=NOON)
    assert Appointment.objects.get().outcome == "cancelled"


def test_a_replay_does_not_hold_people_back(publish, build):
    present = publish("now", day=100)
    actions.show_replayed(build("then", day=0).pk, by="tests", at=NOON)
    with pytest.raises(OlderThanCurrent):
        actions.publish(build("between", day=50).pk, by="tests", at=NOON)
    actions.show_replayed(present.pk, by="tests", at=NOON)
    actions.publish(build("later", day=101).pk, by="tests", at=NOON)


def test_nobody_replays_in_production(build, settings):
    settings.DEVELOPMENT = False
    with pytest.raises(NoReplayInProduction):
        actions.show_replayed(build().pk, by="tests", at=NOON)


def test_the_pointer_is_repaired_after_a_crash_before_the_switch(build):
    release = build()
    actions.publish(release.pk, by="tests", at=NOON)  # the switch waits for the commit
    assert store().current() is None
    assert actions.repair_pointer(by="worker", at=NOON)
    assert store().current() == release.pk
    assert not actions.repair_pointer(by="worker", at=NOON)


def test_a_lost_tree_is_laid_again_from_its_objects(publish):
    release = publish()
    shutil.rmtree(store().root / "trees" / release.pk)
    assert actions.repair_pointer(by="worker", at=NOON)
    assert queries.faults(release) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_publishers_at_once_one_wins():
    one, two = (
        actions.build(files(text), facts={}, findings=[], as_of=NOON, by="tests", at=NOON)
        for text in "12"
    )
    start, results = threading.Barrier(2), []

    def go(release):
        start.wait()
        try:
            actions.publish(release.pk, by="tests", at=NOON, seen="")
            results.append("published")
        except (AnotherPublisher, CurrentHasChanged) as refusal:
            results.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(release,)) for release in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("published") == 1 and len(results) == 2
    assert Publication.objects.count() == 1
    assert store().current() == queries.current_release().pk
    assert connection.vendor == "postgresql"
