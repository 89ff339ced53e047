from dataclasses import replace

import pytest

from tongxin.audit.rules import GENESIS, Line, first_broken, link


def chain(*deeds):
    lines, previous = [], GENESIS
    for seq, deed in enumerate(deeds, 1):
        line = Line(0, seq, {"deed": deed}, previous, link(previous, {"deed": deed}))
        lines.append(line)
        previous = line.hash
    return lines


def test_a_whole_chain_has_no_broken_line():
    assert first_broken(chain("a", "b", "c")) is None
    assert first_broken([]) is None


@pytest.mark.parametrize(
    ("what", "change", "named"),
    [
        ("changed", lambda c: [c[0], replace(c[1], content={"deed": "x"}), c[2]], 2),
        ("removed", lambda c: [c[0], c[2]], 3),
        ("first removed", lambda c: c[1:], 2),
        ("slipped in", lambda c: [*c[:2], replace(c[1], seq=3), c[2]], 3),
        ("exchanged", lambda c: [c[1], c[0], c[2]], 2),
        ("rehashed", lambda c: [replace(c[0], hash=link(GENESIS, {"deed": "x"})), *c[1:]], 1),
    ],
)
def test_the_first_broken_line_is_named(what, change, named):
    assert first_broken(change(chain("a", "b", "c"))).seq == named


def test_the_hash_does_not_depend_on_the_order_of_the_facts():
    assert link(GENESIS, {"a": 1, "b": "同"}) == link(GENESIS, {"b": "同", "a": 1})
