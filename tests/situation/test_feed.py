from datetime import datetime
from xml.etree import ElementTree as ET

import pytest

from tests.situation.figures import day, evening, readings
from tongxin.situation.feed import atom, feed_facts
from tongxin.situation.queries.areas import area_page
from tongxin.situation.queries.atlas import atlas
from tongxin.situation.queries.known import known

pytestmark = pytest.mark.django_db
HUBEI = "CN-420000"
NS = {"a": "http://www.w3.org/2005/Atom"}


def facts_of(on):
    found = known(as_of=evening(on), disease="covid-19")
    return feed_facts(area_page(HUBEI, known=found, atlas=atlas(), today=day(on)))


def feed_of(*entries, language="en"):
    return ET.fromstring(atom(entries, language=language, public_url="https://fever.example/"))


@pytest.fixture
def revised(db):
    readings(HUBEI, "confirmed", [10, 20, 35])
    readings(HUBEI, "confirmed", {2: 22}, known_at=evening(3), note="recounted <twice>")


def test_an_entry_tells_the_figures_and_what_changed(revised):
    text = feed_of(facts_of(3)).findtext("a:entry/a:content", namespaces=NS)
    assert "Confirmed cases: 35 on 2020-02-03 (+13 on the day)" in text
    assert "2020-02-02: 20, now 22: recounted <twice>" in text


def test_a_feed_has_everything_atom_asks_for(revised):
    feed = feed_of(facts_of(2), facts_of(3))
    for owner in (feed, *feed.findall("a:entry", NS)):
        for name in ("id", "title", "updated"):
            assert owner.findtext(f"a:{name}", namespaces=NS)
        assert datetime.fromisoformat(owner.findtext("a:updated", namespaces=NS)).tzinfo
    assert feed.findtext("a:author/a:name", namespaces=NS)
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", NS)}
    assert links["self"] == "https://fever.example/feed/en.atom"


def test_the_newest_comes_first_and_dates_the_feed(revised):
    feed = feed_of(facts_of(2), facts_of(3))
    told = [e.findtext("a:updated", namespaces=NS) for e in feed.findall("a:entry", NS)]
    assert told == [evening(3).isoformat(), evening(2).isoformat()]
    assert feed.findtext("a:updated", namespaces=NS) == told[0]


def test_ids_stay_the_same_and_are_all_different(revised):
    one, again = (feed_of(facts_of(2), facts_of(3)) for _ in range(2))
    ids = [[i.text for i in feed.iter(f"{{{NS['a']}}}id")] for feed in (one, again)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 3


def test_the_chinese_feed_speaks_chinese(revised):
    feed = feed_of(facts_of(3), language="zh-hans")
    assert "湖北省" in feed.findtext("a:entry/a:title", namespaces=NS)
    assert "累计确诊" in feed.findtext("a:entry/a:content", namespaces=NS)


def test_control_characters_in_a_note_do_not_break_the_feed(db):
    readings(HUBEI, "confirmed", [1])
    readings(HUBEI, "confirmed", {1: 2}, known_at=evening(2), note="a\x0bb")
    assert feed_of(facts_of(2)).findtext("a:entry/a:content", namespaces=NS)


def test_a_feed_without_releases_is_still_a_feed():
    assert feed_of().findtext("a:updated", namespaces=NS) == "1970-01-01T00:00:00Z"
