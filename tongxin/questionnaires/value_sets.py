"""The answers of a value set that travels inside the questionnaire."""

from collections.abc import Iterator, Mapping
from typing import Any

from tongxin.questionnaires.definition import Option, Text, Value
from tongxin.questionnaires.extensions import ordinal, text_of
from tongxin.questionnaires.typed import is_well_made

MOST_CODES = 5000


class ValueSets:
    """The contained value sets and code systems of one questionnaire."""

    def __init__(self, contained: Any) -> None:
        resources = [one for one in _list(contained) if isinstance(one, Mapping)]
        self._sets = _named(resources, "ValueSet")
        self._systems = _named(resources, "CodeSystem")

    def options(self, name: str) -> tuple[Option, ...]:
        """The answers of the set; none where it is not inside."""
        found = self._sets.get(name.removeprefix("#"))
        if found is None:
            return ()
        expansion = found.get("expansion")
        listed = (
            self._expanded(_mapping(expansion).get("contains"))
            if isinstance(expansion, Mapping)
            else self._composed(_mapping(found.get("compose")))
        )
        return tuple(option for option, _ in zip(listed, range(MOST_CODES), strict=False))

    def _expanded(self, contains: Any) -> Iterator[Option]:
        for one in _list(contains):
            if isinstance(one, Mapping):
                if one.get("code") and one.get("abstract") is not True:
                    yield from _option(one, one.get("system"))
                yield from self._expanded(one.get("contains"))

    def _composed(self, compose: Mapping[str, Any]) -> Iterator[Option]:
        for include in _list(compose.get("include")):
            include = _mapping(include)
            system, concepts = include.get("system"), include.get("concept")
            if concepts is None:
                concepts = self._systems.get(str(system), {}).get("concept")
            for concept in _list(concepts):
                yield from _option(_mapping(concept), system)


def _option(node: Mapping[str, Any], system: Any) -> Iterator[Option]:
    coding = {"system": system, "code": node.get("code"), "display": node.get("display")}
    value = Value("Coding", {key: one for key, one in coding.items() if one is not None})
    if not is_well_made(value):
        return
    shown = text_of(node, "display") or Text(str(node.get("code")))
    designations = {
        one["language"].lower(): one["value"]
        for one in _list(node.get("designation"))
        if isinstance(one, Mapping)
        and isinstance(one.get("language"), str)
        and isinstance(one.get("value"), str)
    }
    text = Text(shown.plain, {**designations, **shown.translations})
    yield Option(value, text, ordinal=ordinal(node))


def _named(resources: list[Mapping[str, Any]], kind: str) -> dict[str, Mapping[str, Any]]:
    """By id and by url."""
    return {
        str(one[key]): one
        for one in resources
        if one.get("resourceType") == kind
        for key in ("id", "url")
        if one.get(key)
    }


def _list(node: Any) -> list[Any]:
    return node if isinstance(node, list) else []


def _mapping(node: Any) -> Mapping[str, Any]:
    return node if isinstance(node, Mapping) else {}
