"""Who may correct which detail of a record."""

from datetime import datetime
from typing import Any

from django.db import transaction

from tongxin.consent.actions.grants import NotYoursToGrant
from tongxin.consent.queries import acts_for, decides_alone
from tongxin.people.actions import correct_person
from tongxin.people.models import Person, User
from tongxin.refusal import Refusal, noop

CONTACT = {"place_id", "street"}
"""Where somebody is reached; the rest says who they are."""


class NotYoursToCorrect(Refusal):
    says = noop(
        "You can correct where this person lives, and fill in what is missing. What stands there "
        "already only they change, or the community committee from a signed sheet."
    )


@transaction.atomic
def correct_details(person: Person, *, by: User, at: datetime, **said: Any) -> Person:
    """The person as they, or who acts for them, say they are.

    Raises:
        NotYoursToGrant: ``by`` is neither the person nor acts for them.
        NotYoursToCorrect: who acts for an adult changes who the adult is.
        as `correct_person`
    """
    if not acts_for(by, person, at=at):
        raise NotYoursToGrant
    if not decides_alone(by, person, at=at):
        row = Person.objects.select_for_update().get(pk=person.pk)
        stands = {name for name in said if name not in CONTACT and getattr(row, name)}
        if any(_plain(said[name]) != _plain(getattr(row, name)) for name in stands):
            raise NotYoursToCorrect
    return correct_person(person, by=by, at=at, **said)


def _plain(value: object) -> str:
    return str(value or "").strip()
