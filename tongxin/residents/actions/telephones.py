"""A record that was kept on paper becomes the account of a telephone."""

from datetime import datetime

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.consent.actions import HasAnAccount, NotYoursToEnter
from tongxin.consent.code_uses import take_over_use
from tongxin.people.actions import redeem_code
from tongxin.people.models import Person, User
from tongxin.people.roles import Permission
from tongxin.refusal import Refusal, noop
from tongxin.residents.holdings import held


class TelephoneInUse(Refusal):
    says = noop(
        "This telephone already signs in to a record that holds something. It has to be erased "
        "on “My record” first, or the person keeps that one."
    )


def link_telephone(
    person: Person, phone: str, code: str, *, lane: str = "", by: User, at: datetime
) -> User:
    """From now on this telephone signs in to the person's record.

    Args:
        code: that came to the telephone, as its owner read it out.

    Raises:
        NotYoursToEnter
        HasAnAccount: the record has a telephone already.
        WrongCode: the try counts.
        TelephoneInUse: the number signs in to another record that is not empty.
    """
    if not by.may(Permission.PERSONS_ENTER):
        raise NotYoursToEnter
    if User.objects.filter(person=person).exists():
        raise HasAnAccount
    # Outside the transaction of the link: a wrong try counts, whatever is refused.
    use, signed = take_over_use(person), f"user:{by.pk}"
    user = redeem_code(phone, code, use=use, lane=lane, person=person, by=signed, at=at)
    return _linked(user, person, by=by)


@transaction.atomic
def _linked(user: User, person: Person, *, by: User) -> User:
    before = user.person
    if before is not None and before != person:
        if not _is_empty(before):
            raise TelephoneInUse
        user.person = person
        user.save(update_fields=["person"])
        person.phone, person.phone_key = before.phone, before.phone_key
        person.save(update_fields=["phone", "phone_key"])
        record("people.empty_record_erased", before, by=by)
        before.delete()
    record("people.telephone_linked", person, by=by)
    return user


def _is_empty(person: Person) -> bool:
    """Whether nothing is held but the person and the account."""
    return {one.label for one in held(person)} <= {"people.Person", "people.User"}
