"""Telephone numbers, however they are written: stored as E.164 (ITU-T), shown with few digits."""

import phonenumbers
from phonenumbers import PhoneNumberType

from tongxin.refusal import Unreadable, noop

REGION = "CN"
LONGEST = 40
MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class NotAPhoneNumber(Unreadable):
    says = noop(
        "This is not a mobile number. In China it has 11 digits and begins with 1; from elsewhere "
        "begin with + and the code of the country."
    )


def e164(text: str) -> str:
    """The number of a mobile telephone with + and the code of its country.

    Raises:
        NotAPhoneNumber: it cannot be one, or it is no mobile one.

    >>> e164("138 0013 8000"), e164("+44 7400 123456")
    ('+8613800138000', '+447400123456')
    """
    try:
        number = phonenumbers.parse(text[:LONGEST], REGION)
    except phonenumbers.NumberParseException as error:
        raise NotAPhoneNumber from error
    if len(text) > LONGEST or not phonenumbers.is_valid_number(number):
        raise NotAPhoneNumber
    if phonenumbers.number_type(number) not in MOBILE:
        raise NotAPhoneNumber
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(number: str) -> str:
    """Enough of a number to know one's own by.

    >>> masked("+8613800138000")
    '+86 •••• 8000'
    """
    country = phonenumbers.parse(number).country_code
    return f"+{country} •••• {number[-4:]}"
