"""A form as a flat row of pieces for one template: quick for hundreds of items, no recursion."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tongxin.questionnaires.answers import MOST_REPEATS, Given, Tree, walk
from tongxin.questionnaires.definition import Item, Option, Value
from tongxin.questionnaires.evaluation import Evaluation, unit_parts
from tongxin.questionnaires.fields import (
    below,
    name_of,
    option_key,
    repetition,
)
from tongxin.questionnaires.typed import same, unit_of

FEW_OPTIONS = 8
INPUTS = {
    "decimal": ("text", "decimal"),
    "integer": ("text", "numeric"),
    "date": ("date", ""),
    "dateTime": ("datetime-local", ""),
    "time": ("time", ""),
    "url": ("url", "url"),
}
WHOLE_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(slots=True)
class Choice:
    """One answer on the page."""

    key: str
    label: str
    is_chosen: bool
    id: str = ""
    is_off: bool = False


@dataclass(slots=True)
class Line:
    """One box to type in, with its unit where it has one."""

    text: str
    id: str
    unit: str = ""


@dataclass(slots=True)
class Piece:
    """One thing on the page. ``kind`` says which part of the template shows it."""

    kind: str
    name: str = ""
    label: str = ""
    level: int = 2
    hints: Sequence[str] = ()
    errors: Sequence[str] = ()
    is_required: bool = False
    is_fixed: bool = False
    type: str = "text"
    mode: str = ""
    lines: Sequence[Line] = ()
    choices: Sequence[Choice] = ()
    units: Sequence[Choice] = ()
    unit: str = ""
    own_words: str | None = None
    own_label: str = ""
    link: str = ""
    is_horizontal: bool = False
    max_length: int | None = None
    count: int = 0
    number: int = 0
    is_off: bool = False
    may_repeat: bool = False

    @property
    def described_by(self) -> str:
        """Ids of what a screen reader says after the label."""
        ids = [f"{self.name}-hint"] * bool(self.hints) + [f"{self.name}-error"] * bool(self.errors)
        return " ".join(ids)


@dataclass(slots=True)
class Section:
    """One part of a long form, for its list of parts."""

    name: str
    label: str
    answered: int = 0
    asked: int = 0
    is_off: bool = False


@dataclass(slots=True)
class Shown:
    """What the page of a form shows."""

    pieces: list[Piece] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    answered: int = 0
    asked: int = 0


def render(
    evaluation: Evaluation,
    *,
    language: str,
    errors: dict[int, list[str]] | None = None,
    mistyped: dict[int, list[str]] | None = None,
    with_unasked: bool = False,
) -> Shown:
    """The pieces of the form with its answers.

    Args:
        with_unasked: what is not asked is there too, switched off, for a browser to switch on.
        errors: words beside an item, by ``id`` of its `Given`.
        mistyped: what was typed and is no answer, shown again, by the same.
    """
    writer = _Writer(evaluation, language, errors or {}, mistyped or {}, with_unasked)
    shown = Shown(list(writer.level(evaluation.tree, "", 2)))
    # A form that is one big group has its parts a level further down.
    upper, lower = writer.sections[2], writer.sections[3]
    shown.sections = upper if len(upper) > 1 else lower
    shown.asked, shown.answered = progress(evaluation.tree)
    return shown


def progress(tree: Tree) -> tuple[int, int]:
    """How many questions are asked of the person, and how many are answered."""
    asked = [given for given in walk(tree) if given.is_enabled and _is_for_people(given.item)]
    return len(asked), sum(bool(given.replies) for given in asked)


def _is_for_people(item: Item) -> bool:
    fixed = item.is_hidden or item.is_read_only or item.calculated
    return item.is_question and not fixed


class _Writer:
    def __init__(
        self,
        evaluation: Evaluation,
        language: str,
        errors: dict[int, list[str]],
        mistyped: dict[int, list[str]],
        with_unasked: bool,
    ) -> None:
        self.evaluation, self.language = evaluation, language
        self.with_unasked = with_unasked
        self.errors, self.mistyped = errors, mistyped
        self.sections: dict[int, list[Section]] = {2: [], 3: []}

    def level(self, tree: Tree, path: str, level: int) -> Iterator[Piece]:
        counts: dict[str, int] = {}
        totals: dict[str, int] = {}
        for given in tree:
            totals[given.item.link_id] = totals.get(given.item.link_id, 0) + 1
        for given in tree:
            item = given.item
            place = counts[item.link_id] = counts.get(item.link_id, -1) + 1
            if item.is_hidden or not (given.is_enabled or self.with_unasked):
                continue
            if item.type == "group":
                yield from self.group(given, path, level, place, totals[item.link_id])
            elif item.type == "display":
                yield from self.display(given, path)
            else:
                yield from self.question(given, path, level)

    def display(self, given: Given, path: str) -> Iterator[Piece]:
        label = self.words(given.item)
        if label:
            link = given.item.support_link
            name, is_off = name_of(given.item, path), not given.is_enabled
            yield Piece("text", name, label, link=link, is_off=is_off)

    def group(self, given: Given, path: str, level: int, place: int, total: int) -> Iterator[Piece]:
        item = given.item
        name = name_of(item, path)
        if item.may_repeat and place == 0:
            yield Piece("count", f"n{name}", count=total)
        own = repetition(name, place, item)
        label = self.words(item)
        if level in self.sections and label and place == 0:
            asked, answered = progress([given])
            part = Section(own, label, answered, asked, is_off=not given.is_enabled)
            self.sections[level].append(part)
        yield Piece(
            "open",
            own,
            label,
            level=min(level, 4),
            number=place + 1 if item.may_repeat else 0,
            count=total if item.may_repeat else 0,
            errors=self.errors.get(id(given), ()),
            link=item.support_link,
            is_off=not given.is_enabled,
        )
        yield from self.level(given.items, repetition(path, place, item), level + 1)
        yield Piece("close", level=min(level, 4))
        most = item.limits.max_occurs or MOST_REPEATS
        if item.may_repeat and place == total - 1 and total < most:
            yield Piece("add", name, label, count=most, is_off=not given.is_enabled)

    def question(self, given: Given, path: str, level: int) -> Iterator[Piece]:
        item = given.item
        piece = Piece(
            kind="lines",
            name=name_of(item, path),
            label=self.words(item),
            hints=self.hints(item),
            errors=self.errors.get(id(given), ()),
            is_required=item.is_required,
            is_fixed=bool(item.is_read_only or item.calculated),
            link=item.support_link,
            max_length=item.limits.max_length,
            is_off=not given.is_enabled,
            may_repeat=item.may_repeat,
        )
        yield self.fixed(given, piece) if piece.is_fixed else self.input(given, piece)
        for place, reply in enumerate(given.replies):
            asked = [one for one in reply.items if one.item.type != "display"]
            if asked:
                yield from self.level(asked, below(item, path, place, reply), level + 1)

    def input(self, given: Given, piece: Piece) -> Piece:
        item = given.item
        if item.type == "boolean":
            return self.boolean(given, piece)
        if item.is_choice and (item.options or item.options_by):
            return self.choice(given, piece)
        if item.type == "attachment":
            kept = [_json(value) for value in given.values]
            titles = [value.value.get("title", "–") for value in given.values]
            lines = [Line(text, title) for text, title in zip(kept, titles, strict=True)]
            return replace(piece, kind="file", lines=lines)
        if item.type == "quantity":
            return self.quantity(given, piece)
        return self.lines(given, piece)

    def lines(self, given: Given, piece: Piece) -> Piece:
        item = given.item
        texts = [*(written(value) for value in given.values), *self.mistyped.get(id(given), ())]
        kind, mode = INPUTS.get(item.type, ("text", ""))
        if kind == "date" and not all(WHOLE_DAY.fullmatch(text) for text in texts):
            kind = "text"  # a month, a year, or what is no day: a calendar could not show it
        if kind == "datetime-local":
            texts = [text[:16] if "T" in text else text for text in texts]
            kind = kind if all("T" in text for text in texts) else "text"
        return replace(
            piece,
            kind="area" if item.type == "text" else "lines",
            type=kind,
            mode=mode,
            lines=self.numbered(item, piece.name, texts),
            unit=_unit_words(item) if item.type in {"decimal", "integer"} else "",
        )

    def numbered(self, item: Item, name: str, texts: list[str]) -> list[Line]:
        """What is typed already, and one empty box where there may be more."""
        if not texts or (item.may_repeat and len(texts) < (item.limits.max_occurs or 200)):
            texts = [*texts, ""]
        return [Line(text, name if n == 0 else f"{name}-{n}") for n, text in enumerate(texts)]

    def quantity(self, given: Given, piece: Piece) -> Piece:
        item = given.item
        values = [(written(value), unit_of(value.value)) for value in given.values]
        values += [(text, "") for text in self.mistyped.get(id(given), ())]
        lines = self.numbered(item, piece.name, [text for text, _ in values])
        for line, (_, unit) in zip(lines, values, strict=False):
            line.unit = unit
        if len(item.units) < 2:
            return replace(piece, mode="decimal", lines=lines, unit=_unit_words(item))
        units = [unit_parts(unit) for unit in item.units]
        choices = [Choice(unit_of(one), str(one["unit"]), False) for one in units]
        return replace(piece, kind="quantity", mode="decimal", lines=lines, units=choices)

    def boolean(self, given: Given, piece: Piece) -> Piece:
        chosen = given.replies[0].value.value if given.replies else None
        choices = [
            Choice("true", "yes", chosen is True, piece.name),
            Choice("false", "no", chosen is False, f"{piece.name}-no"),
        ]
        if not given.item.is_required and (given.replies or self.with_unasked):
            is_off = not given.replies
            choices.append(Choice("", "", False, f"{piece.name}-none", is_off))
        return replace(piece, kind="boolean", choices=choices, is_horizontal=True)

    def choice(self, given: Given, piece: Piece) -> Piece:
        item = given.item
        options = self.evaluation.options(given)
        choices = [self.option(given, option) for option in options]
        own = [value for value in given.values if not _is_offered(value, options)]
        own_words = None
        if item.type == "open-choice":
            texts = [value.value for value in own if value.kind == "String"]
            own = [value for value in own if value.kind != "String"]
            own_words = texts[0] if texts else ""
        choices += [Choice(option_key(item, value), written(value), True) for value in own]
        if not item.may_repeat and not item.is_required and (given.replies or self.with_unasked):
            choices.append(Choice("", "", False, is_off=not given.replies))
        for n, one in enumerate(choices):
            one.id = piece.name if n == 0 else f"{piece.name}-{n}"
        return replace(
            piece,
            kind=_look(item, sum(bool(one.key) for one in choices)),
            choices=choices,
            own_words=own_words,
            own_label=item.open_label.in_language(self.language),
            is_horizontal=item.is_horizontal,
        )

    def option(self, given: Given, option: Option) -> Choice:
        label = option.text.in_language(self.language)
        label = f"{option.prefix} {label}" if option.prefix else label
        is_chosen = any(same(option.value, value) for value in given.values)
        key = option_key(given.item, option.value)
        return Choice(key, label, is_chosen)

    def fixed(self, given: Given, piece: Piece) -> Piece:
        """What is only shown: calculated, or not to be changed."""
        labels = {
            written(option.value): option.text.in_language(self.language)
            for option in given.item.options
        }
        texts = [written(value) for value in given.values]
        unit = _unit_words(given.item)
        lines = [Line(labels.get(text, text), "", unit) for text in texts]
        # Without it a value that was filled in at the start would be lost by a new look.
        kept = [Choice(_sent(given.item, value), "", True) for value in given.values]
        return replace(piece, kind="fixed", lines=lines, choices=kept)

    def words(self, item: Item) -> str:
        text = item.text.in_language(self.language)
        return f"{item.prefix} {text}".strip() if item.prefix else text

    def hints(self, item: Item) -> list[str]:
        """The texts below a question that help with it, and how it is to be written."""
        found = [
            one.text.in_language(self.language)
            for one in item.items
            if one.type == "display" and one.text and not one.conditions and not one.is_hidden
        ]
        return found + ([item.entry_format] if item.entry_format else [])


def written(value: Value) -> str:
    """A value as people read and type it."""
    plain = value.value
    if value.kind == "Quantity":
        return str(plain["value"])
    if isinstance(plain, dict):
        return str(plain.get("display") or plain.get("reference") or plain.get("code") or "")
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return str(plain)


def _sent(item: Item, value: Value) -> str:
    if item.is_choice and (item.options or item.options_by):
        return option_key(item, value)
    return written(value)


def _is_offered(value: Value, options: Sequence[Option]) -> bool:
    return any(same(option.value, value) for option in options)


def _look(item: Item, count: int) -> str:
    if item.may_repeat:
        return "checkboxes"
    if "radio-button" in item.controls or "radio" in item.controls:
        return "radios"
    drop = {"drop-down", "autocomplete", "lookup"} & item.controls
    return "select" if drop or count > FEW_OPTIONS else "radios"


def _unit_words(item: Item) -> str:
    return str(unit_parts(item.units[0])["unit"]) if item.units else ""


def _json(value: Value) -> str:
    return json.dumps(value.value, ensure_ascii=False)
