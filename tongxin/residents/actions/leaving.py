"""Somebody erases their own record: those for whom only they acted do not vanish silently."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tongxin.audit.models import Entry
from tongxin.consent.actions import give_consent
from tongxin.consent.models import Purpose
from tongxin.consent.queries import decides_alone, grants_in_force, only_wards
from tongxin.consent.requests import Request, requests_in
from tongxin.people.actions import erase_person
from tongxin.people.models import Organisation, Person, User
from tongxin.refusal import Refusal, noop

HAND_OVER, ERASE = "hand over", "erase"


class WhatAboutThem(Refusal):
    says = noop("Say for each person for whom only you act what shall become of their record.")


@transaction.atomic
def erase_self(user: User, wards: Mapping[UUID, str], *, by: User, at: datetime) -> Entry:
    """Erase the account's own record; the proof.

    Args:
        wards: for each of `only_wards` either `HAND_OVER` (the committee may follow their log,
            as they were asked and said yes) or `ERASE`.

    Raises:
        WhatAboutThem: one is missing, or nobody is there to take over.
        as `erase_person`
    """
    for person in only_wards(user, at=at):
        match wards.get(person.pk):
            case "erase":
                erase_person(person, by=by)
            case "hand over":
                _hand_over(person, by=by, at=at)
            case _:
                raise WhatAboutThem
    return erase_person(user.person, by=by)


def who_takes_over(person: Person) -> Request | None:
    """What the nearest community committee asks for the daily log, if there is one."""
    asked = [
        one
        for one in requests_in(person.place_id)
        if one.asked.purpose == Purpose.MONITORING
        and one.organisation.kind == Organisation.Kind.COMMITTEE
    ]
    near = [one for one in asked if one.organisation.place_id == person.place_id]
    return next(iter([*near, *reversed(asked)]), None)


def _hand_over(person: Person, *, by: User, at: datetime) -> None:
    request = who_takes_over(person)
    if request is None:
        raise WhatAboutThem
    held = grants_in_force(at=at).filter(
        person=person, to=request.organisation, purpose=Purpose.MONITORING
    )
    if held.exists():
        return
    today = None if decides_alone(by, person, at=at) else timezone.localdate(at)
    give_consent(
        person,
        to=request.organisation,
        purpose=Purpose.MONITORING,
        until=at + request.asked.holds_for,
        said_on=today,
        by=by,
        at=at,
    )
