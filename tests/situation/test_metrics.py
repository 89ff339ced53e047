import pytest

from tongxin.data_files import BrokenData
from tongxin.situation.metrics import METRICS, codes_of, metrics


def test_every_metric_the_issue_names_is_defined_in_both_languages():
    found = metrics()
    assert list(found) == [
        "confirmed", "suspected", "asymptomatic", "deaths", "recovered", "active", "tested",
        "hospitalised", "intensive_care", "clusters",
    ]  # fmt: skip
    for metric in found.values():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in metric.definition("zh-hans"))
        assert metric.definition("en").isascii()
        assert metric.source


def test_totals_are_told_from_figures_of_the_day():
    assert codes_of("cumulative") == {"confirmed", "deaths", "recovered", "tested"}
    assert codes_of("daily") == {"clusters"}


@pytest.mark.parametrize(
    "old, new, where",
    [
        ('code = "deaths"', 'code = "confirmed"', "file"),
        ('kind = "daily"', 'kind = "hourly"', "metric.9.kind"),
        ("sums = true", 'sums = "yes"', "metric.0.sums"),
        ('name_zh = "累计确诊"', 'name_zh = ""', "metric.0.name_zh"),
        ('unit = "tests"\n', "", "metric.6.unit"),
    ],
)
def test_a_broken_file_is_refused_by_field(tmp_path, old, new, where):
    broken = tmp_path / "metrics.toml"
    text = METRICS.read_text(encoding="utf-8").replace(old, new, 1)
    broken.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenData) as refused:
        metrics(broken)
    assert refused.value.facts["where"] == where
