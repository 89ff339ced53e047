from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongxin.consent.models import Grant, Proxy, Purpose
from tongxin.people.models import Person, User
from tongxin.people.roles import Permission


def grants_in_force(*, at: datetime) -> QuerySet[Grant]:
    """Grants that hold at ``at``: begun, neither ended nor withdrawn."""
    return Grant.objects.filter(starts_at__lte=at, ends_at__gt=at).exclude(withdrawn_at__lte=at)


def people_visible_to(viewer: User, *, purpose: Purpose, at: datetime) -> QuerySet[Person]:
    """People whose records ``viewer`` may open at ``at`` for ``purpose``.

    Every staff query about a person starts here, so it composes as a subquery:
    ``Log.objects.filter(person__in=people_visible_to(...))``.
    """
    if not viewer.may(Permission.PERSONS_READ):
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
    return Proxy.objects.filter(starts_at__lte=at, ends_at__gt=at).exclude(withdrawn_at__lte=at)


def people_acted_for(user: User, *, at: datetime) -> QuerySet[Person]:
    """The person of this account, and everybody they act for at ``at``."""
    if user.person_id is None or not user.is_active:
        return Person.objects.none()
    others = proxies_in_force(at=at).filter(acts=user.person_id).values("person")
    return Person.objects.filter(Q(pk=user.person_id) | Q(pk__in=others))


def acts_for(user: User, person: Person, *, at: datetime) -> bool:
    """Whether the account may speak for this person at ``at``."""
    return people_acted_for(user, at=at).filter(pk=person.pk).exists()
