"""Which way a message takes: tables of cases, and what holds after any run of messages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxin.channels.wechat.ledger import (
    ALL,
    MARGIN,
    TALK,
    TOUCH,
    Purse,
    Way,
    Wish,
    kept_of_day,
    plan,
    window_ends,
)
from tongxin.channels.wechat.refusals import NotAffordable, Reason

NOON = datetime(2020, 3, 20, 12, tzinfo=UTC)
WROTE = Purse(wrote_at=NOON)
C, T, ONE = Way.CUSTOMER, Way.TEMPLATE, Way.ONE_TIME


def outcome(purse, *ways, is_urgent=False, at=NOON):
    try:
        return plan(purse, Wish(frozenset(ways) or ALL, is_urgent), at=at)
    except NotAffordable as refusal:
        return refusal.reason


CASES = [
    ("the cheapest first", replace(WROTE, templates_a_day=9, grants=1), {}, C),
    ("four of five", replace(WROTE, spent_since_wrote=3), {}, C),
    ("the fifth is kept", replace(WROTE, spent_since_wrote=4), {}, Reason.RESERVED),
    ("for a red flag", replace(WROTE, spent_since_wrote=4), {"is_urgent": True}, C),
    ("none is left", replace(WROTE, spent_since_wrote=5), {"is_urgent": True}, Reason.NO_WINDOW),
    ("before two days", WROTE, {"at": NOON + TALK - 2 * MARGIN}, C),
    ("after two days", WROTE, {"at": NOON + TALK - MARGIN}, Reason.NO_WINDOW),
    ("a touch", Purse(touched_at=NOON, spent_since_touched=2), {}, C),
    ("three of a touch", Purse(touched_at=NOON, spent_since_touched=3), {}, Reason.NO_WINDOW),
    ("after a minute", Purse(touched_at=NOON), {"at": NOON + TOUCH}, Reason.NO_WINDOW),
    ("of the day", Purse(templates_a_day=100, templates_spent=94), {}, T),
    ("kept of the day", Purse(templates_a_day=100, templates_spent=95), {}, Reason.RESERVED),
    ("red flag", Purse(templates_a_day=100, templates_spent=99), {"is_urgent": True}, T),
    ("day is over", Purse(templates_a_day=9, templates_spent=9), {}, Reason.DAILY_CAP),
    ("a consent, last", Purse(grants=1), {}, ONE),
    ("a consent reaches who left", Purse(is_subscribed=False, grants=1), {}, ONE),
    ("who left", replace(WROTE, is_subscribed=False), {}, Reason.UNSUBSCRIBED),
    ("closed", replace(WROTE, closed=frozenset(Way)), {}, Reason.CLOSED),
    ("round a closed way", replace(WROTE, closed=frozenset({C}), templates_a_day=9), {}, T),
]


@pytest.mark.parametrize(("name", "purse", "given", "expected"), CASES, ids=[c[0] for c in CASES])
def test_the_way_of_one_message(name, purse, given, expected):
    assert outcome(purse, **given) == expected


def test_a_way_that_was_not_given_is_not_taken():
    assert outcome(WROTE, T) == Reason.CLOSED and outcome(WROTE, ONE) == Reason.NO_CONSENT


def test_the_window_ends_with_its_longest_part():
    assert window_ends(Purse()) is None
    assert window_ends(replace(WROTE, touched_at=NOON)) == NOON + TALK


purses = st.builds(
    Purse,
    is_subscribed=st.booleans(),
    wrote_at=st.none() | st.integers(-200_000, 0).map(lambda s: NOON + timedelta(seconds=s)),
    spent_since_wrote=st.integers(0, 6),
    touched_at=st.none() | st.integers(-90, 0).map(lambda s: NOON + timedelta(seconds=s)),
    spent_since_touched=st.integers(0, 4),
    templates_spent=st.integers(0, 30),
    templates_a_day=st.integers(0, 30),
    grants=st.integers(0, 3),
    closed=st.frozensets(st.sampled_from(Way)),
)
ways = st.frozensets(st.sampled_from(Way), min_size=1)


def after(purse, way):
    """The purse once this way was paid."""
    return {
        C: replace(
            purse,
            spent_since_wrote=purse.spent_since_wrote + 1,
            spent_since_touched=purse.spent_since_touched + 1,
        ),
        T: replace(purse, templates_spent=purse.templates_spent + 1),
        ONE: replace(purse, grants=purse.grants - 1),
    }[way]


@given(purses, ways)
def test_what_anybody_may_send_a_red_flag_may_too(purse, given):
    if isinstance(outcome(purse, *given), Way):
        assert isinstance(outcome(purse, *given, is_urgent=True), Way)


@given(purses.filter(lambda p: p.wrote_at and p.touched_at is None and p.templates_a_day > 0))
def test_after_any_run_of_messages_a_red_flag_is_still_affordable(purse):
    """As long as the window or the day had something for it before."""
    kept = [way for way in (C, T) if isinstance(outcome(purse, way, is_urgent=True), Way)]
    for _ in range(40):
        way = outcome(purse, C, T)
        if not isinstance(way, Way):
            break
        purse = after(purse, way)
    for way in kept:
        assert outcome(purse, way, is_urgent=True) == way


@given(purses, ways, st.booleans())
def test_nothing_is_paid_that_is_not_there(purse, given, is_urgent):
    way = outcome(purse, *given, is_urgent=is_urgent)
    if isinstance(way, Way):
        assert way in given and way not in purse.closed
        paid = after(purse, way)
        assert paid.grants >= 0 and (way != T or paid.templates_spent <= paid.templates_a_day)


@given(st.integers(0, 10**7))
def test_some_of_every_day_is_kept(cap):
    assert (kept_of_day(cap) > 0) == (cap > 0) and kept_of_day(cap) <= cap
