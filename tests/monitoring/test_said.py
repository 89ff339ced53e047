"""The same words mean the same whatever way they come, and come back as they went."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongxin.monitoring.models import Feeling, Symptom
from tongxin.monitoring.refusals import NoTemperature, NotUnderstood
from tongxin.monitoring.said import (
    CELSIUS,
    FAHRENHEIT,
    Said,
    as_response,
    from_response,
    read,
    temperature,
)
from tongxin.monitoring.sheets import Typed, lines, read_line
from tongxin.refusal import Refusal

TODAY = date(2020, 3, 20)


@pytest.mark.parametrize(
    ("text", "celsius", "count"),
    [
        ("36.5", "36.5", 0),
        ("体温36.8 一切正常", "36.8", 0),
        ("３８．２度，咳嗽、乏力", "38.2", 2),
        ("101.3F cough, tired", "38.5", 2),
        ("38度9 咳嗽", "38.9", 1),
        ("３９度半", "39.5", 0),
        ("健康", None, 0),
        ("fine", None, 0),
        ("38 short of breath much worse", "38.0", 1),
        ("嗅觉丧失 拉肚子", None, 2),
    ],
)
def test_a_few_words_are_read(text, celsius, count):
    said = read(text)
    assert (said.celsius, len(said.symptoms)) == (celsius and Decimal(celsius), count)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "不发烧",
        "没有咳嗽",
        "no fever",
        "健康 咳嗽",
        "25",
        "36.5 37.5",
        "咳嗽 blah",
        "1/2",
    ],
)
def test_what_is_not_surely_understood_is_refused(text):
    with pytest.raises(Refusal):
        read(text)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    try:
        said = read(text)
    except (NotUnderstood, NoTemperature):
        return
    assert said.celsius is None or 30 <= said.celsius <= 44


@pytest.mark.parametrize(
    ("text", "unit"), [("98.6", CELSIUS), ("36.5", FAHRENHEIT), ("29", CELSIUS), ("x", CELSIUS)]
)
def test_a_number_that_fits_only_the_other_unit_is_not_guessed(text, unit):
    with pytest.raises(NoTemperature):
        temperature(text, unit)


SAID = st.builds(
    Said,
    temperature=st.none() | st.decimals("34", "42", places=1),
    symptoms=st.lists(st.sampled_from(Symptom.values), unique=True).map(tuple),
    other=st.sampled_from(["", "牙疼"]),
    since=st.none(),
    feeling=st.sampled_from(["", *Feeling.values]),
    contact=st.sampled_from(["", "yes", "no", "unknown"]),
    travelled=st.sampled_from([None, False]),
    took_medicine=st.sampled_from([None, False]),
)


@settings(deadline=None)
@given(SAID)
def test_answers_come_back_as_they_were_said(said):
    assert from_response(as_response(said)) == said


def test_a_sheet_is_read_line_by_line():
    typed = lines("姓名,体温,症状,日期\n李奶奶,37.8,咳嗽,3月19日\n王大爷,36.5,,\n,,\n")
    assert [(one.name, one.words, one.day) for one in typed] == [
        ("李奶奶", "37.8 咳嗽", "3月19日"),
        ("王大爷", "36.5", ""),
    ]
    assert read_line(typed[0], today=TODAY).on == date(2020, 3, 19)
    assert read_line(typed[1], today=TODAY).on == TODAY


@pytest.mark.parametrize(
    ("day", "on"),
    [("2020-03-01", date(2020, 3, 1)), ("12-31", date(2019, 12, 31)), ("3/20", TODAY)],
)
def test_a_day_without_a_year_is_the_last_such_day(day, on):
    assert read_line(Typed(1, "x", "36.5", day), today=TODAY).on == on


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_paste_is_read_or_says_its_trouble(text):
    for typed in lines(text):
        found = read_line(typed, today=TODAY)
        assert (found.said is None) == (found.trouble is not None)
