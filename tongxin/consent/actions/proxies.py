"""One person acts for another, with how the other agreed written down."""

from datetime import date, datetime

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.consent.models import Proxy
from tongxin.consent.proxy_rules import MOST, grown_up_on, proxy_ends_at
from tongxin.consent.queries import proxies_in_force
from tongxin.people.actions import redeem_code
from tongxin.people.models import Person, User
from tongxin.refusal import Refusal, noop

PROXY_CODE = "proxy"


class NotGrownUp(Refusal):
    says = noop("Only for somebody under 18 can a parent decide. Choose how this person agreed.")


class TooManyProxies(Refusal):
    says = noop(
        "You already act for {most} people. For more, ask your community committee to enter the "
        "logs."
    )


class OwnProxy(Refusal):
    says = noop("This is your own number.")


class NotYourProxy(Refusal):
    says = noop("Only the two people concerned can end this.")


class OnlyResidents(Refusal):
    says = noop("Only a resident's own account can act for others.")


@transaction.atomic
def add_ward(
    *, name: str, born_on: date | None, relation: str, basis: str, by: User, at: datetime
) -> Proxy:
    """A new person without an account, for whom ``by`` acts from now on.

    Args:
        basis: GUARDIAN for a child under 18, SPOKEN for an adult without a telephone.

    Raises:
        OnlyResidents, TooManyProxies
        NotGrownUp: a guardian is named for somebody who is 18 or whose birth date is not known.
    """
    acts = _acting(by, at=at)
    is_guardian = basis == Proxy.Basis.GUARDIAN
    if is_guardian and (born_on is None or grown_up_on(born_on) <= at.date()):
        raise NotGrownUp
    person = Person.objects.create(
        name=name, born_on=born_on, place=acts.place, street=acts.street, made_at=at
    )
    record("people.person_added", person, by=by)
    return _joined(person, acts, relation=relation, basis=basis, by=by, at=at)


def join_by_code(
    phone: str, code: str, *, relation: str, lane: str = "", by: User, at: datetime
) -> Proxy:
    """Act for the person of this number, who has read out the code that was sent to it.

    Raises:
        WrongCode, OnlyResidents, TooManyProxies, OwnProxy
    """
    # Outside the transaction below: a wrong try counts, whatever is refused.
    other = redeem_code(phone, code, use=PROXY_CODE, lane=lane, by=f"user:{by.pk}", at=at)
    return _join(other.person, relation=relation, by=by, at=at)


@transaction.atomic
def _join(other: Person | None, *, relation: str, by: User, at: datetime) -> Proxy:
    acts = _acting(by, at=at)
    if other is None or other == acts:
        raise OwnProxy
    before = Proxy.objects.filter(person=other, acts=acts, withdrawn_at__isnull=True)
    before.update(withdrawn_at=at)
    return _joined(other, acts, relation=relation, basis=Proxy.Basis.CODE, by=by, at=at)


@transaction.atomic
def end_proxy(proxy_id: int, *, by: User, at: datetime) -> Proxy:
    """End it now; either of the two may.

    Raises:
        NotYourProxy: ``by`` is neither of them, or it has ended before.
    """
    proxy = Proxy.objects.select_for_update().filter(pk=proxy_id, withdrawn_at__isnull=True).first()
    if proxy is None or by.person_id not in (proxy.person_id, proxy.acts_id):
        raise NotYourProxy
    proxy.withdrawn_at = at
    proxy.save(update_fields=["withdrawn_at"])
    record("consent.proxy_ended", proxy, by=by)
    record("consent.proxy_ended", f"people.Person:{proxy.person_id}", by=by)
    return proxy


def _acting(by: User, *, at: datetime) -> Person:
    """The person who acts, locked: two requests cannot pass the limit together."""
    acts = Person.objects.select_for_update().filter(pk=by.person_id).first()
    if acts is None:
        raise OnlyResidents
    if proxies_in_force(at=at).filter(acts=acts).count() >= MOST:
        raise TooManyProxies(most=MOST)
    return acts


def _joined(
    person: Person, acts: Person, *, relation: str, basis: str, by: User, at: datetime
) -> Proxy:
    is_guardian = basis == Proxy.Basis.GUARDIAN
    proxy = Proxy.objects.create(
        person=person,
        acts=acts,
        relation=Proxy.Relation(relation),
        basis=Proxy.Basis(basis),
        starts_at=at,
        ends_at=proxy_ends_at(at, born_on=person.born_on, is_guardian=is_guardian),
    )
    record("consent.proxy_begun", proxy, by=by, basis=basis)
    record("consent.proxy_begun", person, by=by, basis=basis)
    return proxy
