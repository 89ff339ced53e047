"""Pages of past days and of places side by side: right after every change, drawn once."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests.situation.figures import add_source, day, evening, readings
from tongxin.places.models import Boundary, Place
from tongxin.situation import kept_pages, pages
from tongxin.situation.models import Caveat, Precedence
from tongxin.situation.queries.areas import area_page
from tongxin.situation.queries.atlas import atlas
from tongxin.situation.queries.known import known
from tongxin.situation.views.public import end_of, page_of

pytestmark = pytest.mark.django_db
HUBEI, WUHAN, JINGZHOU, HONGHU = "CN-420000", "CN-420100", "CN-421000", "CN-421083"
XINDI = "CN-421083001"
URL = f"/en/situation/{HUBEI}/as-of/2020-02-12/"


@pytest.fixture(autouse=True)
def figures():
    readings(HUBEI, "confirmed", [1000 + 10 * n for n in range(20)])
    readings(WUHAN, "confirmed", [500 + 10 * n for n in range(20)])


@pytest.fixture
def drawn(monkeypatch):
    """The codes of the pages drawn, in turn."""
    made = []
    render = pages.render_area
    monkeypatch.setattr(
        pages, "render_area", lambda page, **k: made.append(page.place.code) or render(page, **k)
    )
    return made


def text_of(client, url=URL):
    return client.get(url).content.decode()


def test_a_page_of_a_past_day_is_drawn_once(client, drawn):
    assert text_of(client) == text_of(client)
    assert drawn == [HUBEI]
    assert text_of(client, URL.replace("/en/", "/zh-hans/")) != text_of(client)
    assert text_of(client, URL.replace("-12/", "-13/")) != text_of(client)
    assert len(drawn) == 3


def test_a_figure_that_became_known_late_about_a_day_long_past_is_on_its_page(client):
    assert "1,110" in text_of(client)
    readings(HUBEI, "confirmed", {12: 7777}, known_at=evening(12) + timedelta(hours=3))
    assert "7,777" in text_of(client)
    assert "7,777" not in text_of(client, URL.replace("-12/", "-11/"))


def test_a_figure_said_otherwise_later_is_told_below_the_page_it_changes(client):
    assert "8,888" not in text_of(client)
    readings(HUBEI, "confirmed", {12: 8888}, known_at=evening(25), note="A recount")
    assert "A recount" in text_of(client) and "8,888" in text_of(client)


def test_a_part_a_source_a_caveat_a_name_and_a_precedence_each_change_the_page(client, drawn):
    text_of(client)
    readings(JINGZHOU, "confirmed", {3: 44})
    assert ">44<" in text_of(client)
    source = add_source("bulletin", tier=2)
    readings(HUBEI, "deaths", {3: 5}, source="bulletin")
    text_of(client)
    source.name_en = "Bulletin renamed"
    source.save()
    assert "Bulletin renamed" in text_of(client)
    spoken = {"text_zh": "某", "text_en": "Something to know", "source": "x"}
    caveat = Caveat.objects.create(
        place_id=HUBEI, from_on=day(12), to_on=day(12), known_at=evening(12), **spoken
    )
    assert "Something to know" in text_of(client)
    caveat.delete()
    assert "Something to know" not in text_of(client)
    Place.objects.filter(code=WUHAN).update(name_en="Renamed town")
    assert "Renamed town" in text_of(client)
    readings(HUBEI, "confirmed", {3: 4321}, source="other", tier=3)
    Precedence.objects.create(place_id=HUBEI, source_id="other", rank=1)
    before = len(drawn)
    text_of(client)
    assert len(drawn) == before + 1


def test_a_figure_of_a_place_that_is_not_on_the_page_does_not_draw_it_again(client, drawn):
    text_of(client)
    readings("FR", "confirmed", {3: 44})
    text_of(client)
    assert drawn == [HUBEI]


@pytest.mark.parametrize("code", ["001", "CN", HUBEI, JINGZHOU, HONGHU, XINDI, "FR"])
def test_a_page_reads_few_places_and_says_the_same_as_if_it_had_read_all(code):
    Place.objects.create(
        code=XINDI, level="township", parent_id=HONGHU, name_zh="新堤街道", name_en="Xindi"
    )
    readings("CN", "confirmed", [3000, 3100])
    readings("FR", "confirmed", [30, 31])
    readings(JINGZHOU, "confirmed", [90, 95])
    readings(XINDI, "confirmed", [0, 7, 8, 20])
    few = page_of(code, as_of=end_of(day(15)), today=day(15))
    every = known(as_of=end_of(day(15)), disease="covid-19")
    whole = area_page(code, known=every, atlas=atlas(), today=day(15))
    drawn = [pages.render_area(page, language="en", mode="as_of") for page in (few, whole)]
    assert drawn[0] == drawn[1]


def test_a_reader_who_has_the_page_is_told_so_and_asks_again_after_a_change(client):
    first = client.get(URL)
    again = client.get(URL, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "public, max-age=60"
    readings(HUBEI, "confirmed", {12: 7777}, known_at=evening(12) + timedelta(hours=3))
    changed = client.get(URL, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_ten_who_ask_at_once_cost_one_drawing():
    made, begin = [], threading.Barrier(10)

    def draw():
        made.append(1)
        threading.Event().wait(0.05)
        return "page"

    def ask():
        begin.wait()
        assert kept_pages.kept("ab" * 32, draw) == "page"

    readers = [threading.Thread(target=ask) for _ in range(10)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(made) == 1


def test_no_more_pages_are_kept_than_there_is_room_for(monkeypatch, settings):
    monkeypatch.setattr(kept_pages, "KEPT", 12)
    for number in range(60):
        kept_pages.kept(f"{number:064x}", lambda: "page")
    assert 0 < len(list((settings.HOME / "cache/pages").glob("*.djcache"))) <= 12


def test_a_torn_or_unwritable_cache_costs_a_drawing_and_no_answer(settings):
    name = "cd" * 32
    kept_pages.kept(name, lambda: "one")
    (file,) = (settings.HOME / "cache/pages").glob("*.djcache")
    file.write_bytes(file.read_bytes()[:-20])
    assert kept_pages.kept(name, lambda: "two") == "two"
    assert kept_pages.kept(name, lambda: "three") == "two"
    (settings.HOME / "blocked").write_text("a file")
    settings.HOME /= "blocked"
    assert kept_pages.kept(name, lambda: "four") == "four"


def test_places_are_read_once_and_again_after_any_change(django_assert_max_num_queries):
    first = atlas()
    with django_assert_max_num_queries(1):
        assert atlas().names is first.names
    Place.objects.filter(code=HUBEI).update(name_en="Elsewhere")
    assert atlas().name(HUBEI).en == "Elsewhere"
    held = Boundary.objects.filter(place_id=HUBEI).delete()[0]
    assert held and HUBEI not in atlas().bounded


def test_places_side_by_side_are_read_together_and_only_they(client):
    readings("FR", "confirmed", [30, 60])
    statements = []
    with connection.execute_wrapper(
        lambda run, sql, *rest: statements.append(sql) or run(sql, *rest)
    ):
        text = text_of(client, f"/en/situation/compare/?place={HUBEI}&place=FR&place={HONGHU}")
    assert len(statements) < 20
    assert "1,190" in text and "60" in text and "figures of Hubei" in text


def test_the_world_beside_a_country_is_the_sum_of_all_countries(client):
    readings("CN", "confirmed", [3000, 3100])
    readings("FR", "confirmed", [30, 60])
    text = text_of(client, "/en/situation/compare/?place=001&place=CN")
    assert "3,160" in text and "3,100" in text


def test_places_side_by_side_have_a_logarithmic_picture_also_per_head(client):
    for unit in ("count", "per_100k"):
        url = f"/en/situation/compare/?place={HUBEI}&place={WUHAN}&unit={unit}"
        text = text_of(client, url)
        assert text.count("data-tab-panel>") == 2
        log = text[text.index('id="curve-log"') :]
        assert len(re.findall(r'class="tx-line tx-line--\d"[^>]* d="M[^"]+L', log)) == 2
        assert "logarithmic scale</title>" in log
