"""Values of FHIR's types: whether one is well made, whether two are equal, which comes first."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tongxin.questionnaires.definition import Value

DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?")
INSTANT = re.compile(
    r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)"
)
INTEGERS = range(-(2**31), 2**31)
LONGEST_TEXT = 20_000
LARGEST_FILE = 700_000  # characters of base64, half a megabyte
NUMBERS = {"Integer", "Decimal"}


def is_number(value: object) -> bool:
    """A finite number, and not a truth value.

    >>> is_number(1), is_number(True), is_number(float("nan"))
    (True, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return math.isfinite(value) and abs(value) < 10**18


def is_date(value: object) -> bool:
    """A year, a month or a day that exists.

    >>> is_date("2020-02-29"), is_date("2020-02"), is_date("2021-02-29")
    (True, True, False)
    """
    if not isinstance(value, str) or not DATE.fullmatch(value) or not value.isascii():
        return False
    try:
        date.fromisoformat(f"{value}-01-01"[:10])
    except ValueError:
        return False
    return True


def is_date_time(value: object) -> bool:
    """A date, or a moment with its zone."""
    if is_date(value):
        return True
    if not isinstance(value, str) or not value.isascii() or not INSTANT.fullmatch(value):
        return False
    return is_date(value[:10])


def is_text(value: object) -> bool:
    """Words that can be stored: no NUL, no half of a character, of bounded length."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        return False
    return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _is_coding(value: object) -> bool:
    return _has_texts(value, {"system", "version", "code", "display"}) and any(
        value.get(name) for name in ("code", "display")
    )


def _is_quantity(value: object) -> bool:
    if not _has_texts(value, {"unit", "system", "code", "comparator"}, but={"value"}):
        return False
    return is_number(value.get("value"))


def _is_attachment(value: object) -> bool:
    names = {"contentType", "language", "url", "hash", "title", "creation"}
    if not _has_texts(value, names, but={"data", "size"}):
        return False
    data = value.get("data", "")
    return isinstance(data, str) and len(data) <= LARGEST_FILE and bool(data or value.get("url"))


def _is_reference(value: object) -> bool:
    return _has_texts(value, {"reference", "type", "display"}, but={"identifier"}) and any(
        value.get(name) for name in ("reference", "display", "identifier")
    )


def _has_texts(value: object, names: set[str], but: frozenset[str] | set[str] = frozenset()) -> Any:
    if not isinstance(value, Mapping) or len(value) > 12:
        return False
    if any(not isinstance(key, str) for key in value):
        return False
    return all(is_text(one) for key, one in value.items() if key in names) and not any(
        isinstance(one, Mapping | list) and key not in {*but, "extension"} and key[0] != "_"
        for key, one in value.items()
        if key
    )


CHECKS: dict[str, Callable[[object], bool]] = {
    "Boolean": lambda value: isinstance(value, bool),
    "Decimal": is_number,
    "Integer": lambda value: type(value) is int and value in INTEGERS,
    "Date": is_date,
    "DateTime": is_date_time,
    "Time": lambda value: isinstance(value, str) and bool(TIME.fullmatch(value)),
    "String": is_text,
    "Uri": lambda value: is_text(value) and not re.search(r"\s", value),
    "Coding": _is_coding,
    "Attachment": _is_attachment,
    "Reference": _is_reference,
    "Quantity": _is_quantity,
}


def is_well_made(value: Value) -> bool:
    """Whether what stands there is of its kind."""
    check = CHECKS.get(value.kind)
    return bool(check and check(value.value))


def typed_value(json_object: object, prefix: str = "value") -> Value | None:
    """The ``value…`` (or ``answer…``) of a JSON object; None where there is none, or two."""
    if not isinstance(json_object, Mapping):
        return None
    found = [
        Value(key[len(prefix) :], one)
        for key, one in json_object.items()
        if isinstance(key, str) and key.startswith(prefix) and key[len(prefix) :] in CHECKS
    ]
    return found[0] if len(found) == 1 and is_well_made(found[0]) else None


def same(left: Value, right: Value) -> bool:
    """Whether two answers are one: codings by code and system, quantities by number and unit."""
    if {left.kind, right.kind} <= NUMBERS:
        return Decimal(str(left.value)) == Decimal(str(right.value))
    if left.kind != right.kind:
        return _plain(left) is not None and _plain(left) == _plain(right)
    if left.kind == "Coding":
        return _same_coding(left.value, right.value)
    if left.kind == "Quantity":
        return compare(left, right) == 0
    if left.kind == "Reference":
        return left.value.get("reference") == right.value.get("reference")
    return left.value == right.value


def _plain(value: Value) -> str | None:
    return value.value if value.kind in {"String", "Uri", "Date", "Time"} else None


def _same_coding(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    if left.get("code") or right.get("code"):
        systems = {left.get("system"), right.get("system")} - {None}
        return left.get("code") == right.get("code") and len(systems) < 2
    return left.get("display") == right.get("display")


def compare(left: Value, right: Value) -> int | None:
    """-1, 0 or 1; None where the two cannot be told apart or put in order.

    >>> compare(Value("Date", "2020-02"), Value("Date", "2020-03-01"))
    -1
    >>> compare(Value("Date", "2020-02"), Value("Date", "2020-02-09")) is None
    True
    """
    if {left.kind, right.kind} <= NUMBERS:
        return _order(Decimal(str(left.value)), Decimal(str(right.value)))
    if left.kind != right.kind:
        return _moments(left, right) if {left.kind, right.kind} == {"Date", "DateTime"} else None
    if left.kind == "Quantity":
        if unit_of(left.value) != unit_of(right.value):
            return None
        return _order(Decimal(str(left.value["value"])), Decimal(str(right.value["value"])))
    if left.kind in {"Date", "DateTime"}:
        return _moments(left, right)
    return _order(left.value, right.value) if left.kind in {"Time", "String", "Uri"} else None


def _moments(left: Value, right: Value) -> int | None:
    first, second = left.value, right.value
    if "T" in first and "T" in second:
        return _order(_instant(first), _instant(second))
    length = min(len(first), len(second), 10)
    order = _order(first[:length], second[:length])
    return None if order == 0 and len(first[:10]) != len(second[:10]) else order


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))


def _order(left: Any, right: Any) -> int:
    return (left > right) - (left < right)


def unit_of(quantity: Mapping[str, Any]) -> str:
    """What a quantity is counted in: its code, else what is written."""
    return str(quantity.get("code") or quantity.get("unit") or "")


def key_of(value: Value) -> str:
    """A short text that stands for the value in a form; the same for values that are the same."""
    if value.kind == "Coding":
        coding = value.value
        return "|".join(
            ["Coding", coding.get("system", ""), coding.get("code") or "-" + coding["display"]]
        )
    return f"{value.kind}|{json.dumps(value.value, ensure_ascii=False, sort_keys=True)}"


def read_number(text: str) -> Decimal | None:
    """A number as people type it: full-width digits and a decimal comma too.

    >>> read_number(" 37,5 "), read_number("３８．２"), read_number("hot")
    (Decimal('37.5'), Decimal('38.2'), None)
    """
    plain = text.strip().translate(WIDE).replace(",", ".")
    if not re.fullmatch(r"[+-]?\d{1,18}(\.\d{0,12})?", plain, re.ASCII):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


WIDE = {ord("０") + n: str(n) for n in range(10)} | {ord("．"): ".", ord("，"): ",", ord("－"): "-"}
