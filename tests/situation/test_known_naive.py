"""The fast reading against a plain one that looks at every row in turn."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.situation.figures import add_source, day
from tongxin.situation.models import Batch, Reading, Series
from tongxin.situation.queries.known import known
from tongxin.situation.queries.series import reading_rows, spoken

pytestmark = pytest.mark.django_db
START = datetime(2020, 2, 1, tzinfo=UTC)
PLACES, SOURCES, METRICS = ("CN", "CN-420000"), ("dxy", "jhu"), ("confirmed", "deaths")

told = st.tuples(
    st.sampled_from(PLACES),
    st.sampled_from(METRICS),
    st.sampled_from(SOURCES),
    st.integers(1, 20),  # day
    st.integers(0, 30),  # hour it was known
    st.one_of(st.none(), st.integers(0, 10**12)),
)


def at(hour):
    return START + timedelta(hours=hour)


def plain(rows, moment, place, metric, source):
    newest = {}
    for p, m, s, on, hour, value in sorted(rows, key=lambda row: row[4]):
        if (p, m, s) == (place, metric, source) and at(hour) <= moment:
            newest[day(on)] = value
    return {on: value for on, value in newest.items() if value is not None}


def write(rows):
    lines, batches = {}, {}
    for code in SOURCES:
        add_source(code)
        batches[code] = Batch.objects.create(source_id=code, format="csv", at=START, by="tests")
    for place, metric, source, on, hour, value in rows:
        key = (place, metric, source)
        if key not in lines:
            lines[key] = Series.objects.create(
                place_id=place, metric=metric, disease="covid-19", source_id=source
            )
        Reading.objects.create(
            series=lines[key],
            about_on=day(on),
            known_at=at(hour),
            value=value,
            batch=batches[source],
        )
    return lines


def dated(days, values):
    return dict(zip(days, values, strict=True))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(told, max_size=40, unique_by=lambda row: row[:5]), st.integers(0, 30))
def test_both_ways_to_read_agree_with_a_plain_loop(rows, hour):
    with transaction.atomic():
        lines = write(rows)
        found = known(as_of=at(hour), disease="covid-19")
        for (place, metric, source), series in lines.items():
            wanted = plain(rows, at(hour), place, metric, source)
            line = found.line(place, metric, source)
            assert (dated(line.days.tolist(), line.values.tolist()) if line else {}) == wanted
            days = {"first": day(1), "last": day(20)}
            read = reading_rows(series.pk, as_of=at(hour), **days)
            assert {on: value for on, value, _ in read} == wanted
            who = spoken(place, metric, disease="covid-19", as_of=at(hour))
            counted = [one.count for one in who.lines if one.source == source]
            known_rows = [r for r in rows if r[:3] == (place, metric, source) and r[4] <= hour]
            assert counted == ([len(known_rows)] if known_rows else [])
        transaction.set_rollback(True)
