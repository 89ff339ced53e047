"""The poster of a place says what its page says."""

import pytest

from tests.situation.sample_pages import HONGHU, area, bare
from tongxin.pictures import alt_text
from tongxin.situation import area_text, sentence
from tongxin.situation.freshness import Age
from tongxin.situation.posters import poster_of, posters


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_poster_tells_the_figures_of_the_page_with_their_source(language):
    page = area(HONGHU)
    record = poster_of(page, language)
    told = alt_text(record, language)
    for card in area_text.headline_cards(page, language)[:4]:
        assert card["value"] in told
    confirmed = sentence.headline(page, "confirmed")
    assert record.sources == (sentence.source_name(page, confirmed.source, language),)
    assert record.address.endswith(f"/{language}/situation/CN-421083/")


def test_old_figures_are_said_to_be_old_and_judge_nothing():
    record = poster_of(area(HONGHU, age=Age("months", 11)), "en")
    assert "11 months" in record.aged and record.risk.level == ""
    assert {figure.tone for figure in record.figures} == {""}


def test_a_place_without_figures_says_so():
    record = poster_of(bare(), "en")
    assert record.figures == () and "No source has published" in record.said[0]


def test_a_poster_is_two_files_of_the_release():
    paths = [path for path, _ in posters(area(HONGHU), "en")]
    assert paths == [
        "situation/CN-421083/poster.en.svg",
        "situation/CN-421083/poster-screen.en.svg",
    ]
