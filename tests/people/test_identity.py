"""Numbers of documents and telephones, and how they lie in the database."""

from datetime import date

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tongxin.people.actions import correct_person
from tongxin.people.identity_numbers import (
    NotAPassportNumber,
    NotAResidentNumber,
    check_digit,
    document_number,
)
from tongxin.people.models import Person
from tongxin.people.phones import NotAPhoneNumber, e164, masked
from tongxin.people.sealing import Unsealable, match_key, seal, unseal

TODAY = date(2020, 3, 20)
GOOD = "11010519491231002X"  # the example of GB 11643-1999


@pytest.mark.parametrize("typed", [GOOD, "110105 19491231 002x", "１１０１０５" + GOOD[6:]])
def test_a_resident_number_is_read_however_it_is_typed(typed):
    assert document_number("resident_id", typed, today=TODAY) == GOOD


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "110105194912310021",  # check digit
        "110105491231002",  # fifteen digits
        "110105209912310024",  # not born yet
        "11010519491331002X",  # no such month
        "１1010519491231002XX",
        "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X",
        "<script>",
    ],
)
def test_what_is_no_resident_number_is_refused(typed):
    with pytest.raises(NotAResidentNumber):
        document_number("resident_id", typed, today=TODAY)


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place, step):
    digit = str((int(GOOD[place]) + step) % 10)
    wrong = GOOD[:place] + digit + GOOD[place + 1 :]
    assert check_digit(wrong) != GOOD[-1]


@pytest.mark.parametrize("typed", ["", "ABCDE", "123", "E1234567890", "E12 34?56"])
def test_what_is_no_passport_number_is_refused(typed):
    with pytest.raises(NotAPassportNumber):
        document_number("passport", typed, today=TODAY)


@pytest.mark.parametrize(
    "typed", ["13800138000", "138-0013-8000", "+86 138 0013 8000", "0086 13800138000"]
)
def test_a_mobile_number_is_read_however_it_is_written(typed):
    assert e164(typed) == "+8613800138000"


@pytest.mark.parametrize("typed", ["", "120", "0716-2422222", "1380013800", "138001380000", "abc"])
def test_what_is_no_mobile_number_is_refused(typed):
    with pytest.raises(NotAPhoneNumber):
        e164(typed)


def test_of_a_number_only_the_end_is_shown():
    assert masked("+8613800138000") == "+86 •••• 8000"


def test_the_database_holds_neither_number_nor_telephone(rui, noon):
    correct_person(rui.person, document="resident_id", document_number=GOOD, by=rui, at=noon)
    Person.objects.filter(pk=rui.person_id).update(phone="+8613800138000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_person::text FROM people_person")
        stored = " ".join(row[0] for row in cursor.fetchall())
    assert GOOD not in stored and "13800138000" not in stored
    again = Person.objects.get(pk=rui.person_id)
    assert (again.document_number, again.phone) == (GOOD, "+8613800138000")
    assert again.document_key == match_key("document", GOOD)


def test_a_sealed_value_opens_only_in_its_own_column():
    closed = seal("secret", column="people.person.phone")
    assert unseal(closed, column="people.person.phone") == "secret"
    assert seal("secret", column="people.person.phone") != closed
    for value, column in (
        (closed, "people.person.document_number"),
        (closed[:-6] + "AAAA==", "people.person.phone"),
        ("2:" + closed[2:], "people.person.phone"),
        ("plain", "people.person.phone"),
    ):
        with pytest.raises(Unsealable):
            unseal(value, column=column)


def test_a_wrong_number_changes_nothing(rui, noon):
    with pytest.raises(NotAResidentNumber):
        correct_person(
            rui.person, name="Other", document="resident_id", document_number="1", by=rui, at=noon
        )
    assert Person.objects.get(pk=rui.person_id).name == "瑞 Rui"
