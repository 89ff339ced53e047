"""The published cases of FHIRPath on which our use depends, through our own bounded door.

Our use: the functions and operators that questionnaires in the field use, on answers. Left out by
rule are literals of other kinds (Long, quantities with their arithmetic of units), other models
than R4, and functions that no questionnaire seen so far calls.
"""

import json
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.questionnaires.forms import NOON
from tongxin.questionnaires.expressions import (
    Budget,
    ExpressionFailed,
    OutOfBounds,
    evaluate,
    node,
    plain,
)

USED = {
    "where",
    "repeat",
    "replace",
    "exists",
    "iif",
    "substring",
    "toString",
    "first",
    "empty",
    "select",
    "toInteger",
    "ofType",
    "intersect",
    "round",
    "today",
    "join",
    "toDate",
    "ln",
    "extension",
    "power",
    "exp",
    "all",
    "skip",
    "startsWith",
    "not",
    "count",
    "last",
    "sum",
    "aggregate",
    "contains",
    "length",
    "matches",
}
FLOORS = {
    "3_path_selection": (8, 11),
    "4.1_literals": (19, 36),
    "5.1_existence": (25, 28),
    "5.2_filtering_and_projection": (19, 26),
    "5.2.3_repeat": (1, 1),
    "5.3_subsetting": (18, 20),
    "5.4_combining": (6, 6),
    "5.5_conversion": (15, 24),
    "5.6_string_manipulation": (37, 51),
    "5.7_math": (24, 31),
    "6.1_equality": (132, 149),
    "6.2_comparision": (67, 71),
    "6.4_collection": (2, 2),
    "6.4_collections": (14, 14),
    "6.5_boolean_logic": (35, 41),
    "6.6_math": (42, 52),
    "7_aggregate": (7, 12),
    "8_variables": (9, 9),
    "simple": (34, 37),
}
"""How many cases of each file pass at least, of how many: 514 of 621 in all.

What fails: exceptions where the engine answers with nothing, escapes in names, days that do not
exist, `~` on text, flags of `matches`, ids of primitive values.
"""
UNITS = "years? months? weeks? days? hours? minutes? seconds? milliseconds?".replace(" ", "|")
OTHER_KINDS = re.compile(rf"\d+L\b|\d\s*'|\d\s+({UNITS})\b")


def is_ours(text, case):
    if not isinstance(text, str) or case.get("disable") or case.get("model", "r4") != "r4":
        return False
    without_texts = re.sub(r"'[^']*'", "''", text)
    functions = set(re.findall(r"(\w+)\(", without_texts)) - {"and", "or", "in", "xor", "implies"}
    return functions <= USED and not OTHER_KINDS.search(text)


def cases(group):
    """(expression, case) of every case that is ours."""
    for one in group:
        if "expression" in one:
            listed = one["expression"]
            texts = listed if isinstance(listed, list) else [listed]
            yield from ((text, one) for text in texts if is_ours(text, one))
        elif not one.get("disable"):
            for name, inner in one.items():
                yield from cases(inner) if name.startswith("group") else ()


@cache
def resource(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def passes(text, case, subject, resources):
    base = resource(resources, case["inputfile"]) if "inputfile" in case else subject or {}
    root = node(base, base.get("resourceType"))
    variables = {"resource": root, **(case.get("variables") or {})}
    budget = Budget(NOON, seconds=5)
    try:
        if "context" in case:
            (root,) = evaluate(case["context"], root, variables, budget)
        found = plain(evaluate(text, root, {"context": root, **variables}, budget))
    except (ExpressionFailed, OutOfBounds, ValueError):
        return bool(case.get("error"))
    return not case.get("error") and alike(found, case.get("result", []))


def alike(found, wanted):
    wanted = wanted if isinstance(wanted, list) else [wanted]
    return as_text(found) == as_text([as_number(one) for one in wanted if one is not None])


def as_text(values):
    return json.dumps(values, sort_keys=True, default=str)


def as_number(value):
    return int(value) if isinstance(value, float) and value.is_integer() else value


@pytest.mark.parametrize("name", FLOORS)
def test_the_cases_pass(shared_data, name):
    folder = Path(shared_data) / "fhirpath" / "test"
    document = yaml.safe_load((folder / "cases" / f"{name}.yaml").read_text(encoding="utf-8"))
    listed = list(cases(document["tests"]))
    resources = folder / "resources" / "r4"
    failed = [
        text for text, case in listed if not passes(text, case, document.get("subject"), resources)
    ]
    done = len(listed) - len(failed)
    assert len(listed) == FLOORS[name][1]
    assert done >= FLOORS[name][0], f"{done} of {len(listed)}; fail: {failed}"
