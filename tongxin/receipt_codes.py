"""Codes of receipts: nobody guesses them, everybody can copy them."""

import secrets

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another
LENGTH = 16


def new_code() -> str:
    """A code with about 79 bits that nobody knows yet."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def grouped_code(code: str) -> str:
    """A code as it is shown.

    >>> grouped_code("ABCDEFGH23456789")
    'ABCD-EFGH-2345-6789'
    """
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def plain_code(typed: str) -> str:
    """A code as somebody typed it, without what people put between.

    >>> plain_code(" abcd-efgh 2345 6789 ")
    'ABCDEFGH23456789'
    """
    return "".join(letter for letter in typed.upper() if letter in LETTERS)[:LENGTH]
