"""What a resident's pages show: whose pages they may open, what is allowed, who looked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongxin.audit.models import Entry
from tongxin.audit.queries import lines
from tongxin.consent.asked import Asked
from tongxin.consent.models import Grant, Proxy, Purpose
from tongxin.consent.queries import (
    grants_in_force,
    people_acted_for,
    people_visible_to,
    proxies_in_force,
)
from tongxin.consent.requests import requests_in
from tongxin.people.models import Organisation, Person, User
from tongxin.people.roles import Role

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What one organisation asks to be allowed, and whether it is."""

    asked: Asked
    organisation: Organisation
    sentence: str
    grant: Grant | None


@dataclass(frozen=True, slots=True)
class Look:
    """One line of the trail about a person: when, who, what for."""

    at: datetime
    deed: str
    who: str
    purpose: str


def person_for(user: User, person_id: UUID, *, at: datetime) -> Person | None:
    """The person, if the account is theirs or acts for them."""
    return people_acted_for(user, at=at).filter(pk=person_id).select_related("place").first()


def wards(user: User, *, at: datetime) -> list[Proxy]:
    """For whom the account acts."""
    rows = proxies_in_force(at=at).filter(acts=user.person_id).select_related("person__place")
    return list(rows.order_by("starts_at"))


def proxies_of(person: Person, *, at: datetime) -> list[Proxy]:
    """Who acts for this person."""
    return list(proxies_in_force(at=at).filter(person=person).select_related("acts"))


def wishes(person: Person, *, at: datetime) -> list[Wish]:
    """What the organisations of the person's place ask, each purpose by itself."""
    grants = {
        (grant.purpose, grant.to_id): grant
        for grant in grants_in_force(at=at).filter(person=person).order_by("pk")
    }
    return [
        Wish(
            one.asked,
            one.organisation,
            one.sentence,
            grants.get((one.asked.purpose, one.organisation.pk)),
        )
        for one in requests_in(person.place_id)
    ]


def has_telephone(person: Person) -> bool:
    """Whether the person signs in by themselves, and so can be asked themselves."""
    return User.objects.filter(person=person, phone_key__isnull=False).exists()


def has_account(person: Person) -> bool:
    """Whether the person signs in, by whatever means."""
    return User.objects.filter(person=person).exists()


def is_alone(person: Person, *, at: datetime) -> bool:
    """Whether nobody can speak for this person any more: neither they nor somebody else."""
    return not has_account(person) and not proxies_of(person, at=at)


def is_visible(officer: User, person: Person, *, at: datetime) -> bool:
    """Whether a community officer sees this record for the daily log."""
    visible = people_visible_to(officer, purpose=Purpose.MONITORING, at=at)
    return visible.filter(pk=person.pk).exists()


def grants_to(body: Organisation | None, person: Person, *, at: datetime) -> list[Grant]:
    """What the person allows this organisation now, with how they allowed it."""
    rows = grants_in_force(at=at).filter(person=person, to=body)
    return list(rows.select_related("sheet", "given_by").order_by("starts_at"))


def other_grants(person: Person, *, at: datetime) -> list[Grant]:
    """What holds besides: emergency access, and what is no longer asked."""
    known = {(wish.asked.purpose, wish.organisation.pk) for wish in wishes(person, at=at)}
    rows = grants_in_force(at=at).filter(person=person).select_related("to").order_by("-starts_at")
    return [grant for grant in rows if (grant.purpose, grant.to_id) not in known]


def looks(person: Person) -> list[Look]:
    """Every line of the trail about this person, the newest first."""
    found = lines(target=f"people.Person:{person.pk}", count=MOST_LINES)
    actors = _actors(entry.by for entry in found)
    return [_look(entry, actors, person) for entry in found]


def _look(entry: Entry, actors: dict[str, User], person: Person) -> Look:
    actor = actors.get(entry.by)
    purpose = str(entry.facts.get("purpose", ""))
    named = Purpose(purpose).label if purpose in Purpose.values else ""
    if actor is not None and actor.organisation is not None:
        who = f"{actor.organisation.name} · {Role(actor.role).label}"
    elif actor is not None and actor.person_id == person.pk:
        who = SELF
    elif actor is not None:
        who = PROXY
    else:
        who = MACHINE
    return Look(entry.at, entry.deed, who, named)


SELF, PROXY, MACHINE = "self", "proxy", "machine"


def _actors(names: Iterable[str]) -> dict[str, User]:
    numbers = {int(name[5:]) for name in names if name.startswith("user:") and name[5:].isdigit()}
    rows = User.objects.filter(pk__in=numbers).select_related("organisation")
    return {f"user:{user.pk}": user for user in rows}
