import pytest
from pydantic import ValidationError

from tests.triage.conftest import named, pack_of
from tongxin.data_files import BrokenData
from tongxin.guidance.packs import shipped_blocks
from tongxin.triage.packs import FOLDER, pack_named, read_pack, shipped_pack
from tongxin.triage.refusals import NoSuchPack


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.toml")), ids=lambda file: file.stem)
def test_every_pack_that_ships_can_be_used(file):
    pack = read_pack(file)
    assert pack.key == file.stem
    assert pack.reviewed_on < pack.review_by


def test_every_clause_of_the_covid_pack_leads_to_published_advice(pack):
    slugs = {block.slug for _, block in shipped_blocks("covid-19")}
    for clause in pack.clause:
        named_here = {*clause.advice, *pack.dispositions[clause.disposition].advice}
        assert named_here and named_here <= slugs


def test_the_severity_criteria_of_the_protocol_are_in_the_pack(pack):
    clauses = {clause.id: clause for clause in pack.clause}
    assert clauses["oxygen-low"].when == ({"oxygen": ("<= 93",)},)
    assert clauses["breathing-fast"].when[-1]["breaths"] == (">= 30",)
    assert clauses["baby-fever"].when == ({"temperature_baby": (">= 38",)},)


def drop_unit(said):
    del named(said["question"], "temperature")["unit_en"]


def danger_of_number(said):
    named(said["question"], "temperature")["danger"] = "yes"


def unknown_value(said):
    named(said["clause"], "blue")["when"] = [{"signs": ["green"]}]


def asked_later(said):
    named(said["question"], "age")["when"] = {"fever": ["yes"]}


def hangs_on_a_number(said):
    extra = named(said["question"], "fever") | {"key": "late", "when": {"temperature": [">= 39"]}}
    said["question"].append(extra)


def between_steps(said):
    named(said["clause"], "hot")["when"] = [{"temperature": [">= 38.5"]}]


def same_name(said):
    said["clause"].append(named(said["clause"], "rest") | {"when": [{"fever": ["yes"]}]})


def empty_case(said):
    named(said["clause"], "blue")["when"] = [{}]


def no_such_source(said):
    named(said["clause"], "blue")["source"] = "them"


def unexplained_bound(said):
    del named(said["question"], "temperature")["unknown_why_en"]


def review_before(said):
    said["review_by"] = said["reviewed_on"]


def extra_field(said):
    said["clause"][0]["weight"] = 3


@pytest.mark.parametrize(
    "broken",
    [
        drop_unit,
        danger_of_number,
        unknown_value,
        asked_later,
        hangs_on_a_number,
        between_steps,
        same_name,
        empty_case,
        no_such_source,
        unexplained_bound,
        review_before,
        extra_field,
    ],
)
def test_a_pack_with_a_slip_is_refused(small, broken):
    broken(small)
    with pytest.raises(ValidationError):
        pack_of(small)


def test_advice_that_does_not_exist_is_named(tmp_path):
    text = (FOLDER / "covid-19.toml").read_text(encoding="utf-8")
    file = tmp_path / "changed.toml"
    file.write_text(text.replace('"danger-baby"', '"danger-babies"'), encoding="utf-8")
    with pytest.raises(BrokenData, match="child-in-danger.advice: no such advice: danger-babies"):
        read_pack(file)


def test_a_pack_is_found_by_disease_or_file(tmp_path):
    assert pack_named("covid-19") is shipped_pack("covid-19")
    assert pack_named(str(FOLDER / "covid-19.toml")).digest == shipped_pack("covid-19").digest
    with pytest.raises(NoSuchPack):
        pack_named("plague")
