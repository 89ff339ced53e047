"""What a person says of themselves: corrected when they say so, erased when they say so."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from tongxin.audit.actions import record
from tongxin.audit.models import Entry
from tongxin.people.identity_numbers import document_number
from tongxin.people.models import Person, User
from tongxin.people.roles import Role
from tongxin.people.sealing import match_key
from tongxin.places.models import Place
from tongxin.refusal import Refusal, Unreadable, noop

CORRECTABLE = ("name", "born_on", "place_id", "street", "document", "document_number")


class NoSuchPlaceCode(Unreadable):
    says = noop("There is no place with this code.")


class BornInTheFuture(Unreadable):
    says = noop("The date of birth lies in the future.")


class CannotBeErased(Refusal):
    says = noop(
        "Part of this record has to be kept by law for now. Ask the authority; everything else "
        "stays as it was."
    )


@transaction.atomic
def correct_person(person: Person, *, by: User, at: datetime, **said: Any) -> Person:
    """The person as they say they are; only what is given changes.

    Args:
        said: some of `CORRECTABLE`; ``document_number`` goes with ``document``.

    Raises:
        NotAResidentNumber, NotAPassportNumber, NoSuchKind, NoSuchPlaceCode, BornInTheFuture
    """
    today = at.date()
    row = Person.objects.select_for_update().get(pk=person.pk)
    if said.get("document_number"):
        kind = said.get("document") or row.document
        said["document_number"] = document_number(kind, said["document_number"], today=today)
    if "document_number" in said:
        number = said["document_number"]
        row.document_key = match_key("document", number) if number else ""
    _check(said, today=today)
    changed = [name for name in CORRECTABLE if name in said and getattr(row, name) != said[name]]
    for name in changed:
        setattr(row, name, said[name])
    if changed:
        row.save()
        record("people.person_corrected", row, by=by, fields=changed)
    return row


def _check(said: dict[str, Any], *, today: date) -> None:
    if said.get("place_id") and not Place.objects.filter(pk=said["place_id"]).exists():
        raise NoSuchPlaceCode
    if said.get("born_on") and said["born_on"] > today:
        raise BornInTheFuture


class NotYoursToErase(Refusal):
    says = noop("Only the person can erase this record: they have an account of their own.")


class StaffIsNotErasedHere(Refusal):
    says = noop("This is a staff account. An administrator closes it; what it did stays known.")


@transaction.atomic
def erase_person(person: Person, *, by: User | str) -> Entry:
    """Delete the person and all that hangs on them; the line of the trail that proves it.

    The trail keeps the number of the record, which names nobody once the record is gone.

    Raises:
        NotYoursToErase: somebody else wants it, and the person can say so themselves.
        StaffIsNotErasedHere
        CannotBeErased: a row that must be kept refers to the person; nothing has changed.
    """
    account = User.objects.filter(person=person).first()
    if account is not None and isinstance(by, User) and by != account:
        raise NotYoursToErase
    if account is not None and Role(account.role).is_staff_role:
        raise StaffIsNotErasedHere
    number = person.pk
    eraser = by if isinstance(by, str) else f"user:{by.pk}"
    try:
        Person.objects.select_for_update().get(pk=person.pk).delete()
        if account is not None:
            account.delete()
    except (ProtectedError, RestrictedError) as error:
        raise CannotBeErased from error
    return record("people.person_erased", f"people.Person:{number}", by=eraser)
