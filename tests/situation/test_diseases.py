from datetime import date

import pytest

from tongxin.data_files import BrokenData
from tongxin.situation.diseases import FOLDER, load_pack, packs

COVID = FOLDER / "covid-19.toml"


@pytest.mark.parametrize("code", sorted(packs()))
def test_every_pack_speaks_both_languages_and_names_its_sources(code):
    pack = packs()[code]
    chinese = [pack.name("zh-hans"), *(d.text_zh for d in pack.case_definition)]
    chinese += [r.text_zh for r in pack.revision]
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in chinese)
    assert all(d.source and d.text_en for d in pack.case_definition)
    assert pack.serial_interval.source and pack.incubation.source


def test_covid_19_has_the_serial_interval_of_the_issue():
    pack = packs()["covid-19"]
    assert (pack.serial_interval.mean_days, pack.serial_interval.sd_days) == (4.7, 2.9)
    assert pack.name("en") == "COVID-19"
    assert "新冠" in pack.names.aliases


@pytest.mark.parametrize(
    "day, category, held",
    [
        (date(2020, 2, 3), "clinical", False),
        (date(2020, 2, 12), "clinical", True),
        (date(2020, 2, 17), "clinical", True),
        (date(2020, 2, 18), "clinical", False),
        (date(2020, 2, 18), "confirmed", True),
        (date(2020, 3, 31), "asymptomatic", False),
        (date(2020, 4, 1), "asymptomatic", True),
    ],
)
def test_the_clinical_definition_of_hubei_came_with_the_5th_edition_and_went(day, category, held):
    found = packs()["covid-19"].definitions_on(day)
    assert any(d.category == category for d in found) == held


def test_the_clinical_definition_is_hubeis_alone():
    (clinical,) = (d for d in packs()["covid-19"].case_definition if d.category == "clinical")
    assert clinical.places == ("CN-420000",)


def test_a_disease_nobody_thought_of_is_only_a_file(tmp_path):
    text = (FOLDER / "influenza.toml").read_text(encoding="utf-8")
    (tmp_path / "spotted-fever.toml").write_text(
        text.replace('code = "influenza"', 'code = "spotted-fever"'), encoding="utf-8"
    )
    assert packs(tmp_path)["spotted-fever"].incubation.typical_days == 1.4


@pytest.mark.parametrize(
    "old, new, where",
    [
        ("mean_days = 4.7", "mean_days = 0.5", "serial_interval.mean_days"),
        ("sd_days = 2.9", "", "serial_interval.sd_days"),
        ("sd_days = 2.9", 'sd_days = "2.9"', "serial_interval.sd_days"),
        ("longest_days = 11.5", "longest_days = 2.0", "incubation"),
        ("small_cell = 5", "small_cell = 1", "thresholds.small_cell"),
        ('category = "clinical"', 'category = "likely"', "case_definition.1.category"),
        ("until = 2020-02-18", "until = 2019-02-18", "case_definition.1"),
        ('metric = "deaths"', 'metric = "deads"', "file"),
        ('"hospitalised"', '"hospitalized"', "file"),
        ('category = "confirmed"', 'category = "suspected"', "file"),
        ("to_on = 2020-04-17", "to_on = 2020-04-01", "revision.3"),
        ("review_by = 2027-11-22", "", "review_by"),
        ("[names]", "nicknames = 1\n[names]", "nicknames"),
        ('code = "covid-19"', 'code = "covid-20"', "code"),
        ('code = "covid-19"', "code = ", "TOML"),
    ],
)
def test_a_broken_pack_is_refused_by_field(tmp_path, old, new, where):
    broken = tmp_path / "covid-19.toml"
    text = COVID.read_text(encoding="utf-8")
    assert old in text
    broken.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BrokenData) as refused:
        load_pack(broken)
    assert refused.value.facts["where"] == where
