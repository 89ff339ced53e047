from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tongxin.audit.actions import record
from tongxin.consent.code_uses import consent_use
from tongxin.consent.models import Grant, Purpose
from tongxin.consent.proxy_rules import was_said_lately
from tongxin.consent.queries import acts_for, decides_alone, people_visible_to
from tongxin.people.actions import redeem_code
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


class NeedsTheirYes(Refusal):
    says = noop("Ask the person first, and write on which day they said yes.")


class NeedsTheirCode(Refusal):
    says = noop("This person has a telephone of their own: they agree by the code sent to it.")


class SaidLongAgo(Refusal):
    says = noop("The day they said yes lies in the future or more than 30 days back. Ask again.")


@transaction.atomic
def give_consent(
    person: Person,
    *,
    to: Organisation,
    purpose: Purpose,
    until: datetime,
    by: User,
    at: datetime,
    said_on: date | None = None,
) -> Grant:
    """Let ``to`` see ``person``'s record for ``purpose`` until ``until``.

    Args:
        said_on: when somebody without a telephone, asked by who acts for them, said yes.

    Raises:
        NotYoursToGrant: ``by`` is neither the person nor acts for them.
        NeedsTheirYes, NeedsTheirCode: who acts cannot decide alone.
        SaidLongAgo
    """
    if purpose == Purpose.EMERGENCY or not acts_for(by, person, at=at):
        raise NotYoursToGrant()
    basis = _basis(person, by=by, said_on=said_on, at=at)
    spoken = said_on if basis == Grant.Basis.SPOKEN else None
    return _given(
        person, to=to, purpose=purpose, until=until, basis=basis, said_on=spoken, by=by, at=at
    )


def give_consent_by_code(
    person: Person,
    code: str,
    *,
    to: Organisation,
    purpose: Purpose,
    until: datetime,
    lane: str = "",
    by: User,
    at: datetime,
) -> Grant:
    """The same for an adult who has read out the code that came to their own telephone.

    Raises:
        NotYoursToGrant, WrongCode
    """
    if purpose == Purpose.EMERGENCY or not acts_for(by, person, at=at):
        raise NotYoursToGrant()
    # Outside the transaction of the grant: a wrong try counts, whatever is refused.
    use, signed = consent_use(person, to=to, purpose=purpose), f"user:{by.pk}"
    owner = redeem_code(person.phone, code, use=use, lane=lane, by=signed, at=at)
    if owner.person_id != person.pk:
        raise NotYoursToGrant()
    return _given(person, to=to, purpose=purpose, until=until, basis=Grant.Basis.CODE, by=by, at=at)


def _basis(person: Person, *, by: User, said_on: date | None, at: datetime) -> str:
    if by.person_id == person.pk:
        return Grant.Basis.SELF
    if decides_alone(by, person, at=at):
        return Grant.Basis.GUARDIAN
    if User.objects.filter(person=person, phone_key__isnull=False).exists():
        raise NeedsTheirCode
    if said_on is None:
        raise NeedsTheirYes
    if not was_said_lately(said_on, today=timezone.localdate(at)):
        raise SaidLongAgo
    return Grant.Basis.SPOKEN


@transaction.atomic
def _given(
    person: Person,
    *,
    to: Organisation,
    purpose: str,
    until: datetime,
    basis: str,
    by: User,
    at: datetime,
    said_on: date | None = None,
) -> Grant:
    grant = Grant.objects.create(
        person=person,
        to=to,
        purpose=purpose,
        basis=basis,
        said_on=said_on,
        given_by=by,
        starts_at=at,
        ends_at=until,
    )
    facts = {"purpose": purpose, "basis": basis}
    record("consent.given", grant, by=by, until=until.isoformat(), **facts)
    record("consent.given_for", person, by=by, to=to.pk, **facts)
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
        basis=Grant.Basis.EMERGENCY,
        given_by=by,
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
