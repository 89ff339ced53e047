"""Danger has an owner and a clock at once; silence has its own; only who is allowed sees."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tongxin.consent.actions import withdraw_consent
from tongxin.monitoring import queries
from tongxin.monitoring.actions import change_watch, hand_on, settle_task, take_task
from tongxin.monitoring.models import Task
from tongxin.monitoring.refusals import NotYoursToSettle, SettledAlready
from tongxin.monitoring.tasks import hand_on_late, mind_silence

BREATH = "267036007"


@pytest.fixture
def danger(rui, street, say):
    say(rui.person, symptoms=(BREATH,))
    return Task.objects.get()


def test_danger_is_in_somebodys_hands_at_once(danger, wei, noon):
    assert (danger.owner, danger.kind) == (wei, "danger")
    assert danger.due_at == noon + timedelta(hours=1)


def test_without_consent_nobody_is_told(rui, say):
    say(rui.person, symptoms=(BREATH,))
    assert not Task.objects.exists()


def test_only_the_authority_is_asked_where_only_it_is_allowed(rui, allow, say, chen):
    allow(rui.person, "health_authority", by=rui)
    say(rui.person, symptoms=(BREATH,))
    assert Task.objects.get().owner == chen


def test_when_the_clock_runs_out_it_goes_on_and_further_on_and_stays_with_the_last(
    danger, chen, lin, noon
):
    moment = noon
    for owner in (chen, lin, lin):
        hand_on_late(moment + timedelta(minutes=59))
        moment += timedelta(hours=1)
        hand_on_late(moment)
        danger.refresh_from_db()
        assert (danger.owner, danger.due_at) == (owner, moment + timedelta(hours=1))


def test_what_is_taken_but_not_done_goes_on_too(danger, wei, chen, noon):
    take_task(danger.pk, by=wei, at=noon)
    assert hand_on(danger.pk, by="tests", at=noon + timedelta(minutes=30)) is None
    assert hand_on(danger.pk, by="tests", at=noon + timedelta(hours=1)).owner == chen


def test_what_came_of_it_is_said_once(danger, wei, chen, noon):
    done = settle_task(danger.pk, outcome="visited", note="门口量了体温", by=wei, at=noon)
    assert (done.state, done.note) == ("done", "门口量了体温")
    with pytest.raises(SettledAlready):
        settle_task(danger.pk, outcome="well", by=chen, at=noon)
    assert hand_on(danger.pk, by="tests", at=noon + timedelta(days=1)) is None


def test_a_second_danger_is_the_same_task_and_a_later_calm_entry_ends_nothing(
    danger, rui, say, noon
):
    say(rui.person, symptoms=(BREATH,), celsius="39.5", at=noon + timedelta(minutes=20))
    say(rui.person, celsius="36.5", at=noon + timedelta(minutes=30))
    assert Task.objects.get().due_at == danger.due_at


def test_fever_of_an_old_person_has_a_clock_and_danger_shortens_it(grandmother, street, say, noon):
    say(grandmother, celsius="38.0")
    task = Task.objects.get()
    assert (task.kind, task.due_at) == ("fever", noon + timedelta(hours=4))
    later = noon + timedelta(minutes=10)
    say(grandmother, celsius="38.0", symptoms=(BREATH,), at=later)
    task.refresh_from_db()
    assert (task.kind, task.due_at) == ("danger", later + timedelta(hours=1))


def test_fever_of_a_person_not_at_risk_is_a_line_in_a_list(rui, street, say, wei, noon):
    say(rui.person, celsius="38.0")
    assert not Task.objects.exists()
    rows = queries.watched_by(wei, at=noon)
    assert queries.counts(rows, at=noon)["feverish"] == 1


def test_danger_of_last_week_is_looked_at_without_the_short_clock(rui, street, say, noon):
    say(rui.person, symptoms=(BREATH,), on=date(2020, 3, 12))
    assert Task.objects.get().due_at == noon + timedelta(hours=4)


def test_a_withdrawal_closes_the_record_and_the_task_in_the_same_minute(
    danger, rui, street, wei, chen, noon
):
    withdraw_consent(street[rui.person.pk, "committee"].pk, by=rui, at=noon)
    assert not queries.tasks_for(wei, at=noon).exists()
    with pytest.raises(NotYoursToSettle):
        take_task(danger.pk, by=wei, at=noon)
    hand_on_late(noon)
    danger.refresh_from_db()
    assert danger.owner == chen
    withdraw_consent(street[rui.person.pk, "health_authority"].pk, by=rui, at=noon)
    hand_on_late(noon)
    danger.refresh_from_db()
    assert (danger.state, danger.outcome) == ("done", "withdrawn")
    assert not queries.watched_by(chen, at=noon).filter(person=rui.person).exists()


def test_a_task_outlives_the_account_of_its_owner(danger, wei, chen, lin, noon):
    wei.is_active = False
    wei.save()
    hand_on_late(noon)
    danger.refresh_from_db()
    assert danger.owner == chen
    for one in (chen, lin):
        one.is_active = False
        one.save()
    hand_on_late(noon + timedelta(days=1))
    danger.refresh_from_db()
    assert (danger.state, danger.outcome) == ("open", "")


def test_silence_of_a_person_at_risk_is_a_task_the_same_day_once_a_day(
    grandmother, street, say, rui, noon
):
    change_watch(grandmother, remind_at=time(8), by=rui, at=noon)
    say(grandmother, celsius="36.5")
    next_noon = datetime(2020, 3, 21, 4, tzinfo=UTC)  # four hours after eight in Honghu
    mind_silence(next_noon - timedelta(minutes=1))
    assert not Task.objects.exists()
    mind_silence(next_noon)
    mind_silence(next_noon)
    task = Task.objects.get()
    assert task.kind == "silence"
    settle_task(task.pk, outcome="well", by=task.owner, at=next_noon)
    mind_silence(next_noon + timedelta(hours=23))
    assert Task.objects.count() == 1
    mind_silence(next_noon + timedelta(hours=25))
    assert Task.objects.count() == 2


def test_who_allows_a_log_and_never_keeps_one_is_silent_too(grandmother, street, wei, noon):
    mind_silence(noon)
    assert not queries.in_state("silent", queries.watched_by(wei, at=noon), at=noon).exists()
    later = noon + timedelta(days=2)
    names = {one.person.name for one in queries.watched_by(wei, at=later)}
    assert names == {"瑞 Rui", "李奶奶"}
    mind_silence(later)
    assert Task.objects.get().person == grandmother


def test_others_are_silent_when_a_whole_day_has_passed(rui, street, say, wei, noon):
    say(rui.person, celsius="38.5")
    for after, states in ((39, {"feverish", "not_yet"}), (40, {"silent", "silent_feverish"})):
        at = noon - timedelta(hours=4) + timedelta(hours=after)
        rows = queries.watched_by(wei, at=at).filter(person=rui.person)
        found = {name for name, n in queries.counts(rows, at=at).items() if n}
        assert found == states, after
