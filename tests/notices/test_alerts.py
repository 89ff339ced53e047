from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tongxin.audit.models import Entry
from tongxin.notices import refusals
from tongxin.notices.actions import alerts
from tongxin.notices.models import Notice, Step
from tongxin.notices.queries import in_force, latest_after

pytestmark = pytest.mark.django_db


def test_an_alert_is_out_at_once_and_in_the_trail(chen, said, noon):
    row = alerts.raise_alert(said(), by=chen, at=noon)
    assert in_force(at=noon) == [row]
    entry = Entry.objects.get(deed="notices.alert_published")
    assert (entry.by, entry.facts["places"]) == (f"user:{chen.pk}", ["CN-421083"])


def test_the_gravest_waits_for_a_second_person(chen, lin, said, noon):
    row = alerts.raise_alert(said(severity="Extreme"), by=chen, at=noon)
    assert row.published_at is None and in_force(at=noon) == []
    with pytest.raises(refusals.SecondPersonMustLook):
        alerts.let_out(row.code, by=chen, at=noon)
    alerts.let_out(row.code, by=lin, at=noon)
    assert in_force(at=noon) == [row]
    with pytest.raises(refusals.AlreadyOut):
        alerts.let_out(row.code, by=lin, at=noon)


def test_the_database_itself_wants_two_people_for_the_gravest(chen, said, noon):
    row = alerts.raise_alert(said(severity="Extreme"), by=chen, at=noon)
    row.published_at, row.published_by = noon, chen
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        row.save()


def test_an_alert_that_waits_can_be_dropped(chen, lin, said, noon):
    row = alerts.raise_alert(said(severity="Extreme"), by=chen, at=noon)
    alerts.drop_alert(row.code, by=lin, at=noon)
    assert not Notice.objects.exists()
    with pytest.raises(refusals.AlreadyOut):
        alerts.let_out(row.code, by=lin, at=noon)


def test_an_update_takes_the_place_of_what_it_follows(chen, said, noon):
    first = alerts.raise_alert(said(), by=chen, at=noon)
    second = alerts.update_alert(first.code, said(title_en="More cases"), by=chen, at=noon)
    assert in_force(at=noon) == [second] and latest_after(first) == second
    with pytest.raises(refusals.NotTheLatest):
        alerts.update_alert(first.code, said(), by=chen, at=noon)


@pytest.mark.parametrize("step", [Step.CANCEL, Step.ALL_CLEAR])
def test_an_alert_ends_by_one_person(chen, lin, said, noon, step):
    row = alerts.raise_alert(said(severity="Extreme"), by=chen, at=noon)
    alerts.let_out(row.code, by=lin, at=noon)
    end = alerts.end_alert(row.code, step=step, text_zh="解除", text_en="Over", by=chen, at=noon)
    assert in_force(at=noon) == [] and end.follows == row
    with pytest.raises(refusals.NotTheLatest):
        alerts.update_alert(end.code, said(), by=chen, at=noon)


def test_an_alert_is_over_when_its_hour_comes(chen, said, noon):
    alerts.raise_alert(said(), by=chen, at=noon)
    assert in_force(at=noon + timedelta(hours=25)) == []


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"expires_at": None}, refusals.EndsBeforeItBegins),
        ({"places": ["CN-999999"]}, refusals.NoSuchPlace),
        ({"blocks": ["no-such-advice"]}, refusals.UnknownTie),
        ({"claims": ["no-such-claim"]}, refusals.UnknownClaim),
    ],
)
def test_an_alert_that_says_nonsense_is_refused(chen, said, noon, changed, refusal):
    facts = {name: value or noon for name, value in changed.items()}
    with pytest.raises(refusal):
        alerts.raise_alert(said(**facts), by=chen, at=noon)
    assert not Notice.objects.exists()
