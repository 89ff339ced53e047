"""An entry is taken once, weighed by rule, and stands for the day by rule."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from tests.monitoring.conftest import line
from tongxin.monitoring.actions import change_watch, log_household
from tongxin.monitoring.models import Entry, Level, Watch
from tongxin.monitoring.refusals import NoSuchZone, NotThatDay, NotYoursToLog
from tongxin.questionnaires.models import Response
from tongxin.questionnaires.refusals import OtherAnswersUnderThisKey
from tongxin.residents.holdings import exported, held

COUGH, BREATH = "49727002", "267036007"


def test_a_household_is_logged_in_one_go_and_stands_as_it_said(rui, grandmother, noon):
    lines = [line(rui.person, celsius="36.5"), line(grandmother, celsius="38.2", symptoms=(COUGH,))]
    mine, hers = log_household(lines, by=rui, language="en", at=noon)
    assert (mine.level, hers.level) == (Level.WELL, Level.FEVER)
    assert hers.response.answers["item"][0]["answer"][0]["valueQuantity"]["value"] == 38.2
    watch = Watch.objects.get(person=grandmother)
    assert (watch.logged_on, watch.level, watch.is_older) == (date(2020, 3, 20), 2, True)


def test_nothing_of_a_household_is_taken_where_one_line_is_refused(rui, sam, noon):
    lines = [line(rui.person), line(sam.person)]
    with pytest.raises(NotYoursToLog):
        log_household(lines, by=rui, language="en", at=noon)
    assert not Entry.objects.exists() and not Response.objects.exists()


def test_sent_twice_is_taken_once_and_other_answers_under_the_key_are_refused(rui, noon):
    sent = line(rui.person, celsius="36.5")
    later = noon + timedelta(hours=3)
    (first,) = log_household([sent], by=rui, language="en", at=noon)
    (again,) = log_household([sent], by=rui, language="en", at=later)
    assert first == again and Entry.objects.count() == 1
    other = line(rui.person, celsius="39", key=sent.key)
    with pytest.raises(OtherAnswersUnderThisKey):
        log_household([other], by=rui, language="en", at=later)
    assert Entry.objects.count() == Response.objects.count() == 1


def test_the_same_within_a_quarter_of_an_hour_is_one_entry_later_it_is_another(rui, say, noon):
    first = say(rui.person, celsius="36.5")
    assert say(rui.person, celsius="36.5", at=noon + timedelta(minutes=14)) == first
    assert say(rui.person, celsius="36.5", at=noon + timedelta(minutes=16)) != first
    assert say(rui.person, celsius="36.6", at=noon + timedelta(minutes=17)).on == first.on


def test_who_corrects_themselves_is_believed(rui, say, noon):
    say(rui.person, celsius="38.4")
    say(rui.person, celsius="36.4", at=noon + timedelta(minutes=2))
    watch = Watch.objects.get(person=rui.person)
    assert (watch.level, watch.is_contradictory) == (Level.WELL, False)


def test_where_two_people_differ_the_more_urgent_counts_and_it_is_seen(rui, sam, say, heard, noon):
    say(rui.person, celsius="38.4")
    heard(rui.person, author=sam, celsius="36.4", at=noon + timedelta(hours=1))
    watch = Watch.objects.get(person=rui.person)
    assert (watch.level, watch.is_contradictory) == (Level.FEVER, True)


@pytest.mark.parametrize(("back", "is_taken"), [(0, True), (14, True), (15, False), (-1, False)])
def test_a_day_is_today_or_one_of_the_fourteen_before(rui, say, noon, back, is_taken):
    on = date(2020, 3, 20) - timedelta(days=back)
    if is_taken:
        assert say(rui.person, on=on).on == on
    else:
        with pytest.raises(NotThatDay):
            say(rui.person, on=on)
        assert not Entry.objects.exists()


def test_a_back_dated_entry_changes_nothing_that_a_later_day_has_settled(rui, say):
    say(rui.person, celsius="36.5")
    say(rui.person, celsius="39.0", on=date(2020, 3, 15))
    watch = Watch.objects.get(person=rui.person)
    assert (watch.logged_on, watch.level) == (date(2020, 3, 20), Level.WELL)


def test_the_day_is_the_persons_not_the_servers(rui, say):
    change_watch(rui.person, zone="Pacific/Guam", by=rui, at=datetime(2020, 3, 20, 13, tzinfo=UTC))
    evening = datetime(2020, 3, 20, 15, tzinfo=UTC)  # the 21st in Guam, the 20th in Honghu
    assert say(rui.person, at=evening).on == date(2020, 3, 21)


def test_a_zone_that_nobody_lives_in_is_refused(rui, noon):
    with pytest.raises(NoSuchZone):
        change_watch(rui.person, zone="Mars/Olympus", by=rui, at=noon)


def test_the_reminder_strikes_at_the_same_hour_on_both_sides_of_summer_time(rui):
    eve = datetime(2020, 3, 28, 12, tzinfo=UTC)
    watch = change_watch(rui.person, zone="Europe/Berlin", remind_at=time(8), by=rui, at=eve)
    assert watch.next_reminder_at == datetime(2020, 3, 29, 6, tzinfo=UTC)
    watch = change_watch(rui.person, remind_at=time(2, 30), by=rui, at=eve)
    assert watch.next_reminder_at == datetime(2020, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({"celsius": "37.2"}, Level.WELL),
        ({"celsius": "37.3"}, Level.FEVER),
        ({"celsius": "99.1", "unit": "[degF]"}, Level.FEVER),
        ({"celsius": "99.0", "unit": "[degF]"}, Level.WELL),
        ({"celsius": "40.0"}, Level.DANGER),
        ({"celsius": "34.9"}, Level.DANGER),
        ({"symptoms": (COUGH,)}, Level.ILL),
        ({"symptoms": (BREATH,)}, Level.DANGER),
        ({"feeling": "much-worse"}, Level.DANGER),
        ({"feeling": "worse"}, Level.ILL),
        ({"other": "他嘴唇发紫，喘不上气"}, Level.DANGER),
        ({"other": "a mosquito bite"}, Level.ILL),
    ],
)
def test_what_an_entry_means(rui, say, facts, level):
    assert say(rui.person, **facts).level == level


def test_a_log_is_in_my_record_and_in_the_export(rui, say):
    say(rui.person, celsius="37.9", symptoms=(COUGH,))
    titles = {one.label: one.rows for one in held(rui.person)}
    assert "37.9" in str(titles["monitoring.Entry"])
    assert exported(rui.person)["monitoring.Entry"][0]["celsius"] == Decimal("37.9")
