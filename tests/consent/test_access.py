from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongxin.audit.models import Entry
from tongxin.consent.actions import (
    GrantHasEnded,
    NoSuchRecord,
    NotYoursToGrant,
    ReasonMissing,
    give_consent,
    open_in_emergency,
    read_record,
    withdraw_consent,
)
from tongxin.consent.models import Grant, Purpose
from tongxin.consent.queries import people_visible_to
from tongxin.people.roles import Permission, Role

DAY = timedelta(days=1)


@pytest.fixture
def grant(rui, dara, noon):
    """Rui lets the hospital see her record for her care, for a day."""
    return give_consent(
        rui.person, to=dara.organisation, purpose=Purpose.CARE, until=noon + DAY, by=rui, at=noon
    )


def sees(viewer, person, *, at, purpose=Purpose.CARE):
    return person in people_visible_to(viewer, purpose=purpose, at=at)


def test_staff_of_the_organisation_see_the_record_while_the_grant_holds(grant, rui, dara, noon):
    assert sees(dara, rui.person, at=noon)
    assert sees(dara, rui.person, at=noon + DAY - timedelta(seconds=1))
    assert not sees(dara, rui.person, at=noon + DAY)
    assert not sees(dara, rui.person, at=noon - timedelta(seconds=1))


def test_another_purpose_shows_nothing(grant, rui, dara, noon):
    assert not sees(dara, rui.person, at=noon, purpose=Purpose.TRACING)


def test_another_organisation_sees_nothing(grant, rui, wei, noon):
    assert wei.may(Permission.PERSONS_READ)
    assert not sees(wei, rui.person, at=noon)


def test_a_role_without_the_permission_sees_nothing(grant, rui, sato, noon):
    assert sato.organisation == grant.to
    assert not sees(sato, rui.person, at=noon)


def test_another_persons_record_stays_closed(grant, sam, dara, noon):
    assert not sees(dara, sam.person, at=noon)


def test_a_grant_for_one_member_of_staff_shows_nothing_to_the_others(grant, rui, dara, wei, noon):
    Grant.objects.filter(pk=grant.pk).update(only=wei)
    assert not sees(dara, rui.person, at=noon)
    Grant.objects.filter(pk=grant.pk).update(only=dara)
    assert sees(dara, rui.person, at=noon)


def test_a_withdrawn_grant_ends_at_once(grant, rui, dara, noon):
    withdraw_consent(grant.pk, by=rui, at=noon + timedelta(hours=1))
    assert sees(dara, rui.person, at=noon)
    assert not sees(dara, rui.person, at=noon + timedelta(hours=1))
    with pytest.raises(GrantHasEnded):
        withdraw_consent(grant.pk, by=rui, at=noon + timedelta(hours=2))


def test_a_closed_account_sees_nothing(grant, rui, dara, noon):
    dara.is_active = False
    assert not sees(dara, rui.person, at=noon)


@pytest.mark.parametrize("who", ["sam", "dara", "ola"])
def test_only_the_person_gives_and_withdraws(cast, grant, who, rui, noon):
    other = cast[who]
    with pytest.raises(NotYoursToGrant):
        give_consent(
            rui.person, to=grant.to, purpose=Purpose.CARE, until=noon + DAY, by=other, at=noon
        )
    with pytest.raises(NotYoursToGrant):
        withdraw_consent(grant.pk, by=other, at=noon)


def test_nobody_consents_to_an_emergency(rui, dara, noon):
    with pytest.raises(NotYoursToGrant):
        give_consent(
            rui.person,
            to=dara.organisation,
            purpose=Purpose.EMERGENCY,
            until=noon + DAY,
            by=rui,
            at=noon,
        )


def test_emergency_access_opens_one_record_to_one_person_for_four_hours(rui, dara, wei, noon):
    open_in_emergency(rui.person.pk, reason="Unconscious in the emergency room", by=dara, at=noon)
    assert sees(dara, rui.person, at=noon)
    assert sees(dara, rui.person, at=noon, purpose=Purpose.TRACING)
    assert not sees(wei, rui.person, at=noon)
    assert not sees(dara, rui.person, at=noon + timedelta(hours=4))
    assert Entry.objects.filter(deed="consent.emergency_opened", by=f"user:{dara.pk}").exists()


def test_emergency_access_needs_a_reason_and_the_right_role(rui, dara, sato, chen, noon):
    with pytest.raises(ReasonMissing):
        open_in_emergency(rui.person.pk, reason=" because ", by=dara, at=noon)
    for other in (sato, chen, rui):
        with pytest.raises(NotYoursToGrant):
            open_in_emergency(rui.person.pk, reason="I would like to look", by=other, at=noon)
    assert not Grant.objects.exists()


def test_a_record_of_nobody_is_refused_not_an_error(dara, noon):
    with pytest.raises(NoSuchRecord):
        open_in_emergency(
            "00000000-0000-0000-0000-000000000000", reason="Unconscious here", by=dara, at=noon
        )


def test_reading_a_record_is_a_line_in_the_trail(grant, rui, dara, noon):
    read_record(rui.person.pk, purpose=Purpose.CARE, by=dara, at=noon)
    line = Entry.objects.get(deed="people.record_read")
    assert (line.by, line.target) == (f"user:{dara.pk}", f"people.Person:{rui.person.pk}")
    assert line.facts == {"purpose": "care"}


def test_an_unknown_record_and_a_closed_one_look_alike(rui, dara, noon):
    unknown = "00000000-0000-0000-0000-000000000000"
    for person_id in (rui.person.pk, unknown):
        with pytest.raises(NoSuchRecord):
            read_record(person_id, purpose=Purpose.CARE, by=dara, at=noon)
    assert not Entry.objects.filter(deed="people.record_read").exists()


GRANTS = st.lists(
    st.tuples(
        st.sampled_from(["rui", "sam"]),
        st.sampled_from(["authority", "hospital", "committee", "county"]),
        st.sampled_from([p for p in Purpose if p != Purpose.EMERGENCY]),
        st.integers(-3, 3),  # begins, in hours from noon
        st.integers(1, 5),  # lasts
        st.one_of(st.none(), st.integers(-3, 3)),  # withdrawn
        st.sampled_from([None, "dara", "wei", "sato"]),  # only this one
    ),
    max_size=6,
)


def allowed_by_hand(viewer, person, purpose, row, bodies):
    """The naive twin: one grant and one question, spelled out."""
    who, body, for_what, begins, lasts, withdrawn, only = row
    return (
        Role(viewer.role) in {Role.CLINICIAN, Role.COMMUNITY_OFFICER}
        and person == who
        and bodies[body] == viewer.organisation_id
        and for_what == purpose
        and begins <= 0 < begins + lasts
        and (withdrawn is None or withdrawn > 0)
        and only in (None, viewer.username)
    )


# Each example empties the grants first, so that sharing the database between them is safe.
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=GRANTS, purpose=st.sampled_from([Purpose.CARE, Purpose.TRACING]))
def test_exactly_those_whom_a_grant_lets_in_see_a_record(cast, noon, rows, purpose):
    Grant.objects.all().delete()
    bodies = {"hospital": "dara", "committee": "wei", "authority": "chen", "county": "meng"}
    bodies = {name: cast[who].organisation_id for name, who in bodies.items()}
    hour = timedelta(hours=1)
    for who, body, for_what, begins, lasts, withdrawn, only in rows:
        Grant.objects.create(
            person=cast[who].person,
            to_id=bodies[body],
            purpose=for_what,
            starts_at=noon + begins * hour,
            ends_at=noon + (begins + lasts) * hour,
            withdrawn_at=None if withdrawn is None else noon + withdrawn * hour,
            only=cast[only] if only else None,
        )
    for viewer in cast.values():
        seen = set(people_visible_to(viewer, purpose=purpose, at=noon).values_list("pk", flat=True))
        by_hand = {
            cast[row[0]].person_id
            for row in rows
            if allowed_by_hand(viewer, row[0], purpose, row, bodies)
        }
        assert seen == by_hand
