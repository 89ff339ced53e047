import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tongxin.places.models import Boundary, Place
from tongxin.places.queries import ancestors, children_of, place_called, search_index, subtree
from tongxin.places.shapes import map_shapes

built = pytest.mark.usefixtures("outlines")


@pytest.fixture
def outlines(db):
    if not Boundary.objects.exists():
        pytest.skip("no outlines are built: run `tongxin places build-boundaries`")


def weight(drawn):
    inset = drawn.inset
    extra = [*(s.path for s in inset.shapes), inset.dashes, inset.islands] if inset else []
    return sum(map(len, [*(s.path for s in drawn.shapes), *extra]))


@built
@pytest.mark.parametrize(
    ("code", "limit", "parts"),
    [
        ("001", 60_000, 230),
        ("CN", 45_000, 34),
        ("CN-420000", 25_000, 17),
        ("CN-330000", 25_000, 11),
    ],
)
def test_a_map_is_small_and_whole(code, limit, parts):
    drawn = map_shapes(code)
    assert len(drawn.shapes) >= parts
    assert weight(drawn) <= limit
    for shape in drawn.shapes:
        assert re.fullmatch(r"(M[-\d. ]+l[-\d. ]+z)+", shape.path)
        left, top, right, bottom = shape.bbox
        assert 0 <= left < right <= drawn.width
        assert 0 <= top < bottom <= drawn.height
        assert left <= shape.label_x <= right and top <= shape.label_y <= bottom


@built
def test_the_map_of_china_has_its_sea_in_a_box():
    drawn = map_shapes("CN")
    assert {"CN-710000", "CN-810000", "CN-820000"} <= {s.code for s in drawn.shapes}
    assert drawn.inset.dashes.count("M") == 10
    assert drawn.inset.islands.count("h0") > 50
    assert drawn.note and drawn.sources and drawn.missing == ()


@built
def test_taiwan_is_drawn_with_china_on_the_world():
    drawn = {s.code: s for s in map_shapes("001").shapes}
    assert not {"TW", "HK", "MO"} & drawn.keys()
    world = Boundary.objects.get(place="CN")
    taiwan = Boundary.objects.get(place="CN-710000")
    assert world.east > taiwan.west


@built
def test_a_place_whose_parts_have_no_outline_lists_them():
    drawn = map_shapes("CN-421000")
    assert drawn.shapes == ()
    assert "CN-421083" in drawn.missing


@built
def test_a_new_outline_is_drawn_at_once():
    before = len(map_shapes("CN-421000").shapes)
    source = Boundary.objects.get(place="CN-421000")
    Boundary.objects.create(
        place_id="CN-421083",
        geometry=source.geometry,
        source="s",
        licence="l",
        west=source.west,
        south=source.south,
        east=source.east,
        north=source.north,
    )
    assert len(map_shapes("CN-421000").shapes) == before + 1


def test_the_tree_is_read_up_and_down(db):
    assert [p.code for p in ancestors("CN-421083")] == ["CN-421000", "CN-420000", "CN", "001"]
    assert "CN-421083" in [p.code for p in subtree("CN-420000")]
    assert len(children_of("CN-420000")) == 17
    assert place_called("cn-421083").name_zh == "洪湖市"
    with pytest.raises(Place.DoesNotExist):
        place_called("CN-000000")


def test_children_depend_on_the_day(db):
    def codes(on):
        return {place.code for place in children_of("CN-370000", on=on)}

    assert codes(date(2018, 1, 1)) - codes(date(2020, 1, 1)) == {"CN-371200"}


def test_the_search_index_is_small(db):
    rows = search_index()
    assert rows[0]["c"] == "001"
    honghu = next(row for row in rows if row["c"] == "CN-421083")
    assert (honghu["p"], honghu["i"], honghu["u"]) == ("honghushi", "hhs", "CN-421000")


@pytest.mark.parametrize(
    "wrong",
    [
        {"parent_id": "CN-421083"},
        {"parent_id": None},
        {"parent_id": "FR"},
        {"population": 0, "population_year": 2020, "population_source": "x"},
        {"population": 5},
        {"valid_from": date(2020, 1, 2), "valid_to": date(2020, 1, 2)},
        {"centre_lon": 181.0, "centre_lat": 0.0},
        {"level": "country"},
    ],
)
def test_the_database_keeps_the_tree_sound(db, wrong):
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        Place.objects.filter(code="CN-421083").update(**wrong)
