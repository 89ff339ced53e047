"""Signing in by a code that came to a telephone."""

from datetime import timedelta

import pytest
from django.db import connection

from tongxin.audit.models import Entry
from tongxin.people.actions import (
    CodeAskedTooSoon,
    WrongCode,
    forget_old_codes,
    make_code,
    redeem_code,
)
from tongxin.people.actions.codes import CodeLimitReached
from tongxin.people.models import SignInCode, User
from tongxin.people.roles import Role
from tongxin.people.sign_in_rules import Asker

PHONE, OTHER = "+8613800138000", "+8613900139000"
MINUTE = timedelta(minutes=1)


def make(at, phone=PHONE, **facts):
    return make_code(phone, by="tests", at=at, **facts)


def redeem(code, at, phone=PHONE, **facts):
    return redeem_code(phone, code, by="tests", at=at, **facts)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_first_sign_in_makes_an_account_and_the_next_finds_it(db, noon):
    first = redeem(make(noon), noon)
    again = redeem(make(noon + 2 * MINUTE), noon + 2 * MINUTE)
    assert first == again and first.role == Role.RESIDENT
    assert first.person.phone == PHONE and not first.has_usable_password()
    assert redeem(make(noon, OTHER), noon, OTHER) != first


def test_a_code_serves_once(db, noon):
    code = make(noon)
    redeem(code, noon)
    with pytest.raises(WrongCode):
        redeem(code, noon)


def test_a_code_is_no_good_for_another_number_or_another_use(db, noon):
    code = make(noon)
    for facts in ({"phone": OTHER}, {"use": "proxy"}):
        with pytest.raises(WrongCode):
            redeem(code, noon, **facts)
    assert User.objects.count() == 0


def test_a_code_holds_ten_minutes(db, noon):
    code = make(noon)
    with pytest.raises(WrongCode):
        redeem(code, noon + 10 * MINUTE)
    assert redeem(code, noon + 9 * MINUTE)


def test_after_five_wrong_tries_the_right_code_is_no_good_either(db, noon):
    code = make(noon)
    for _ in range(5):
        with pytest.raises(WrongCode):
            redeem(wrong(code), noon)
    with pytest.raises(WrongCode):
        redeem(code, noon)


def test_a_new_code_ends_the_one_before(db, noon):
    before, code = make(noon), make(noon + 2 * MINUTE)
    if before != code:
        with pytest.raises(WrongCode):
            redeem(before, noon + 2 * MINUTE)
    assert redeem(code, noon + 2 * MINUTE)


def test_nobody_floods_a_telephone(db, noon):
    make(noon)
    with pytest.raises(CodeAskedTooSoon):
        make(noon + timedelta(seconds=59))
    for number in range(1, 5):
        make(noon + number * MINUTE)
    with pytest.raises(CodeLimitReached):
        make(noon + 6 * MINUTE)
    assert make(noon + 61 * MINUTE)
    assert make(noon, OTHER)


def asking(lane, network="home", is_known=False):
    return Asker(lane=lane, network=network, is_known=is_known)


def test_a_stranger_uses_up_the_codes_of_a_network_and_not_those_of_the_number(db, noon):
    for number in range(3):
        make(noon + number * MINUTE, asker=asking("thief", "cafe"))
    with pytest.raises(CodeLimitReached):
        make(noon + 5 * MINUTE, asker=asking("thief again", "cafe"))
    code = make(noon + 5 * MINUTE, asker=asking("owner"))
    assert redeem(code, noon + 5 * MINUTE, lane="owner")


def test_a_known_device_gets_a_code_however_many_strangers_asked(db, noon):
    for number in range(5):
        make(noon + number * MINUTE, asker=asking("thief", f"net {number}"))
    with pytest.raises(CodeLimitReached):
        make(noon + 5 * MINUTE, asker=asking("owner's new browser"))
    code = make(noon + 5 * MINUTE, asker=asking("owner", is_known=True))
    assert redeem(code, noon + 5 * MINUTE, lane="owner")
    for number in range(6, 10):
        make(noon + number * MINUTE, asker=asking("owner", is_known=True))
    with pytest.raises(CodeLimitReached):  # a stolen telephone floods nobody either
        make(noon + 10 * MINUTE, asker=asking("owner", is_known=True))


def test_strangers_neither_end_nor_spend_the_code_of_the_owner(db, noon):
    code = make(noon, asker=asking("owner"))
    theirs = make(noon, asker=asking("thief", "cafe"))
    for _ in range(6):
        with pytest.raises(WrongCode):
            redeem(wrong(theirs), noon, lane="thief")
    if code != theirs:
        with pytest.raises(WrongCode):
            redeem(code, noon, lane="thief")
    assert redeem(code, noon, lane="owner")


def test_a_closed_account_does_not_sign_in(db, noon):
    user = redeem(make(noon), noon)
    User.objects.filter(pk=user.pk).update(is_active=False)
    later = noon + 2 * MINUTE
    code = make(later)
    with pytest.raises(WrongCode):
        redeem(code, later)


def test_neither_number_nor_code_is_kept_or_in_the_trail(db, noon):
    code = make(noon)
    redeem(code, noon)
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_signincode::text FROM people_signincode")
        stored = cursor.fetchone()[0]
    trail = " ".join(f"{entry.target} {entry.by} {entry.facts}" for entry in Entry.objects.all())
    for secret in (PHONE, PHONE[3:]):
        assert secret not in stored and secret not in trail
    assert code not in trail.split()


def test_codes_are_forgotten_once_they_limit_nothing(db, noon):
    make(noon)
    assert forget_old_codes(by="tests", at=noon + timedelta(hours=23)) == 0
    assert forget_old_codes(by="tests", at=noon + timedelta(hours=25)) == 1
    assert not SignInCode.objects.exists()
