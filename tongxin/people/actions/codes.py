"""Codes by which a telephone signs in. Neither numbers nor codes are kept or recorded."""

import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from tongxin.audit.actions import record
from tongxin.people.models import Person, SignInCode, User
from tongxin.people.one_at_a_time import one_at_a_time
from tongxin.people.roles import Role
from tongxin.people.sealing import match_key
from tongxin.people.sign_in_rules import (
    DIGITS,
    HOLDS_FOR,
    LIMITS,
    NETWORK_LIMITS,
    TRIES,
    Asker,
    wait_before_next,
)
from tongxin.refusal import Refusal, noop

PHONE, SIGN_IN = "phone", "sign-in"
ANYBODY = Asker()


class CodeAskedTooSoon(Refusal):
    says = noop("A code was sent a moment ago. You can ask for another in {seconds} seconds.")


class CodeLimitReached(Refusal):
    says = noop(
        "Too many codes were sent to this number. Ask again in {minutes} minutes, or have your "
        "community committee enter what you want to say."
    )


class WrongCode(Refusal):
    says = noop("This code is wrong or too old. Look at the newest message, or ask for a new code.")


@transaction.atomic
def make_code(
    phone: str, *, use: str = SIGN_IN, asker: Asker = ANYBODY, by: str, at: datetime
) -> str:
    """A new code for this number (E.164), which the caller sends; older ones hold no longer.

    ``use``: what it is good for, and for nothing else.

    Raises:
        CodeAskedTooSoon, CodeLimitReached
    """
    key = match_key(PHONE, phone)
    one_at_a_time(key)
    wait = _wait(key, asker, at=at)
    if wait.total_seconds() > 120:
        raise CodeLimitReached(minutes=int(wait.total_seconds() // 60) + 1)
    if wait:
        raise CodeAskedTooSoon(seconds=int(wait.total_seconds()) + 1)
    before = SignInCode.objects.filter(phone_key=key, lane=asker.lane, used_at__isnull=True)
    before.update(tries=TRIES)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = SignInCode.objects.create(
        phone_key=key,
        code_key=_code_key(code, key, use),
        lane=asker.lane,
        network=asker.network,
        is_known=asker.is_known,
        made_at=at,
    )
    record("people.code_made", row, by=by)
    return code


def _wait(key: str, asker: Asker, *, at: datetime) -> timedelta:
    """What is left of the allowance: of a known device its own; else of network and number."""
    span = max(span for span, _ in LIMITS)
    asked = SignInCode.objects.filter(phone_key=key, made_at__gt=at - span)
    moments = list(asked.values_list("made_at", "lane", "network", "is_known"))
    if asker.is_known:
        own = [made_at for made_at, lane, _, is_known in moments if is_known and lane == asker.lane]
        return wait_before_next(own, at=at)
    strangers = [(made_at, network) for made_at, _, network, is_known in moments if not is_known]
    everywhere = wait_before_next([one for one, _ in strangers], at=at, between=timedelta(0))
    if not asker.network:
        return max(everywhere, wait_before_next([one for one, _ in strangers], at=at))
    here = [one for one, network in strangers if network == asker.network]
    return max(everywhere, wait_before_next(here, at=at, limits=NETWORK_LIMITS))


def redeem_code(
    phone: str,
    code: str,
    *,
    use: str = SIGN_IN,
    lane: str = "",
    person: Person | None = None,
    by: str,
    at: datetime,
) -> User:
    """The account that this number signs in to, made with the first code that is right.

    Args:
        lane: of the browser that asked for the code.
        person: whose account it becomes, if the number has none yet.

    Raises:
        WrongCode: not the newest code, used, too old, or tried too often; the try counts.
    """
    user = _redeemed(phone, code, use, lane=lane, person=person, by=by, at=at)
    if user is None:
        raise WrongCode
    return user


@transaction.atomic
def _redeemed(
    phone: str, code: str, use: str, *, lane: str, person: Person | None, by: str, at: datetime
) -> User | None:
    key = match_key(PHONE, phone)
    one_at_a_time(key)
    codes = SignInCode.objects.filter(
        phone_key=key, lane=lane, used_at__isnull=True, tries__lt=TRIES
    )
    newest = codes.filter(made_at__gt=at - HOLDS_FOR, made_at__lte=at).order_by("-made_at").first()
    if newest is None:
        return None
    if not hmac.compare_digest(newest.code_key, _code_key(code.strip(), key, use)):
        newest.tries += 1
        newest.save(update_fields=["tries"])
        record("people.code_wrong", newest, by=by)
        return None
    newest.used_at = at
    newest.save(update_fields=["used_at"])
    user = _account_of(phone, key, person, by=by, at=at)
    record("people.code_used", newest, by=by)
    return user if user.is_active else None


def _account_of(phone: str, key: str, person: Person | None, *, by: str, at: datetime) -> User:
    known = User.objects.filter(phone_key=key).first()
    if known is not None:
        return known
    if person is None:
        person = Person.objects.create(phone=phone, phone_key=key, made_at=at)
        record("people.person_added", person, by=by)
    else:
        person.phone, person.phone_key = phone, key
        person.save(update_fields=["phone", "phone_key"])
    user = User(username=f"resident-{person.pk}", role=Role.RESIDENT, person=person, phone_key=key)
    user.set_unusable_password()
    user.save()
    record("people.account_added", user, by=by, role=str(Role.RESIDENT))
    return user


@transaction.atomic
def forget_old_codes(*, by: str, at: datetime) -> int:
    """Delete codes that limit nothing any more; how many."""
    gone, _ = SignInCode.objects.filter(made_at__lt=at - max(span for span, _ in LIMITS)).delete()
    if gone:
        record("people.codes_forgotten", "sign-in codes", by=by, count=gone)
    return gone


def _code_key(code: str, phone_key: str, use: str) -> str:
    return match_key("code", f"{use} {phone_key} {code}")
