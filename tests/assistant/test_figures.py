from datetime import date

import pytest

from tongxin.assistant.figure_questions import figure_asked
from tongxin.assistant.where import place_in

TODAY = date(2020, 3, 20)


@pytest.mark.parametrize(
    ("text", "metric", "is_new", "on", "month_day"),
    [
        ("How many cases in Xiaogan on 1 February?", "confirmed", False, None, (2, 1)),
        ("孝感2月1日确诊多少", "confirmed", False, None, (2, 1)),
        ("昨天洪湖新增几例", "confirmed", True, date(2020, 3, 19), None),
        (
            "number of deaths in Wuhan on February 12th, 2020",
            "deaths",
            False,
            date(2020, 2, 12),
            None,
        ),
        ("2020年2月3日武汉治愈多少人", "recovered", False, date(2020, 2, 3), None),
        ("湖北现在有多少疑似", "suspected", False, None, None),
        ("How many active cases are there in Hubei?", "active", False, None, None),
    ],
)
def test_questions_for_figures_are_understood(text, metric, is_new, on, month_day):
    asked = figure_asked(text, today=TODAY)
    assert (asked.metric, asked.is_new, asked.on, asked.month_day) == (
        metric,
        is_new,
        on,
        month_day,
    )


@pytest.mark.parametrize(
    "text", ["确诊了怎么办", "How many days do I stay at home?", "口罩戴多久", "does covid kill"]
)
def test_other_questions_ask_for_no_figure(text):
    assert figure_asked(text, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("How many cases in Xiaogan on 1 February?", "CN-420900"),
        ("昨天洪湖新增几例", "CN-421083"),
        ("湖北省孝感市有多少病例", "CN-420900"),
        ("deaths in Italy", "IT"),
        ("how many cases today", None),
    ],
)
def test_places_are_found_in_the_question(db, text, code):
    assert place_in(text) == code
