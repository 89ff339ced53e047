"""Numbers of identity documents: the resident identity number with its check digit, and passports.

Sources: GB 11643-1999 (18 digits: area, birth date, sequence, check digit by ISO 7064 MOD 11-2);
ICAO Doc 9303, part 3 (a passport number has at most nine letters and digits).
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from tongxin.refusal import Unreadable, noop

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
OLDEST = 1880


class NotAResidentNumber(Unreadable):
    says = noop(
        "This is not a resident identity number: it has 18 digits (the last may be an X), "
        "with the date of birth in the middle. Compare it with the card."
    )


class NotAPassportNumber(Unreadable):
    says = noop(
        "This is not a passport number: it has 5 to 9 letters and digits, at least one of them a "
        "digit. Compare it with the passport."
    )


class NoSuchKind(Unreadable):
    says = noop("Choose which document the number is from.")


def resident_number(text: str, *, today: date) -> str:
    """The number as it is stored: 18 characters, X large.

    Raises:
        NotAResidentNumber: length, birth date or check digit are wrong.

    >>> resident_number("11010519491231002x", today=date(2020, 3, 20))
    '11010519491231002X'
    """
    number = plain(text)
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number):
        raise NotAResidentNumber
    try:
        born_on = birth_date(number)
    except ValueError as error:
        raise NotAResidentNumber from error
    if not date(OLDEST, 1, 1) <= born_on <= today or check_digit(number) != number[-1]:
        raise NotAResidentNumber
    return number


def birth_date(number: str) -> date:
    """The date of birth in a resident number. Raises `ValueError`."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def check_digit(number: str) -> str:
    """The last character that the first 17 digits ask for.

    >>> check_digit("11010519491231002")
    'X'
    """
    return CHECK[sum(int(d) * w for d, w in zip(number, WEIGHTS, strict=False)) % 11]


def passport_number(text: str, *, today: date) -> str:
    """The number as it is stored: letters large. Raises `NotAPassportNumber`.

    >>> passport_number("e 1234 5678", today=date(2020, 3, 20))
    'E12345678'
    """
    number = plain(text)
    if not re.fullmatch(r"(?=.*\d)[A-Z0-9]{5,9}", number):
        raise NotAPassportNumber
    return number


READERS: dict[str, Callable[..., str]] = {
    "resident_id": resident_number,
    "passport": passport_number,
}


def document_number(kind: str, text: str, *, today: date) -> str:
    """The number of such a document as it is stored. Raises a refusal that says what to do."""
    if kind not in READERS:
        raise NoSuchKind
    return READERS[kind](text, today=today)


def plain(text: str) -> str:
    """Without spaces and signs, wide digits and letters as ordinary ones, letters large."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[\s\-–—·./]", "", folded)
