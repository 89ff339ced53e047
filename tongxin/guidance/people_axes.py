"""Everyone advice can be for: each axis of `persona.toml` and every combination that can exist."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

Persona = Mapping[str, str]
Vector = np.ndarray  # one truth value for each person of a Space


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing in which people differ, its values plainest first."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Space:
    """All people who can exist.

    Attributes:
        axes: what they differ in.
        never: combinations that no person has: axis → values.
        codes: shape (people, axes), the number of each person's value; plainest people first.
    """

    axes: tuple[Axis, ...]
    never: tuple[Mapping[str, frozenset[str]], ...] = ()
    codes: np.ndarray = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rows = np.array(list(product(*(range(len(axis.values)) for axis in self.axes))), np.int8)
        order = np.argsort((rows > 0).sum(axis=1), kind="stable")
        rows = rows[order]
        object.__setattr__(self, "codes", rows)
        impossible = np.zeros(len(rows), bool)
        for combination in self.never:
            impossible |= self.matching(combination)
        object.__setattr__(self, "codes", rows[~impossible])

    def __len__(self) -> int:
        return len(self.codes)

    def matching(self, when: Mapping[str, frozenset[str]]) -> Vector:
        """Which people have one of the values asked on every axis asked.

        Raises:
            KeyError: an axis that does not exist.
            ValueError: a value that the axis does not have.
        """
        found = np.ones(len(self.codes), bool)
        for key, values in when.items():
            place = self._place(key)
            axis = self.axes[place]
            wanted = [axis.values.index(value) for value in sorted(values)]
            found &= np.isin(self.codes[:, place], wanted)
        return found

    def person(self, number: int) -> dict[str, str]:
        """The values of one person, by axis."""
        return {
            axis.key: axis.values[value]
            for axis, value in zip(self.axes, self.codes[number], strict=True)
        }

    def can_exist(self, persona: Persona) -> bool:
        """Whether this is one of the people."""
        return bool(self.matching({k: frozenset([v]) for k, v in persona.items()}).any())

    def plainest(self, chosen: Vector) -> dict[str, str] | None:
        """Of the people chosen, the one with the fewest particulars; None if there is none."""
        numbers = np.flatnonzero(chosen)
        return self.person(int(numbers[0])) if len(numbers) else None

    def _place(self, key: str) -> int:
        for place, axis in enumerate(self.axes):
            if axis.key == key:
                return place
        raise KeyError(key)


def particulars(persona: Persona, axes: Sequence[Axis]) -> Iterator[tuple[str, str]]:
    """Axis and value of what is not the plainest: what must be said of a person.

    >>> axes = [Axis("age", ("adult", "child")), Axis("pregnant", ("no", "yes"))]
    >>> list(particulars({"age": "child", "pregnant": "no"}, axes))
    [('age', 'child')]
    """
    for axis in axes:
        if persona[axis.key] != axis.values[0]:
            yield axis.key, persona[axis.key]
