"""The fields of a page and the tree of answers, both ways.

A field is named by the number of its item and the way to it: ``q12-0-c3`` is item 12, in the
first repetition of a group, below the fourth answer of a choice. Names hold no text of the form,
so no linkId can do harm in them.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Protocol

from tongxin.questionnaires.answers import MOST_REPEATS, Given, Reply, Tree, reply_to
from tongxin.questionnaires.definition import KINDS, Item, Questionnaire, Value
from tongxin.questionnaires.evaluation import unit_parts
from tongxin.questionnaires.plain_json import NotPlain, read_json
from tongxin.questionnaires.populating import begin, fill
from tongxin.questionnaires.typed import (
    LARGEST_FILE,
    is_date_time,
    is_well_made,
    read_number,
    same,
    typed_value,
    unit_of,
)

OWN_WORDS = "own"
MOST_FIELDS = 20_000


class Sent(Protocol):
    """What a browser sent: Django's QueryDict."""

    def getlist(self, name: str) -> list[str]: ...


def name_of(item: Item, path: str) -> str:
    return f"q{item.number}{path}"


def repetition(path: str, place: int, item: Item) -> str:
    """The way into one repetition of a group."""
    return f"{path}-{place}" if item.may_repeat else path


def below(item: Item, path: str, place: int, reply: Reply) -> str:
    """The way to what is asked below one answer; of a choice it is named by what was chosen."""
    if item.is_choice:
        return f"{path}-c{option_place(item, reply.value)}"
    return f"{path}-{place}"


def option_place(item: Item, value: Value) -> int:
    """Which option a value is; one more than the last where it is none."""
    found = (n for n, option in enumerate(item.options) if same(option.value, value))
    return next(found, len(item.options))


def option_key(item: Item, value: Value) -> str:
    """What a browser sends for an answer that is chosen: its place, or the value itself."""
    place = option_place(item, value)
    if place < len(item.options):
        return str(place)
    return json.dumps({f"value{value.kind}": value.value}, ensure_ascii=False)


@dataclass(slots=True)
class Typed:
    """Answers read from a page, and what was typed where it makes no answer."""

    tree: Tree = field(default_factory=list)
    mistyped: dict[int, list[str]] = field(default_factory=dict)


def read_fields(
    form: Questionnaire,
    sent: Sent,
    *,
    zone: tzinfo,
    files: Mapping[str, Any] | None = None,
    change: str = "",
) -> Typed:
    """The answers that a page holds.

    Args:
        change: ``add:`` or ``remove:`` and the name of a group: one repetition more or less.
    """
    reader = _Reader(sent, files or {}, zone, change)
    reader.typed.tree = reader.level(form.items, "")
    return reader.typed


class _Reader:
    def __init__(self, sent: Sent, files: Mapping[str, Any], zone: tzinfo, change: str) -> None:
        self.sent, self.files, self.zone = sent, files, zone
        self.deed, _, self.changed = change.partition(":")
        self.typed = Typed()
        self.left = MOST_FIELDS

    def level(self, items: tuple[Item, ...], path: str) -> Tree:
        tree: Tree = []
        for item in items:
            if item.type == "group" and item.may_repeat:
                tree.extend(self.repetitions(item, path))
            else:
                tree.append(self.one(item, path))
        return tree

    def repetitions(self, item: Item, path: str) -> Tree:
        name = name_of(item, path)
        places = [
            place
            for place in range(self.count(f"n{name}"))
            if not (self.deed == "remove" and self.changed == f"{name}-{place}")
        ]
        found = [self.one(item, repetition(path, place, item)) for place in places]
        most = min(item.limits.max_occurs or MOST_REPEATS, MOST_REPEATS)
        if self.deed == "add" and self.changed == name and len(found) < most:
            found.append(Given(item, items=begin(item.items)))
        return found or [Given(item, items=begin(item.items))]

    def count(self, name: str) -> int:
        listed = self.sent.getlist(name)
        number = read_number(listed[0]) if listed else None
        self.left -= 1
        return max(0, min(int(number or 1), MOST_REPEATS, self.left))

    def one(self, item: Item, path: str) -> Given:
        self.left -= 1
        given = Given(item)
        if self.left < 0 or item.type == "display":
            return given
        if item.type == "group":
            given.items = self.level(item.items, path)
        elif item.is_hidden:
            fill(given)
        else:
            self.read(given, path)
        return given

    def read(self, given: Given, path: str) -> None:
        item, name = given.item, name_of(given.item, path)
        values, wrong = self.values(item, name)
        if wrong:
            self.typed.mistyped[id(given)] = wrong
        for place, value in enumerate(values if item.may_repeat else values[:1]):
            reply = reply_to(item, value)
            if item.items:
                reply.items = self.level(item.items, below(item, path, place, reply))
            given.replies.append(reply)

    def values(self, item: Item, name: str) -> tuple[list[Value], list[str]]:
        if item.is_choice and (item.options or item.options_by):
            return self.chosen(item, name), []
        if item.type == "quantity":
            return self.quantities(item, name)
        if item.type == "attachment":
            return self.attachments(name)
        values, wrong = [], []
        for text in self.texts(name):
            value = typed(item, text, zone=self.zone)
            if value is not None and is_well_made(value):
                values.append(value)
            else:
                wrong.append(text)
        return values, wrong

    def texts(self, name: str) -> list[str]:
        listed = self.sent.getlist(name)[:MOST_REPEATS]
        self.left -= len(listed)
        return [text.replace("\r\n", "\n").strip() for text in listed if text.strip()]

    def chosen(self, item: Item, name: str) -> list[Value]:
        values: list[Value] = []
        for text in self.texts(name):
            value = chosen_value(item, text)
            if value is not None and not any(same(value, other) for other in values):
                values.append(value)
        own = self.texts(f"{name}-own")
        if item.type == "open-choice" and own:
            values.append(Value("String", own[0]))
        return values

    def quantities(self, item: Item, name: str) -> tuple[list[Value], list[str]]:
        values, wrong = [], []
        units = self.sent.getlist(f"{name}-unit")
        for place, text in enumerate(self.sent.getlist(name)[:MOST_REPEATS]):
            if not text.strip():
                continue
            number = read_number(text)
            unit = _unit(item, units[place] if place < len(units) else "")
            if number is None:
                wrong.append(text)
            else:
                values.append(Value("Quantity", {"value": _plain(number), **unit}))
        return values, wrong

    def attachments(self, name: str) -> tuple[list[Value], list[str]]:
        values, wrong = [], []
        file = self.files.get(name)
        kept = [] if file else self.texts(f"{name}-kept")
        for text in kept:
            try:
                value = Value("Attachment", read_json(text))
            except NotPlain:
                continue
            values += [value] if is_well_made(value) else []
        if file:
            value = _attachment(file)
            values, wrong = ([value], []) if value else ([], [str(file.name)])
        return values, wrong


def _attachment(file: Any) -> Value | None:
    if file.size * 4 > LARGEST_FILE * 3:
        return None
    data = base64.b64encode(file.read()).decode()
    kind = file.content_type or "application/octet-stream"
    value = Value("Attachment", {"contentType": kind, "data": data, "title": file.name})
    return value if is_well_made(value) else None


def _unit(item: Item, chosen: str) -> dict[str, Any]:
    for unit in item.units:
        if chosen == unit_of(unit_parts(unit)):
            return unit_parts(unit)
    return unit_parts(item.units[0]) if len(item.units) == 1 else {}


def _plain(number: Any) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def chosen_value(item: Item, text: str) -> Value | None:
    """The answer that a browser sent for a choice; None where it is none."""
    if text.isascii() and text.isdigit() and len(text) < 6:
        place = int(text)
        return item.options[place].value if place < len(item.options) else None
    try:
        value = typed_value(read_json(text, most_bytes=10_000))
    except NotPlain:
        return None
    return value if value and value.kind in item.kinds else None


def typed(item: Item, text: str, *, zone: tzinfo) -> Value | None:
    """One answer as it was typed; None where it cannot be one of this kind."""
    read = READERS.get(item.type)
    if read is not None:
        return read(text, zone)
    if item.is_choice:  # of a value set that is not here: the person's own words
        kind = "String" if "String" in item.kinds else "Coding"
        return Value(kind, text if kind == "String" else {"display": text})
    return Value(KINDS[item.type], text)


def _boolean(text: str, zone: tzinfo) -> Value | None:
    return Value("Boolean", text == "true") if text in ("true", "false") else None


def _decimal(text: str, zone: tzinfo) -> Value | None:
    number = read_number(text)
    return None if number is None else Value("Decimal", _plain(number))


def _integer(text: str, zone: tzinfo) -> Value | None:
    number = read_number(text)
    if number is None or number != number.to_integral_value():
        return None
    return Value("Integer", int(number))


def _date(text: str, zone: tzinfo) -> Value | None:
    return Value("Date", text.replace("/", "-"))


def _date_time(text: str, zone: tzinfo) -> Value | None:
    """A day and a time at the place where it is typed, or FHIR's own way of writing."""
    if is_date_time(text):
        return Value("DateTime", text)
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return Value("DateTime", moment.isoformat(timespec="seconds"))
    except (ValueError, OverflowError):
        return None


def _time(text: str, zone: tzinfo) -> Value | None:
    return Value("Time", f"{text}:00" if len(text) == 5 else text)


def _reference(text: str, zone: tzinfo) -> Value | None:
    return Value("Reference", {"reference": text} if "/" in text else {"display": text})


READERS: dict[str, Callable[[str, tzinfo], Value | None]] = {
    "boolean": _boolean,
    "decimal": _decimal,
    "integer": _integer,
    "date": _date,
    "dateTime": _date_time,
    "time": _time,
    "reference": _reference,
}
