"""Advice by person, place and day; what may not be published."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongxin.guidance.people_axes import Axis, Space
from tongxin.guidance.rules import POLARITIES, Block, advice_for, faults, gives_way, opposes

TODAY = date(2026, 11, 22)
AXES = (
    Axis("symptoms", ("none", "mild", "danger")),
    Axis("age", ("adult", "child", "older")),
    Axis("pregnant", ("no", "yes")),
)
SPACE = Space(AXES, never=({"pregnant": frozenset(["yes"]), "age": frozenset(["child", "older"])},))
PARENTS = {"CN-421083": "CN-421000", "CN-421000": "CN-420000", "CN-420000": "CN"}
HONGHU = ("CN-421083", "CN-421000", "CN-420000", "CN")
ADULT = {"symptoms": "none", "age": "adult", "pregnant": "no"}


def block(slug="one", polarity="should", **facts) -> Block:
    when = {axis: frozenset(values) for axis, values in facts.pop("when", {}).items()}
    standard = {
        "circumstance": "going-out",
        "action": "go-out",
        "layer": "nation",
        "narrower_may": "nothing",
        "effective_from": date(2020, 1, 1),
    }
    return Block(slug=slug, polarity=polarity, when=when, **{**standard, **facts})


def found(*blocks: Block) -> list[tuple]:
    return [(f.rule, f.blocks) for f in faults(blocks, SPACE, today=TODAY, parents=PARENTS)]


EVERYONE = block("wash", action="wash-hands")


def test_people_who_cannot_be_are_not_counted():
    assert len(SPACE) == 3 * 3 * 2 - 3 * 2
    assert not SPACE.can_exist({"age": "child", "pregnant": "yes"})


@pytest.mark.parametrize(
    ("one", "other", "is_contradiction"),
    [
        ("should", "should-not", True),
        ("must", "must-not", True),
        ("may", "must-not", True),
        ("may", "should-not", False),
        ("must", "should", False),
        ("know", "must-not", False),
    ],
)
def test_opposite_advice_to_the_same_person_is_found(one, other, is_contradiction):
    faulty = found(EVERYONE, block("a", one), block("b", other))
    assert (("contradiction", ("a", "b")) in faulty) is is_contradiction


def test_the_editor_is_shown_the_plainest_person_to_whom_it_happens():
    go, stay = block("go"), block("stay", "must-not", when={"symptoms": ["mild"]})
    (fault,) = faults([EVERYONE, go, stay], SPACE, today=TODAY, parents=PARENTS)
    assert fault.persona == ADULT | {"symptoms": "mild"}
    assert fault.day == TODAY


@pytest.mark.parametrize(
    "facts",
    [
        {"when": {"age": ["child"]}},  # other people
        {"action": "travel"},  # another act
        {"effective_from": date(2027, 1, 1), "expires_on": date(2027, 2, 1)},  # other days
        {"places": ("CN-420000",)},  # other places
    ],
)
def test_advice_that_never_meets_does_not_contradict(facts):
    go = block("go", when={"age": ["adult"]}, expires_on=date(2026, 12, 31), places=("CN-310000",))
    other = block("stay", "must-not", **{"when": {}, **facts})
    if facts.get("places") is None:
        go = block("go", when={"age": ["adult"]}, expires_on=date(2026, 12, 31))
    assert not [rule for rule, _ in found(EVERYONE, go, other) if rule == "contradiction"]


@pytest.mark.parametrize(
    ("narrower_may", "wide", "narrow", "is_settled"),
    [
        ("nothing", "may", "must-not", False),
        ("stricter", "may", "must-not", True),
        ("stricter", "should", "must-not", False),
        ("anything", "should", "must-not", True),
    ],
)
def test_the_narrower_wins_only_where_the_wider_allows(narrower_may, wide, narrow, is_settled):
    nation = block("nation", wide, narrower_may=narrower_may)
    county = block("county", narrow, layer="county", places=("CN-421083",))
    contradicts = ("contradiction", ("nation", "county")) in found(EVERYONE, nation, county)
    assert contradicts is not is_settled
    told = {b.slug for b in advice_for([nation, county], ADULT, HONGHU, TODAY)}
    assert told == ({"county"} if is_settled else {"nation", "county"})
    elsewhere = advice_for([nation, county], ADULT, ("CN-310000", "CN"), TODAY)
    assert [b.slug for b in elsewhere] == ["nation"]


def test_advice_for_another_circumstance_stands_beside_wider_advice():
    metro = block("metro", action="wear-mask", circumstance="travel", narrower_may="anything")
    clinic = block("clinic", "must", action="wear-mask", layer="county", circumstance="visiting")
    told = advice_for([metro, clinic], ADULT, HONGHU, TODAY)
    assert [b.slug for b in told] == ["metro", "clinic"]


def test_a_county_contradicts_its_province():
    province = block("province", layer="province", places=("CN-420000",))
    county = block("county", "must-not", layer="county", places=("CN-421083",))
    faulty = faults([EVERYONE, province, county], SPACE, today=TODAY, parents=PARENTS)
    assert [(f.rule, f.place) for f in faulty] == [("contradiction", "CN-421083")]


def test_a_person_whom_nothing_is_told_is_found_with_the_day_it_begins():
    until = block("until", expires_on=date(2026, 12, 31))
    after = block("after", when={"age": ["adult", "older"]})
    (fault,) = faults([until, after], SPACE, today=TODAY, parents=PARENTS)
    assert (fault.rule, fault.persona["age"]) == ("nobody_told", "child")
    assert fault.day == date(2027, 1, 1)


@pytest.mark.parametrize(
    "facts",
    [
        {"when": {"age": ["child"], "pregnant": ["yes"]}},
        {"effective_from": date(2027, 2, 1), "expires_on": date(2027, 1, 1)},
    ],
)
def test_a_block_that_nobody_can_reach_is_found(facts):
    assert ("nobody_reached", ("ghost",)) in found(EVERYONE, block("ghost", **facts))


def test_a_block_that_every_county_overrules_for_everyone_is_not_reached():
    wide = block("wide", "may", narrower_may="anything", places=("CN-421083",))
    narrow = block("narrow", "must-not", layer="county", places=("CN-421083",))
    assert found(EVERYONE, wide, narrow) == [("nobody_reached", ("wide",))]


def test_an_expired_block_is_not_advice_and_troubles_nobody():
    over = block("over", "must-not", expires_on=date(2026, 11, 21))
    assert found(EVERYONE, block("go"), over) == []
    assert advice_for([over], ADULT, HONGHU, TODAY) == []


whens = st.fixed_dictionaries(
    {},
    optional={
        axis.key: st.sets(st.sampled_from(axis.values), min_size=1).map(sorted) for axis in AXES
    },
)
some_blocks = st.lists(
    st.builds(
        lambda polarity, when, layer, may, places: dict(
            polarity=polarity, when=when, layer=layer, narrower_may=may, places=places
        ),
        st.sampled_from(POLARITIES),
        whens,
        st.sampled_from(["nation", "county"]),
        st.sampled_from(["nothing", "stricter", "anything"]),
        st.sampled_from([(), ("CN-420000",), ("CN-421083",)]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(some_blocks)
def test_no_contradiction_found_means_that_no_person_is_told_opposite_things(rows):
    blocks = [block(f"b{number}", **row) for number, row in enumerate(rows)]
    claimed = {f.blocks for f in faults(blocks, SPACE, today=TODAY, parents=PARENTS) if f.blocks}
    met = set()
    for number in range(len(SPACE)):
        for lineage in (HONGHU, ("CN-420000", "CN"), ("CN-310000", "CN")):
            theirs = [b for b in blocks if b.is_for(SPACE.person(number), lineage)]
            met |= {
                (one.slug, other.slug)
                for one in theirs
                for other in theirs
                if one.slug < other.slug
                and opposes(one.polarity, other.polarity)
                and not gives_way(one, other)
                and not gives_way(other, one)
            }
    assert met == {pair for pair in claimed if len(pair) == 2}
