"""Answers as a short code, to be shown as QR and read by the clinic: no name, no address.

The code is one number written in base 32: the answers to all questions in order, each on a scale of
its own (not asked, unknown, then its values), and a check sum. Only letters and digits that a
scanner reads in the dense mode of QR and that are not mistaken for each other.
"""

import re
import zlib

import segno

from tongxin.triage.conditions import UNKNOWN
from tongxin.triage.packs import Pack, Question
from tongxin.triage.refusals import BrokenCode, OtherVersion
from tongxin.triage.rules import Answer, Answers, State

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
CHECK = 2**20
SHAPE = re.compile(r"^TX1-([0-9.]+)-([0-9A-F]{4})-([0-9A-HJKMNP-TV-Z]+)$")
NOT_ASKED, UNKNOWN_AT, FIRST = 0, 1, 2


def code(pack: Pack, answers: Answers) -> str:
    """The answers that count, as text; `decoded` gives them back."""
    asked = {q.key for q in State(pack, answers).answered}
    number = 0
    for question in pack.question:
        digit = _digit(question, answers[question.key]) if question.key in asked else NOT_ASKED
        number = number * _size(question) + digit
    head = _head(pack)
    body = _base32(number * CHECK + _check(head, number))
    return f"{head}-{body}"


def decoded(pack: Pack, text: str) -> dict[str, Answer]:
    """The answers of a code as it was scanned or typed.

    Raises:
        BrokenCode: cut, mistyped, or not such a code.
        OtherVersion: made with other rules.
    """
    plain = re.sub(r"\s", "", text).upper().translate(str.maketrans("ILO", "110"))
    found = SHAPE.match(plain[:200])
    if found is None:
        raise BrokenCode
    if found[1] != pack.version or found[2] != pack.digest[:4].upper():
        raise OtherVersion(theirs=found[1], ours=pack.version)
    number, check = divmod(_number(found[3]), CHECK)
    if check != _check(_head(pack), number):
        raise BrokenCode
    answers: dict[str, Answer] = {}
    for question in reversed(pack.question):
        number, digit = divmod(number, _size(question))
        if digit != NOT_ASKED:
            answers[question.key] = _answer(question, digit)
    if number:
        raise BrokenCode
    return {q.key: answers[q.key] for q in pack.question if q.key in answers}


def picture(text: str, label: str) -> str:
    """The code as an SVG to stand in a page."""
    made = segno.make_qr(text, error="m")
    return made.svg_inline(scale=6, border=3, svgclass="tx-check-code__picture", title=label)


def _head(pack: Pack) -> str:
    return f"TX1-{pack.version}-{pack.digest[:4].upper()}"


def _check(head: str, number: int) -> int:
    return zlib.crc32(f"{head}-{number}".encode()) % CHECK


def _size(question: Question) -> int:
    """How many digits a question's place can hold."""
    if question.kind == "number":
        return FIRST + question.highest - question.lowest + 1
    return FIRST + (
        2 ** len(question.values) if question.kind == "several" else len(question.values)
    )


def _digit(question: Question, answer: Answer) -> int:
    if answer == UNKNOWN:
        return UNKNOWN_AT
    if isinstance(answer, int):
        return FIRST + answer - question.lowest
    if isinstance(answer, frozenset):
        return FIRST + sum(2**at for at, value in enumerate(question.values) if value in answer)
    return FIRST + question.values.index(answer)


def _answer(question: Question, digit: int) -> Answer:
    if digit == UNKNOWN_AT:
        return UNKNOWN
    if question.kind == "number":
        return question.lowest + digit - FIRST
    if question.kind == "several":
        bits = digit - FIRST
        return frozenset(v for at, v in enumerate(question.values) if bits >> at & 1)
    return question.values[digit - FIRST]


def _base32(number: int) -> str:
    text = ""
    while number or not text:
        number, digit = divmod(number, 32)
        text = DIGITS[digit] + text
    return text


def _number(text: str) -> int:
    number = 0
    for letter in text:
        number = number * 32 + DIGITS.index(letter)
    return number
