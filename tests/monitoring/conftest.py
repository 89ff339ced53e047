"""Rui and her grandmother, whom she acts for; both allow the committee and the authority."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest

from tongxin.consent.actions import add_ward, give_consent
from tongxin.consent.models import Purpose
from tongxin.monitoring.actions import Line, log, log_household
from tongxin.monitoring.said import Said
from tongxin.people.models import Organisation
from tongxin.questionnaires.actions import load_shipped_forms

KEYS = (f"key-of-a-page-{number:08}" for number in count())


def line(person, *, on=None, key=None, **said):
    """One person's day."""
    if "celsius" in said:
        said["temperature"] = Decimal(said.pop("celsius"))
    return Line(person, Said(**said), key or next(KEYS), on)


@pytest.fixture(autouse=True)
def form(db, noon):
    load_shipped_forms(by="tests", at=noon)


@pytest.fixture
def bodies(cast):
    return {one.kind: one for one in Organisation.objects.all()}


@pytest.fixture
def allow(bodies, noon):
    """Somebody lets an organisation read a log."""

    def allowed(person, kind, *, by):
        asked_on = None if person.pk == by.person_id else date(2020, 2, 28)
        return give_consent(
            person,
            to=bodies[kind],
            purpose=Purpose.MONITORING,
            until=noon + timedelta(days=90),
            by=by,
            at=noon - timedelta(days=20),
            said_on=asked_on,
        )

    return allowed


@pytest.fixture
def grandmother(rui, noon):
    proxy = add_ward(
        name="李奶奶",
        born_on=date(1940, 5, 1),
        relation="grandparent",
        basis="spoken",
        by=rui,
        at=noon - timedelta(days=20),
    )
    return proxy.person


@pytest.fixture
def street(rui, grandmother, allow):
    """Both of them, with everything allowed; their grants by kind of organisation."""
    return {
        (person.pk, kind): allow(person, kind, by=rui)
        for person in (rui.person, grandmother)
        for kind in ("committee", "health_authority")
    }


@pytest.fixture
def say(rui, noon):
    """Rui logs for one of hers."""

    def said(person, *, at=noon, **facts):
        (entry,) = log_household([line(person, **facts)], by=rui, language="en", at=at)
        return entry

    return said


@pytest.fixture
def heard(noon):
    """Somebody else says it, whoever they are."""

    def said(person, *, author, at=noon, via="web", **facts):
        return log(
            line(person, **facts),
            via=via,
            author=author,
            language="en",
            by=author or "tests",
            at=at,
        )

    return said
