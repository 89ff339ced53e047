"""Everything that is held about a person, found by the tables themselves.

Every table that refers to a person, directly or through another that does, belongs to it; what a
field is stands in its model's `Privacy`. A new table is therefore in "my record", in the export and
in the proof of erasure from its first day.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, Field, Model, Q, QuerySet
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from tongxin.consent.models import Sheet
from tongxin.people.models import Organisation, Person, User
from tongxin.places.models import Place
from tongxin.residents.keeping import kept_until

DEEPEST = 3
"""Steps from a table to the person; further away lies what is no longer about them."""


@dataclass(frozen=True, slots=True)
class Held:
    """The rows of one table.

    Attributes:
        kept: until when, in words.
        stays: whether the rows outlive the person, without their name.
        rows: field in the reader's words → value as text.
    """

    label: str
    title: str
    kept: str
    stays: bool
    rows: tuple[dict[str, str], ...]


def held(person: Person) -> list[Held]:
    """Everything about this person, table by table; secrets (hashes, keys) are left out."""
    found = []
    for model, lookups in tables():
        rows = tuple(shown(row) for row in _of(model, lookups, person))
        if rows:
            title = force_str(model._meta.verbose_name_plural)
            is_staying = not any(_goes_along(model, lookup) for lookup in lookups)
            found.append(Held(model._meta.label, title, kept_until(model), is_staying, rows))
    return found


def exported(person: Person) -> dict[str, list[dict[str, Any]]]:
    """The same as plain values, under the names of tables and fields."""
    return {
        model._meta.label: [
            {field.attname: field.value_from_object(row) for field in told(model)} for row in rows
        ]
        for model, lookups in tables()
        if (rows := list(_of(model, lookups, person)))
    }


@cache
def tables() -> tuple[tuple[type[Model], tuple[str, ...]], ...]:
    """Every table about persons, with the ways from it to the person."""
    ways: dict[type[Model], list[str]] = {Person: ["pk"]}
    front: list[tuple[type[Model], str]] = [(Person, "")]
    for _ in range(DEEPEST):
        front = [step for model, way in front for step in _referring(model, way)]
        for model, way in front:
            if way not in ways.setdefault(model, []):
                ways[model].append(way)
    return tuple((model, tuple(found)) for model, found in ways.items())


def _referring(target: type[Model], way: str) -> Iterator[tuple[type[Model], str]]:
    """Tables of ours with a reference to this one. Accounts are their own end: what staff did
    at work is in the trail."""
    if target is User:
        return
    for config in apps.get_app_configs():
        for model in config.get_models() if config.name.startswith("tongxin.") else ():
            for field in model._meta.fields:
                if field.related_model is target:
                    yield model, f"{field.name}__{way}" if way else field.name


def _goes_along(model: type[Model], way: str) -> bool:
    """Whether erasing the person erases what lies on this way to them. An account goes too."""
    if model in (Person, User):
        return True
    step, _, rest = way.partition("__")
    reference = model._meta.get_field(step)
    does = reference.remote_field.on_delete is CASCADE
    return does and (not rest or _goes_along(reference.related_model, rest))


def _of(model: type[Model], lookups: tuple[str, ...], person: Person) -> QuerySet:
    wanted = Q()
    for lookup in lookups:
        wanted |= Q(**{lookup: person.pk})
    return model._default_manager.filter(wanted).distinct().order_by("pk")


def told(model: type[Model]) -> list[Field]:
    """The fields that a person is told: all but secrets."""
    secret = getattr(model.Privacy, "secret", set())
    return [field for field in model._meta.fields if field.name not in secret]


def shown(row: Model) -> dict[str, str]:
    """A row in words: only what is filled in, choices by their names."""
    words = {}
    for field in told(type(row)):
        display = getattr(row, f"get_{field.name}_display", None)
        value = display() if display else getattr(row, field.name, None)
        if value not in (None, "", False) and not field.primary_key:
            words[capfirst(force_str(field.verbose_name))] = in_words(value)
    return words


def in_words(value: object) -> str:
    """A value as the reader writes it."""
    if value is True:
        return gettext("Yes")
    for kind, say in SAID_AS.items():
        if isinstance(value, kind):
            return say(value)
    return force_str(value)


def _in_language(named: Place | Organisation) -> str:
    is_chinese = (get_language() or "").startswith("zh")
    return named.name_zh if is_chinese else named.name_en


def _account_in_words(user: User) -> str:
    """Staff by office, as everywhere in one's record; a resident by name."""
    if user.organisation is not None:
        return f"{user.organisation.name} · {user.get_role_display()}"
    return _person_in_words(user.person) if user.person else gettext("A person")


def _person_in_words(person: Person) -> str:
    return person.name or gettext("A person")


SAID_AS: dict[type, Callable[[Any], str]] = {
    datetime: lambda value: date_format(timezone.localtime(value), "DATETIME_FORMAT"),
    date: lambda value: date_format(value, "DATE_FORMAT"),
    Place: _in_language,
    Organisation: _in_language,
    Person: _person_in_words,
    User: _account_in_words,
    Sheet: lambda value: f"{date_format(value.signed_on, 'DATE_FORMAT')} · {value.kept_at}",
}
"""How each kind of value is said; the narrower kind first."""
