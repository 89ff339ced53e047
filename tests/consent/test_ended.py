"""Permissions, proxies and sheets are forgotten a year after they ended; the trail is not."""

from datetime import date, timedelta

from tongxin.audit.queries import verify
from tongxin.consent.actions import (
    Allowed,
    Signature,
    add_ward,
    end_proxy,
    enter_person,
    give_consent,
    withdraw_consent,
)
from tongxin.consent.actions.ended import forget_ended
from tongxin.consent.models import Grant, Proxy, Purpose, Sheet

DAY = timedelta(days=1)


def forget(at):
    return forget_ended(by="worker", at=at)


def test_a_permission_is_forgotten_a_year_after_its_end(rui, dara, noon):
    facts = {"to": dara.organisation, "purpose": Purpose.CARE, "by": rui, "at": noon}
    withdrawn = give_consent(rui.person, **facts, until=noon + 300 * DAY)
    withdraw_consent(withdrawn.pk, by=rui, at=noon + DAY)
    lasting = give_consent(rui.person, **facts, until=noon + 300 * DAY)
    assert forget(noon + 366 * DAY) == 0
    assert forget(noon + 367 * DAY) == 1 and Grant.objects.get() == lasting
    assert forget(noon + 666 * DAY) == 1 and forget(noon + 666 * DAY) == 0
    assert verify().is_whole


def test_a_proxy_is_forgotten_a_year_after_its_end(rui, noon):
    facts = {"name": "外婆", "born_on": None, "relation": "grandparent", "basis": "spoken"}
    proxy = add_ward(**facts, by=rui, at=noon)
    end_proxy(proxy.pk, by=rui, at=noon)
    assert forget(noon + 365 * DAY) == 0 and forget(noon + 366 * DAY) == 1
    assert not Proxy.objects.exists()


def test_a_sheet_goes_with_the_last_of_what_it_allowed(wei, noon):
    key = f"monitoring:{wei.organisation_id}"
    facts = {"name": "李奶奶", "born_on": date(1949, 12, 31), "street": "新堤街"}
    sheet = Signature(date(2020, 3, 20), "家中", "A-17")
    enter_person(**facts, allowed=Allowed((key,)), signature=sheet, by=wei, at=noon)
    assert forget(noon + 400 * DAY) == 0 and Sheet.objects.exists()
    assert forget(noon + 457 * DAY) == 2 and not Sheet.objects.exists()
