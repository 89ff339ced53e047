from datetime import date

import pytest

from tongxin.places.queries import Gazetteer


@pytest.fixture
def gazetteer(db):
    return Gazetteer.load()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("恩施土家族苗族自治州", "CN-422800"),
        ("恩施州", "CN-422800"),
        ("恩施", "CN-422800"),
        ("Enshi", "CN-422800"),
        ("恩施市", "CN-422801"),
        ("湖北省武汉市", "CN-420100"),
        ("包头市东河区", "CN-150202"),
        ("呼和浩特（新城区）", "CN-150102"),
        ("海南", "CN-460000"),
        ("Shaanxi", "CN-610000"),
        ("Shanxi", "CN-140000"),
        ("421083", "CN-421083"),
        ("cn-421083", "CN-421083"),
        ("HK", "CN-810000"),
        ("TW", "CN-710000"),
        ("Taiwan*", "CN-710000"),
        ("NAM", "NA"),
        ("Cote d'Ivoire", "CI"),
        ("CÔTE D’IVOIRE", "CI"),
        ("「钻石公主」号邮轮", "XZ-diamond-princess"),
    ],
)
def test_a_name_finds_its_place(gazetteer, name, code):
    assert gazetteer.find(name).code == code


@pytest.mark.parametrize(
    "name",
    ["朝阳区", "朝阳", "Chaoyang", "鼓楼区", "Suzhou", "Taizhou", "Yichun", "Fuzhou", "城关区"],
)
def test_a_name_of_several_places_is_never_guessed(gazetteer, name):
    match = gazetteer.find(name)
    assert (match.code, match.why) == (None, "ambiguous")
    assert len(match.candidates) > 1


@pytest.mark.parametrize(
    ("name", "within", "code"),
    [
        ("朝阳区", "CN-110000", "CN-110105"),
        ("朝阳区", "CN-220100", "CN-220104"),
        ("朝阳", "CN-210000", "CN-211300"),
        ("Suzhou", "CN-320000", "CN-320500"),
        ("宿州", "CN", "CN-341300"),
        ("Taizhou", "CN-330000", "CN-331000"),
        ("Yichun", "CN-360000", "CN-360900"),
        ("Fuzhou", "CN-360000", "CN-361000"),
        ("吉林", "CN-220000", "CN-220200"),
        ("吉林", "CN", "CN-220000"),
        ("海南", "CN-630000", "CN-632500"),
        ("Greenland", "DK", "GL"),
        ("Diamond Princess", "CA", "CA-diamond-princess"),
        ("高新区", "CN-500000", "CN-500000-gaoxin"),
        ("第八师石河子", "CN-650000", "CN-659001"),
        ("澳门", "CN-820000", "CN-820000"),
    ],
)
def test_the_list_it_stands_in_settles_a_name(gazetteer, name, within, code):
    assert gazetteer.find(name, within=within).code == code


@pytest.mark.parametrize(
    ("name", "category"),
    [("待明确地区", "unassigned"), ("境外输入", "imported"), ("外地来京人员", "visitors")],
)
def test_a_row_that_is_no_place_says_what_it_is(gazetteer, name, category):
    match = gazetteer.find(name, within="CN-110000")
    assert (match.code, match.why, match.category) == (None, "category", category)


@pytest.mark.parametrize("name", ["", "   ", "没有这个地方", "Atlantis", "CN-999999", "🦠"])
def test_a_name_nobody_knows_is_unknown(gazetteer, name):
    assert gazetteer.find(name).why == "unknown"


def test_laiwu_is_found_until_it_joined_jinan(db):
    before, after = Gazetteer.load(date(2018, 12, 25)), Gazetteer.load(date(2020, 2, 1))
    assert before.find("莱芜市").code == "CN-371200"
    assert after.find("莱芜市").why == "ended"
    assert after.find("莱芜市").candidates == ("CN-371200",)
    assert after.find("莱芜").code == "CN-370116"
    assert before.find("莱芜区").why == "ended"


def test_level_narrows_a_name(gazetteer):
    assert gazetteer.find("朝阳", level="prefecture").code == "CN-211300"
    assert gazetteer.find("湖北", level="county").code is None


def test_every_shipped_full_name_finds_its_own_place(gazetteer):
    lost = [
        code
        for code, place in gazetteer.places.items()
        if gazetteer.stands(code)
        and gazetteer.find(place.name_zh, within=place.parent).code != code
    ]
    assert lost == []
