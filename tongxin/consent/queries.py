from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tongxin.consent.models import Grant, Proxy, Purpose
from tongxin.consent.proxy_rules import parents_decide
from tongxin.people.actions.codes import PHONE
from tongxin.people.identity_numbers import READERS
from tongxin.people.models import Person, User
from tongxin.people.phones import e164
from tongxin.people.roles import Permission
from tongxin.people.sealing import match_key
from tongxin.refusal import Refusal

ENDS_SOON = timedelta(days=14)
RECORDS = frozenset({Permission.PERSONS_READ})
OPENED_BY = {Purpose.MONITORING: RECORDS | {Permission.LOGS_READ}}
"""Which permissions open records for a purpose; those of `RECORDS` for all others."""


def grants_in_force(*, at: datetime) -> QuerySet[Grant]:
    """Grants that hold at ``at``: begun, neither ended nor withdrawn."""
    return Grant.objects.filter(starts_at__lte=at, ends_at__gt=at).exclude(withdrawn_at__lte=at)


def people_visible_to(viewer: User, *, purpose: Purpose, at: datetime) -> QuerySet[Person]:
    """People whose records ``viewer`` may open at ``at`` for ``purpose``.

    Every staff query about a person starts here, so it composes as a subquery:
    ``Log.objects.filter(person__in=people_visible_to(...))``.
    """
    if not any(viewer.may(permission) for permission in OPENED_BY.get(purpose, RECORDS)):
        return Person.objects.none()
    grants = grants_in_force(at=at).filter(
        Q(only__isnull=True) | Q(only=viewer),
        person=OuterRef("pk"),
        to=viewer.organisation_id,
        purpose__in={purpose, Purpose.EMERGENCY},
    )
    return Person.objects.filter(Exists(grants))


def proxies_in_force(*, at: datetime) -> QuerySet[Proxy]:
    """Who acts for whom at ``at``."""
    rows = Proxy.objects.filter(acts__isnull=False, starts_at__lte=at, ends_at__gt=at)
    return rows.exclude(withdrawn_at__lte=at)


def people_acted_for(user: User, *, at: datetime) -> QuerySet[Person]:
    """The person of this account, and everybody they act for at ``at``."""
    if user.person_id is None or not user.is_active:
        return Person.objects.none()
    others = proxies_in_force(at=at).filter(acts=user.person_id).values("person")
    return Person.objects.filter(Q(pk=user.person_id) | Q(pk__in=others))


def acts_for(user: User, person: Person, *, at: datetime) -> bool:
    """Whether the account may speak for this person at ``at``."""
    return people_acted_for(user, at=at).filter(pk=person.pk).exists()


def decides_alone(user: User, person: Person, *, at: datetime) -> bool:
    """Whether the account's word is enough: the person's own, or a parent's for a small child."""
    if user.person_id == person.pk:
        return True
    guardian = proxies_in_force(at=at).filter(
        person=person, acts=user.person_id, basis=Proxy.Basis.GUARDIAN
    )
    today = timezone.localdate(at)
    return parents_decide(person.born_on, today=today) and guardian.exists()


def people_alike(viewer: User, *, name: str, born_on: date, at: datetime) -> list[Person]:
    """Visible people of the same name and date of birth: perhaps the same."""
    visible = people_visible_to(viewer, purpose=Purpose.MONITORING, at=at)
    return list(visible.filter(name=name, born_on=born_on).select_related("place")[:3])


def found_by(text: str, *, today: date) -> Q:
    """People of exactly this name, or with this number of a telephone or document."""
    text = text.strip()
    keys = {match_key("document", number) for number in _document_numbers(text, today)}
    found = Q(name=text) if text else Q(pk__isnull=True)
    if keys:
        found |= Q(document_key__in=keys)
    try:
        found |= Q(phone_key=match_key(PHONE, e164(text)))
    except Refusal:
        return found
    return found


def _document_numbers(text: str, today: date) -> set[str]:
    found = set()
    for read in READERS.values():
        try:
            found.add(read(text, today=today))
        except Refusal:
            continue
    return found


def only_wards(user: User, *, at: datetime) -> QuerySet[Person]:
    """People without an account for whom this account acts, and nobody else."""
    acting = proxies_in_force(at=at).filter(person=OuterRef("pk"))
    mine, others = acting.filter(acts=user.person_id), acting.exclude(acts=user.person_id)
    return Person.objects.filter(Exists(mine), ~Exists(others), account__isnull=True)


def left_alone(viewer: User, *, at: datetime) -> QuerySet[Person]:
    """Visible people without an account for whom nobody acts any more, though somebody did."""
    acting = proxies_in_force(at=at).filter(person=OuterRef("pk"))
    once = Proxy.objects.filter(person=OuterRef("pk"))
    visible = people_visible_to(viewer, purpose=Purpose.MONITORING, at=at)
    alone = visible.filter(~Exists(acting), Exists(once), account__isnull=True)
    return alone.select_related("place").order_by("street", "name")


def ending_soon(viewer: User, *, at: datetime) -> QuerySet[Person]:
    """Visible people without an account whose permission for this purpose soon runs out."""
    lasting = grants_in_force(at=at + ENDS_SOON).filter(
        person=OuterRef("pk"), to=viewer.organisation_id, purpose=Purpose.MONITORING
    )
    visible = people_visible_to(viewer, purpose=Purpose.MONITORING, at=at)
    soon = visible.filter(~Exists(lasting), account__isnull=True)
    return soon.select_related("place").order_by("street", "name")
