from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from tongxin.audit.actions import record
from tongxin.consent.models import Grant, Purpose
from tongxin.consent.queries import acts_for, people_visible_to
from tongxin.people.models import Organisation, Person, User
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal, noop

EMERGENCY_ACCESS = timedelta(hours=4)


class NotYoursToGrant(Refusal):
    says = noop("Only the person, or staff who may read persons' records, can grant this.")


class GrantHasEnded(Refusal):
    says = noop("This permission has already ended.")


class ReasonMissing(Refusal):
    says = noop("Say in a sentence why you need this record now.")


class NoSuchRecord(Refusal):
    says = noop("There is no such record, or you may not see it.")


@transaction.atomic
def give_consent(
    person: Person,
    *,
    to: Organisation,
    purpose: Purpose,
    until: datetime,
    by: User,
    at: datetime,
) -> Grant:
    """Let ``to`` see ``person``'s record for ``purpose`` until ``until``.

    Raises:
        NotYoursToGrant: ``by`` is neither the person nor acts for them.
    """
    if purpose == Purpose.EMERGENCY or not acts_for(by, person, at=at):
        raise NotYoursToGrant()
    grant = Grant.objects.create(person=person, to=to, purpose=purpose, starts_at=at, ends_at=until)
    record("consent.given", grant, by=by, purpose=purpose, until=until.isoformat())
    record("consent.given_for", person, by=by, purpose=purpose, to=to.pk)
    return grant


@transaction.atomic
def withdraw_consent(grant_id: int, *, by: User, at: datetime) -> Grant:
    """End a grant now. Queries stop finding the person in the same minute.

    Raises:
        NotYoursToGrant: ``by`` is neither the person nor acts for them.
        GrantHasEnded: it ended by itself or was withdrawn before.
    """
    grant = Grant.objects.select_for_update(of=("self",)).select_related("person").get(pk=grant_id)
    if not acts_for(by, grant.person, at=at):
        raise NotYoursToGrant()
    if grant.withdrawn_at or grant.ends_at <= at:
        raise GrantHasEnded()
    grant.withdrawn_at = at
    grant.save(update_fields=["withdrawn_at"])
    record("consent.withdrawn", grant, by=by)
    record("consent.withdrawn_for", grant.person, by=by, purpose=grant.purpose, to=grant.to_id)
    return grant


@transaction.atomic
def open_in_emergency(person_id: object, *, reason: str, by: User, at: datetime) -> Grant:
    """Break the glass: one member of staff sees one record for four hours, with a reason.

    Raises:
        NotYoursToGrant: the role of ``by`` may never read persons' records.
        ReasonMissing: no reason was given.
        NoSuchRecord: there is no such person.
    """
    if not by.may(Permission.PERSONS_READ) or by.organisation_id is None:
        raise NotYoursToGrant()
    if len(reason.strip()) < 10:
        raise ReasonMissing()
    if not Person.objects.filter(pk=person_id).exists():
        raise NoSuchRecord()
    grant = Grant.objects.create(
        person_id=person_id,
        to=by.organisation,
        only=by,
        purpose=Purpose.EMERGENCY,
        reason=reason.strip(),
        starts_at=at,
        ends_at=at + EMERGENCY_ACCESS,
    )
    record("consent.emergency_opened", grant, by=by)
    record("consent.emergency_read", grant.person, by=by, purpose=grant.purpose, to=grant.to_id)
    return grant


@transaction.atomic
def read_record(person_id: object, *, purpose: Purpose, by: User, at: datetime) -> Person:
    """One person's record, if ``by`` may see it; the reading itself goes into the trail.

    Raises:
        NoSuchRecord: unknown, or not visible to ``by``: the two look alike.
    """
    found: QuerySet[Person] = people_visible_to(by, purpose=purpose, at=at).filter(pk=person_id)
    person = found.first()
    if person is None:
        raise NoSuchRecord()
    record("people.record_read", person, by=by, purpose=purpose)
    return person
