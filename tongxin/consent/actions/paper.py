"""What a community officer types in from sheets that people without a telephone have signed."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tongxin.audit.actions import record
from tongxin.audit.models import Entry
from tongxin.consent.actions.grants import NoSuchRecord
from tongxin.consent.actions.proxies import TooManyProxies
from tongxin.consent.models import Grant, Proxy, Purpose, Sheet
from tongxin.consent.proxy_rules import MOST, grown_up_on, proxy_ends_at
from tongxin.consent.queries import (
    found_by,
    grants_in_force,
    people_visible_to,
    proxies_in_force,
)
from tongxin.consent.requests import Request, requests_in
from tongxin.people.actions import correct_person, erase_person
from tongxin.people.actions.codes import PHONE
from tongxin.people.identity_numbers import birth_date, document_number
from tongxin.people.models import Person, User
from tongxin.people.one_at_a_time import one_at_a_time
from tongxin.people.roles import Permission
from tongxin.people.sealing import match_key
from tongxin.refusal import Refusal, Unreadable, noop


class NotYoursToEnter(Refusal):
    says = noop("Only a community officer enters people from paper.")


class KnownAlready(Refusal):
    says = noop(
        "A record with this number exists already. If you find it under “People”, enter the sheet "
        "there. If you do not find it, you may not see it: the person can allow it on “My page”, "
        "or ask whoever entered them to enter this sheet."
    )


class HasAnAccount(Refusal):
    says = noop("This person signs in with a telephone of their own, and does it there.")


class NothingSigned(Refusal):
    says = noop("Tick what was signed, or write down who acts for the person.")


class SignedInTheFuture(Unreadable):
    says = noop("The date of the signature lies in the future.")


class SheetTooOld(Refusal):
    says = noop("What this sheet allows has run out since it was signed. Have a new one signed.")


class BirthDateDiffers(Unreadable):
    says = noop("The identity number holds another date of birth. Compare both with the card.")


class NoSuchProxy(Refusal):
    says = noop(
        "We know nobody of this name under this number who could act for them. They sign in once "
        "with their telephone and write their name under “My details”; then enter the sheet here."
    )


class NothingFound(Refusal):
    says = noop("There is no record of exactly this name with this date of birth or number.")


@dataclass(frozen=True, slots=True)
class Signature:
    """Where and when a sheet was signed, and where it lies now."""

    signed_on: date
    signed_in: str
    kept_at: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a sheet allows. ``requests``: keys of `Request`; the proxy may be left out."""

    requests: tuple[str, ...] = ()
    proxy_name: str = ""
    proxy_phone: str = ""
    relation: str = ""


@transaction.atomic
def enter_person(
    *,
    name: str,
    born_on: date,
    street: str,
    document: str = "",
    document_no: str = "",
    allowed: Allowed,
    signature: Signature,
    by: User,
    at: datetime,
) -> Person:
    """A new person of the officer's area, with what they signed.

    Raises:
        NotYoursToEnter, KnownAlready, BirthDateDiffers, as `enter_sheet`
        NotAResidentNumber, NotAPassportNumber, NoSuchKind
    """
    _require_officer(by)
    key = ""
    if document_no:
        document_no = document_number(document, document_no, today=at.date())
        key = match_key("document", document_no)
        one_at_a_time(key)
        if Person.objects.filter(document_key=key).exists():
            raise KnownAlready
        if document == Person.Document.RESIDENT_ID and birth_date(document_no) != born_on:
            raise BirthDateDiffers
    person = Person.objects.create(
        name=name,
        born_on=born_on,
        place_id=by.organisation.place_id,
        street=street,
        document=document,
        document_number=document_no,
        document_key=key,
        made_at=at,
    )
    record("people.person_added", person, by=by, basis=Grant.Basis.PAPER)
    _signed(person, allowed, signature, by=by, at=at)
    return person


@transaction.atomic
def enter_sheet(
    person_id: object, *, allowed: Allowed, signature: Signature, by: User, at: datetime
) -> Person:
    """What a person whom the officer sees has signed besides.

    Raises:
        NotYoursToEnter, NoSuchRecord
        NothingSigned, SignedInTheFuture, SheetTooOld, NoSuchProxy, TooManyProxies
    """
    person = _visible(person_id, by=by, at=at)
    _signed(person, allowed, signature, by=by, at=at)
    return person


@transaction.atomic
def enter_correction(person_id: object, *, by: User, at: datetime, **said: Any) -> Person:
    """Details of a visible person without an account, as the sheet or the card has them.

    Raises:
        NotYoursToEnter, NoSuchRecord
        HasAnAccount: the person corrects it themselves.
        KnownAlready, as `correct_person`
    """
    person = _visible(person_id, by=by, at=at)
    if User.objects.filter(person=person).exists():
        raise HasAnAccount
    corrected = correct_person(person, by=by, at=at, **said)
    others = Person.objects.filter(document_key=corrected.document_key).exclude(pk=person.pk)
    if corrected.document_key and others.exists():
        raise KnownAlready
    return corrected


@transaction.atomic
def erase_on_paper(person_id: object, *, by: User, at: datetime) -> Entry:
    """Erase a visible person who asks for it in writing; the line of the trail that proves it.

    Raises:
        NotYoursToEnter, NoSuchRecord, NotYoursToErase, CannotBeErased
    """
    return erase_person(_visible(person_id, by=by, at=at), by=by)


@transaction.atomic
def enter_withdrawal(
    person_id: object,
    *,
    requests: tuple[str, ...],
    ends_proxies: bool = False,
    signature: Signature,
    by: User,
    at: datetime,
) -> int:
    """End what a person whom the officer sees has withdrawn in writing; how much ended.

    Args:
        requests: keys of `Request`.

    Raises:
        NotYoursToEnter, NoSuchRecord, NothingSigned, SignedInTheFuture
    """
    person = _visible(person_id, by=by, at=at)
    if not requests and not ends_proxies:
        raise NothingSigned
    sheet = _sheet(person, Sheet.Kind.WITHDRAWAL, signature, by=by, at=at)
    ended = _withdrawn(person, set(requests), sheet, by=by, at=at)
    return ended + (_end_proxies(person, by=by, at=at) if ends_proxies else 0)


@transaction.atomic
def enter_full_withdrawal(
    *,
    name: str,
    born_on: date | None,
    number: str,
    signature: Signature,
    by: User,
    at: datetime,
) -> int:
    """End everything that a person allowed, also where the officer may not see the record.

    The person is found by the exact name with the date of birth or a number of theirs, and
    nothing of the record is shown. Who acts for them no longer does. How much ended.

    Raises:
        NotYoursToEnter, NothingFound, SignedInTheFuture
    """
    _require_officer(by)
    rows = Person.objects.filter(name=name)
    found = rows.filter(found_by(number, today=at.date())) if number else rows
    found = found.filter(born_on=born_on) if born_on else found
    if not (number or born_on) or found.count() != 1:
        record("consent.withdrawal_not_found", by.organisation, by=by)
        raise NothingFound
    person = found.get()
    sheet = _sheet(person, Sheet.Kind.WITHDRAWAL, signature, by=by, at=at)
    return _withdrawn(person, None, sheet, by=by, at=at) + _end_proxies(person, by=by, at=at)


@transaction.atomic
def search_people(text: str, *, by: User, at: datetime) -> list[Person]:
    """People of this exact name or number whom the officer sees; the search is in the trail.

    Raises:
        NotYoursToEnter
    """
    _require_officer(by)
    visible = people_visible_to(by, purpose=Purpose.MONITORING, at=at)
    found = list(visible.filter(found_by(text, today=at.date())).select_related("place")[:20])
    record("people.searched", by.organisation, by=by, found=len(found))
    for person in found:
        record("people.person_found", person, by=by, purpose=Purpose.MONITORING)
    return found


def _require_officer(by: User) -> None:
    if not by.may(Permission.PERSONS_ENTER) or by.organisation_id is None:
        raise NotYoursToEnter


def _visible(person_id: object, *, by: User, at: datetime) -> Person:
    _require_officer(by)
    visible = people_visible_to(by, purpose=Purpose.MONITORING, at=at)
    person = visible.filter(pk=person_id).first()
    if person is None:
        raise NoSuchRecord
    return person


def _sheet(person: Person, kind: str, signature: Signature, *, by: User, at: datetime) -> Sheet:
    if signature.signed_on > timezone.localdate(at):
        raise SignedInTheFuture
    sheet = Sheet.objects.create(
        person=person,
        kind=kind,
        signed_on=signature.signed_on,
        signed_in=signature.signed_in,
        kept_at=signature.kept_at,
        organisation=by.organisation,
        entered_by=by,
        entered_at=at,
    )
    record("consent.sheet_entered", sheet, by=by, kind=kind)
    return sheet


def _signed(
    person: Person, allowed: Allowed, signature: Signature, *, by: User, at: datetime
) -> None:
    wanted = [one for one in requests_in(person.place_id) if one.key in allowed.requests]
    if not wanted and not allowed.proxy_phone:
        raise NothingSigned
    sheet = _sheet(person, Sheet.Kind.CONSENT, signature, by=by, at=at)
    for request in wanted:
        _granted(person, request, sheet, by=by, at=at)
    if allowed.proxy_phone:
        _begin_proxy(person, allowed, sheet, by=by, at=at)


def _granted(person: Person, request: Request, sheet: Sheet, *, by: User, at: datetime) -> None:
    """From now on; the time runs from the day of the signature."""
    until = _morning(sheet.signed_on + timedelta(days=1)) + request.asked.holds_for
    if until <= at:
        raise SheetTooOld
    before = grants_in_force(at=at).filter(
        person=person, to=request.organisation, purpose=request.asked.purpose, only__isnull=True
    )
    if before.filter(ends_at__gte=until).exists():
        return
    grant = Grant.objects.create(
        person=person,
        to=request.organisation,
        purpose=request.asked.purpose,
        basis=Grant.Basis.PAPER,
        given_by=by,
        sheet=sheet,
        starts_at=at,
        ends_at=until,
    )
    facts = {"purpose": grant.purpose, "basis": grant.basis}
    record("consent.given", grant, by=by, until=until.isoformat(), **facts)
    record("consent.given_for", person, by=by, to=grant.to_id, **facts)


def _begin_proxy(person: Person, allowed: Allowed, sheet: Sheet, *, by: User, at: datetime) -> None:
    """Name and number must be those of one account: a slip of the pen opens no record."""
    key = match_key(PHONE, allowed.proxy_phone)
    account = User.objects.filter(phone_key=key, is_active=True, person__isnull=False).first()
    if account is None or _folded(account.person.name) != _folded(allowed.proxy_name):
        raise NoSuchProxy
    acts = Person.objects.select_for_update().get(pk=account.person_id)
    if acts.pk == person.pk or proxies_in_force(at=at).filter(acts=acts).count() >= MOST:
        raise TooManyProxies(most=MOST)
    Proxy.objects.filter(person=person, acts=acts, withdrawn_at=None).update(withdrawn_at=at)
    is_guardian = _is_guardian(person, allowed.relation, at=at)
    basis = Proxy.Basis.GUARDIAN if is_guardian else Proxy.Basis.PAPER
    proxy = Proxy.objects.create(
        person=person,
        acts=acts,
        relation=Proxy.Relation(allowed.relation),
        basis=basis,
        sheet=sheet,
        starts_at=at,
        ends_at=proxy_ends_at(at, born_on=person.born_on, is_guardian=is_guardian),
    )
    record("consent.proxy_begun", proxy, by=by, basis=basis)
    record("consent.proxy_begun", person, by=by, basis=basis)


def _is_guardian(person: Person, relation: str, *, at: datetime) -> bool:
    is_child = relation == Proxy.Relation.CHILD and person.born_on is not None
    return is_child and timezone.localdate(at) < grown_up_on(person.born_on)


def _withdrawn(
    person: Person, keys: set[str] | None, sheet: Sheet, *, by: User, at: datetime
) -> int:
    """``keys``: of requests; None means everything."""
    grants = grants_in_force(at=at).filter(person=person).exclude(purpose=Purpose.EMERGENCY)
    ended = 0
    for grant in grants.select_for_update(of=("self",)):
        if keys is None or f"{grant.purpose}:{grant.to_id}" in keys:
            grant.withdrawn_at, grant.withdrawn_on = at, sheet
            grant.save(update_fields=["withdrawn_at", "withdrawn_on"])
            record("consent.withdrawn", grant, by=by, basis=Grant.Basis.PAPER)
            facts = {"purpose": grant.purpose, "to": grant.to_id, "basis": Grant.Basis.PAPER}
            record("consent.withdrawn_for", person, by=by, **facts)
            ended += 1
    return ended


def _end_proxies(person: Person, *, by: User, at: datetime) -> int:
    ended = list(Proxy.objects.select_for_update().filter(person=person, withdrawn_at=None))
    for proxy in ended:
        proxy.withdrawn_at = at
        proxy.save(update_fields=["withdrawn_at"])
        record("consent.proxy_ended", proxy, by=by, basis=Grant.Basis.PAPER)
        record("consent.proxy_ended", person, by=by, basis=Grant.Basis.PAPER)
    return len(ended)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
