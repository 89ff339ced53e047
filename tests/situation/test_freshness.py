"""How old the newest figure is, and that the words stay true later."""

from datetime import date, timedelta

import pytest

from tongxin.situation.freshness import FRESH_DAYS, Age, age

END = date(2020, 4, 30)
AGES = [
    (END, None),
    (END - timedelta(days=1), None),
    (END + timedelta(days=FRESH_DAYS), None),
    (END + timedelta(days=FRESH_DAYS + 1), Age("weeks", 2)),
    (date(2020, 6, 29), Age("weeks", 8)),
    (date(2020, 6, 30), Age("months", 2)),
    (date(2022, 4, 29), Age("months", 23)),
    (date(2022, 4, 30), Age("years", 2)),
    (date(2026, 11, 22), Age("years", 6)),
]


@pytest.mark.parametrize(("today", "expected"), AGES)
def test_the_age_of_a_figure(today, expected):
    assert age(END, today) == expected


def test_no_figure_has_no_age():
    assert age(None, END) is None


def test_at_least_that_much_has_passed_and_there_is_always_a_plural():
    days = {"weeks": 7, "months": 28, "years": 365}
    for after in range(FRESH_DAYS + 1, 4000):
        found = age(END, END + timedelta(days=after))
        assert found.count >= 2
        assert found.count * days[found.unit] <= after
