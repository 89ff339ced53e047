"""The do and don't card says what the page says, and no more."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tongxin.guidance.packs import circumstances
from tongxin.guidance.posters import card_of, posters, shown
from tongxin.guidance.told import told

DISEASE = "covid-19"
pytestmark = pytest.mark.real_clock  # what ships is in force today, not in the cast's 2020


def now():
    return told(DISEASE, today=timezone.localdate())


def test_every_circumstance_with_something_to_do_has_its_cards(guidance):
    known = now()
    for one in known.circumstances():
        paths = [path for path, _ in posters(known, one, "en")]
        assert paths == [
            f"guidance/{one.key}/poster.en.svg",
            f"guidance/{one.key}/poster-screen.en.svg",
        ]
        assert shown(known, one, "en")["phone"] == f"guidance/{one.key}/poster.en"


def test_the_card_carries_the_words_of_the_blocks_and_follows_an_edit(guidance):
    one = circumstances(DISEASE)["going-out"]
    row = next(r for r in guidance if r.circumstance == one.key and r.polarity == "should-not")
    assert row.title_zh in [point.title for point in card_of(now(), one, "zh-hans").dont]
    type(row).objects.filter(pk=row.pk).update(title_zh="发烧了就先别出门")
    assert "发烧了就先别出门" in shown(now(), one, "zh-hans")["alt"]


def test_what_may_be_or_has_ended_or_holds_elsewhere_is_not_commanded(guidance):
    one = circumstances(DISEASE)["going-out"]
    rows = [row for row in guidance if row.circumstance == one.key]
    may = next(row for row in rows if row.polarity == "may")
    ended, local = [row for row in rows if row.polarity in {"must", "should", "should-not"}][:2]
    type(may).objects.filter(pk=ended.pk).update(
        effective_from=date(2020, 1, 1), expires_on=timezone.localdate() - timedelta(days=1)
    )
    type(may).objects.filter(pk=local.pk).update(places=["CN-421083"])
    card = card_of(now(), one, "en")
    titles = {point.title for point in (*card.do, *card.dont)}
    assert titles and not titles & {may.title_en, ended.title_en, local.title_en}


def test_different_acts_come_before_a_second_of_the_same(guidance):
    known, one = now(), circumstances(DISEASE)["symptoms"]
    acts = {row.title_en: row.action for row in known.of("symptoms")}
    order = [acts[point.title] for point in card_of(known, one, "en").do]
    firsts = len(set(order))
    assert len(set(order[:firsts])) == firsts


def test_nothing_commanded_is_no_card(db):
    assert card_of(now(), circumstances(DISEASE)["pets"], "en") is None
    assert list(posters(now(), circumstances(DISEASE)["pets"], "en")) == []
