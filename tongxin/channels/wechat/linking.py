"""A person and their WeChat: joined when the person says so, parted as easily."""

from datetime import datetime

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.channels.wechat.models import Follower
from tongxin.people.models import Person, User
from tongxin.people.roles import Role
from tongxin.refusal import Refusal, noop


class LinkedToAnother(Refusal):
    """Somebody else has said that this WeChat is theirs."""

    says = noop("This WeChat is linked to another person. They have to end that first.")


@transaction.atomic
def link_follower(number: int, person: Person, *, by: object, at: datetime) -> Follower:
    """This account knows from now on who its follower is; the person has allowed it.

    Raises:
        LinkedToAnother
    """
    row = Follower.objects.select_for_update().get(pk=number)
    if row.person_id == person.pk:
        return row
    if row.person_id is not None:
        raise LinkedToAnother
    row.person, row.linked_at = person, at
    row.save(update_fields=["person", "linked_at"])
    record("channels.wechat_linked", person, by=by, account=row.account)
    return row


@transaction.atomic
def unlink_follower(number: int, person: Person, *, by: object) -> bool:
    """This account no longer knows who its follower is; whether it did."""
    row = Follower.objects.select_for_update().filter(pk=number, person=person).first()
    if row is None:
        return False
    row.person = row.linked_at = None
    row.save(update_fields=["person", "linked_at"])
    record("channels.wechat_unlinked", person, by=by, account=row.account)
    return True


def account_of(number: int) -> User | None:
    """The resident's account that this follower signs in to, if the person has linked it.

    Never an account of staff: those need a second factor.
    """
    row = Follower.objects.filter(pk=number).select_related("person__account").first()
    user = getattr(row.person, "account", None) if row and row.person else None
    if user is None or not user.is_active or Role(user.role).is_staff_role:
        return None
    return user
