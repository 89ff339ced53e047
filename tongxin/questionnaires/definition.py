"""A questionnaire as frozen plain values: what is asked, of what kind, and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

KINDS = {
    "boolean": "Boolean",
    "decimal": "Decimal",
    "integer": "Integer",
    "date": "Date",
    "dateTime": "DateTime",
    "time": "Time",
    "string": "String",
    "text": "String",
    "url": "Uri",
    "choice": "Coding",
    "open-choice": "Coding",
    "attachment": "Attachment",
    "reference": "Reference",
    "quantity": "Quantity",
}
"""FHIR's type of a question to the ending of ``value…`` in its answers."""
TYPES = {*KINDS, "group", "display"}


@dataclass(frozen=True, slots=True)
class Text:
    """Words with their translations, by language tag in small letters."""

    plain: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str) -> str:
        """The words in this language, else as they were written.

        >>> Text("Fever", {"zh-cn": "发热"}).in_language("zh-hans")
        '发热'
        >>> Text("Fever", {"zh-cn": "发热"}).in_language("en")
        'Fever'
        """
        wanted = language.lower()
        base = wanted.partition("-")[0]
        for tag, words in self.translations.items():
            if tag == wanted:
                return words
        for tag, words in self.translations.items():
            if tag.partition("-")[0] == base:
                return words
        return self.plain

    def __bool__(self) -> bool:
        return bool(self.plain)


class Value(NamedTuple):
    """One answer: the ending of FHIR's ``value…`` and what stands there."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose."""

    value: Value
    text: Text
    prefix: str = ""
    ordinal: float | None = None
    is_exclusive: bool = False
    is_initial: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of ``enableWhen``."""

    question: str
    operator: str
    value: Value


@dataclass(frozen=True, slots=True)
class Expression:
    """FHIRPath, or another language that is only carried along."""

    text: str
    language: str = "text/fhirpath"
    name: str = ""

    @property
    def is_fhirpath(self) -> bool:
        return self.language == "text/fhirpath"


@dataclass(frozen=True, slots=True)
class Constraint:
    """What must be true of the answers, and what to say where it is not."""

    key: str
    is_error: bool
    expression: Expression
    human: Text


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may be; None where nothing is said."""

    min_value: Value | None = None
    max_value: Value | None = None
    min_length: int | None = None
    max_length: int | None = None
    max_decimal_places: int | None = None
    min_occurs: int | None = None
    max_occurs: int | None = None
    regex: str = ""


@dataclass(frozen=True)
class Item:
    """One question, group or piece of text, with what stands below it."""

    link_id: str
    type: str
    number: int
    text: Text = Text()
    prefix: str = ""
    codes: tuple[Mapping[str, Any], ...] = ()
    is_required: bool = False
    repeats: bool = False
    is_read_only: bool = False
    is_hidden: bool = False
    limits: Limits = Limits()
    options: tuple[Option, ...] = ()
    value_set: str = ""
    initial: tuple[Value, ...] = ()
    units: tuple[Mapping[str, Any], ...] = ()
    controls: frozenset[str] = frozenset()
    is_horizontal: bool = False
    entry_format: str = ""
    support_link: str = ""
    open_label: Text = Text()
    conditions: tuple[Condition, ...] = ()
    any_condition: bool = False
    enabled_by: Expression | None = None
    calculated: Expression | None = None
    initial_by: Expression | None = None
    options_by: Expression | None = None
    context_by: Expression | None = None
    variables: tuple[Expression, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    is_observation: bool | None = None
    items: tuple["Item", ...] = ()

    @property
    def is_question(self) -> bool:
        return self.type in KINDS

    @property
    def is_choice(self) -> bool:
        return self.type in {"choice", "open-choice"}

    @property
    def may_repeat(self) -> bool:
        """Whether more than one answer, or more than one such group, is possible."""
        return self.repeats and self.type != "display"

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of value that answer this question."""
        if not self.is_choice:
            return frozenset({KINDS[self.type]}) if self.is_question else frozenset()
        found = {option.value.kind for option in self.options}
        if not found or self.value_set:
            found.add("Coding")
        return frozenset(found | ({"String"} if self.type == "open-choice" else set()))


@dataclass(frozen=True)
class Questionnaire:
    """The whole form. ``raw`` is what was read, for %questionnaire and for export."""

    url: str
    version: str
    title: Text
    language: str
    status: str
    description: Text
    items: tuple[Item, ...]
    variables: tuple[Expression, ...]
    launch: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    is_observation: bool
    raw: Mapping[str, Any]

    @property
    def canonical(self) -> str:
        return f"{self.url}|{self.version}" if self.url and self.version else self.url

    @cached_property
    def in_order(self) -> tuple[Item, ...]:
        """Every item, in the order of the form."""
        return tuple(_walk(self.items))

    @cached_property
    def by_link_id(self) -> dict[str, Item]:
        return {item.link_id: item for item in self.in_order}

    @cached_property
    def parents(self) -> dict[str, str]:
        """linkId of every nested item to the linkId above it."""
        return {below.link_id: item.link_id for item in self.in_order for below in item.items}

    @cached_property
    def languages(self) -> frozenset[str]:
        """Language tags, in small letters, in which any item has words."""
        tags = {tag for item in self.in_order for tag in item.text.translations}
        return frozenset(tags | ({self.language.lower()} if self.language else set()))


def _walk(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _walk(item.items)
