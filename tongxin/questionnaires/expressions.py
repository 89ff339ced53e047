"""FHIRPath behind one small function: bounded in length, time and size, without a network.

The engine is `fhirpathpy`. Every function of it is wrapped: it counts its steps, looks at the
clock of the evaluation and refuses collections, texts and numbers that grow out of hand.
"""

import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any

from antlr4 import CommonTokenStream, InputStream, ParseTreeWalker
from antlr4.Token import Token
from fhirpathpy.engine import do_eval
from fhirpathpy.engine.invocations import invocation_registry
from fhirpathpy.engine.nodes import FP_DateTime, FP_Quantity, FP_Time, FP_Type, ResourceNode
from fhirpathpy.models import models
from fhirpathpy.parser.ASTPathListener import ASTPathListener
from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser

from tongxin.questionnaires.definition import Value
from tongxin.questionnaires.extensions import bounded
from tongxin.questionnaires.typed import is_well_made

LONGEST_LIST = 20_000
LONGEST_STRING = 50_000
LARGEST_PRODUCT = 2_000_000  # pairs that a comparison of two collections looks at
LARGEST_BITS = 4096
MOST_STEPS = 2_000_000
SECONDS = 3.0
BUDGET = " budget"  # no name in FHIRPath holds a space without quotes

VARIABLE = re.compile(r"%(?:`([^`]*)`|'([^']*)'|([A-Za-z_][\w-]*))")
SYSTEMS = {"ucum": "http://unitsofmeasure.org", "sct": "http://snomed.info/sct"}
SYSTEMS |= {"loinc": "http://loinc.org"}


class ExpressionFailed(ValueError):
    """The expression cannot be read, or makes no sense for these answers."""


class OutOfBounds(ValueError):
    """The expression takes too long or grows too large."""


@dataclass(slots=True)
class Budget:
    """What one evaluation of a whole form may cost, and the moment it takes place."""

    at: datetime
    seconds: float = SECONDS
    steps: int = 0
    until: float = field(init=False)

    def __post_init__(self) -> None:
        self.until = time.monotonic() + self.seconds

    def spend(self, inputs: Sequence[Any]) -> None:
        """One more step on these inputs. Raises `OutOfBounds`."""
        self.steps += 1
        late = self.steps % 32 == 0 and time.monotonic() > self.until
        if late or self.steps > MOST_STEPS or any(_is_huge(one) for one in inputs):
            raise OutOfBounds


def _is_huge(one: Any) -> bool:
    if isinstance(one, list):
        if len(one) > LONGEST_LIST:
            return True
        return len(one) == 1 and _is_huge(one[0])
    if isinstance(one, ResourceNode):
        one = one.data
    if isinstance(one, str):
        return len(one) > LONGEST_STRING
    return isinstance(one, int) and one.bit_length() > LARGEST_BITS


def _require(is_within: bool) -> None:
    if not is_within:
        raise OutOfBounds


def _texts(inputs: Sequence[Any]) -> list[str]:
    plain = [one.data if isinstance(one, ResourceNode) else one for one in _flat(inputs)]
    return [one for one in plain if isinstance(one, str)]


def _flat(inputs: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for one in inputs:
        found.extend(one if isinstance(one, list) else [one])
    return found


def _small_product(*inputs: Any) -> None:
    sizes = [len(one) for one in inputs if isinstance(one, list)] or [1]
    _require(sizes[0] * (sizes[1] if len(sizes) > 1 else sizes[0]) <= LARGEST_PRODUCT)


def _small_text(*inputs: Any) -> None:
    _require(math.prod(len(text) + 1 for text in _texts(inputs)[:3:2]) <= LARGEST_PRODUCT)


def _small_sum(*inputs: Any) -> None:
    texts = _texts(inputs)
    _require(sum(map(len, texts)) + len(texts) * len(texts[-1] if texts else "") <= 10**6)


def _few_digits(*inputs: Any) -> None:
    numbers = [one for one in inputs[1:] if isinstance(one, int | Decimal)]
    _require(all(abs(one) <= 18 for one in numbers))


def _tame_pattern(*inputs: Any) -> None:
    texts = _texts(inputs)
    _require(len(texts) < 2 or (len(texts[0]) <= 1000 and is_tame(texts[1])))


QUANTIFIED_GROUP = re.compile(r"\([^()]*[*+{|?][^()]*\)\s*[*+{]|\)\s*\)\s*[*+{]|\\\d")


@lru_cache(maxsize=1024)
def is_tame(pattern: str) -> bool:
    """Whether a regular expression cannot take exponential time.

    No repeated group that itself repeats or chooses, no back reference, few open repeats.

    >>> is_tame(r"\\d{4}-\\d{2}"), is_tame(r"(a+)+b"), is_tame(r"(a|a)*")
    (True, False, False)
    """
    if len(pattern) > 200 or QUANTIFIED_GROUP.search(pattern):
        return False
    if len(re.findall(r"(?<!\\)[*+]|,\}", pattern)) > 3:
        return False
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


LOOKS: dict[str, Callable[..., None]] = {
    **dict.fromkeys(
        ["union", "|", "exclude", "subsetOf", "supersetOf", "intersect", "combine", "distinct"],
        _small_product,
    ),
    **dict.fromkeys(["isDistinct", "=", "!=", "~", "!~", "inOp", "containsOp"], _small_product),
    "replace": _small_text,
    "join": _small_sum,
    "round": _few_digits,
    "matches": _tame_pattern,
    "replaceMatches": _tame_pattern,
}


def _wrapped(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    look = LOOKS.get(name)

    @wraps(function)
    def within_bounds(ctx: dict[str, Any], *inputs: Any) -> Any:
        ctx["vars"][BUDGET].spend(inputs)
        if look:
            look(*inputs)
        return function(ctx, *inputs)

    return within_bounds


def _now(ctx: dict[str, Any], data: Any) -> str:
    return ctx["vars"][BUDGET].at.isoformat(timespec="milliseconds")


def _today(ctx: dict[str, Any], data: Any) -> str:
    return ctx["vars"][BUDGET].at.date().isoformat()


def _time_of_day(ctx: dict[str, Any], data: Any) -> str:
    return ctx["vars"][BUDGET].at.time().isoformat(timespec="milliseconds")


def _power(ctx: dict[str, Any], data: list[Any], degree: Any) -> Any:
    """Roots too: the engine's own knows whole exponents only."""
    numbers = [_data(one) for one in data]
    if len(numbers) != 1 or isinstance(degree, list):
        return []
    try:
        result = math.pow(numbers[0], degree)
    except (TypeError, ValueError, OverflowError):
        return []
    return Decimal(repr(result)) if math.isfinite(result) else []


def _to_string(ctx: dict[str, Any], data: list[Any]) -> Any:
    """FHIRPath's words for truth; the engine's own gives Python's."""
    first = _data(data[0]) if len(data) == 1 else None
    if isinstance(first, bool):
        return "true" if first else "false"
    return invocation_registry["toString"]["fn"](ctx, data)


def _round(ctx: dict[str, Any], data: list[Any], digits: Any = 0) -> Any:
    return invocation_registry["round"]["fn"](ctx, data, 0 if isinstance(digits, list) else digits)


def _where(ctx: dict[str, Any], data: Any, criterion: Callable[[Any], list[Any]]) -> list[Any]:
    """Looks at every element once; the engine's own looks twice, so four times two levels down."""
    kept = []
    for place, one in enumerate(_flat([data])):
        ctx["$index"] = place
        found = criterion(one)
        if found and _data(found[0]):
            kept.append(one)
    return kept


OWN: dict[str, dict[str, Any]] = {
    "where": {"fn": _where, "arity": {1: ["Expr"]}},
    "power": {"fn": _power, "arity": {1: ["Number"]}, "nullable": True},
    "toString": {"fn": _to_string},
    "round": {"fn": _round, "arity": {0: [], 1: ["Number"]}},
}
FUNCTIONS = {
    name: {**entry, "fn": _wrapped(name, entry["fn"])}
    for name, entry in {**invocation_registry, **OWN}.items()
    if name != "trace"  # it prints
}
FUNCTIONS["now"] = {"fn": _now}
FUNCTIONS["today"] = {"fn": _today}
FUNCTIONS["timeOfDay"] = {"fn": _time_of_day}
FUNCTIONS["trace"] = {"fn": lambda ctx, data, *_: data, "arity": {0: [], 1: ["String"]}}


@lru_cache(maxsize=8192)
def parsed(text: str) -> dict[str, Any]:
    """The tree of an expression. Raises `ExpressionFailed`."""
    bounded(text, at="")
    listener = ASTPathListener()
    try:
        lexer = FHIRPathLexer(InputStream(text))
        lexer.removeErrorListeners()
        tokens = CommonTokenStream(lexer)
        parser = FHIRPathParser(tokens)
        parser.removeErrorListeners()
        tree = parser.expression()
        if parser.getNumberOfSyntaxErrors() or tokens.LA(1) != Token.EOF:
            raise ExpressionFailed(text)
        ParseTreeWalker().walk(listener, tree)
        return listener.parentStack[0]["children"][0]
    except ExpressionFailed:
        raise
    except Exception as error:  # the parser's own, of many kinds, and RecursionError
        raise ExpressionFailed(text) from error


def names(text: str) -> frozenset[str]:
    """The variables that an expression speaks of.

    >>> sorted(names("%age + %`a b` - '%no'.length()"))
    ['a b', 'age', 'no']
    """
    return frozenset("".join(found) for found in VARIABLE.findall(text))


def node(data: Mapping[str, Any], path: str) -> ResourceNode:
    """A piece of a resource with the place it comes from, so that choices of type are known."""
    return ResourceNode(data, path)


def evaluate(
    text: str, base: ResourceNode, variables: Mapping[str, Any], budget: Budget
) -> list[Any]:
    """What the expression finds, as nodes of the engine; `plain` makes values of them.

    Raises:
        ExpressionFailed: it cannot be read or makes no sense here.
        OutOfBounds: it takes too long or grows too large.
    """
    begun = time.monotonic()
    tree = parsed(text)
    budget.until += time.monotonic() - begun  # reading it is paid once, by whoever comes first
    budget.spend(())
    # The engine knows a resource by its own name (``QuestionnaireResponse.item``) only when bare.
    is_whole = isinstance(base.data, Mapping) and "resourceType" in base.data
    root = [base.data if is_whole else base]
    context = {
        "dataRoot": root,
        "vars": {**SYSTEMS, "context": base, **variables, BUDGET: budget},
        "model": models["r4"],
        "userInvocationTable": FUNCTIONS,
    }
    try:
        return _flat([do_eval(context, root, tree)])
    except OutOfBounds:
        raise
    except Exception as error:  # of many kinds; none of them is ours to mend
        raise ExpressionFailed(text) from error


def truth(found: list[Any]) -> bool | None:
    """True or false as FHIRPath takes a collection; None where it is empty."""
    values = [_data(one) for one in found]
    values = [one for one in values if one is not None]
    if not values:
        return None
    return values[0] if isinstance(values[0], bool) else True


def plain(found: list[Any]) -> list[Any]:
    """Plain JSON values of what was found."""
    return [value for value in (_plain(one) for one in found) if value is not None]


def _data(one: Any) -> Any:
    return one.data if isinstance(one, ResourceNode) else one


def _plain(one: Any) -> Any:
    data = _data(one)
    if isinstance(data, FP_Quantity):
        unit = str(data.unit).strip("'")
        return {"value": _number(data.value), "unit": unit, "code": unit, "system": SYSTEMS["ucum"]}
    if isinstance(data, FP_DateTime | FP_Time | FP_Type):
        return str(data)
    return _number(data) if isinstance(data, Decimal | float) else data


def _number(value: Any) -> int | float:
    number = float(value)
    if not math.isfinite(number):
        raise ExpressionFailed(str(value))
    number = round(number, 12)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def values(found: list[Any], kinds: frozenset[str]) -> list[Value]:
    """Answers of these kinds; what fits none of them is left out."""

    answers = []
    for one in plain(found):
        for kind in _likely(one, kinds):
            value = Value(kind, _fitted(one, kind))
            if is_well_made(value):
                answers.append(value)
                break
    return answers


def _likely(one: Any, kinds: frozenset[str]) -> list[str]:
    order = ["Boolean", "Integer", "Decimal", "Coding", "Quantity", "Reference", "Attachment"]
    order += ["Date", "DateTime", "Time", "Uri", "String"]
    return [kind for kind in order if kind in kinds]


def _fitted(one: Any, kind: str) -> Any:
    if kind == "Coding" and isinstance(one, Mapping) and isinstance(one.get("coding"), list):
        return one["coding"][0] if one["coding"] else None
    if kind == "String" and isinstance(one, int | float) and not isinstance(one, bool):
        return str(one)
    if kind == "Quantity" and isinstance(one, int | float) and not isinstance(one, bool):
        return {"value": one}
    return one
