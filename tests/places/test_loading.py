import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon

from tongxin.audit.models import Entry
from tongxin.places import gcj02
from tongxin.places.actions import UnknownParent, UnknownPlace, load_aliases, load_map, load_places
from tongxin.places.models import Boundary, Place
from tongxin.places.outlines import BadOutline, NotAMap, read_outlines
from tongxin.places.tables import AliasRow, BadRow, NotATable, read_aliases, read_places

SQUARE = [[113.0, 29.0], [114.0, 29.0], [114.0, 30.0], [113.0, 30.0], [113.0, 29.0]]
BOW = [[113.0, 29.0], [114.0, 30.0], [114.0, 29.0], [113.0, 30.0], [113.0, 29.0]]


def feature(ring, code="421083", **properties):
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"adcode": code, **properties}, "geometry": shape}


def file_of(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", NotAMap),
        (b"\xff\xfe\x00", NotAMap),
        (file_of(feature(SQUARE))[:-20], NotAMap),
        (b"[" * 100_000, NotAMap),
        (b'{"type": "FeatureCollection", "features": []}', NotAMap),
        (b'{"type": "FeatureCollection", "features": {}}', NotAMap),
        (b'{"type": "FeatureCollection", "features": [{"geometry": null}]}', NotAMap),
        (b'{"type": "Topology"}', NotAMap),
        (b"9" * 5000, NotAMap),
        (file_of(feature(SQUARE)).replace(b"113.0", b"NaN"), NotAMap),
        (file_of(feature(SQUARE)).replace(b"113.0", b"1e999"), BadOutline),
        (file_of(feature([[x * 1e5, y * 1e5] for x, y in SQUARE])), BadOutline),
        (file_of(feature([[x + 90, y] for x, y in SQUARE])), BadOutline),
        (file_of(feature(BOW)), BadOutline),
        (file_of(feature(SQUARE[:-1])), BadOutline),
        (file_of(feature(SQUARE[:2])), BadOutline),
        (file_of(feature([["a", "b"]] * 4)), BadOutline),
        (file_of(feature([])), BadOutline),
        (file_of(feature(None)), BadOutline),
        (file_of(feature([[1, 2], [3]] * 3)), BadOutline),
    ],
)
def test_a_bad_map_is_refused_with_words(data, refusal):
    with pytest.raises(refusal):
        read_outlines(data)


def test_a_map_too_large_is_refused_unread(monkeypatch):
    monkeypatch.setattr("tongxin.places.outlines.MAX_BYTES", 10)
    with pytest.raises(NotAMap, match="larger"):
        read_outlines(file_of(feature(SQUARE)))


@given(st.binary(max_size=300))
def test_noise_is_refused_never_a_crash(data):
    with pytest.raises(NotAMap):
        read_outlines(data)


def test_gcj02_coordinates_are_moved():
    (there,) = read_outlines(file_of(feature(SQUARE)), crs="wgs84")
    (moved,) = read_outlines(file_of(feature(SQUARE)), crs="gcj02")
    metres = there.shape.centroid.distance(moved.shape.centroid) * 111_320
    assert 300 < metres < 800


@given(st.floats(72.5, 137), st.floats(1, 55))
def test_gcj02_comes_back_to_within_a_metre(lon, lat):
    back = gcj02.to_wgs84(gcj02.from_wgs84([[lon, lat]]))[0]
    assert abs(back - (lon, lat)).max() * 111_320 < 1


def test_a_county_enters_with_its_outline(db):
    outlines = read_outlines(file_of(feature(SQUARE, "421099", name="新县")))
    done = load_map(outlines, by="tests", source="us", licence="ours")
    place = Place.objects.get(code="CN-421099")
    assert (place.parent_id, place.level, place.name_en) == (
        "CN-421000",
        "county",
        "新县"[:0] or "Xinxian",
    )
    assert done["places"].new == done["outlines"].new == 1
    assert place.boundary.bbox == (113.0, 29.0, 114.0, 30.0)
    assert Entry.objects.filter(deed="places.boundaries_loaded").exists()


@pytest.mark.parametrize(
    ("code", "refusal"), [("", UnknownPlace), ("999999", UnknownPlace), ("429901", UnknownParent)]
)
def test_an_area_that_belongs_nowhere_changes_nothing(db, code, refusal):
    before = Place.objects.count(), Boundary.objects.count(), Entry.objects.count()
    outlines = read_outlines(file_of(feature(SQUARE), feature(SQUARE, code, name="某县")))
    with pytest.raises(refusal):
        load_map(outlines, by="tests", source="us", licence="ours")
    assert (Place.objects.count(), Boundary.objects.count(), Entry.objects.count()) == before


def test_the_counties_of_hubei_load_from_the_command(db, shared_data, capsys):
    path = shared_data / "maps/china_geotoolcn_wgs84/hubei_district.geojson"
    call_command("places", "load", str(path), "--source", "DataV", "--licence", "study only")
    assert "99" in capsys.readouterr().out  # counties; four direct ones had one
    honghu = Place.objects.get(code="CN-421083")
    assert honghu.boundary.source == "DataV"
    assert Polygon(honghu.boundary.geometry["coordinates"][0][0]).is_valid
    assert 113 < honghu.centre_lon < 114.2


def test_the_command_says_what_is_wrong_and_changes_nothing(db, tmp_path):
    before = Boundary.objects.count()
    path = tmp_path / "bad.geojson"
    path.write_bytes(file_of(feature(BOW)))
    with pytest.raises(CommandError, match="421083"):
        call_command("places", "load", str(path))
    with pytest.raises(CommandError):
        call_command("places", "load", str(tmp_path / "absent.csv"))
    assert Boundary.objects.count() == before


def test_the_command_finds_and_draws_the_tree(db, capsys):
    call_command("places", "find", "朝阳区")
    assert "CN-110105" in capsys.readouterr().out
    call_command("places", "tree", "CN-421000")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("CN-421000") and any(x.startswith("  CN-421083") for x in lines)
    with pytest.raises(CommandError):
        call_command("places", "tree", "CN-000000")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"\xff\xfe", NotATable),
        (b"name\nx\n", NotATable),
        (b"code,secret\nCN-421083,1\n", NotATable),
        (b"", NotATable),
        (b"code,name_zh\nCN-421083\n", BadRow),
        (b"code,name_zh\nCN-421083,a,b\n", BadRow),
        (b"code,name_zh\n<script>,a\n", BadRow),
        (b"code,name_zh\nCN-421083,\n", BadRow),
        (b"code,name_zh\nFR-ABC,a\n", BadRow),
        (b"code,name_zh,valid_from\nCN-421083,a,tomorrow\n", BadRow),
        (b"code,name_zh,population\nCN-421083,a,many\n", BadRow),
    ],
)
def test_a_bad_table_is_refused_with_its_line(data, refusal):
    with pytest.raises(refusal):
        read_places(data)


def test_a_table_adds_townships_and_corrects_names(db):
    table = "code,name_zh,name_en\n421083100,新堤街道,Xindi\n421083,洪湖市,Honghu\n"
    done = load_places(read_places(table.encode()), by="tests", source="us")
    assert (done.new, done.changed) == (1, 1)
    assert Place.objects.get(code="CN-421083100").level == "township"
    again = load_places(read_places(table.encode()), by="tests", source="us")
    assert (again.new, again.changed, again.same) == (0, 0, 2)


def test_a_name_for_nowhere_is_refused(db):
    with pytest.raises(UnknownPlace):
        load_aliases([AliasRow("CN-000001", "x", "en")], by="tests", source="us")


def test_an_operator_teaches_names_that_its_reports_use(db, tmp_path, capsys):
    path = tmp_path / "names.csv"
    path.write_text("code,name,language\n421083,荆州洪湖,zh\nCN-421083,Honghu City,en\n")
    call_command("places", "load", str(path), "--source", "us")
    call_command("places", "find", "荆州洪湖")
    assert "CN-421083" in capsys.readouterr().out
    assert Entry.objects.filter(deed="places.aliases_loaded", facts__source="us").exists()


@pytest.mark.parametrize("row", ["X1,a,zh", "421083,,zh", f"421083,{'a' * 101},zh", "421083,a,fr"])
def test_a_name_that_cannot_be_kept_is_refused_with_its_line(row):
    with pytest.raises(BadRow) as refused:
        read_aliases(f"code,name,language\n{row}\n".encode())
    assert refused.value.facts["line"] == 2
