"""What a clause or a question asks of answers: tests, cases, and their truth.

A condition is a tuple of cases: one case is enough; no case at all holds always. A case names
questions and what their answers must be: one of some values, or within some limits.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

UNKNOWN = "unknown"
YES_NO = ("yes", "no")
LIMIT = re.compile(r"^(<=|>=|<|>) (-?\d+(?:\.\d+)?)$")
SIGNS: dict[str, Callable] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}

Case = Mapping[str, tuple[str, ...]]
Seen = frozenset[str] | int


@dataclass(frozen=True, slots=True)
class Limit:
    """One side of a range, counted in steps of the question's scale."""

    sign: str
    steps: int

    def admits(self, steps: int) -> bool:
        """Whether a number lies on the right side.

        >>> Limit(">=", 380).admits(385), Limit("<", 355).admits(355)
        (True, False)
        """
        return SIGNS[self.sign](steps, self.steps)


def steps(text: str, step: float) -> int:
    """A number as whole steps of a scale. Raises `ValueError` where it falls between two.

    >>> steps("38.5", 0.1), steps("30", 1.0)
    (385, 30)
    """
    try:
        count = Decimal(text) / Decimal(str(step))
    except InvalidOperation as wrong:
        raise ValueError(text) from wrong
    if not count.is_finite() or count != int(count):
        raise ValueError(text)
    return int(count)


def limit(text: str, step: float) -> Limit:
    """A limit as packs write it. Raises `ValueError`.

    >>> limit(">= 38.5", 0.1)
    Limit(sign='>=', steps=385)
    """
    found = LIMIT.match(text)
    if found is None:
        raise ValueError(text)
    return Limit(found[1], steps(found[2], step))


def both(truths: Iterable[bool | None]) -> bool | None:
    """Whether all hold; None while that is open.

    >>> both([True, None]), both([None, False]), both([])
    (None, False, True)
    """
    found = list(truths)
    if False in found:
        return False
    return None if None in found else True


def either(truths: Iterable[bool | None]) -> bool | None:
    """Whether one holds; None while that is open.

    >>> either([False, None]), either([None, True]), either([])
    (None, True, False)
    """
    found = list(truths)
    if True in found:
        return True
    return None if None in found else False
